"""The timesheet's list: entries by day, ready to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils import timezone

from stint.accounts.queries import Caller, names_of_people
from stint.entries import queries
from stint.entries.queries import NO_TASK, EntryOut
from stint.entries.zones import week_of
from stint.tasks.queries import Look, looks
from stint.web.entry_forms import days_later, said_later

DAYS = 14
# As many rows as a stretch begins with: the page stays light (200 rows are a megabyte before it is compressed).
FIRST_ENTRIES = 100
MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a row: the names of its task, the task's own last; how much later than that day it ends.

    `who` names the person where it is not the reader's own, `amount` is what its time is worth where that is said.
    """

    entry: EntryOut
    task: str
    above: list[str]
    color: str
    later: str
    overlaps: bool
    who: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its finished entries, newest first; `ago` is 0 for today, 1 for yesterday."""

    date: date
    ago: int
    this_year: bool
    lines: list[Line]
    seconds: int


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `since` to `until` (None: and later) that have entries, and the seconds of today and this week.

    `earlier` is the last day of the stretch before, None where nothing is left.
    """

    since: date
    until: date | None
    earlier: date | None
    days: list[Day] = field(default_factory=list)
    week_seconds: int = 0
    today_seconds: int = 0


def days(caller: Caller, since: date | None = None, until: date | None = None) -> Days:
    """Return the caller's finished entries from `since` to `until`, both included.

    Without `since` these are DAYS days, fewer where they hold very much: the last ones, or those that end with
    the last entry up to `until`.
    """
    today = timezone.now().astimezone(caller.zone).date()
    if since is None:
        last = today if until is None else _last_day(caller, until)
        since, found = _stretch(caller, last - timedelta(days=DAYS - 1), until, FIRST_ENTRIES)
    else:
        since, found = _stretch(caller, since, until, MOST_ENTRIES)
    lines = lines_of(caller, found)
    shown = [
        _day(day, today, list(of_day))
        for day, of_day in groupby(lines, lambda line: day_of(caller, line.entry.start))
    ]
    first = week_of(today, caller.week_start)
    week = queries.seconds_by_task(caller, first, first + timedelta(days=6))
    return Days(
        since,
        until,
        _earlier(caller, since),
        shown,
        sum(seconds for seconds, _entries in week.values()),
        sum(seconds for (_task, day), (seconds, _entries) in week.items() if day == today),
    )


def _stretch(caller: Caller, since: date, until: date | None, most: int) -> tuple[date, list[EntryOut]]:
    """Return about `most` entries of whole days up to `until`, but at least one day, and the first of the days."""
    found = queries.entries(caller, first_day=since, last_day=until, limit=most).items
    if len(found) < most:
        return since, found
    cut_off = day_of(caller, found[-1].start)
    if whole := [entry for entry in found if day_of(caller, entry.start) > cut_off]:
        return cut_off + timedelta(days=1), whole
    return (cut_off, found) if most == MOST_ENTRIES else _stretch(caller, cut_off, until, MOST_ENTRIES)


def line_of(caller: Caller, entry: EntryOut) -> Line:
    """Return one entry as a row, beside those that its day has."""
    day = day_of(caller, entry.start)
    beside = queries.entries(caller, first_day=day, last_day=day, user_id=entry.user_id).items
    lines = {line.entry.id: line for line in lines_of(caller, beside)}
    return lines.get(entry.id) or lines_of(caller, [entry])[0]


def day_of(caller: Caller, moment: datetime) -> date:
    """Return the day of an instant in the caller's time zone."""
    return moment.astimezone(caller.zone).date()


def _day(day: date, today: date, lines: list[Line]) -> Day:
    return Day(
        day, (today - day).days, day.year == today.year, lines, sum(line.entry.seconds for line in lines)
    )


def _last_day(caller: Caller, until: date) -> date:
    """Return the last day up to `until` that has entries, or `until` where none has."""
    last = queries.entries(caller, last_day=until, limit=1).items
    return day_of(caller, last[0].start) if last else until


def _earlier(caller: Caller, since: date) -> date | None:
    before = since - timedelta(days=1)
    return before if queries.entries(caller, last_day=before, limit=1).items else None


def lines_of(caller: Caller, entries: list[EntryOut], amounts: Mapping[str, str] | None = None) -> list[Line]:
    """Return finished entries, of one person or several, as rows; with `{id: amount}` also what they are worth."""
    seen = looks({entry.task_id for entry in entries if entry.task_id is not None})
    others = names_of_people({entry.user_id for entry in entries} - {caller.user_id})
    overlapping = {
        id_ for user_id in {entry.user_id for entry in entries} for id_ in _overlapping(entries, user_id)
    }
    return [
        _line(
            caller,
            entry,
            seen,
            overlaps=entry.id in overlapping,
            who=others.get(entry.user_id, ""),
            amount=(amounts or {}).get(entry.id, ""),
        )
        for entry in entries
        if entry.end is not None
    ]


def _line(
    caller: Caller, entry: EntryOut, seen: dict[int, Look], *, overlaps: bool, who: str, amount: str
) -> Line:
    look = seen.get(entry.task_id or 0, NO_TASK)
    later = said_later(days_later(caller, entry.start, entry.end or entry.start))
    return Line(
        entry, look.path[-1] if look.path else "", look.path[:-1], look.color, later, overlaps, who, amount
    )


def _overlapping(entries: list[EntryOut], user_id: int) -> set[str]:
    """Return the ids of a person's entries that share time with another of theirs."""
    found: set[str] = set()
    now = timezone.now()
    last: EntryOut | None = None
    own = (entry for entry in entries if entry.user_id == user_id)
    for entry in sorted(own, key=lambda entry: entry.start):
        if last is not None and entry.start < (last.end or now):
            found |= {entry.id, last.id}
        if last is None or (entry.end or now) > (last.end or now):
            last = entry
    return found
