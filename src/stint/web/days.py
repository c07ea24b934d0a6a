"""The timesheet's list: entries by day, ready to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.queries import EntryOut
from stint.tasks.queries import Look, looks

DAYS = 14
MOST_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with the names of its task, the task's own last."""

    entry: EntryOut
    task: str
    above: list[str]


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its finished entries, newest first; `name` is 0 for today, 1 for yesterday, else None."""

    date: date
    ago: int
    lines: list[Line]
    seconds: int


@dataclass(frozen=True, slots=True)
class Days:
    """The last days that have entries, and the seconds of this week."""

    days: list[Day] = field(default_factory=list)
    week_seconds: int = 0
    today_seconds: int = 0


def last_days(caller: Caller) -> Days:
    """Return the caller's finished entries of the last DAYS days."""
    today = timezone.now().astimezone(caller.zone).date()
    found = queries.entries(caller, first_day=today - timedelta(days=DAYS - 1), limit=MOST_ENTRIES).items
    finished = [entry for entry in found if entry.end is not None]
    seen = looks({entry.task_id for entry in finished if entry.task_id is not None})
    days = [
        _day(day, today, list(entries), seen)
        for day, entries in groupby(finished, lambda entry: entry.start.astimezone(caller.zone).date())
    ]
    first = today - timedelta(days=((today.isoweekday() % 7) - caller.week_start) % 7)
    return Days(
        days,
        sum(day.seconds for day in days if day.date >= first),
        sum(day.seconds for day in days if day.date == today),
    )


def _day(day: date, today: date, entries: list[EntryOut], seen: dict[int, Look]) -> Day:
    lines = []
    for entry in entries:
        look = seen.get(entry.task_id or 0)
        path = look.path if look else []
        lines.append(Line(entry, path[-1] if path else "", path[:-1]))
    return Day(day, (today - day).days, lines, sum(entry.seconds for entry in entries))
