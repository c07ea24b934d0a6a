"""What the client commands share: who is signed in, their queue, and how things are told."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from stint.cli.setup import FAILED, USAGE, stop

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from stint.client.credentials import Credentials, Login
    from stint.client.queue import Queue
    from stint.client.server import Refused, Server
    from stint.client.state import Entry, Problem
    from stint.client.tasks import Tasks


@dataclass
class Person:
    """Who uses the command, on which server."""

    credentials: Credentials
    login: Login
    server: Server

    @cached_property
    def queue(self) -> Queue:
        """What waits to be sent."""
        from stint.client.queue import Queue

        return Queue(self.credentials.queue_path, self.server)

    @cached_property
    def tasks(self) -> Tasks:
        """The tasks they can track on."""
        from stint.client.tasks import Tasks

        return Tasks(self.credentials.folder, self.server)

    @property
    def zone(self) -> ZoneInfo:
        """Their time zone."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.login.timezone)

    def clock(self, instant: str) -> str:
        """Write an instant as their clock shows it, with the day where that is not today."""
        local = datetime.fromisoformat(instant).astimezone(self.zone)
        today = datetime.now(self.zone).date()
        return local.strftime("%H:%M" if local.date() == today else "%Y-%m-%d %H:%M")

    def named(self, task_id: int | None) -> str:
        """Write a task as a path, asking the server where it is not known here."""
        if task_id is None:
            return "No task"
        path = self.tasks.path_of(task_id)
        if path is None and not self.queue.state.offline:
            from stint.client.server import Refused

            try:
                path = self.server.call("GET", f"/tasks/{task_id}")["path"]
            except Refused:
                path = None
        return " / ".join(path) if path else f"task {task_id}"

    def whole(self, entry: Entry) -> dict[str, Any]:
        """Return an entry with everything that the server says of one, be it sent or waiting."""
        end = datetime.fromisoformat(entry["end"]) if entry["end"] else datetime.now(UTC)
        seconds = max(0, int((end - datetime.fromisoformat(entry["start"])).total_seconds()))
        return {"user_id": self.login.user_id, "made_by": "cli", **entry, "seconds": seconds}


def person() -> Person:
    """Return who is signed in; the command ends where nobody is."""
    from stint.client.credentials import Credentials

    credentials = Credentials()
    login, server = credentials.login(), credentials.server("cli")
    if login is None or server is None:
        stop("nobody is signed in here; run stint login URL")
    return Person(credentials, login, server)


def refresh_zone(who: Person) -> None:
    """Follow the person where they chose another time zone; offline the one they had counts."""
    from stint.client.credentials import who_is
    from stint.client.server import Refused

    try:
        who.login = who_is(who.server)
    except Refused:
        return
    who.credentials.remember(who.login)


def carried_out(who: Person, ids: Sequence[str] = ()) -> None:
    """Send what waits, and tell on stderr what the person has to know.

    An act of this very command, about one of `ids`, that the server refuses ends the command with its reason: the
    person can do it again otherwise. Older ones are kept, see `stint queue`.
    """
    who.queue.flush()
    for problem in who.queue.state.problems:
        if problem.acts[0].id in ids:
            who.queue.discard(problem.no)
            _tell(who)
            _refused(problem)
    _tell(who)
    state = who.queue.state
    if state.unkept and state.queued:
        stop(f"this could neither be sent nor kept: {state.unkept}")
    if state.signed_out:
        stop(_signed_out(state.queued))


def answer(entry: dict[str, Any] | None, queued: int, *, as_json: bool, said: str) -> None:
    """Print the outcome: as JSON, or as a sentence."""
    if as_json:
        print(json.dumps({"entry": entry, "queued": queued}, ensure_ascii=False))
    else:
        print(said)


def gave_up(refused: Refused) -> NoReturn:
    """End the command with what the server said, or with why it said nothing."""
    if refused.status == 401:
        stop(_signed_out(0))
    stop(str(refused), USAGE if refused.status == 422 else FAILED)


def day_of(who: Person, text: str, option: str) -> date:
    """Read a day as people type it: 2026-11-23, today, yesterday, -3 (days ago)."""
    from datetime import timedelta

    today = datetime.now(who.zone).date()
    ago = {"today": "-0", "yesterday": "-1"}.get(text, text)
    try:
        return today + timedelta(days=int(ago)) if ago.startswith("-") else date.fromisoformat(text)
    except (ValueError, OverflowError):
        stop(f"{option}: {text} is no day; type it as 2026-11-23, today, yesterday or -3", USAGE)


def duration(seconds: int, *, to_the_second: bool = False) -> str:
    """Write a length of time as h:mm, or h:mm:ss."""
    minutes = f"{seconds // 3600}:{seconds // 60 % 60:02}"
    return f"{minutes}:{seconds % 60:02}" if to_the_second else minutes


def told(who: Person, entry: dict[str, Any]) -> str:
    """Write an entry as its task and its note."""
    named = who.named(entry["task_id"])
    return f"{named} ({entry['note']})" if entry["note"] else named


def _tell(who: Person) -> None:
    from stint.client.texts import notice_text

    state = who.queue.state
    for notice in state.notices:
        print(f"stint: {notice_text(notice, who.clock)}", file=sys.stderr)
    if state.notices:
        who.queue.dismiss(*(notice.no for notice in state.notices))
    if state.problems:
        print(f"stint: {len(state.problems)} refused by the server; see stint queue", file=sys.stderr)
    if state.queued and not state.signed_out:
        why = "offline" if state.offline else "the server is busy"
        print(f"stint: {why}; {state.queued} kept here, to be sent by the next command", file=sys.stderr)


def _refused(problem: Problem) -> NoReturn:
    stop(problem.detail, USAGE if problem.status == 422 else FAILED)


def _signed_out(queued: int) -> str:
    kept = f"; {queued} kept here until then" if queued else ""
    return f"the server does not know your token any more{kept}; run stint login URL"
