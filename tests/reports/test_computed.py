"""Totals against a computation of their own: no SQL, no folding, one entry after the other."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from math import floor
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from domain import hire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.accounts.queries import Caller
from stint.entries.models import Entry
from stint.entries.services import NewEntry, add_entry
from stint.reports.folding import Cell, Forest, Node
from stint.reports.summary import summary
from stint.reports.tree import Branch, branches, folded
from stint.tasks.models import Task

from .recording import query, record, task, told

ZONES = ("UTC", "Europe/Lisbon", "Pacific/Auckland", "America/St_Johns", "Pacific/Apia")
# Around the end of summer time in Europe and America, and its beginning in New Zealand.
MOMENTS = st.datetimes(datetime(2026, 9, 20), datetime(2026, 11, 5)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def forests(draw: st.DrawFn) -> list[int | None]:
    """Return the parent of each task, by its place in the list, where a parent stands before its children."""
    parents: list[int | None] = [None]
    for number in range(1, draw(st.integers(1, 14))):
        parents.append(draw(st.none() | st.integers(0, number - 1)))
    return parents


def chain(parents: list[int | None], place: int | None) -> list[int]:
    """Return the places from the root down to a task."""
    way: list[int] = []
    while place is not None:
        way.insert(0, place)
        place = parents[place]
    return way


@given(forests(), st.data())
def test_every_level_of_a_tree_adds_up_what_is_below(parents: list[int | None], data: st.DataObject) -> None:
    places = st.none() | st.integers(0, len(parents) - 1)
    spent = data.draw(st.lists(st.tuples(places, st.integers(1, 9999)), max_size=25))
    nodes = {
        place: Node(place, "".join(f"{at}/" for at in chain(parents, place)), f"task {place}", None)
        for place in range(len(parents))
    }
    cells = [Cell(place, None, None, None, None, seconds, 0) for place, seconds in spent]
    for level in range(1, 5):
        expected: Counter[int | None] = Counter()
        for place, seconds in spent:
            way = chain(parents, place)
            expected[way[min(level, len(way)) - 1] if way else None] += seconds
        found = folded(cells, Forest(nodes), level)
        assert {branch.task_id: branch.seconds for branch in found} == expected
        assert sum(branch.seconds for branch in found) == sum(seconds for _place, seconds in spent)


@pytest.mark.django_db
@quick
@given(
    parents=forests(),
    spent=st.lists(st.tuples(st.integers(0, 13), st.integers(1, 9999)), max_size=20),
)
def test_drilling_down_loses_no_time(
    ada: Caller, parents: list[int | None], spent: list[tuple[int, int]]
) -> None:
    tasks: list[Task] = []
    for place, parent in enumerate(parents):
        tasks.append(task(ada, f"task {place}", None if parent is None else tasks[parent]))
    own: Counter[int] = Counter()
    for place, seconds in spent:
        record(ada, tasks[place % len(tasks)], seconds)
        own[tasks[place % len(tasks)].pk] += seconds

    def check(branch: Branch) -> int:
        below = branches(ada, query(), branch.task_id) if branch.deeper else []
        assert branch.own_seconds == own[branch.task_id or 0]
        assert branch.seconds == branch.own_seconds + sum(check(each) for each in below)
        return branch.seconds

    assert sum(check(branch) for branch in branches(ada, query())) == sum(own.values())
    Entry.objects.all().delete()


@pytest.mark.django_db
@quick
@given(
    zone=st.sampled_from(ZONES),
    entries=st.lists(st.tuples(MOMENTS, st.integers(0, 30 * 3600)), max_size=12),
    rounding=st.sampled_from(["none", "up", "nearest"]),
    minutes=st.sampled_from([5, 6, 10, 15, 30]),
)
def test_days_are_those_of_the_person_and_each_entry_is_rounded(
    ada: Caller, zone: str, entries: list[tuple[datetime, int]], rounding: Any, minutes: int
) -> None:
    person = hire(ada, f"P{uuid4().hex}", zone=zone)
    expected: Counter[str] = Counter()
    for start, seconds in entries:
        add_entry(person, NewEntry(start=start, end=start + timedelta(seconds=seconds)), "api")
        rounded = seconds
        if rounding == "up":
            rounded = -(-seconds // (60 * minutes)) * 60 * minutes
        if rounding == "nearest":
            rounded = floor(seconds / (60 * minutes) + 0.5) * 60 * minutes
        expected[start.astimezone(ZoneInfo(zone)).date().isoformat()] += rounded
    asked = {
        "first_day": date(2026, 9, 1),
        "last_day": date(2026, 12, 1),
        "user_id": [person.user_id],
        "rounding": rounding,
        "rounding_minutes": minutes,
    }
    assert told(ada, group_by="day", **asked) == {
        day: seconds for day, seconds in expected.items() if seconds
    }
    assert summary(ada, query(group_by="month", **asked)).total_seconds == sum(expected.values())
