"""Decides what a sync does: a snapshot of the source and the mirrored tasks in, a plan out.

Pure: no clock, no database, no network. Items are matched by the source's ids alone, never by name. What left
the snapshot is archived where it stands and nothing is ever deleted, so time entries keep their task.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import msgspec

Key = tuple[str, int]
Action = Literal["create", "rename", "move", "archive", "restore"]
ACTIONS: tuple[Action, ...] = ("create", "rename", "move", "archive", "restore")

MASS_ARCHIVE_LEAST = 20


class Node(msgspec.Struct, frozen=True):
    """An item of the source: a workspace, client, project or task. The root is one, too.

    `color` ("" or #rrggbb) and `billable` are its look: the source has them for projects alone.
    """

    kind: str
    external_id: int
    parent: Key | None
    name: str
    archived: bool
    color: str = ""
    billable: bool = False

    @property
    def key(self) -> Key:
        """The item's identity."""
        return self.kind, self.external_id


class Snapshot(msgspec.Struct, frozen=True):
    """The source as it is now. `nodes` hold parents before children.

    `members` holds, for each node that has people, the lower-case e-mails of its active members, or None where
    they could not be read.
    """

    nodes: dict[Key, Node]
    members: dict[Key, frozenset[str] | None]


class Mirrored(Node, frozen=True, kw_only=True):
    """A node as it was mirrored before, and the task it became."""

    task_id: int


class Held(msgspec.Struct, frozen=True):
    """An assignment on a mirrored task."""

    key: Key
    user_id: int
    origin: str
    withdrawn: bool


class People(msgspec.Struct, frozen=True):
    """Whom the plan may assign: the owner, and the account's users by verified lower-case e-mail."""

    owner_id: int | None
    by_email: Mapping[str, int]
    held: tuple[Held, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """What happens to one item: `node` is what it becomes; `before` what it was, None for a new one.

    A change of the look alone has no actions: it is carried out, but nobody is asked about it.
    """

    actions: tuple[Action, ...]
    node: Node
    before: Mirrored | None = None


class Grant(msgspec.Struct, frozen=True):
    """An assignment to give or to take."""

    key: Key
    user_id: int
    origin: str


class Plan(msgspec.Struct, frozen=True):
    """Everything a sync would do. `mass_archive` asks for an Administrator's word first.

    `unchanged` counts the items without an action, those with a new look among them.
    """

    changes: list[Change]
    assign: list[Grant]
    unassign: list[Grant]
    unchanged: int
    mass_archive: bool

    def counts(self) -> dict[str, int]:
        """Return how often each action happens."""
        counts: dict[str, int] = dict.fromkeys(ACTIONS, 0)
        for change in self.changes:
            for action in change.actions:
                counts[action] += 1
        return {
            **counts,
            "assign": len(self.assign),
            "unassign": len(self.unassign),
            "unchanged": self.unchanged,
        }


def plan(
    snapshot: Snapshot, mirrored: Iterable[Mirrored], people: People, *, deselected: Collection[Key] = ()
) -> Plan:
    """Return what makes the mirror equal to the snapshot.

    `deselected` names the nodes (workspaces) whose archiving the Administrator asked for.
    """
    before = {item.key: item for item in mirrored}
    changes: list[Change] = []
    for key, node in snapshot.nodes.items():
        change = _change(node, before.get(key))
        if change is not None:
            changes.append(change)
    changes += [
        _vanish(item) for key, item in before.items() if key not in snapshot.nodes and not item.archived
    ]
    assign, unassign = _assignments(snapshot, people)
    touched = sum(1 for change in changes if change.before is not None and change.actions)
    return Plan(
        changes=changes,
        assign=assign,
        unassign=unassign,
        unchanged=len(before) - touched,
        mass_archive=_archives_too_much(changes, before, frozenset(deselected)),
    )


def _change(node: Node, was: Mirrored | None) -> Change | None:
    if was is None:
        return Change(("create",), node)
    actions: list[Action] = []
    if was.name != node.name:
        actions.append("rename")
    if was.parent != node.parent:
        actions.append("move")
    if was.archived != node.archived:
        actions.append("archive" if node.archived else "restore")
    same_look = (was.color, was.billable) == (node.color, node.billable)
    return None if same_look and not actions else Change(tuple(actions), node, was)


def _vanish(was: Mirrored) -> Change:
    node = Node(was.kind, was.external_id, was.parent, was.name, True, was.color, was.billable)
    return Change(("archive",), node, was)


def _archives_too_much(
    changes: list[Change], before: Mapping[Key, Mirrored], deselected: frozenset[Key]
) -> bool:
    """Tell whether more than half of the active items, and at least twenty, would go unasked."""
    if all("archive" not in change.actions for change in changes):
        return False
    asked = below(before, deselected)
    archived = sum("archive" in change.actions and change.node.key not in asked for change in changes)
    active = sum(not item.archived and item.key not in asked for item in before.values())
    return archived >= MASS_ARCHIVE_LEAST and archived * 2 > active


def below(items: Mapping[Key, Mirrored], tops: frozenset[Key]) -> set[Key]:
    """Return the keys of `tops` and of all items below them."""
    inside: dict[Key, bool] = {}
    for key in items:
        chain: list[Key] = []
        at: Key | None = key
        while at is not None and at not in inside and at not in tops and at in items and at not in chain:
            chain.append(at)
            at = items[at].parent
        found = at is not None and (at in tops or inside.get(at, False))
        inside.update(dict.fromkeys(chain, found))
    return {key for key, found in inside.items() if found} | (tops & items.keys())


def _assignments(snapshot: Snapshot, people: People) -> tuple[list[Grant], list[Grant]]:
    held = {(item.key, item.user_id): item for item in people.held}
    wanted: dict[tuple[Key, int], str] = {}
    unknown = {key for key, members in snapshot.members.items() if members is None}
    for key, members in snapshot.members.items():
        for email in members or ():
            if email in people.by_email:
                wanted[key, people.by_email[email]] = "email"
    root = next(iter(snapshot.nodes), None)
    if root is not None and people.owner_id is not None:
        wanted[root, people.owner_id] = "owner"
    assign = [
        Grant(key, user_id, origin) for (key, user_id), origin in wanted.items() if (key, user_id) not in held
    ]
    unassign = [
        Grant(item.key, item.user_id, item.origin)
        for place, item in held.items()
        if item.origin != "manual"
        and not item.withdrawn
        and place not in wanted
        and item.key in snapshot.nodes
        and item.key not in unknown
    ]
    return assign, unassign
