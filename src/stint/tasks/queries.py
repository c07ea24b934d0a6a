"""Reads of the task tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from django.utils.translation import gettext as _
from msgspec import UNSET, UnsetType

from stint.accounts.queries import Caller
from stint.database import fetch_all, fetch_one
from stint.errors import NotFound
from stint.paging import Page, cursor_of, key_of
from stint.tasks.colors import effective
from stint.tasks.scope import Scope, scope_of

Status = Literal["active", "archived", "all"]
GROUPS = ("root", "workspace", "client")  # kinds of mirrored items that only hold projects


class Source(msgspec.Struct, frozen=True):
    """Where a mirrored task comes from. `external_id` is the id over there."""

    integration: str
    kind: str
    external_id: str


class TaskOut(msgspec.Struct, frozen=True):
    """A task as everybody outside sees it: `path` names from the root, `children` how many it has.

    `color` and `billable` are those that hold for it, its own or inherited; `favourite` is the caller's. `status` is
    its own, `in_archive` tells whether it or a task above it is archived.
    """

    id: int
    parent_id: int | None
    name: str
    path: list[str]
    status: Literal["active", "archived"]
    trackable: bool
    read_only: bool
    children: int
    source: Source | None
    color: str
    billable: bool
    favourite: bool
    in_archive: bool


class TaskPerson(msgspec.Struct, frozen=True):
    """Somebody who may track on a task; `inherited_from` is the ancestor whose assignment reaches down."""

    user_id: int
    name: str
    email: str
    origin: str
    inherited_from: int | None


class Look(msgspec.Struct, frozen=True):
    """How a task is shown beside time: names from the root, the colour that holds for it, and whether it bills."""

    path: list[str]
    color: str
    billable: bool


class Place(msgspec.Struct, frozen=True):
    """What decides whether a task can be tracked on by somebody; `assigned` to it or to a task above."""

    path: str
    name: str
    in_archive: bool
    assigned: bool


class Filter(msgspec.Struct, frozen=True):
    """Conditions on tasks `t`, as SQL and its parameters."""

    sql: str
    parameters: list[Any]

    def also(self, sql: str, *parameters: object) -> Filter:
        """Return this filter narrowed by one more condition."""
        return Filter(f"{self.sql} AND {sql}", [*self.parameters, *parameters])


class _Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Where a page ended, in a cursor that anybody may have forged."""

    sort_name: Annotated[str, msgspec.Meta(pattern=r"^[^\0]*$")]
    id: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


COLUMNS = """t.id, t.parent_id, t.path, t.name, t.archived, t.in_archive, t.read_only,
    t.source, t.source_kind, t.source_id, t.color, t.billable,
    (SELECT count(*) FROM tasks_task c WHERE c.account_id = t.account_id AND c.parent_id = t.id)"""
Row = tuple[int, int | None, str, str, bool, bool, bool, str | None, str | None, int | None, str, bool, int]


def select(filter_: Filter, *, order: str, limit: int) -> list[Row]:
    """Return the rows of tasks that pass `filter_`."""
    return fetch_all(
        f"SELECT {COLUMNS} FROM tasks_task t WHERE {filter_.sql} ORDER BY {order} LIMIT %s",  # noqa: S608
        [*filter_.parameters, limit],
    )


def rows_of(task_ids: Iterable[int]) -> dict[int, Row]:
    """Return `{id: row}` of the given tasks."""
    ids = list(task_ids)
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    return {row[0]: row for row in select(Filter(f"t.id IN ({marks})", ids), order="t.id", limit=len(ids))}


def task(caller: Caller, task_id: int) -> TaskOut:
    """Return one task.

    Raises:
        NotFound: there is none, or the caller may not see it.

    """
    scope = scope_of(caller.user_id)
    rows = select(visible(caller, scope).also("t.id = %s", task_id), order="t.id", limit=1)
    if not rows:
        raise NotFound(_("There is no such task, or it is not assigned to you."))
    return present(rows, scope)[0]


def tasks(
    caller: Caller,
    *,
    parent_id: int | UnsetType | None = UNSET,
    status: Status = "active",
    trackable: bool | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> Page[TaskOut]:
    """Return the tasks the caller sees, by name; below one parent, or the roots, or (UNSET) all of them."""
    scope = scope_of(caller.user_id)
    wanted = narrowed(caller, scope, status, trackable)
    if parent_id is None:
        wanted = wanted.also("t.parent_id IS NULL")
    elif parent_id is not UNSET:
        wanted = wanted.also("t.parent_id = %s", parent_id)
    if cursor:
        last = key_of(cursor, _Place)
        wanted = wanted.also("(t.sort_name, t.id) > (%s, %s)", last.sort_name, last.id)
    return _page(present(select(wanted, order="t.sort_name, t.id", limit=limit + 1), scope), limit)


def levels(caller: Caller, wanted: Mapping[int | None, int]) -> dict[int | None, Page[TaskOut]]:
    """Return the active tasks below each of several tasks (None for the roots), so many each, in one query."""
    scope = scope_of(caller.user_id)
    seen = narrowed(caller, scope, "active", None)
    parts: list[str] = []
    parameters: list[Any] = []
    for parent_id, limit in wanted.items():
        below = (
            seen.also("t.parent_id IS NULL")
            if parent_id is None
            else seen.also("t.parent_id = %s", parent_id)
        )
        parts.append(
            f"SELECT * FROM (SELECT {COLUMNS} FROM tasks_task t WHERE {below.sql}"  # noqa: S608
            " ORDER BY t.sort_name, t.id LIMIT %s) AS level"
        )
        parameters += [*below.parameters, limit + 1]
    rows: list[Row] = fetch_all(" UNION ALL ".join(parts), parameters)
    rows.sort(key=lambda row: (sort_name(row[3]), row[0]))
    found: dict[int | None, list[TaskOut]] = {parent_id: [] for parent_id in wanted}
    for task_ in present(rows, scope):
        found[task_.parent_id].append(task_)
    return {parent_id: _page(found[parent_id], limit) for parent_id, limit in wanted.items()}


def _page(found: list[TaskOut], limit: int) -> Page[TaskOut]:
    shown = found[:limit]
    more = len(found) > limit
    return Page(shown, cursor_of(sort_name(shown[-1].name), shown[-1].id) if more else None)


def place(task_id: int, caller: Caller) -> Place | None:
    """Return where a task of the account stands, whoever may see it; None where there is no such task."""
    if not 0 < task_id < 2**63:  # no id that a database could hold
        return None
    row = fetch_one(
        """SELECT t.path, t.name, t.in_archive,
                  EXISTS (SELECT 1 FROM tasks_assignment a JOIN tasks_task top ON top.id = a.task_id
                           WHERE a.user_id = %s AND NOT a.withdrawn
                             AND substr(t.path, 1, length(top.path)) = top.path)
             FROM tasks_task t WHERE t.id = %s AND t.account_id = %s""",
        [caller.user_id, task_id, caller.account_id],
    )
    return Place(row[0], row[1], bool(row[2]), bool(row[3])) if row else None


def trackable(caller: Caller, task_ids: Iterable[int]) -> set[int]:
    """Return those of the given tasks that the caller may start or add time on."""
    ids = list(task_ids)
    if not ids:
        return set()
    assigned, bounds = scope_of(caller.user_id).condition()
    parameters: list[Any] = [caller.account_id, *bounds, *ids]
    rows = fetch_all(
        f"""SELECT t.id FROM tasks_task t
             WHERE t.account_id = %s AND NOT t.in_archive AND {assigned}
               AND t.id IN ({", ".join(["%s"] * len(ids))})""",  # noqa: S608
        parameters,
    )
    return {id_ for (id_,) in rows}


def visible(caller: Caller, scope: Scope) -> Filter:
    """Return what the caller may see: all for who manages, else what is assigned and the way to it."""
    account = Filter("t.account_id = %s", [caller.account_id])
    if caller.manages:
        return account
    assigned, bounds = scope.condition()
    above = sorted(scope.ancestors())
    if not above:
        return account.also(assigned, *bounds)
    marks = ", ".join(["%s"] * len(above))
    return account.also(f"({assigned} OR t.id IN ({marks}))", *bounds, *above)


def narrowed(caller: Caller, scope: Scope, status: Status, trackable: bool | None) -> Filter:
    """Return what the caller sees with the given status, trackable by them or not.

    A task below an archived one is out of use whatever its own state, so "active" leaves it out.
    """
    wanted = visible(caller, scope)
    if status == "active":
        wanted = wanted.also("NOT t.in_archive")
    elif status == "archived":
        wanted = wanted.also("t.archived")
    if trackable is not None:
        assigned, bounds = scope.condition()
        wanted = wanted.also(f"{'' if trackable else 'NOT '}(NOT t.in_archive AND {assigned})", *bounds)
    return wanted


def present(rows: list[Row], scope: Scope) -> list[TaskOut]:
    """Turn rows into tasks as the owner of `scope` sees them."""
    known = {row[0]: _Mark(row[0], row[3], row[10], bool(row[11]), row[8]) for row in rows}
    known |= _marks({int(part) for row in rows for part in row[2].split("/")[:-2]} - known.keys())
    liked = favourites(scope.user_id) if rows else frozenset()
    return [_task(row, [known[int(part)] for part in row[2].split("/")[:-1]], scope, liked) for row in rows]


def _task(row: Row, chain: list[_Mark], scope: Scope, liked: Set[int]) -> TaskOut:
    id_, parent_id, path, name, archived, in_archive, read_only, source, kind, source_id, *_own, children = (
        row
    )
    look = _look(chain)
    return TaskOut(
        id=id_,
        parent_id=parent_id,
        name=name,
        path=look.path,
        status="archived" if archived else "active",
        trackable=not in_archive and scope.covers(path),
        read_only=bool(read_only),
        children=children,
        source=Source(source, kind or "", str(source_id)) if source and read_only else None,
        color=look.color,
        billable=look.billable,
        favourite=id_ in liked,
        in_archive=bool(in_archive),
    )


def favourites(user_id: int) -> frozenset[int]:
    """Return the ids of the tasks that a person marked as favourites."""
    rows = fetch_all("SELECT task_id FROM tasks_favourite WHERE user_id = %s", [user_id])
    return frozenset(id_ for (id_,) in rows)


def own_look(task_id: int) -> tuple[str, bool]:
    """Return the colour ("" for none) and the billable default that a task has itself."""
    mark = _marks([task_id]).get(task_id)
    return (mark.color, mark.billable) if mark else ("", False)


def usable(caller: Caller, task_ids: Iterable[int]) -> list[TaskOut]:
    """Return those of the given tasks that the caller may track on, in the order given."""
    ids = list(task_ids)
    allowed = trackable(caller, ids)
    rows = rows_of(allowed)
    shown = {task_.id: task_ for task_ in present(list(rows.values()), scope_of(caller.user_id))}
    return [shown[id_] for id_ in ids if id_ in shown]


def names(task_ids: Iterable[int]) -> dict[int, str]:
    """Return `{id: name}` of the given tasks."""
    ids = list(task_ids)
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    rows = fetch_all(f"SELECT id, name FROM tasks_task WHERE id IN ({marks})", ids)  # noqa: S608
    return dict(rows)


def looks(task_ids: Iterable[int]) -> dict[int, Look]:
    """Return `{id: look}` of the given tasks, whoever asks: for entries already made."""
    ids = list(task_ids)
    chains = {id_: [int(part) for part in path.split("/")[:-1]] for id_, path in _paths(ids)}
    above = _marks({part for chain in chains.values() for part in chain})
    return {id_: _look([above[part] for part in chain]) for id_, chain in chains.items()}


def _paths(ids: list[int]) -> list[tuple[int, str]]:
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    return fetch_all(f"SELECT id, path FROM tasks_task WHERE id IN ({marks})", ids)  # noqa: S608


class _Mark(NamedTuple):
    id: int
    name: str
    color: str
    billable: bool
    kind: str | None


def _marks(task_ids: Iterable[int]) -> dict[int, _Mark]:
    ids = list(task_ids)
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    rows = fetch_all(
        f"SELECT id, name, color, billable, source_kind FROM tasks_task WHERE id IN ({marks})",  # noqa: S608
        ids,
    )
    return {row[0]: _Mark(*row) for row in rows}


def _look(chain: list[_Mark]) -> Look:
    """Return how the last of `chain`, which begins at the root, is shown.

    What has no colour gets one by its project: the first on the way that does not merely group others.
    """
    project = next((mark for mark in chain if mark.kind not in GROUPS), chain[-1])
    return Look(
        [mark.name for mark in chain],
        effective((mark.color for mark in chain), project.id),
        any(mark.billable for mark in chain),
    )


def bills(path: str) -> bool:
    """Tell whether time on the task at `path` is billable unless said otherwise: it or one above it says so."""
    ids = [int(part) for part in path.split("/")[:-1]]
    marks = ", ".join(["%s"] * len(ids))
    rows = fetch_all(f"SELECT 1 FROM tasks_task WHERE id IN ({marks}) AND billable LIMIT 1", ids)  # noqa: S608
    return bool(rows)


def people(task_: TaskOut, account_id: int) -> list[TaskPerson]:
    """Return who may track on a task, by name; of several assignments the nearest counts."""
    rows = fetch_all(
        """SELECT u.id, u.name, u.email, a.origin, above.id
             FROM tasks_task t
             JOIN tasks_task above ON above.account_id = t.account_id
                  AND t.path >= above.path AND substr(t.path, 1, length(above.path)) = above.path
             JOIN tasks_assignment a ON a.task_id = above.id AND NOT a.withdrawn
             JOIN accounts_user u ON u.id = a.user_id
            WHERE t.id = %s AND t.account_id = %s
            ORDER BY length(above.path)""",
        [task_.id, account_id],
    )
    nearest = {
        user_id: TaskPerson(user_id, name, email, origin, None if above == task_.id else above)
        for user_id, name, email, origin, above in rows
    }
    return sorted(nearest.values(), key=lambda person: (person.name.casefold(), person.user_id))


def sort_name(name: str) -> str:
    """Return the key by which tasks are ordered and found by their beginning."""
    return name.casefold()[:190]
