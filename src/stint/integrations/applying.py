"""Carries a plan out on the task tree, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from stint.accounts.queries import verified_addresses
from stint.integrations.mirror import Held, Key, Mirrored, Node, People, Plan, Snapshot
from stint.tasks import bulk
from stint.tasks.bulk import TaskRow
from stint.tasks.models import Assignment


def mirrored(rows: Sequence[TaskRow]) -> list[Mirrored]:
    """Return stored rows as the planner reads them. A native parent gets a key that no source has."""
    keys: dict[int | None, Key | None] = {row.id: (row.source_kind, row.source_id) for row in rows}
    keys[None] = None
    return [
        Mirrored(
            row.source_kind,
            row.source_id,
            keys.get(row.parent_id, ("native", row.parent_id or 0)),
            row.name,
            row.archived,
            row.color,
            row.billable,
            task_id=row.id,
        )
        for row in rows
    ]


def people(account_id: int, source: str, owner_id: int | None) -> People:
    """Return whom a plan may assign, and every assignment on the mirror."""
    held = Assignment.objects.filter(task__account_id=account_id, task__source=source).values_list(
        "task__source_kind", "task__source_id", "user_id", "origin", "withdrawn"
    )
    return People(
        owner_id=owner_id,
        by_email=verified_addresses(account_id),
        held=tuple(
            Held((kind or "", external_id or 0), user_id, origin, withdrawn)
            for kind, external_id, user_id, origin, withdrawn in held
        ),
    )


def apply(account_id: int, source: str, snapshot: Snapshot, plan: Plan, rows: Sequence[TaskRow]) -> int:
    """Write the plan and return how many rows that took; an unchanged mirror takes none.

    `rows` is the mirror as the plan saw it.
    """
    by_key: dict[Key, TaskRow] = {(row.source_kind, row.source_id): row for row in rows}
    adopted = [row for key, row in by_key.items() if not row.read_only]
    written = 0
    if plan.changes or adopted:
        written = _write_tasks(account_id, source, snapshot, plan, by_key)
    return written + _write_assignments(plan, by_key)


def _write_tasks(
    account_id: int, source: str, snapshot: Snapshot, plan: Plan, by_key: dict[Key, TaskRow]
) -> int:
    stored = {row.id: copy(row) for row in by_key.values()}
    created = _create(source, plan, by_key)
    for change in plan.changes:
        row = by_key[change.node.key]
        row.name, row.archived = change.node.name, change.node.archived
        row.color, row.billable = change.node.color, change.node.billable
        if "create" in change.actions or "move" in change.actions:
            row.parent_id = _task_id(change.node, by_key)
    _derive(by_key)
    changed = [row for row in by_key.values() if row.id in stored and row != stored[row.id]]
    bulk.write_rows(account_id, created, changed)
    if bulk.is_entangled(account_id, source):
        bulk.rederive(account_id)
    return len(created) + len(changed)


def _create(source: str, plan: Plan, by_key: dict[Key, TaskRow]) -> list[TaskRow]:
    nodes = [change.node for change in plan.changes if change.before is None]
    created = [
        TaskRow(
            id_, None, "", node.name, node.archived, node.archived, True, source, node.kind, node.external_id
        )
        for id_, node in zip(bulk.new_ids(len(nodes)), nodes, strict=True)
    ]
    by_key.update({(row.source_kind, row.source_id): row for row in created})
    return created


def _task_id(node: Node, by_key: dict[Key, TaskRow]) -> int | None:
    return None if node.parent is None else by_key[node.parent].id


def _derive(by_key: dict[Key, TaskRow]) -> None:
    """Set path, archive state and lock of every row from its parent's, parents first."""
    by_id = {row.id: row for row in by_key.values()}
    done: set[int] = set()
    for top in by_id.values():
        chain = []
        row: TaskRow | None = top
        while row is not None and row.id not in done:
            chain.append(row)
            row = by_id.get(row.parent_id) if row.parent_id is not None else None
        for row in reversed(chain):
            parent = by_id.get(row.parent_id) if row.parent_id is not None else None
            if parent is not None:
                row.path = f"{parent.path}{row.id}/"
            elif row.parent_id is None:
                row.path = f"{row.id}/"
            row.in_archive = row.archived or (parent is not None and parent.in_archive)
            row.read_only = True
            done.add(row.id)


def _write_assignments(plan: Plan, by_key: dict[Key, TaskRow]) -> int:
    Assignment.objects.bulk_create(
        Assignment(task_id=by_key[grant.key].id, user_id=grant.user_id, origin=grant.origin)
        for grant in plan.assign
    )
    for grant in plan.unassign:
        Assignment.objects.filter(task_id=by_key[grant.key].id, user_id=grant.user_id).delete()
    return len(plan.assign) + len(plan.unassign)
