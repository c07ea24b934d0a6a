"""Who may track where, who sees what, and pages of long lists."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from domain import hire
from hypothesis import given, settings
from hypothesis import strategies as st

from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.errors import Conflict, Invalid, NotFound
from stint.paging import cursor_of
from stint.tasks.models import Assignment, Task
from stint.tasks.queries import Source, TaskOut, people, task, tasks
from stint.tasks.scope import Scope, scope_of, top_most
from stint.tasks.services import archive_task, assign, create_task, restore_task, unassign

PATHS = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True).map(
    lambda ids: "".join(f"{id_}/" for id_ in ids)
)


def make(caller: Caller, *names: str) -> list[int]:
    """Return the ids of new tasks, each below the one before."""
    ids: list[int] = []
    for name in names:
        ids.append(create_task(caller, name, ids[-1] if ids else None))
    return ids


def every(caller: Caller, **wanted: object) -> list[TaskOut]:
    """Return all pages together."""
    found: list[TaskOut] = []
    cursor = None
    while True:
        page = tasks(caller, cursor=cursor, limit=2, **wanted)  # type: ignore[arg-type]
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


def names(caller: Caller, **wanted: object) -> list[str]:
    return [shown.name for shown in every(caller, **wanted)]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(PATHS, max_size=6), PATHS)
def test_a_scope_covers_what_is_below_what_is_assigned(assigned: list[str], path: str) -> None:
    """Ids such as 1 and 12 must not be taken for one another."""
    scope = Scope(1, tuple(top_most(assigned)))
    assert scope.covers(path) == any(path.startswith(top) for top in assigned)
    chains = [top.split("/")[:-2] for top in scope.paths]
    assert scope.ancestors() == {int(id_) for chain in chains for id_ in chain}
    for top in scope.paths:
        assert not any(top.startswith(other) for other in scope.paths if other != top)


def test_an_assignment_opens_the_task_and_all_below(ada: Caller, mary: Caller) -> None:
    client, project, part = make(ada, "Client", "Project", "Part")
    other = create_task(ada, "Other", client)
    assign(ada, project, mary.user_id)
    assert {shown.name: shown.trackable for shown in every(mary)} == {
        "Client": False,
        "Project": True,
        "Part": True,
    }
    assert task(mary, part).path == ["Client", "Project", "Part"]
    with pytest.raises(NotFound):
        task(mary, other)
    assert names(mary, trackable=True) == ["Part", "Project"]
    assert names(mary, trackable=False) == ["Client"]
    assert names(mary, parent_id=client) == ["Project"]
    assert names(mary, parent_id=None) == ["Client"]


def test_managers_see_all_and_track_where_assigned(ada: Caller, grace: Caller) -> None:
    client, project = make(ada, "Client", "Project")
    assert not task(grace, project).trackable
    assign(ada, client, grace.user_id)
    assert task(grace, project).trackable
    assert names(ada, trackable=True) == []


def test_what_is_in_the_archive_takes_no_time(ada: Caller, mary: Caller) -> None:
    client, project = make(ada, "Client", "Project")
    assign(ada, client, mary.user_id)
    archive_task(ada, client)
    for caller in (ada, mary):
        assert names(caller) == []
        assert names(caller, status="archived") == ["Client"]
        assert names(caller, status="all") == ["Client", "Project"]
    assert not task(mary, project).trackable
    assert names(mary, status="all", trackable=True) == []
    restore_task(ada, project)
    assert names(mary, trackable=True) == ["Client", "Project"]


def test_nothing_assigned_is_nothing_seen(ada: Caller, mary: Caller, eve: Caller) -> None:
    make(ada, "Client", "Project")
    assert names(mary, status="all") == []
    assert names(mary, status="all", trackable=False) == []
    assert names(eve, status="all") == []


def test_an_assignment_taken_away_closes_again(ada: Caller, mary: Caller) -> None:
    client, project = make(ada, "Client", "Project")
    assign(ada, client, mary.user_id)
    assign(ada, project, mary.user_id)
    unassign(ada, project, mary.user_id)
    with pytest.raises(Conflict):
        unassign(ada, project, mary.user_id)
    unassign(ada, client, mary.user_id)
    with pytest.raises(NotFound):
        unassign(ada, client, mary.user_id)
    assert names(mary) == []
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("origin", ["email", "owner"])
def test_one_that_an_integration_gave_is_remembered(ada: Caller, mary: Caller, origin: str) -> None:
    (client,) = make(ada, "Client")
    Assignment.objects.create(task_id=client, user_id=mary.user_id, origin=origin)
    unassign(ada, client, mary.user_id)
    assert scope_of(mary.user_id).paths == ()
    assert people(task(ada, client), ada.account_id) == []
    kept = Assignment.objects.get()
    assert (kept.origin, kept.withdrawn) == (origin, True)
    assign(ada, client, mary.user_id)
    kept.refresh_from_db()
    assert (kept.origin, kept.withdrawn) == ("manual", False)


def test_one_removed_by_hand_from_a_mirrored_task_stays_away(ada: Caller, mary: Caller) -> None:
    """Given by e-mail, removed, given by hand, removed again: no later sync may give it back."""
    (client,) = make(ada, "Client")
    Task.objects.filter(pk=client).update(
        source="toggl", source_kind="workspace", source_id=1, read_only=True
    )
    Assignment.objects.create(task_id=client, user_id=mary.user_id, origin="email")
    unassign(ada, client, mary.user_id)
    assign(ada, client, mary.user_id)
    unassign(ada, client, mary.user_id)
    assert Assignment.objects.get().withdrawn
    assert names(mary) == []


def test_assigning_twice_is_one_assignment(ada: Caller, mary: Caller) -> None:
    (client,) = make(ada, "Client")
    for _ in range(2):
        assign(ada, client, mary.user_id)
    assert Assignment.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(task_id=client, user_id=mary.user_id)


def test_only_people_of_the_account_are_assigned(ada: Caller, eve: Caller) -> None:
    (client,) = make(ada, "Client")
    for user_id in (eve.user_id, 10**9):
        with pytest.raises(NotFound):
            assign(ada, client, user_id)
    with pytest.raises(NotFound):
        assign(eve, client, eve.user_id)


def test_people_come_with_where_from(ada: Caller, grace: Caller, mary: Caller) -> None:
    client, project, part = make(ada, "Client", "Project", "Part")
    assign(ada, part, mary.user_id)
    assign(ada, client, mary.user_id)
    assign(ada, client, grace.user_id)
    Assignment.objects.create(task_id=project, user_id=ada.user_id, origin="owner")
    Assignment.objects.create(
        task_id=project, user_id=hire(ada, "Otto").user_id, origin="email", withdrawn=True
    )
    assert [
        (person.name, person.origin, person.inherited_from)
        for person in people(task(ada, part), ada.account_id)
    ] == [("Ada", "owner", project), ("Grace", "manual", client), ("Mary", "manual", None)]
    assert [person.name for person in people(task(ada, client), ada.account_id)] == ["Grace", "Mary"]


def test_a_task_says_where_it_is_ruled(ada: Caller) -> None:
    (client,) = make(ada, "Client")
    Task.objects.filter(pk=client).update(source="toggl", source_kind="client", source_id=7, read_only=True)
    assert task(ada, client).source == Source("toggl", "client", "7")
    Task.objects.filter(pk=client).update(read_only=False)
    assert task(ada, client).source is None


def test_pages_hold_each_task_once_though_names_are_equal(ada: Caller, mary: Caller) -> None:
    top = create_task(ada, "Same")
    wanted = [top, *(create_task(ada, name, top) for name in ["Same", "same", "SAME", "Z", "a", "ß", "ss"])]
    wanted += [create_task(ada, "x" * 300, top), create_task(ada, "x" * 300 + "y", top)]
    assign(ada, top, mary.user_id)
    for caller in (ada, mary):
        found = every(caller)
        assert sorted(shown.id for shown in found) == sorted(wanted)
        assert [shown.name[:4] for shown in found] == [
            "a",
            "Same",
            "Same",
            "same",
            "SAME",
            "ß",
            "ss",
            "xxxx",
            "xxxx",
            "Z",
        ]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "====",
        "ß",
        cursor_of("a"),
        cursor_of(1, 2),
        cursor_of("a", 1, 2),
        cursor_of("a", 2**70),
        cursor_of("a\0", 1),
    ],
)
def test_a_cursor_that_is_none_is_refused(ada: Caller, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        tasks(ada, cursor=cursor)
    assert refused.value.errors[0].field == "cursor"


def test_a_disabled_person_keeps_the_assignment(ada: Caller, mary: Caller) -> None:
    (client,) = make(ada, "Client")
    assign(ada, client, mary.user_id)
    User.objects.filter(pk=mary.user_id).update(is_active=False)
    assert [person.name for person in people(task(ada, client), ada.account_id)] == ["Mary"]
