"""Changing and deleting entries, their history, and who may see whose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
import uuid_utils.compat as uuid7s
from domain import hire

from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.editing import EntryEdit, delete_entry, edit_entry
from stint.entries.models import Entry
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer, stop_timer
from stint.errors import Invalid, NotAllowed, NotFound, Stale
from stint.events import Event
from stint.tasks.services import archive_task, assign, create_task

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(mary: Caller) -> EntryOut:
    return add_entry(mary, NewEntry(start=NINE, end=TEN, note="Draft", tags=["a"]), "web")[0]


def edit(caller: Caller, entry: EntryOut, if_version: int | None = None, **fields: Any) -> EntryOut:
    return edit_entry(caller, UUID(entry.id), EntryEdit(**fields), if_version)


def test_only_the_named_fields_change(mary: Caller, entry: EntryOut) -> None:
    edited = edit(mary, entry, note="Final", end=TEN + timedelta(minutes=5))
    assert (edited.note, edited.seconds, edited.version) == ("Final", 3900, 2)
    assert (edited.start, edited.tags, edited.billable, edited.made_by) == (NINE, ["a"], False, "web")
    assert queries.entry(mary, UUID(entry.id)) == edited


def test_history_holds_who_when_and_only_what_differed(ada: Caller, mary: Caller, entry: EntryOut) -> None:
    with time_machine.travel(TEN, tick=False):
        edit(mary, entry, note="Final", tags=["a"])
        edit(ada, entry, tags=["b"], billable=True, end=TEN + timedelta(seconds=1))
    mine, theirs = queries.history(mary, UUID(entry.id))
    assert (mine.at, mine.user_id, mine.action) == (TEN, mary.user_id, "edit")
    assert mine.before == {"note": "Draft", "version": 1}
    assert mine.after == {"note": "Final", "version": 2}
    assert theirs.user_id == ada.user_id
    assert theirs.before == {
        "tags": ["a"],
        "billable": False,
        "end": "2026-11-23T10:00:00Z",
        "seconds": 3600,
        "version": 2,
    }
    assert theirs.after == {
        "tags": ["b"],
        "billable": True,
        "end": "2026-11-23T10:00:01Z",
        "seconds": 3601,
        "version": 3,
    }


def test_a_stop_is_on_record(mary: Caller) -> None:
    with time_machine.travel(NINE, tick=False) as clock:
        running = start_timer(mary, StartTimer(), "web")[0]
        clock.move_to(TEN)
        stop_timer(mary)
    (stop,) = queries.history(mary, UUID(running.id))
    assert (stop.action, stop.before["end"], stop.after) == (
        "stop",
        None,
        {"end": "2026-11-23T10:00:00Z", "version": 2},
    )


def test_an_edit_may_end_what_runs(mary: Caller) -> None:
    with time_machine.travel(TEN, tick=False):
        running = start_timer(mary, StartTimer(start=NINE), "web")[0]
        ended = edit(mary, running, end=NINE + timedelta(minutes=5))
        assert ended.seconds == 300
        assert queries.running(mary) is None


def test_a_stale_version_is_refused_with_the_present_entry(mary: Caller, entry: EntryOut) -> None:
    newer = edit(mary, entry, if_version=1, note="Final")
    with pytest.raises(Stale) as refused:
        edit(mary, entry, if_version=1, note="Old")
    assert refused.value.present == newer
    assert queries.entry(mary, UUID(entry.id)) == newer
    assert len(queries.history(mary, UUID(entry.id))) == 1
    assert edit(mary, entry, if_version=2, note="Third").version == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"end": NINE - timedelta(seconds=1)}, "end"),
        ({"start": TEN + timedelta(seconds=1)}, "end"),
        ({"end": NINE + timedelta(hours=999, seconds=1)}, "end"),
        ({"start": datetime(1969, 12, 31, tzinfo=UTC)}, "start"),
        ({"end": datetime(9999, 12, 31, tzinfo=UTC)}, "end"),
        ({"start": NINE.replace(tzinfo=None)}, "start"),
        ({"task_id": 2**62}, "task_id"),
        ({"note": "n" * 3001}, "note"),
        ({"tags": ["t" * 191]}, "tags"),
    ],
)
def test_a_refused_edit_changes_nothing(
    mary: Caller, entry: EntryOut, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        edit(mary, entry, **{"billable": True, **fields})
    assert refused.value.errors[0].field == field
    assert queries.entry(mary, UUID(entry.id)) == entry
    assert queries.history(mary, UUID(entry.id)) == []


def test_a_moved_start_moves_the_day(ada: Caller) -> None:
    otto = hire(ada, "Otto", zone="Europe/Berlin")
    entry = add_entry(otto, NewEntry(start=NINE, end=TEN), "web")[0]
    edit(otto, entry, start=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert Entry.objects.get().day == date(2026, 11, 23)
    edit(otto, entry, start=datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    assert Entry.objects.get().day == date(2026, 11, 22)


@pytest.mark.parametrize("active", [True, False])
def test_the_day_is_the_owners_whoever_edits(ada: Caller, active: bool) -> None:
    otto = hire(ada, "Otto", zone="Pacific/Kiritimati")
    entry = add_entry(otto, NewEntry(start=NINE, end=TEN), "web")[0]
    User.objects.filter(pk=otto.user_id).update(is_active=active)
    edit(ada, entry, start=datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert Entry.objects.get().day == date(2026, 11, 23)


def test_time_stays_on_an_archived_task_but_none_moves_there(ada: Caller, mary: Caller) -> None:
    task, other = create_task(ada, "Client"), create_task(ada, "Other")
    for id_ in (task, other):
        assign(ada, id_, mary.user_id)
    entry = add_entry(mary, NewEntry(start=NINE, end=TEN, task_id=task), "web")[0]
    archive_task(ada, task)
    assert edit(mary, entry, note="still", task_id=task).task_id == task
    assert edit(mary, entry, task_id=other).task_id == other
    with pytest.raises(Invalid):
        edit(mary, entry, task_id=task)
    assert edit(mary, entry, task_id=None).task_id is None


def test_a_task_is_checked_for_the_person_whose_time_it_is(
    ada: Caller, mary: Caller, entry: EntryOut
) -> None:
    task = create_task(ada, "Client")
    assign(ada, task, ada.user_id)
    with pytest.raises(Invalid):
        edit(ada, entry, task_id=task)
    assign(ada, task, mary.user_id)
    assert edit(ada, entry, task_id=task).task_id == task


def test_a_deleted_entry_is_gone_but_its_history_stays(mary: Caller, ada: Caller, entry: EntryOut) -> None:
    edited = edit(mary, entry, note="Final")
    delete_entry(mary, UUID(entry.id))
    with pytest.raises(NotFound):
        queries.entry(mary, UUID(entry.id))
    for act in (
        lambda: delete_entry(mary, UUID(entry.id)),
        lambda: edit(mary, entry, note="x"),
        lambda: delete_entry(mary, uuid7s.uuid7()),
    ):
        with pytest.raises(NotFound):
            act()
    for caller in (mary, ada):
        last = queries.history(caller, UUID(entry.id))[-1]
        assert (last.action, last.user_id, last.after) == ("delete", mary.user_id, None)
        assert (last.before["id"], last.before["note"]) == (entry.id, edited.note)


class TestOthers:
    def test_a_member_sees_and_changes_only_their_own(
        self, ada: Caller, entry: EntryOut, mary: Caller
    ) -> None:
        otto = hire(ada, "Otto")
        for act in (
            lambda: queries.entry(otto, UUID(entry.id)),
            lambda: queries.history(otto, UUID(entry.id)),
            lambda: edit(otto, entry, note="x"),
            lambda: delete_entry(otto, UUID(entry.id)),
        ):
            with pytest.raises(NotFound):
                act()
        with pytest.raises(NotAllowed):
            queries.entries(otto, user_id=mary.user_id)
        delete_entry(mary, UUID(entry.id))
        with pytest.raises(NotFound):
            queries.history(otto, UUID(entry.id))

    def test_a_manager_sees_and_changes_everybodys(
        self, grace: Caller, mary: Caller, entry: EntryOut
    ) -> None:
        assert queries.entries(grace, user_id=mary.user_id).items == [entry]
        assert queries.entries(grace).items == []
        assert edit(grace, entry, note="By Grace").user_id == mary.user_id
        delete_entry(grace, UUID(entry.id))

    def test_another_account_sees_nothing(self, eve: Caller, mary: Caller, entry: EntryOut) -> None:
        assert queries.entries(eve, user_id=mary.user_id).items == []
        for act in (
            lambda: queries.entry(eve, UUID(entry.id)),
            lambda: queries.history(eve, UUID(entry.id)),
            lambda: edit(eve, entry, note="x"),
            lambda: delete_entry(eve, UUID(entry.id)),
        ):
            with pytest.raises(NotFound):
                act()
        delete_entry(mary, UUID(entry.id))
        with pytest.raises(NotFound):
            queries.history(eve, UUID(entry.id))


@pytest.mark.parametrize("running", [True, False])
def test_the_owner_is_told_of_each_change(
    grace: Caller,
    mary: Caller,
    running: bool,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    entry = start_timer(mary, StartTimer(), "web")[0]
    if not running:
        stop_timer(mary)
    told: list[Event] = []
    monkeypatch.setattr("stint.events._listeners", [told.append])
    with django_capture_on_commit_callbacks(execute=True):
        edit(grace, entry, note="x")
        delete_entry(grace, UUID(entry.id))
    kind = "timer" if running else "entry"
    assert [(event.kind, event.id, event.user_id) for event in told] == [(kind, entry.id, mary.user_id)] * 2


def test_entries_are_narrowed_by_task(ada: Caller, mary: Caller, entry: EntryOut) -> None:
    task = create_task(ada, "Client")
    assign(ada, task, mary.user_id)
    tracked = add_entry(mary, NewEntry(start=TEN, end=TEN, task_id=task), "web")[0]
    assert queries.entries(mary, task_id=task).items == [tracked]
    assert queries.entries(mary).items == [tracked, entry]
