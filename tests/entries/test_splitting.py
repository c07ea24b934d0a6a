"""Cutting an entry in two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.editing import EntryEdit, edit_entry, split_entry
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.errors import Invalid, NotFound, Stale

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
HALF = NINE + timedelta(minutes=20)
TEN = NINE + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def test_both_parts_keep_what_the_whole_said(mary: Caller) -> None:
    whole, _ = add_entry(
        mary, NewEntry(start=NINE, end=TEN, note="Draft", tags=["a"], billable=True), "mobile"
    )
    first, second = split_entry(mary, UUID(whole.id), HALF)
    assert (first.id, first.start, first.end, first.seconds, first.version) == (whole.id, NINE, HALF, 1200, 2)
    assert (second.start, second.end, second.seconds, second.version) == (HALF, TEN, 2400, 1)
    for part in (first, second):
        assert (part.note, part.tags, part.billable, part.made_by) == ("Draft", ["a"], True, "mobile")
    assert queries.entries(mary).items == [second, first]


def test_of_a_running_entry_the_second_part_runs_on(mary: Caller) -> None:
    with time_machine.travel(TEN, tick=False):
        whole, _ = start_timer(mary, StartTimer(start=NINE, note="Draft"), "web")
        first, second = split_entry(mary, UUID(whole.id), HALF)
        assert (first.end, first.seconds) == (HALF, 1200)
        assert queries.running(mary) == queries.entry(mary, UUID(second.id))
        assert (second.start, second.end) == (HALF, None)


def test_each_part_lies_on_its_own_day(mary: Caller) -> None:
    late = datetime(2026, 11, 23, 23, tzinfo=UTC)
    whole, _ = add_entry(mary, NewEntry(start=late, end=late + timedelta(hours=2)), "web")
    _, second = split_entry(mary, UUID(whole.id), late + timedelta(hours=1))
    tomorrow = late.date() + timedelta(days=1)
    assert queries.entries(mary, first_day=tomorrow).items == [second]


@pytest.mark.parametrize("minutes", [-1, 0, 60, 61])
def test_a_cut_outside_is_refused(mary: Caller, minutes: int) -> None:
    whole, _ = add_entry(mary, NewEntry(start=NINE, end=TEN), "web")
    with pytest.raises(Invalid, match="between the start and the end"):
        split_entry(mary, UUID(whole.id), NINE + timedelta(minutes=minutes))
    assert queries.entries(mary).items == [whole]


def test_a_stale_one_is_not_cut(mary: Caller) -> None:
    whole, _ = add_entry(mary, NewEntry(start=NINE, end=TEN), "web")
    edit_entry(mary, UUID(whole.id), EntryEdit(note="Meanwhile"))
    with pytest.raises(Stale):
        split_entry(mary, UUID(whole.id), HALF, if_version=1)


def test_nobody_cuts_somebody_elses(mary: Caller, eve: Caller) -> None:
    whole, _ = add_entry(mary, NewEntry(start=NINE, end=TEN), "web")
    with pytest.raises(NotFound):
        split_entry(eve, UUID(whole.id), HALF)
