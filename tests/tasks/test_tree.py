"""The tree's rules: rename, move, archive, restore, and that they hold in any order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from domain import at_once, found
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from stint.accounts.queries import Caller
from stint.entries.models import Entry
from stint.entries.services import StartTimer, start_timer
from stint.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from stint.events import Event
from stint.tasks.models import Task
from stint.tasks.queries import looks, task, tasks
from stint.tasks.services import (
    LONGEST_NAME,
    MOST_DEPTH,
    archive_task,
    assign,
    create_task,
    restore_task,
    update_task,
)

pytestmark = pytest.mark.django_db


@dataclass
class Node:
    """What the model of the tree knows of a task."""

    name: str
    parent: int | None
    archived: bool = False


class TreeMachine(RuleBasedStateMachine):
    """Drives the services and a plain dictionary side by side; what one refuses the other must too."""

    ids = Bundle("ids")
    names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.ada = found("Engines", "Ada")
        self.model: dict[int, Node] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def chain(self, id_: int | None) -> list[int]:
        """Return the ids from the root to the task."""
        ids: list[int] = []
        while id_ is not None:
            ids.append(id_)
            id_ = self.model[id_].parent
        return ids[::-1]

    def in_archive(self, id_: int | None) -> bool:
        return any(self.model[above].archived for above in self.chain(id_))

    def expect(self, wanted: type[DomainError] | None, act: Any) -> Any:
        if wanted is None:
            return act()
        with pytest.raises(wanted):
            act()
        return None

    @rule(target=ids, name=names, parent=st.none() | ids)
    def create(self, name: str, parent: int | None) -> Any:
        kept = " ".join(name.split())
        fault = None if kept else Invalid
        if fault is None and self.in_archive(parent):
            fault = Conflict  # type: ignore[assignment]
        made = self.expect(fault, lambda: create_task(self.ada, name, parent))
        if made is None:
            made = create_task(self.ada, "Instead")
            kept, parent = "Instead", None
        self.model[made] = Node(kept, parent)
        return made

    @rule(id_=ids, name=names)
    def rename(self, id_: int, name: str) -> None:
        kept = " ".join(name.split())
        self.expect(None if kept else Invalid, lambda: update_task(self.ada, id_, name=name))
        if kept:
            self.model[id_].name = kept

    @rule(id_=ids, parent=st.none() | ids)
    def move(self, id_: int, parent: int | None) -> None:
        fault: type[DomainError] | None = None
        if parent != self.model[id_].parent:
            if self.in_archive(parent):
                fault = Conflict
            elif id_ in self.chain(parent):
                fault = Invalid
        self.expect(fault, lambda: update_task(self.ada, id_, parent_id=parent))
        if fault is None:
            self.model[id_].parent = parent

    @rule(id_=ids)
    def archive(self, id_: int) -> None:
        archive_task(self.ada, id_)
        self.model[id_].archived = True

    @rule(id_=ids)
    def restore(self, id_: int) -> None:
        restore_task(self.ada, id_)
        for above in self.chain(id_):
            self.model[above].archived = False

    @rule(id_=consumes(ids))
    def forget(self, id_: int) -> None:
        """Leave a task alone from here on, so that later steps meet others."""

    @invariant()
    def the_tree_is_the_model(self) -> None:
        stored = {row.pk: row for row in Task.objects.all()}
        assert stored.keys() == self.model.keys()
        for id_, node in self.model.items():
            row = stored[id_]
            chain = self.chain(id_)
            assert (row.name, row.parent_id, row.archived) == (node.name, node.parent, node.archived)
            assert row.path == "".join(f"{above}/" for above in chain)
            assert row.in_archive == self.in_archive(id_)
        assert {id_: look.path for id_, look in looks(stored).items()} == {
            id_: [self.model[above].name for above in self.chain(id_)] for id_ in self.model
        }
        for shown in tasks(self.ada, status="all", limit=1000).items:
            assert shown.children == sum(node.parent == shown.id for node in self.model.values())


def test_the_rules_hold_in_any_order(db: None) -> None:
    steps = settings(max_examples=25, stateful_step_count=25, deadline=None, derandomize=True)
    run_state_machine_as_test(TreeMachine, settings=steps)


def chain_of(caller: Caller, length: int, below: int | None = None) -> list[int]:
    """Return the ids of new tasks, each below the one before."""
    ids: list[int] = []
    for number in range(length):
        ids.append(create_task(caller, f"Level {number}", ids[-1] if ids else below))
    return ids


def test_restoring_brings_back_the_ancestors_it_needs_and_no_more(ada: Caller) -> None:
    client, project, part = chain_of(ada, 3)
    sibling = create_task(ada, "Sibling", client)
    for id_ in (sibling, project, client):
        archive_task(ada, id_)
    restore_task(ada, part)
    assert [task(ada, id_).status for id_ in (client, project, part, sibling)] == [
        "active",
        "active",
        "active",
        "archived",
    ]
    assert not Task.objects.get(pk=part).in_archive


def test_archiving_leaves_the_childrens_own_state(ada: Caller) -> None:
    client, project, part = chain_of(ada, 3)
    archive_task(ada, part)
    archive_task(ada, client)
    assert [task(ada, id_).status for id_ in (client, project, part)] == ["archived", "active", "archived"]
    restore_task(ada, client)
    assert [Task.objects.get(pk=id_).in_archive for id_ in (client, project, part)] == [False, False, True]


def test_a_task_with_time_cannot_be_deleted(ada: Caller) -> None:
    client = create_task(ada, "Client")
    assign(ada, client, ada.user_id)
    start_timer(ada, StartTimer(task_id=client), "web")
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.get(pk=client).delete()
    assert Entry.objects.get().task_id == client


@pytest.mark.parametrize("name", ["", " \t\n", "a\0b", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_is_none_is_refused(ada: Caller, name: str) -> None:
    kept = create_task(ada, "Client")
    for act in (lambda: create_task(ada, name), lambda: update_task(ada, kept, name=name)):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.errors[0].field == "name"
    assert list(Task.objects.values_list("name", flat=True)) == ["Client"]


@pytest.mark.parametrize(
    "name", ["x", "x" * LONGEST_NAME, "اسم", "a/b", "<b>", "😀" * 300, "'; DROP TABLE--"]
)
def test_any_other_name_is_kept_whole(ada: Caller, name: str) -> None:
    assert task(ada, create_task(ada, name)).path == [name]


def test_names_need_not_differ(ada: Caller) -> None:
    assert create_task(ada, "Same") != create_task(ada, "Same")


def test_a_refused_move_keeps_the_old_name_too(ada: Caller) -> None:
    client, project = chain_of(ada, 2)
    with pytest.raises(Invalid) as refused:
        update_task(ada, client, name="Renamed", parent_id=project)
    assert refused.value.errors[0].field == "parent_id"
    assert task(ada, client).name == "Level 0"


def test_a_tree_has_a_bottom(ada: Caller) -> None:
    deepest = chain_of(ada, MOST_DEPTH)[-1]
    with pytest.raises(Invalid):
        create_task(ada, "Too deep", deepest)


def test_a_move_cannot_push_a_branch_below_the_bottom(ada: Caller) -> None:
    low = chain_of(ada, MOST_DEPTH - 2)[-1]
    fits, too_long = chain_of(ada, 2)[0], chain_of(ada, 3)[0]
    update_task(ada, fits, parent_id=low)
    with pytest.raises(Invalid) as refused:
        update_task(ada, too_long, parent_id=low)
    assert refused.value.errors[0].field == "parent_id"
    assert task(ada, too_long).parent_id is None


class TestReadOnly:
    """What an integration rules is changed there only."""

    @pytest.fixture
    def mirrored(self, ada: Caller) -> int:
        top = create_task(ada, "Toggl")
        Task.objects.filter(pk=top).update(
            read_only=True, source="toggl", source_kind="project", source_id=top
        )
        return top

    def test_every_change_is_refused(self, ada: Caller, mirrored: int) -> None:
        own = create_task(ada, "Own")
        for act in (
            lambda: update_task(ada, mirrored, name="x"),
            lambda: update_task(ada, mirrored, parent_id=own),
            lambda: update_task(ada, mirrored),
            lambda: archive_task(ada, mirrored),
            lambda: restore_task(ada, mirrored),
            lambda: create_task(ada, "x", mirrored),
            lambda: update_task(ada, own, parent_id=mirrored),
        ):
            with pytest.raises(NotAllowed, match="Toggl"):
                act()
        assert Task.objects.count() == 2
        assert task(ada, mirrored).path == ["Toggl"]

    def test_a_task_kept_below_one_is_not_restored_past_it(self, ada: Caller, mirrored: int) -> None:
        own = create_task(ada, "Own")
        Task.objects.filter(pk=own).update(parent_id=mirrored, path=f"{mirrored}/{own}/", in_archive=True)
        Task.objects.filter(pk=mirrored).update(archived=True, in_archive=True)
        with pytest.raises(Conflict, match="Toggl"):
            restore_task(ada, own)

    def test_the_database_knows_no_ruled_task_without_a_source(self, ada: Caller) -> None:
        own = create_task(ada, "Own")
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=own).update(read_only=True)


def test_members_change_nothing(ada: Caller, mary: Caller) -> None:
    own = create_task(ada, "Own")
    assign(ada, own, mary.user_id)
    for act in (
        lambda: create_task(mary, "x"),
        lambda: update_task(mary, own, name="x"),
        lambda: archive_task(mary, own),
        lambda: restore_task(mary, own),
        lambda: assign(mary, own, mary.user_id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_accounts_share_nothing(ada: Caller, eve: Caller) -> None:
    theirs, mine = create_task(eve, "Theirs"), create_task(ada, "Mine")
    for act in (
        lambda: update_task(ada, theirs, name="x"),
        lambda: archive_task(ada, theirs),
        lambda: restore_task(ada, theirs),
        lambda: task(ada, theirs),
    ):
        with pytest.raises(NotFound):
            act()
    for act_below in (
        lambda: create_task(ada, "x", theirs),
        lambda: update_task(ada, mine, parent_id=theirs),
    ):
        with pytest.raises(Invalid):
            act_below()
    assert [shown.name for shown in tasks(ada).items] == ["Mine"]


def test_everybody_is_told_once_it_is_stored(
    ada: Caller, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Event] = []
    monkeypatch.setattr("stint.events._listeners", [told.append])
    with django_capture_on_commit_callbacks(execute=True):
        made = create_task(ada, "Client")
        archive_task(ada, made)
    assert told == [Event("tasks", str(made), ada.account_id)] * 2


class TestAtOnce:
    """Changes at the same time leave a tree, whatever their order."""

    def whole(self) -> bool:
        rows = {row.pk: row for row in Task.objects.all()}
        return all(
            row.path == f"{rows[row.parent_id].path if row.parent_id else ''}{row.pk}/"
            and row.in_archive
            == (row.archived or (row.parent_id is not None and rows[row.parent_id].in_archive))
            for row in rows.values()
        )

    def test_two_moves_into_each_other_make_no_ring(self, real_database: None) -> None:
        ada = found("Engines", "Ada")
        for _ in range(4):
            one, other = create_task(ada, "One"), create_task(ada, "Other")
            _, faults = at_once(
                [
                    partial(update_task, ada, one, parent_id=other),
                    partial(update_task, ada, other, parent_id=one),
                ]
            )
            assert [type(fault) for fault in faults] == [Invalid]
            assert self.whole()

    def test_a_task_made_while_its_parent_moves_and_is_archived(self, real_database: None) -> None:
        ada = found("Engines", "Ada")
        for _ in range(4):
            home, client = create_task(ada, "Home"), create_task(ada, "Client")
            _, faults = at_once(
                [
                    partial(create_task, ada, "New", client),  # type: ignore[list-item]
                    partial(update_task, ada, client, parent_id=home),
                    partial(archive_task, ada, home),
                ]
            )
            assert all(isinstance(fault, Conflict) for fault in faults)
            assert self.whole()
