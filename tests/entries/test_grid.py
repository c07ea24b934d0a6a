"""The week as a grid: sums by task and day, and what a number typed into a cell does to the entries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from domain import at_once, hire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.accounts.queries import Caller
from stint.entries import grid, queries
from stint.entries.grid import GridRow
from stint.entries.models import Entry
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.entries.zones import bounds
from stint.errors import Invalid, Stale
from stint.events import Event
from stint.tasks.services import archive_task, assign, create_task

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = 3600
pytestmark = pytest.mark.django_db


@pytest.fixture
def website(ada: Caller, mary: Caller) -> int:
    task_id = create_task(ada, "Website")
    assign(ada, task_id, mary.user_id)
    return task_id


def track(caller: Caller, start: datetime, minutes: int, **fields: Any) -> EntryOut:
    end = start + timedelta(minutes=minutes)
    return add_entry(caller, NewEntry(start=start, end=end, **fields), "web")[0]


def put(
    caller: Caller, task_id: int | None, seconds: int, day: date = MONDAY, **more: Any
) -> grid.CellChange:
    return grid.set_cell(caller, task_id, day, seconds, "web", **more)


def of_day(caller: Caller, day: date = MONDAY) -> list[tuple[str, str, str]]:
    """Return note, start and end of each entry of a day, the first first."""
    found = queries.entries(caller, first_day=day, last_day=day).items
    return [
        (entry.note, f"{entry.start:%H:%M}", f"{entry.end:%H:%M}" if entry.end else "")
        for entry in reversed(found)
    ]


def seconds(caller: Caller, task_id: int | None) -> list[int]:
    return next(row.seconds for row in grid.week(caller, MONDAY).rows if row.task_id == task_id)


def test_a_week_sums_each_task_on_each_day(mary: Caller, website: int) -> None:
    track(mary, NINE, 60, task_id=website)
    track(mary, NINE + timedelta(hours=3), 30, task_id=website)
    track(mary, NINE + timedelta(days=6), 45)
    track(mary, NINE - timedelta(days=1), 45)
    track(mary, NINE + timedelta(days=7), 45)

    week = grid.week(mary, MONDAY)

    assert week.rows == [
        GridRow(website, ["Website"], week.rows[0].color, [5400, *[0] * 6], [2, *[0] * 6], 5400, open=True),
        GridRow(None, [], "", [*[0] * 6, 2700], [*[0] * 6, 1], 2700, open=True),
    ]
    assert (week.totals, week.total) == ([5400, 0, 0, 0, 0, 0, 2700], 8100)
    assert (week.days[0], week.days[-1]) == (MONDAY, date(2026, 11, 29))


def test_an_empty_week_has_no_rows(mary: Caller) -> None:
    week = grid.week(mary, MONDAY)
    assert (week.rows, week.totals, week.total) == ([], [0] * 7, 0)


def test_rows_stand_in_the_order_of_their_names_and_no_task_last(ada: Caller) -> None:
    names = {name: create_task(ada, name) for name in ("beta", "Alpha")}
    below = create_task(ada, "zeta", names["Alpha"])
    for task_id in (*names.values(), below):
        assign(ada, task_id, ada.user_id)
    for task_id in (None, names["beta"], below, names["Alpha"]):
        track(ada, NINE, 10, task_id=task_id)
    assert [row.path for row in grid.week(ada, MONDAY).rows] == [["Alpha"], ["Alpha", "zeta"], ["beta"], []]


def test_only_the_callers_time_counts(ada: Caller, mary: Caller) -> None:
    track(ada, NINE, 60)
    assert grid.week(mary, MONDAY).rows == []


def test_rows_asked_for_are_there_if_they_can_be_tracked_on(ada: Caller, mary: Caller, website: int) -> None:
    foreign = create_task(ada, "Secret")
    rows = grid.week(mary, MONDAY, also=[None, website, foreign, 10**9, -1, 2**70]).rows
    assert [(row.task_id, row.total, row.open) for row in rows] == [(website, 0, True), (None, 0, True)]


def test_a_row_of_an_archived_task_is_there_and_closed(ada: Caller, mary: Caller, website: int) -> None:
    track(mary, NINE, 60, task_id=website)
    archive_task(ada, website)
    assert [(row.task_id, row.open) for row in grid.week(mary, MONDAY).rows] == [(website, False)]


def test_a_running_timer_has_a_row_but_no_time_yet(mary: Caller, website: int) -> None:
    started, _new = start_timer(mary, StartTimer(task_id=website), "web")
    first = started.start.date() - timedelta(days=started.start.weekday())
    assert [(row.task_id, row.total) for row in grid.week(mary, first).rows] == [(website, 0)]


def test_the_rows_of_last_week_can_be_had_again(ada: Caller, mary: Caller, website: int) -> None:
    here, gone = create_task(ada, "Here"), create_task(ada, "Gone")
    for task_id in (here, gone):
        assign(ada, task_id, mary.user_id)
    for task_id in (None, website, here, gone):
        track(mary, NINE - timedelta(days=3), 10, task_id=task_id)
    track(mary, NINE - timedelta(days=8), 10, task_id=website)
    track(mary, NINE, 10, task_id=here)
    archive_task(ada, gone)
    assert grid.rows_to_copy(mary, MONDAY) == [None, website]


def test_hours_typed_into_an_empty_cell_begin_at_nine(mary: Caller, website: int) -> None:
    put(mary, website, 90 * 60)
    assert of_day(mary) == [("", "09:00", "10:30")]
    assert seconds(mary, website) == [5400, 0, 0, 0, 0, 0, 0]


def test_more_time_lengthens_the_last_entry_where_nothing_follows(mary: Caller, website: int) -> None:
    track(mary, NINE, 30, task_id=website, note="First")
    track(mary, NINE + timedelta(hours=2), 30, task_id=website, note="Last")
    put(mary, website, 2 * HOUR)
    assert of_day(mary) == [("First", "09:00", "09:30"), ("Last", "11:00", "12:30")]


def test_more_time_goes_after_what_follows(mary: Caller, website: int) -> None:
    track(mary, NINE, 60, task_id=website, note="Draft", tags=["design"], billable=True)
    track(mary, NINE + timedelta(hours=1), 60, note="Lunch")
    put(mary, website, 2 * HOUR)
    assert of_day(mary) == [
        ("Draft", "09:00", "10:00"),
        ("Lunch", "10:00", "11:00"),
        ("Draft", "11:00", "12:00"),
    ]
    added = queries.entries(mary, first_day=MONDAY, last_day=MONDAY).items[0]
    assert (added.task_id, added.tags, added.billable) == (website, ["design"], True)


def test_more_time_does_not_run_over_midnight(mary: Caller, website: int) -> None:
    track(mary, NINE + timedelta(hours=14), 30, task_id=website)
    put(mary, website, 2 * HOUR)
    assert of_day(mary) == [("", "22:30", "00:00"), ("", "23:00", "23:30")]


def test_less_time_is_taken_from_the_last_entries(mary: Caller, website: int) -> None:
    track(mary, NINE, 60, task_id=website, note="First")
    track(mary, NINE + timedelta(hours=2), 60, task_id=website, note="Second")
    track(mary, NINE + timedelta(hours=4), 60, note="Other")
    put(mary, website, 45 * 60)
    assert of_day(mary) == [("First", "09:00", "09:45"), ("Other", "13:00", "14:00")]


def test_nothing_empties_the_cell_and_can_be_taken_back(mary: Caller, website: int) -> None:
    track(mary, NINE, 60, task_id=website, note="First")
    track(mary, NINE + timedelta(hours=2), 60, task_id=website, note="Second")
    before = of_day(mary)
    for left in (0, 30 * 60):
        change = put(mary, website, left)
        assert len(change.deleted) == (1 if left else 2)
        assert seconds_of_day(mary) == left
        grid.give_back(mary, change)
        assert of_day(mary) == before


def seconds_of_day(caller: Caller) -> int:
    return grid.week(caller, MONDAY).totals[0]


def test_the_same_number_changes_nothing(mary: Caller, website: int) -> None:
    made = track(mary, NINE, 60, task_id=website)
    put(mary, website, HOUR)
    assert queries.entry(mary, UUID(made.id)).version == 1


def test_a_running_timer_is_left_alone(mary: Caller, website: int) -> None:
    started, _new = start_timer(mary, StartTimer(task_id=website), "web")
    today = started.start.date()
    put(mary, website, HOUR, day=today)
    put(mary, website, 0, day=today)
    assert queries.running(mary) is not None


@pytest.mark.parametrize(("day", "most"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)])
def test_a_cell_holds_what_its_day_has(ada: Caller, day: str, most: int) -> None:
    otto = hire(ada, "Otto", zone="Europe/Berlin")
    put(otto, None, most * HOUR, day=date.fromisoformat(day))
    with pytest.raises(Invalid, match=f"more than the {most} hours"):
        put(otto, None, most * HOUR + 1, day=date.fromisoformat(day))


def test_a_cell_of_an_archived_or_foreign_task_only_shrinks(ada: Caller, mary: Caller, website: int) -> None:
    track(mary, NINE, 60, task_id=website)
    archive_task(ada, website)
    with pytest.raises(Invalid, match="archived"):
        put(mary, website, 2 * HOUR)
    put(mary, website, HOUR // 2)
    assert seconds_of_day(mary) == HOUR // 2
    with pytest.raises(Invalid, match="may track on"):
        put(mary, create_task(ada, "Secret"), HOUR)


def test_a_cell_changed_elsewhere_is_not_overwritten(mary: Caller, website: int) -> None:
    track(mary, NINE, 60, task_id=website)
    with pytest.raises(Stale) as told:
        put(mary, website, 3 * HOUR, was=0)
    assert told.value.present == HOUR
    put(mary, website, 3 * HOUR, was=HOUR)
    assert seconds_of_day(mary) == 3 * HOUR


def test_two_windows_that_want_the_same_agree(mary: Caller) -> None:
    put(mary, None, HOUR, was=0)
    put(mary, None, HOUR, was=0)
    assert seconds_of_day(mary) == HOUR


@pytest.mark.parametrize("seconds", [-1, 10**18])
def test_impossible_times_are_refused(mary: Caller, website: int, seconds: int) -> None:
    track(mary, NINE, 60, task_id=website)
    with pytest.raises(Invalid):
        put(mary, website, seconds)
    assert seconds_of_day(mary) == HOUR


@pytest.mark.parametrize("task_id", [0, -3, 10**9, 2**70])
def test_what_is_no_task_takes_no_time(mary: Caller, task_id: int) -> None:
    with pytest.raises(Invalid):
        put(mary, task_id, HOUR)


@pytest.mark.parametrize("day", [date.min, date(1969, 5, 5), date.max])
def test_days_that_cannot_be_tracked_are_refused(mary: Caller, day: date) -> None:
    with pytest.raises(Invalid):
        put(mary, None, HOUR, day=day)


def test_a_day_of_broken_hours_is_named_as_it_is(ada: Caller) -> None:
    otto = hire(ada, "Otto", zone="Australia/Lord_Howe")
    with pytest.raises(Invalid, match="more than the 23:30 hours"):
        put(otto, None, 24 * HOUR, day=date(2026, 10, 4))


def test_each_change_is_kept_and_announced(
    mary: Caller, website: int, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    made = track(mary, NINE, 60, task_id=website)
    told: list[Event] = []
    monkeypatch.setattr("stint.events._listeners", [told.append])
    with django_capture_on_commit_callbacks(execute=True):
        put(mary, website, 2 * HOUR)
        put(mary, website, 0)
        put(mary, None, HOUR)
    assert [(event.kind, event.user_id) for event in told] == [("entry", mary.user_id)] * 3
    assert [change.action for change in queries.history(mary, UUID(made.id))] == ["edit", "delete"]


def test_windows_that_type_at_once_make_one_entry(real_database: None, ada: Caller) -> None:
    done, faults = at_once([lambda: put(ada, None, 2 * HOUR)] * 6)
    assert (len(done), faults) == (6, [])
    assert Entry.objects.count() == 1


MADE = st.tuples(st.booleans(), st.integers(-1, 1), st.integers(0, 22 * 60), st.integers(0, 26 * 60))


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(MADE, max_size=6),
    st.sampled_from([MONDAY, date(2026, 3, 29), date(2026, 10, 25)]),
    st.lists(st.integers(0, 23 * HOUR), min_size=1, max_size=3),
)
def test_a_cell_holds_exactly_what_was_typed_and_nothing_else_changes(
    ada: Caller, website: int, made: list[tuple[bool, int, int, int]], day: date, typed: list[int]
) -> None:
    with transaction.atomic():
        otto = hire(ada, "Otto", zone="Europe/Berlin")
        assign(ada, website, otto.user_id)
        start_timer(otto, StartTimer(task_id=website), "web")
        Entry.objects.filter(user_id=otto.user_id).update(start=bounds(day, otto.zone)[0], day=day)
        for on_task, days, minute, minutes in made:
            begin = bounds(day + timedelta(days=days), otto.zone)[0] + timedelta(minutes=minute)
            track(otto, begin, minutes, task_id=website if on_task else None)
        before = elsewhere(otto, website, day)
        for wanted in typed:
            put(otto, website, wanted, day=day)
            assert held(otto, website, day) == wanted
            assert elsewhere(otto, website, day) == before
        transaction.set_rollback(True)


def held(caller: Caller, task_id: int, day: date) -> int:
    """Return the seconds of a cell, whose entries must be of one piece with themselves."""
    found = Entry.objects.filter(user_id=caller.user_id, task_id=task_id, day=day, end__isnull=False)
    for entry in found:
        assert entry.end is not None
        assert entry.seconds == int((entry.end - entry.start).total_seconds())
        assert entry.start.astimezone(caller.zone).date() == day
    return sum(entry.seconds for entry in found)


def elsewhere(caller: Caller, task_id: int, day: date) -> list[object]:
    """Return what runs and the entries of all other cells, as they are."""
    mine = Entry.objects.filter(user_id=caller.user_id).order_by("pk")
    others = mine.filter(end__isnull=True) | mine.exclude(task_id=task_id, day=day)
    return list(others.values_list("pk", "start", "end", "seconds", "version"))
