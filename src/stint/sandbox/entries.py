"""Time entries, as far as a demo needs them: start, stop, list, the running one, delete."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import shapes
from .asking import Ask, answer
from .model import Refused, TimeEntry
from .workplace import Workplace, alive, now
from .writes import flag, number, text


async def current(request: Request) -> Response:
    """Return the running entry, or null."""
    ask = Ask(request)
    found = _running(ask.place, ask.person.id)
    return answer(None if found is None else shapes.entry(found))


async def listed(request: Request) -> Response:
    """Return the user's latest entries, newest first; with `since` those changed since, deleted ones too."""
    ask = Ask(request)
    if "since" in ask.query and "before" in ask.query:
        raise Refused(400, "'since' and 'before' can not be present simultaneously")
    since = ask.number("since", 0)
    mine = [e for e in ask.place.entries.values() if e.user_id == ask.person.id]
    found = [e for e in mine if e.at >= since] if since else shapes.recent(mine)
    return answer([shapes.entry(e) for e in sorted(found, key=lambda e: e.start, reverse=True)[:1000]])


async def create(request: Request) -> Response:
    """Add an entry; a negative `duration` starts it running, which stops the one before."""
    ask = Ask(request)
    workspace, fields = ask.workspace(), await ask.fields()
    if not text(fields, "created_with"):
        raise Refused(400, "created_with needs to be provided and a valid string")
    start, duration, stop = _instant(text(fields, "start")), fields.get("duration", 0), text(fields, "stop")
    if not isinstance(duration, int) or isinstance(duration, bool):
        raise Refused(400, "'duration' must be a number")
    ended = _instant(stop) if stop else start + duration if duration > 0 else None
    project_id, task_id = number(fields, "project_id", "pid"), number(fields, "task_id", "tid")
    project = ask.place.projects.get(project_id) if project_id else None
    if project_id and (project is None or project.workspace_id != workspace.id or project.deleted_at):
        raise Refused(400, "Project not found")
    if duration < 0 and (before := _running(ask.place, ask.person.id)):
        _stop(ask.place, before)
    row = TimeEntry(
        ask.place.new_id("entries", ask.place.entries),
        workspace.id,
        ask.person.id,
        start,
        ended,
        -1 if duration < 0 else (ended or start) - start,
        now(),
        project_id,
        task_id,
        text(fields, "description"),
        bool(flag(fields, "billable")),
        [t for t in fields.get("tags") or [] if isinstance(t, str)],
    )
    ask.place.entries[row.id] = row
    ask.place.tell("created", "time_entry", row)
    return answer(shapes.new_entry(row))


async def stop(request: Request) -> Response:
    """Stop a running entry; 409 when it is stopped already."""
    ask = Ask(request)
    row, _ = _entry(ask), await ask.fields()
    if row.stop is not None:
        raise Refused(409, "Time entry already stopped")
    _stop(ask.place, row)
    return answer(shapes.entry(row))


async def delete(request: Request) -> Response:
    """Delete an entry."""
    ask = Ask(request)
    row, _ = _entry(ask), await ask.fields()
    row.deleted_at = row.at = now()
    ask.place.tell("deleted", "time_entry", row)
    return Response()


def _running(place: Workplace, user_id: int) -> TimeEntry | None:
    mine = (e for e in alive(place.entries.values()) if e.user_id == user_id)
    return next((e for e in mine if e.stop is None and e.duration < 0), None)


def _stop(place: Workplace, row: TimeEntry) -> None:
    row.stop = row.at = now()
    row.duration = max(0, row.stop - row.start)
    place.tell("updated", "time_entry", row)


def _entry(ask: Ask) -> TimeEntry:
    workspace = ask.workspace()
    row = ask.place.row(ask.place.entries, ask.id("id"), "Time entry")
    if row.workspace_id != workspace.id or row.user_id != ask.person.id:
        raise Refused(404, "Time entry not found")
    return row


def _instant(given: str | None) -> int:
    try:
        return int(datetime.fromisoformat(given or "").timestamp())
    except ValueError as error:
        raise Refused(400, "Start time must be a valid RFC 3339 time") from error


_BASE = "/api/v9/workspaces/{wid:int}/time_entries"
routes = [
    Route("/api/v9/me/time_entries", listed),
    Route("/api/v9/me/time_entries/current", current),
    Route(_BASE, create, methods=["POST"]),
    Route(_BASE + "/{id:int}/stop", stop, methods=["PATCH"]),
    Route(_BASE + "/{id:int}", delete, methods=["DELETE"]),
]
