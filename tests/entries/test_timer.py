"""The one running timer of each person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import time_machine
import uuid_utils.compat as uuid7s
from django.db import IntegrityError, transaction
from domain import at_once, found, hire

from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.editing import EntryEdit, edit_entry
from stint.entries.models import Entry, EntryChange
from stint.entries.queries import EntryOut
from stint.entries.services import StartTimer, start_timer, stop_timer
from stint.errors import Conflict, Invalid
from stint.events import Event
from stint.tasks.services import archive_task, assign, create_task

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


def start(caller: Caller, **fields: Any) -> EntryOut:
    return start_timer(caller, StartTimer(**fields), "web")[0]


def raw_entry(caller: Caller, **fields: Any) -> Entry:
    given = {"start": NOON, "day": NOON.date(), "made_by": "web", **fields}
    return Entry.objects.create(
        id=uuid7s.uuid7(), account_id=caller.account_id, user_id=caller.user_id, **given
    )


def test_starting_needs_nothing(mary: Caller, clock: Any) -> None:
    entry = start(mary)
    clock.shift(90)
    shown = queries.running(mary)
    assert shown is not None
    assert (shown.id, shown.task_id, shown.start, shown.end, shown.seconds) == (
        entry.id,
        None,
        NOON,
        None,
        90,
    )
    assert UUID(entry.id).version == 7


def test_starting_stops_what_runs_at_the_same_instant(mary: Caller, clock: Any) -> None:
    first = start(mary, note="first")
    clock.shift(100.7)
    second = start(mary, note="second")
    stopped = queries.entry(mary, UUID(first.id))
    assert stopped.end == second.start == NOON + timedelta(seconds=100)
    assert (stopped.seconds, stopped.version) == (100, 2)
    assert Entry.objects.filter(end=None).count() == 1


def test_a_refused_start_leaves_what_runs(ada: Caller, mary: Caller, clock: Any) -> None:
    first = start(mary)
    clock.shift(60)
    with pytest.raises(Invalid):
        start(mary, task_id=create_task(ada, "Not hers"))
    still = queries.running(mary)
    assert still is not None
    assert (still.id, still.version) == (first.id, 1)
    assert not EntryChange.objects.exists()


def test_the_database_allows_one_running_entry_each(mary: Caller, ada: Caller) -> None:
    raw_entry(mary)
    raw_entry(ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        raw_entry(mary)


@pytest.mark.parametrize(
    "fields",
    [
        {"end": NOON - timedelta(seconds=1)},
        {"seconds": 5},
        {"made_by": "elsewhere", "end": NOON},
    ],
)
def test_the_database_refuses_what_is_no_entry(mary: Caller, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        raw_entry(mary, **fields)


def test_eight_starts_at_once_leave_one_running(real_database: None) -> None:
    mary = hire(found("Engines", "Ada"), "Mary")
    started, faults = at_once([lambda note=str(number): start(mary, note=note) for number in range(8)])
    assert faults == []
    assert len({entry.id for entry in started}) == Entry.objects.count() == 8
    assert Entry.objects.filter(end=None).count() == 1
    assert EntryChange.objects.filter(action="stop").count() == 7


def test_one_start_sent_eight_times_at_once_is_one_entry(real_database: None) -> None:
    mary = hire(found("Engines", "Ada"), "Mary")
    wanted = StartTimer(id=uuid7s.uuid7(), note="once")
    answers, faults = at_once([lambda: start_timer(mary, wanted, "mobile")] * 8)
    assert faults == []
    assert sorted(created for _, created in answers) == [False] * 7 + [True]
    assert Entry.objects.count() == 1


def test_a_manager_who_ends_it_and_the_person_who_stops_it_agree(real_database: None) -> None:
    ada = found("Engines", "Ada")
    mary = hire(ada, "Mary")
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    earlier = EntryEdit(start=began - timedelta(hours=1))
    for _ in range(5):
        entry = start(mary, start=began)
        _, faults = at_once([partial(edit_entry, ada, UUID(entry.id), earlier), partial(stop_timer, mary)])
        assert faults == []
        kept = Entry.objects.get(pk=entry.id)
        assert kept.end is not None
        assert kept.start == earlier.start
        assert kept.seconds == (kept.end - kept.start).total_seconds()
        kept.delete()


def test_stopping_counts_real_seconds(mary: Caller, clock: Any) -> None:
    start(mary)
    clock.shift(timedelta(hours=30, seconds=7))
    assert stop_timer(mary).seconds == 30 * 3600 + 7
    assert queries.running(mary) is None


def test_stopping_in_the_instant_of_the_start_is_an_entry_of_no_length(mary: Caller, clock: Any) -> None:
    start(mary)
    assert stop_timer(mary).seconds == 0


def test_nothing_running_cannot_be_stopped(mary: Caller, ada: Caller) -> None:
    start(ada)
    with pytest.raises(Conflict):
        stop_timer(mary)


def test_an_end_that_lay_back_is_taken(mary: Caller, clock: Any) -> None:
    start(mary)
    clock.shift(3600)
    assert stop_timer(mary, NOON + timedelta(seconds=60)).seconds == 60


def test_an_end_before_the_start_is_refused_and_the_timer_runs_on(mary: Caller, clock: Any) -> None:
    start(mary)
    with pytest.raises(Invalid) as refused:
        stop_timer(mary, NOON - timedelta(seconds=1))
    assert refused.value.errors[0].field == "end"
    assert queries.running(mary) is not None


def test_a_clock_a_little_ahead_is_forgiven(mary: Caller, clock: Any) -> None:
    ahead = NOON + timedelta(seconds=119)
    assert start(mary, start=ahead).start == NOON
    assert stop_timer(mary, ahead).end == NOON


@pytest.mark.parametrize(
    "moment",
    [
        NOON + timedelta(minutes=3),
        NOON.replace(year=9999),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime(1969, 12, 31, tzinfo=UTC),
        NOON.replace(tzinfo=None),
        NOON - timedelta(hours=1000),
    ],
)
def test_a_start_that_cannot_be_is_refused(mary: Caller, clock: Any, moment: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        start(mary, start=moment)
    assert refused.value.errors[0].field == "start"
    assert not Entry.objects.exists()


def test_a_start_before_that_of_what_runs_is_a_conflict(mary: Caller, clock: Any) -> None:
    first = start(mary)
    with pytest.raises(Conflict):
        start(mary, start=NOON - timedelta(seconds=1))
    running = queries.running(mary)
    assert running is not None
    assert running.id == first.id


def test_a_running_start_moved_by_a_clock_ahead_does_not_block_the_next(mary: Caller, clock: Any) -> None:
    entry = start(mary)
    moved = edit_entry(mary, UUID(entry.id), EntryEdit(start=NOON + timedelta(seconds=100)))
    assert moved.start == NOON
    start(mary)


def test_a_server_clock_that_was_put_back_holds_up_nobody(mary: Caller, clock: Any) -> None:
    first = start(mary)
    clock.move_to(NOON - timedelta(hours=1))
    second = start(mary)
    assert second.start == NOON - timedelta(hours=1)
    stopped = Entry.objects.get(pk=first.id)
    assert (stopped.end, stopped.seconds) == (NOON, 0)


def test_a_timer_whose_task_is_archived_runs_on_and_stops(ada: Caller, mary: Caller, clock: Any) -> None:
    parent = create_task(ada, "Client")
    task = create_task(ada, "Project", parent)
    assign(ada, task, mary.user_id)
    start(mary, task_id=task)
    archive_task(ada, parent)
    clock.shift(60)
    running = queries.running(mary)
    assert running is not None
    assert (running.task_id, running.seconds) == (task, 60)
    noted = edit_entry(mary, UUID(running.id), EntryEdit(note="nearly there", task_id=task))
    assert noted.task_id == task
    assert stop_timer(mary).seconds == 60
    with pytest.raises(Invalid) as refused:
        start(mary, task_id=task)
    assert refused.value.errors[0].field == "task_id"


def test_a_timer_left_for_months_can_still_be_stopped_and_noted(mary: Caller, clock: Any) -> None:
    entry = start(mary)
    clock.shift(timedelta(days=90))
    assert stop_timer(mary).seconds == 90 * 86400
    assert edit_entry(mary, UUID(entry.id), EntryEdit(note="forgot it")).note == "forgot it"
    with pytest.raises(Invalid):
        edit_entry(mary, UUID(entry.id), EntryEdit(end=NOON + timedelta(days=80)))


def test_people_do_not_share_a_timer(ada: Caller, mary: Caller, eve: Caller) -> None:
    mine, hers, theirs = start(ada), start(mary), start(eve)
    assert [queries.running(caller).id for caller in (ada, mary, eve)] == [mine.id, hers.id, theirs.id]  # type: ignore[union-attr]


def test_a_start_is_told_once_it_is_stored(
    mary: Caller, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Event] = []
    monkeypatch.setattr("stint.events._listeners", [told.append])
    with django_capture_on_commit_callbacks(execute=True):
        entry = start(mary)
        assert told == []
    assert told == [Event("timer", entry.id, mary.account_id, mary.user_id)]


def test_a_person_with_time_cannot_be_deleted(mary: Caller) -> None:
    start(mary)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.get(pk=mary.user_id).delete()
    assert Entry.objects.count() == 1
