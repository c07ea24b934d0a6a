"""What the timer bar offers: notes, tasks and tags of the person's own recent time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.tasks.models import Task
from stint.tasks.services import archive_task, assign, create_task, unassign

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def track(caller: Caller, note: str = "", hours: int = 0, **fields: Any) -> None:
    start = NINE + timedelta(hours=hours)
    add_entry(caller, NewEntry(note=note, start=start, end=start + timedelta(minutes=30), **fields), "web")


@pytest.fixture
def website(ada: Caller, mary: Caller) -> int:
    """A task that Mary may track on, below another one."""
    above = create_task(ada, "Analytical client")
    task_id = create_task(ada, "Website", above)
    assign(ada, above, mary.user_id)
    return task_id


def test_the_latest_comes_first_and_each_once(mary: Caller, website: int) -> None:
    track(mary, "Old", 0, task_id=website)
    track(mary, "New", 2, tags=["b"], billable=True)
    track(mary, "Old", 1, task_id=website, tags=["later"])
    found = queries.suggestions(mary)
    assert [(each.note, each.tags) for each in found] == [("New", ["b"]), ("Old", ["later"])]
    assert found[1].path == ["Analytical client", "Website"]
    assert found[1].color.startswith("#")


def test_words_are_found_in_note_and_path(mary: Caller, website: int) -> None:
    track(mary, "Header", 0, task_id=website)
    track(mary, "Lunch", 1)
    assert [each.note for each in queries.suggestions(mary, "CLIENT head")] == ["Header"]
    assert queries.suggestions(mary, "client lunch") == []


def test_nothing_at_all_is_no_suggestion(mary: Caller) -> None:
    track(mary)
    assert queries.suggestions(mary) == []


def test_what_cannot_be_tracked_on_any_more_is_left_out(ada: Caller, mary: Caller, website: int) -> None:
    track(mary, "Header", task_id=website)
    assert queries.recent_tasks(mary) == [website]
    archive_task(ada, website)
    assert (queries.suggestions(mary), queries.recent_tasks(mary)) == ([], [])


def test_a_withdrawn_task_is_left_out(ada: Caller, mary: Caller) -> None:
    task_id = create_task(ada, "Website")
    assign(ada, task_id, mary.user_id)
    track(mary, "Header", task_id=task_id)
    unassign(ada, task_id, mary.user_id)
    assert queries.suggestions(mary) == []


def test_nobody_is_offered_what_others_did(ada: Caller, mary: Caller) -> None:
    track(ada, "Private", tags=["secret"])
    assert (queries.suggestions(mary), queries.tags(mary)) == ([], [])


def test_the_most_used_tags_come_first(mary: Caller) -> None:
    track(mary, tags=["rare", "often"])
    track(mary, tags=["often"])
    assert queries.tags(mary) == ["often", "rare"]
    assert queries.tags(mary, "RAR") == ["rare"]


def test_without_a_word_about_it_the_task_says_what_is_billable(
    ada: Caller, mary: Caller, website: int
) -> None:
    above = create_task(ada, "Billed")
    below = create_task(ada, "Part of it", above)
    assign(ada, above, mary.user_id)
    Task.objects.filter(pk=above).update(billable=True)
    assert start_timer(mary, StartTimer(task_id=below), "web")[0].billable
    assert not start_timer(mary, StartTimer(task_id=below, billable=False), "web")[0].billable
    assert not start_timer(mary, StartTimer(task_id=website), "web")[0].billable
    assert not start_timer(mary, StartTimer(), "web")[0].billable
