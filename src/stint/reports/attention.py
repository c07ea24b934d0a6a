"""What runs now, and what in the time of the last days wants to be looked at."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from django.utils import timezone

from stint.accounts.queries import Caller, names_of_people
from stint.entries.queries import EntryOut
from stint.reports import queries
from stint.reports.questions import ReportQuery
from stint.reports.rules import permitted

LONG = timedelta(hours=10)


class Running(msgspec.Struct, frozen=True):
    """Somebody's timer; `long` if it runs longer than a day of work."""

    person: str
    entry: EntryOut
    long: bool


class Attention(msgspec.Struct, frozen=True):
    """Numbers of entries without a task, and of those that begin before another one of the same person ends."""

    without_task: int
    overlapping: int


def running(caller: Caller, query: ReportQuery) -> list[Running]:
    """Return the timers that run now of those whom `query` is about, by the people's names.

    Raises:
        NotAllowed, NotFound: as `rules.permitted`.

    """
    found = queries.running(caller, permitted(caller, query))
    names = names_of_people({entry.user_id for entry in found})
    now = timezone.now()
    timers = [Running(names[entry.user_id], entry, now - entry.start > LONG) for entry in found]
    return sorted(timers, key=lambda timer: timer.person.casefold())


def attention(caller: Caller, query: ReportQuery) -> Attention:
    """Return how much of the time that `query` is about wants to be looked at.

    Raises:
        NotAllowed, NotFound: as `rules.permitted`.

    """
    query = permitted(caller, query)
    return Attention(
        queries.count(caller, msgspec.structs.replace(query, without_task=True)),
        queries.overlapping(caller, query),
    )
