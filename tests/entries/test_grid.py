"""The week as a grid: sums by task and day, and what a number typed into a cell does to the entries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from domain import hire

from stint.accounts.queries import Caller
from stint.entries import grid, queries
from stint.entries.grid import GridRow
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.errors import Invalid, Stale
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
        GridRow(website, ["Website"], week.rows[0].color, [5400, 0, 0, 0, 0, 0, 0], 5400, open=True),
        GridRow(None, [], "", [0, 0, 0, 0, 0, 0, 2700], 2700, open=True),
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
    rows = grid.week(mary, MONDAY, also=[None, website, foreign, 10**9]).rows
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
