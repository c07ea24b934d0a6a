"""Which rate holds for time. Pure: no clock, no database."""

from __future__ import annotations

from bisect import bisect_right
from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from stint.tasks.models import subtree_bounds

MOST_KNOWN = 20_000  # answers kept, however many entries are asked about one by one
Place = tuple[int | None, int | None]
"""A task and a person, either of which may be None."""


class Entered(NamedTuple):
    """A rate as it was entered, in thousandths an hour."""

    task_id: int | None
    user_id: int | None
    first_day: date
    thousandths: int


class Stretch(NamedTuple):
    """A part of the tree in the order of paths, from `low` up to but without `high`: the nearest task above all in it
    that has rates, and the rate of anybody there, None where only single persons have one.
    """

    low: str
    high: str
    task_id: int
    rate: int | None


class Tariff(NamedTuple):
    """The rates that hold on a day, laid out to be looked up for many entries at once.

    The first that there is counts: of `persons_there`, by a stretch's task and the person; of the stretch; of
    `persons`; `base`.
    """

    stretches: list[Stretch]
    persons_there: list[tuple[int, int, int]]
    persons: list[tuple[int, int]]
    base: int


class Book:
    """The rates of an account.

    The most specific rate wins: that of the person on the task or on the nearest task above it that has one for
    them; else that of the task or of the nearest task above it that has one; else that of the person; else that
    of the account. A rate holds from its first day until the next one of the same place; a place whose first rate
    has not begun counts as a place without one. Time for which none holds is worth nothing. `starts` are the days on
    which any rate begins, in order; `paths` are those of the tasks that have rates.
    """

    def __init__(self, entered: Iterable[Entered], paths: Mapping[int, str] | None = None) -> None:
        places: defaultdict[Place, list[tuple[date, int]]] = defaultdict(list)
        for rate in entered:
            places[rate.task_id, rate.user_id].append((rate.first_day, rate.thousandths))
        self._places = {place: sorted(rates) for place, rates in places.items()}
        self.by_task = any(task_id is not None for task_id, _user_id in places)
        self._paths = paths or {}
        self.starts = sorted({day for rates in self._places.values() for day, _rate in rates})
        self._known = lru_cache(MOST_KNOWN)(self._found)

    def __bool__(self) -> bool:
        return bool(self._places)

    def rate(self, path: str, user_id: int | None, day: date) -> int:
        """Return the thousandths an hour that hold for a person on the task at `path` ("" for none) on a day."""
        started = bisect_right(self.starts, day)
        return self._known(path, user_id, self.starts[started - 1]) if started else 0

    def spans(self, first: date, last: date) -> list[tuple[date, date]]:
        """Return the days `first` to `last` in stretches within which no rate changes."""
        starts = [first, *(day for day in self.starts if first < day <= last)]
        ends = [*(day - timedelta(days=1) for day in starts[1:]), last]
        return list(zip(starts, ends, strict=True))

    def tariff(self, day: date) -> Tariff:
        """Return the rates that hold on a day."""
        holding = {place: rate for place in self._places if (rate := self._at(place, day)) is not None}
        tops = {self._paths[task_id]: task_id for task_id, _user_id in holding if task_id is not None}
        persons: defaultdict[int | None, dict[int, int]] = defaultdict(dict)
        for (task_id, user_id), rate in holding.items():
            if user_id is not None:
                persons[task_id][user_id] = rate
        anybody = {
            top: next((holding[id_, None] for id_ in _upwards(path) if (id_, None) in holding), None)
            for path, top in tops.items()
        }
        there = [
            (top, user_id, rate)
            for path, top in tops.items()
            for user_id, rate in ChainMap(*(persons[id_] for id_ in _upwards(path))).items()
        ]
        return Tariff(
            [Stretch(low, high, tops[path], anybody[tops[path]]) for low, high, path in _parts(tops)],
            there,
            list(persons[None].items()),
            holding.get((None, None), 0),
        )

    def _found(self, path: str, user_id: int | None, day: date) -> int:
        holding = (self._at(place, day) for place in _places(path, user_id))
        return next((rate for rate in holding if rate is not None), 0)

    def _at(self, place: Place, day: date) -> int | None:
        rates = self._places.get(place, [])
        found = bisect_right(rates, day, key=lambda rate: rate[0])
        return rates[found - 1][1] if found else None


def _places(path: str, user_id: int | None) -> Iterator[Place]:
    """Yield the places whose rates count for a person on a task, the most specific first."""
    upwards = _upwards(path)
    if user_id is not None:
        yield from ((task_id, user_id) for task_id in upwards)
    yield from ((task_id, None) for task_id in upwards)
    if user_id is not None:
        yield None, user_id
    yield None, None


def _upwards(path: str) -> list[int]:
    return [int(part) for part in reversed(path.split("/")[:-1])]


def _parts(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the parts (from, up to, path) into which subtrees within subtrees divide a tree, by the nearest."""
    open_: list[str] = []
    begun = ""

    def closed(before: str | None) -> Iterator[tuple[str, str, str]]:
        """Close the subtrees that end before a path; all without one."""
        nonlocal begun
        while open_ and (before is None or subtree_bounds(open_[-1])[1] <= before):
            path = open_.pop()
            end = subtree_bounds(path)[1]
            yield begun, end, path
            begun = end

    for path in sorted(paths):
        yield from closed(path)
        if open_:
            yield begun, path, open_[-1]
        begun = path
        open_.append(path)
    yield from closed(None)
