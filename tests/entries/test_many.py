"""Several entries at once, and taking deletions back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
import uuid_utils.compat as uuid7s
from domain import hire

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.editing import (
    MOST_AT_ONCE,
    ManyEdit,
    delete_entries,
    delete_entry,
    edit_entries,
    restore_entries,
    restore_entry,
)
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.errors import Conflict, Invalid, NotFound
from stint.events import Event
from stint.tasks.services import archive_task, assign, create_task

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def entry(caller: Caller, **fields: Any) -> EntryOut:
    return add_entry(caller, NewEntry(**{"start": NINE, "end": TEN, **fields}), "web")[0]


def ids(*entries: EntryOut) -> list[UUID]:
    return [UUID(entry.id) for entry in entries]


def test_the_named_fields_change_in_all_of_them(ada: Caller, mary: Caller) -> None:
    task_id = create_task(ada, "Website")
    assign(ada, task_id, mary.user_id)
    one, two = entry(mary, note="One"), entry(mary, note="Two", tags=["x"])
    changed = edit_entries(mary, ids(one, two), ManyEdit(task_id=task_id, billable=True, add_tags=["x", "y"]))
    assert {(each.note, *each.tags) for each in changed} == {("One", "x", "y"), ("Two", "x", "y")}
    assert all(each.task_id == task_id and each.billable and each.version == 2 for each in changed)


def test_when_one_refuses_none_changes(ada: Caller, mary: Caller) -> None:
    task_id = create_task(ada, "Website")
    assign(ada, task_id, mary.user_id)
    archive_task(ada, task_id)
    one, two = entry(mary, note="One"), entry(mary, note="Two")
    with pytest.raises(Invalid, match="is archived"):
        edit_entries(mary, ids(one, two), ManyEdit(note="Both", task_id=task_id))
    with pytest.raises(NotFound):
        delete_entries(mary, [*ids(one), uuid7s.uuid7()])
    assert {each.note for each in queries.entries(mary).items} == {"One", "Two"}


def test_moved_to_another_day_they_keep_the_time_on_the_clock(ada: Caller) -> None:
    mary = hire(ada, "Mary", zone="Europe/Berlin")
    summer = datetime(2026, 7, 1, 7, tzinfo=UTC)  # nine o'clock in Berlin
    moved = edit_entries(
        mary, ids(entry(mary, start=summer, end=summer + timedelta(hours=2))), ManyEdit(day=date(2026, 12, 1))
    )
    assert (moved[0].start, moved[0].seconds) == (datetime(2026, 12, 1, 8, tzinfo=UTC), 7200)


def test_a_day_that_skips_the_time_on_the_clock_is_refused(ada: Caller) -> None:
    mary = hire(ada, "Mary", zone="Europe/Berlin")
    night = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    with pytest.raises(Invalid, match="02:30 does not exist"):
        edit_entries(
            mary,
            ids(entry(mary, start=night, end=night + timedelta(hours=1))),
            ManyEdit(day=date(2026, 3, 29)),
        )


def test_an_edit_that_changes_nothing_leaves_no_trace(mary: Caller) -> None:
    one = entry(mary, note="One")
    assert edit_entries(mary, ids(one), ManyEdit(note="One")) == [one]
    assert queries.history(mary, UUID(one.id)) == []


@pytest.mark.parametrize("count", [0, MOST_AT_ONCE + 1])
def test_none_and_too_many_are_refused(mary: Caller, count: int) -> None:
    with pytest.raises(Invalid, match="1 to 500"):
        delete_entries(mary, [uuid7s.uuid7() for _ in range(count)])


def test_a_deletion_can_be_taken_back(mary: Caller) -> None:
    one, two = entry(mary, note="One", tags=["a"], billable=True), entry(mary, note="Two")
    delete_entries(mary, ids(one, two))
    assert queries.entries(mary).items == []
    assert len(restore_entries(mary, ids(one, two))) == 2
    back = queries.entry(mary, UUID(one.id))
    assert (back.note, back.tags, back.billable, back.start, back.end) == ("One", ["a"], True, NINE, TEN)
    assert back.version == one.version + 1
    assert [change.action for change in queries.history(mary, UUID(one.id))] == ["delete", "restore"]


def test_taking_it_back_twice_is_once(mary: Caller) -> None:
    one = entry(mary)
    delete_entry(mary, UUID(one.id))
    restored = restore_entry(mary, UUID(one.id))
    assert restore_entry(mary, UUID(one.id)) == restored
    assert len(queries.entries(mary).items) == 1


def test_a_discarded_timer_runs_again(mary: Caller) -> None:
    with time_machine.travel(TEN, tick=False):
        running, _ = start_timer(mary, StartTimer(start=NINE, note="Draft"), "web")
        delete_entry(mary, UUID(running.id))
        assert queries.running(mary) is None
        restore_entry(mary, UUID(running.id))
        back = queries.running(mary)
        assert back is not None
        assert (back.start, back.note, back.seconds) == (NINE, "Draft", 3600)


def test_a_discarded_timer_does_not_push_out_another(mary: Caller) -> None:
    running, _ = start_timer(mary, StartTimer(), "web")
    delete_entry(mary, UUID(running.id))
    another, _ = start_timer(mary, StartTimer(), "web")
    with pytest.raises(Conflict, match="stop that one first"):
        restore_entry(mary, UUID(running.id))
    now_running = queries.running(mary)
    assert now_running is not None
    assert now_running.id == another.id


def test_nobody_takes_back_somebody_elses_deletion(ada: Caller, mary: Caller, eve: Caller) -> None:
    hers = entry(ada)
    delete_entry(ada, UUID(hers.id))
    for other in (mary, eve):
        with pytest.raises(NotFound):
            restore_entry(other, UUID(hers.id))


def test_who_manages_may_take_a_deletion_back(ada: Caller, mary: Caller) -> None:
    hers = entry(mary)
    delete_entry(mary, UUID(hers.id))
    assert restore_entry(ada, UUID(hers.id)).user_id == mary.user_id


def test_windows_are_told(
    mary: Caller, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    one, two = entry(mary), entry(mary)
    told: list[Event] = []
    monkeypatch.setattr("stint.events._listeners", [told.append])
    with django_capture_on_commit_callbacks(execute=True):
        edit_entries(mary, ids(one, two), ManyEdit(note="Both"))
        delete_entries(mary, ids(one))
        restore_entries(mary, ids(one))
    assert {(event.kind, event.id) for event in told} == {("entry", one.id), ("entry", two.id)}
    assert len(told) == 4
