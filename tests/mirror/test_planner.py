"""The planner: pure, so everything is shown on values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stint.integrations.mirror import ACTIONS, Held, Key, Mirrored, Node, People, Snapshot, plan
from tests.mirror.planning import EMAILS, ROOT, carried_out, snapshots

NOBODY = People(owner_id=None, by_email={})
WORKSPACE: Key = ("workspace", 1)


def source(*nodes: Node, members: dict[Key, frozenset[str] | None] | None = None) -> Snapshot:
    """Return a snapshot of workspace 1 with these nodes in it."""
    whole = (
        Node(*ROOT, None, "Toggl", archived=False),
        Node(*WORKSPACE, ROOT, "Team", archived=False),
        *nodes,
    )
    return Snapshot({node.key: node for node in whole}, members or {WORKSPACE: frozenset()})


def projects(*ids: int, archived: bool = False) -> list[Node]:
    return [Node("project", id_, WORKSPACE, f"Project {id_}", archived) for id_ in ids]


def mirror_of(snapshot: Snapshot) -> list[Mirrored]:
    return carried_out(plan(snapshot, [], NOBODY), [])


def actions(before: Snapshot, after: Snapshot) -> dict[Key, tuple[str, ...]]:
    return {change.node.key: change.actions for change in plan(after, mirror_of(before), NOBODY).changes}


@settings(max_examples=300, deadline=None)
@given(snapshots(), snapshots())
def test_carrying_a_plan_out_makes_the_mirror_equal_the_source(old: Snapshot, new: Snapshot) -> None:
    before = mirror_of(old)
    after = {item.key: item for item in carried_out(plan(new, before, NOBODY), before)}
    for key, node in new.nodes.items():
        item = after[key]
        assert Node(*(getattr(item, field) for field in Node.__struct_fields__)) == node
    for key, item in after.items():
        assert key in new.nodes or item.archived


@settings(max_examples=300, deadline=None)
@given(snapshots(), snapshots())
def test_a_second_plan_is_empty(old: Snapshot, new: Snapshot) -> None:
    before = mirror_of(old)
    again = plan(new, carried_out(plan(new, before, NOBODY), before), NOBODY)
    assert again.changes == []
    assert again.unchanged == len({item.key for item in before} | new.nodes.keys())


@settings(max_examples=200, deadline=None)
@given(snapshots(), snapshots())
def test_no_item_ever_leaves_the_mirror_or_changes_its_task(old: Snapshot, new: Snapshot) -> None:
    before = mirror_of(old)
    after = {item.key: item.task_id for item in carried_out(plan(new, before, NOBODY), before)}
    assert {item.key: item.task_id for item in before}.items() <= after.items()


@settings(max_examples=200, deadline=None)
@given(snapshots(), snapshots())
def test_every_item_is_counted_once_or_by_its_actions(old: Snapshot, new: Snapshot) -> None:
    before = mirror_of(old)
    decided = plan(new, before, NOBODY)
    acted = sum(bool(change.actions) and change.before is not None for change in decided.changes)
    assert decided.unchanged + acted == len(before)
    assert sum(decided.counts()[action] for action in ACTIONS) == sum(
        len(change.actions) for change in decided.changes
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (("#0b83d9", False), ("#d92b2b", False)),
        (("#0b83d9", False), ("#0b83d9", True)),
        (("", False), ("#0b83d9", True)),
        (("#0b83d9", True), ("", False)),
    ],
)
def test_a_new_look_alone_is_carried_out_and_not_counted(
    was: tuple[str, bool], now: tuple[str, bool]
) -> None:
    before = mirror_of(source(Node("project", 1, WORKSPACE, "Site", False, *was)))
    decided = plan(source(Node("project", 1, WORKSPACE, "Site", False, *now)), before, NOBODY)
    (change,) = decided.changes
    assert (change.actions, change.node.color, change.node.billable) == ((), *now)
    assert decided.counts() == dict.fromkeys([*ACTIONS, "assign", "unassign"], 0) | {"unchanged": 3}


def test_a_look_that_comes_with_a_rename_is_one_change() -> None:
    was = source(Node("project", 1, WORKSPACE, "Old", False, "#0b83d9", False))
    now = source(Node("project", 1, WORKSPACE, "New", False, "#d92b2b", True))
    assert actions(was, now) == {("project", 1): ("rename",)}


def test_what_leaves_the_source_keeps_its_look() -> None:
    before = mirror_of(source(Node("project", 1, WORKSPACE, "Site", False, "#0b83d9", True)))
    (change,) = plan(source(), before, NOBODY).changes
    assert (change.actions, change.node.color, change.node.billable) == (("archive",), "#0b83d9", True)


def test_items_are_matched_by_id_and_never_by_name() -> None:
    was = source(Node("project", 1, WORKSPACE, "Website", archived=False))
    now = source(Node("project", 2, WORKSPACE, "Website", archived=False))
    assert actions(was, now) == {("project", 2): ("create",), ("project", 1): ("archive",)}


def test_one_item_may_be_renamed_moved_and_archived_at_once() -> None:
    client = Node("client", 5, WORKSPACE, "Acme", archived=False)
    was = source(client, Node("project", 1, WORKSPACE, "Old", archived=False))
    now = source(client, Node("project", 1, client.key, "New", archived=True))
    assert actions(was, now) == {("project", 1): ("rename", "move", "archive")}


def test_a_deleted_client_is_archived_and_its_projects_move_up() -> None:
    client = Node("client", 5, WORKSPACE, "Acme", archived=False)
    was = source(client, Node("project", 1, client.key, "Site", archived=False))
    assert actions(was, source(*projects(1))) == {
        ("project", 1): ("rename", "move"),
        ("client", 5): ("archive",),
    }


def test_what_is_archived_in_the_source_arrives_archived_as_one_creation() -> None:
    counts = plan(source(*projects(1, archived=True)), [], NOBODY).counts()
    assert (counts["create"], counts["archive"]) == (3, 0)


def test_losing_more_than_half_and_at_least_twenty_asks_first() -> None:
    before = mirror_of(source(*projects(*range(1, 41))))
    assert plan(source(*projects(*range(1, 19))), before, NOBODY).mass_archive
    assert not plan(source(*projects(*range(1, 22))), before, NOBODY).mass_archive


def test_losing_nineteen_of_few_does_not_ask() -> None:
    before = mirror_of(source(*projects(*range(1, 20))))
    assert not plan(source(), before, NOBODY).mass_archive


def test_what_the_administrator_deselected_is_archived_without_asking() -> None:
    before = mirror_of(source(*projects(*range(1, 101))))
    nothing = Snapshot({ROOT: Node(*ROOT, None, "Toggl", archived=False)}, {})
    assert not plan(nothing, before, NOBODY, deselected=[WORKSPACE]).mass_archive
    assert plan(nothing, before, NOBODY).mass_archive


def test_members_are_assigned_by_e_mail_and_the_owner_to_the_root() -> None:
    people = People(
        owner_id=1, by_email={"ada@example.com": 1, "grace@example.com": 2, "alan@example.com": 3}
    )
    members = {WORKSPACE: frozenset({"grace@example.com", "nobody@example.com"})}
    given_ = plan(source(members=members), [], people).assign
    assert {(grant.key, grant.user_id, grant.origin) for grant in given_} == {
        (ROOT, 1, "owner"),
        (WORKSPACE, 2, "email"),
    }


def test_who_left_loses_the_email_assignment_and_only_that() -> None:
    held = (
        Held(WORKSPACE, 2, "email", withdrawn=False),
        Held(WORKSPACE, 3, "manual", withdrawn=False),
        Held(WORKSPACE, 4, "email", withdrawn=True),
    )
    decided = plan(source(), [], People(None, {"grace@example.com": 2}, held))
    assert [(grant.user_id, grant.origin) for grant in decided.unassign] == [(2, "email")]
    assert decided.assign == []


def test_an_assignment_taken_away_by_hand_does_not_come_back() -> None:
    held = (Held(WORKSPACE, 2, "email", withdrawn=True),)
    members = {WORKSPACE: frozenset({"grace@example.com"})}
    decided = plan(source(members=members), [], People(None, {"grace@example.com": 2}, held))
    assert (decided.assign, decided.unassign) == ([], [])


def test_members_that_could_not_be_read_keep_what_they_have() -> None:
    held = (Held(WORKSPACE, 2, "email", withdrawn=False),)
    decided = plan(source(members={WORKSPACE: None}), [], People(None, {"grace@example.com": 2}, held))
    assert (decided.assign, decided.unassign) == ([], [])


def test_a_new_owner_takes_the_place_of_the_old_one() -> None:
    held = (Held(ROOT, 1, "owner", withdrawn=False),)
    decided = plan(source(), [], People(2, {}, held))
    assert [grant.user_id for grant in decided.assign] == [2]
    assert [grant.user_id for grant in decided.unassign] == [1]


@settings(max_examples=200, deadline=None)
@given(snapshots(), st.dictionaries(st.sampled_from(EMAILS), st.integers(1, 3)))
def test_assignments_settle_after_one_plan(snapshot: Snapshot, by_email: dict[str, int]) -> None:
    first = plan(snapshot, [], People(1, by_email))
    held = tuple(Held(grant.key, grant.user_id, grant.origin, withdrawn=False) for grant in first.assign)
    second = plan(snapshot, [], People(1, by_email, held))
    assert (second.assign, second.unassign) == ([], [])
