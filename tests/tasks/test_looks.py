"""Colours, billable defaults and favourites of tasks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from stint.accounts.queries import Caller
from stint.errors import Invalid, NotAllowed, NotFound
from stint.events import Event
from stint.live.bus import concerns
from stint.tasks.colors import PALETTE
from stint.tasks.models import Favourite, Task
from stint.tasks.queries import TaskOut, bills, favourites, looks, task, tasks, usable
from stint.tasks.search import search
from stint.tasks.services import archive_task, assign, create_task, mark_favourite, update_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(ada: Caller) -> list[int]:
    """Client, project and task, each below the one before."""
    client = create_task(ada, "Client")
    project = create_task(ada, "Project", client)
    return [client, project, create_task(ada, "Work", project)]


def shown(caller: Caller, task_id: int) -> TaskOut:
    return task(caller, task_id)


def test_a_colour_holds_for_all_below_until_one_has_its_own(ada: Caller, chain: list[int]) -> None:
    update_task(ada, chain[0], color="#2F7FD3")
    update_task(ada, chain[2], color="#d3543f")
    assert [shown(ada, id_).color for id_ in chain] == ["#2f7fd3", "#2f7fd3", "#d3543f"]
    update_task(ada, chain[2], color="")
    assert shown(ada, chain[2]).color == "#2f7fd3"


def test_without_a_colour_a_tree_has_one_of_the_palette(ada: Caller, chain: list[int]) -> None:
    colors = {shown(ada, id_).color for id_ in chain}
    assert len(colors) == 1
    assert colors <= set(PALETTE)


def test_projects_of_one_workspace_differ_in_colour(ada: Caller) -> None:
    top = create_task(ada, "Workspace")
    projects = [create_task(ada, f"Project {number}", top) for number in range(len(PALETTE))]
    Task.objects.filter(pk=top).update(source="toggl", source_kind="workspace", source_id=1)
    assert {looks(projects)[id_].color for id_ in projects} == set(PALETTE)


def test_billable_holds_for_all_below(ada: Caller, chain: list[int]) -> None:
    update_task(ada, chain[1], billable=True)
    assert [shown(ada, id_).billable for id_ in chain] == [False, True, True]
    paths = dict(Task.objects.values_list("id", "path"))
    assert [bills(paths[id_]) for id_ in chain] == [False, True, True]


@pytest.mark.parametrize("color", ["red", "#12345", "#1234567", "#12345g", "2f7fd3", "#2f7fd3;"])
def test_what_is_no_colour_is_refused(ada: Caller, chain: list[int], color: str) -> None:
    with pytest.raises(Invalid, match="#2f7fd3") as refused:
        update_task(ada, chain[0], color=color)
    assert refused.value.errors[0].field == "color"


def test_only_who_manages_may_change_looks(ada: Caller, mary: Caller, chain: list[int]) -> None:
    with pytest.raises(NotAllowed):
        update_task(mary, chain[0], color="#2f7fd3")
    Task.objects.filter(pk=chain[0]).update(
        source="toggl", source_kind="project", source_id=1, read_only=True
    )
    with pytest.raises(NotAllowed, match="comes from Toggl"):
        update_task(ada, chain[0], billable=True)


def test_a_list_says_of_each_task_how_it_looks(ada: Caller, chain: list[int]) -> None:
    update_task(ada, chain[0], color="#d3543f", billable=True)
    mark_favourite(ada, chain[2], favourite=True)
    for found in (tasks(ada).items, search(ada, "work").items):
        work = next(each for each in found if each.id == chain[2])
        assert (work.color, work.billable, work.favourite) == ("#d3543f", True, True)


def test_a_favourite_is_of_one_person(ada: Caller, mary: Caller, chain: list[int]) -> None:
    assign(ada, chain[0], mary.user_id)
    for _ in range(2):
        mark_favourite(mary, chain[1], favourite=True)
    assert favourites(mary.user_id) == {chain[1]}
    assert not shown(ada, chain[1]).favourite
    mark_favourite(mary, chain[1], favourite=False)
    assert favourites(mary.user_id) == frozenset()


def test_the_database_holds_a_favourite_once(ada: Caller, chain: list[int]) -> None:
    mark_favourite(ada, chain[0], favourite=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Favourite.objects.create(user_id=ada.user_id, task_id=chain[0])


def test_what_one_may_not_see_is_no_favourite(mary: Caller, eve: Caller, chain: list[int]) -> None:
    for other in (mary, eve):
        with pytest.raises(NotFound):
            mark_favourite(other, chain[0], favourite=True)


def test_others_do_not_hear_of_favourites(ada: Caller, mary: Caller) -> None:
    event = Event("tasks", "1", ada.account_id, mary.user_id)
    assert concerns(event, mary)
    assert not concerns(event, ada)


def test_of_given_tasks_those_stay_that_can_be_tracked_on(
    ada: Caller, mary: Caller, chain: list[int]
) -> None:
    other = create_task(ada, "Other")
    assign(ada, chain[0], mary.user_id)
    assert [each.id for each in usable(mary, [chain[2], other, chain[0], 10**9])] == [chain[2], chain[0]]
    archive_task(ada, chain[1])
    assert [each.id for each in usable(mary, chain)] == [chain[0]]
