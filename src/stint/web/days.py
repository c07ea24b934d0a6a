"""The timesheet's list: entries by day, ready to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.queries import NO_TASK, EntryOut
from stint.tasks.queries import Look, looks

DAYS = 14
MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a row: the names of its task, the task's own last; how many days later it ends."""

    entry: EntryOut
    task: str
    above: list[str]
    color: str
    days_later: int
    overlaps: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its finished entries, newest first; `ago` is 0 for today, 1 for yesterday."""

    date: date
    ago: int
    lines: list[Line]
    seconds: int


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `since` on that have entries, the seconds of this week, and where to go on looking back."""

    since: date
    earlier: date | None
    days: list[Day] = field(default_factory=list)
    week_seconds: int = 0
    today_seconds: int = 0


def days_since(caller: Caller, since: date | None = None) -> Days:
    """Return the caller's finished entries from `since` on, or of the last DAYS days."""
    today = timezone.now().astimezone(caller.zone).date()
    since = min(since or today, today - timedelta(days=DAYS - 1))
    found = queries.entries(caller, first_day=since, limit=MOST_ENTRIES).items
    if len(found) == MOST_ENTRIES:  # whole days only: the oldest of them may be cut off
        since = day_of(caller, found[-1].start) + timedelta(days=1)
        found = [entry for entry in found if day_of(caller, entry.start) >= since]
    lines = _lines(caller, found)
    days = [
        Day(day, (today - day).days, list(of_day), 0)
        for day, of_day in groupby(lines, lambda line: day_of(caller, line.entry.start))
    ]
    days = [Day(day.date, day.ago, day.lines, sum(line.entry.seconds for line in day.lines)) for day in days]
    monday = today - timedelta(days=((today.isoweekday() % 7) - caller.week_start) % 7)
    return Days(
        since,
        _earlier(caller, since),
        days,
        sum(day.seconds for day in days if monday <= day.date < monday + timedelta(days=7)),
        sum(day.seconds for day in days if day.date == today),
    )


def line_of(caller: Caller, entry: EntryOut) -> Line:
    """Return one entry as a row, beside those that its day has."""
    day = day_of(caller, entry.start)
    beside = queries.entries(caller, first_day=day, last_day=day, user_id=entry.user_id).items
    lines = {line.entry.id: line for line in _lines(caller, beside)}
    return lines.get(entry.id) or _line(caller, entry, looks([entry.task_id or 0]), overlaps=False)


def day_of(caller: Caller, moment: datetime) -> date:
    """Return the day of an instant in the caller's time zone."""
    return moment.astimezone(caller.zone).date()


def _earlier(caller: Caller, since: date) -> date | None:
    """Return the day from which the list shows the next stretch back; None where nothing is left."""
    before = queries.entries(caller, last_day=since - timedelta(days=1), limit=1).items
    return day_of(caller, before[0].start) - timedelta(days=DAYS - 1) if before else None


def _lines(caller: Caller, entries: list[EntryOut]) -> list[Line]:
    seen = looks({entry.task_id for entry in entries if entry.task_id is not None})
    overlapping = _overlapping(entries)
    return [
        _line(caller, entry, seen, overlaps=entry.id in overlapping)
        for entry in entries
        if entry.end is not None
    ]


def _line(caller: Caller, entry: EntryOut, seen: dict[int, Look], *, overlaps: bool) -> Line:
    look = seen.get(entry.task_id or 0, NO_TASK)
    later = (day_of(caller, entry.end or entry.start) - day_of(caller, entry.start)).days
    return Line(entry, look.path[-1] if look.path else "", look.path[:-1], look.color, later, overlaps)


def _overlapping(entries: list[EntryOut]) -> set[str]:
    """Return the ids of entries that share time with another one."""
    found: set[str] = set()
    now = timezone.now()
    last: EntryOut | None = None
    for entry in sorted(entries, key=lambda entry: entry.start):
        if last is not None and entry.start < (last.end or now):
            found |= {entry.id, last.id}
        if last is None or (entry.end or now) > (last.end or now):
            last = entry
    return found
