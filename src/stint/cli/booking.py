"""`stint add`, `log` and `tasks`: time that was not tracked live, what was tracked, and what can be tracked on."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from stint.cli.choice import TaskQuery, chosen, suggest
from stint.cli.options import PANEL, AsJson, Billable, Note, Tags
from stint.cli.person import (
    answer,
    carried_out,
    day_of,
    duration,
    gave_up,
    person,
    refresh_zone,
)
from stint.cli.setup import FAILED

if TYPE_CHECKING:
    from stint.cli.person import Person
    from stint.client.state import Entry, Fields

PAGE = 1000


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (add, log, tasks):
        app.command(rich_help_panel=PANEL)(command)


def add(
    task: TaskQuery,
    start: Annotated[str, typer.Argument(help="9, 930, 9.30am, or 2026-11-23T09:00.")],
    end: Annotated[str, typer.Argument(help="The same, a length such as +1h20, or now.")],
    day: Annotated[str, typer.Option(help="Of the start: 2026-11-23, today, yesterday, -3.")] = "",
    note: Note = "",
    tag: Tags = None,
    billable: Billable = None,
    as_json: AsJson = False,
) -> None:
    """Add time. An empty TASK ("") is no task."""
    from stint.cli.times import stretch

    who = person()
    who.queue.flush()
    refresh_zone(who)
    begins, ends = stretch(start, end, day_of(who, day, "--day") if day else None, who.zone)
    entry: Fields = {"note": note, "tags": tag or [], "start": begins, "end": ends}
    if task:
        entry["task_id"] = chosen(who, task, ask=not as_json)["id"]
    if billable is not None:
        entry["billable"] = billable
    id_ = who.queue.add(entry)
    carried_out(who, [id_])
    added = who.queue.arrived.get(id_) or next(
        waiting for waiting in who.queue.overlay([]) if waiting["id"] == id_
    )
    whole = who.whole(added)
    said = f"Added {duration(whole['seconds'])} from {who.clock(begins)} to {who.clock(ends)}."
    answer(whole, who.queue.state.queued, as_json=as_json, said=said)


def log(
    from_: Annotated[str, typer.Option("--from", help="First day: 2026-11-23, today, yesterday, -3.")] = "",
    to: Annotated[str, typer.Option("--to", help="Last day; today if not said.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what was tracked: today, or on the days said."""
    from stint.client.server import Refused

    who = person()
    refresh_zone(who)
    carried_out(who)
    first, last = _days(who, from_, to)
    missing = None
    try:
        entries = _entries(who, first, last)
    except Refused as refused:
        if refused.status:
            gave_up(refused)
        entries, missing = [], refused
    waiting = [entry for entry in who.queue.overlay(entries) if first <= _day(who, entry) <= last]
    shown = [who.whole(entry) for entry in sorted(waiting, key=lambda entry: entry["start"], reverse=True)]
    if as_json:
        queued = who.queue.state.queued
        typer.echo(json.dumps({"items": shown, "next": None, "queued": queued}, ensure_ascii=False))
    else:
        _print(who, shown)
    if missing is not None:
        typer.echo(f"stint: only what waits here is shown: {missing}", err=True)
        raise typer.Exit(FAILED)


def tasks(
    query: Annotated[
        str, typer.Argument(help="Any part of the path; all without.", autocompletion=suggest)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List the tasks you can track on."""
    from stint.client.server import Refused

    who = person()
    try:
        if query:
            found = who.tasks.find(query, PAGE)
        else:
            who.tasks.refresh(at_once=True)
            found = who.tasks.kept()
    except Refused as refused:
        if refused.status:
            gave_up(refused)
        typer.echo(f"stint: from the list kept here: {refused}", err=True)
        found = who.tasks.kept(query)
    if as_json:
        typer.echo(json.dumps({"items": found, "next": None}, ensure_ascii=False))
    elif found:
        typer.echo("\n".join(" / ".join(task["path"]) for task in found))
    else:
        typer.echo(
            "No task matches." if query else "No tasks are assigned to you yet; ask a Manager.", err=True
        )


def _days(who: Person, first: str, last: str) -> tuple[date, date]:
    until = day_of(who, last or "today", "--to")
    return (day_of(who, first, "--from") if first else min(until, day_of(who, "today", "--from"))), until


def _entries(who: Person, first: date, last: date) -> list[Entry]:
    entries: list[Entry] = []
    cursor = None
    while True:
        page = who.server.call("GET", "/entries", from_=first, to=last, limit=PAGE, cursor=cursor)
        entries += page["items"]
        cursor = page.get("next")
        if cursor is None:
            return entries


def _day(who: Person, entry: Entry | dict[str, Any]) -> date:
    return datetime.fromisoformat(cast(str, entry["start"])).astimezone(who.zone).date()


def _print(who: Person, entries: list[dict[str, Any]]) -> None:
    """Print days, newest first, each with its entries in the order of time."""
    if not entries:
        typer.echo("Nothing was tracked.")
    for day, of_day in groupby(entries, lambda entry: _day(who, entry)):
        lines = sorted(of_day, key=lambda entry: str(entry["start"]))
        typer.echo(f"{day:%Y-%m-%d %a}  {duration(sum(entry['seconds'] for entry in lines))}")
        for entry in lines:
            begins, ends = (_time(who, entry["start"]), _time(who, entry["end"]) if entry["end"] else "now")
            note = f"  {entry['note']}" if entry["note"] else ""
            typer.echo(
                f"  {begins}-{ends:<5}  {duration(entry['seconds']):>5}  {who.named(entry['task_id'])}{note}"
            )


def _time(who: Person, instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(who.zone):%H:%M}"
