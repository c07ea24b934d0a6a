"""Many tasks at once: what a sync writes, by `executemany` on SQLite and COPY on PostgreSQL.

100,000 rows take about a second; Django's bulk_create takes 5 to 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import connection

from stint.tasks.queries import sort_name

_COLUMNS = (
    "id",
    "account_id",
    "parent_id",
    "path",
    "name",
    "sort_name",
    "archived",
    "in_archive",
    "read_only",
    "color",
    "billable",
    "source",
    "source_kind",
    "source_id",
)
_CHANGING = (
    "parent_id",
    "path",
    "name",
    "sort_name",
    "archived",
    "in_archive",
    "read_only",
    "color",
    "billable",
)


class TaskRow(msgspec.Struct):
    """A mirrored task as it is stored."""

    id: int
    parent_id: int | None
    path: str
    name: str
    archived: bool
    in_archive: bool
    read_only: bool
    source: str
    source_kind: str
    source_id: int
    color: str = ""
    billable: bool = False

    def values(self, account_id: int) -> tuple[Any, ...]:
        """Return the row in the order of the table's columns."""
        return (
            self.id,
            account_id,
            self.parent_id,
            self.path,
            self.name,
            sort_name(self.name),
            self.archived,
            self.in_archive,
            self.read_only,
            self.color,
            self.billable,
            self.source,
            self.source_kind,
            self.source_id,
        )


def mirrored_rows(account_id: int, source: str) -> list[TaskRow]:
    """Return every task of the account that came from `source`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, parent_id, path, name, archived, in_archive, read_only, source, source_kind, source_id,
                      color, billable
                 FROM tasks_task WHERE account_id = %s AND source = %s""",
            [account_id, source],
        )
        return [
            TaskRow(
                id_,
                parent,
                path,
                name,
                bool(archived),
                bool(in_archive),
                bool(read_only),
                source_,
                kind,
                ref,
                color,
                bool(billable),
            )
            for (
                id_,
                parent,
                path,
                name,
                archived,
                in_archive,
                read_only,
                source_,
                kind,
                ref,
                color,
                billable,
            ) in cursor.fetchall()
        ]


class TreeRow(msgspec.Struct, frozen=True):
    """A task as an import finds it by its names; `kind` is None for one made here."""

    id: int
    parent_id: int | None
    name: str
    in_archive: bool
    kind: str | None
    source_id: int | None


def tree_rows(account_id: int) -> list[TreeRow]:
    """Return every task of the account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, parent_id, name, in_archive, source_kind, source_id FROM tasks_task WHERE account_id = %s",
            [account_id],
        )
        return [
            TreeRow(id_, parent_id, name, bool(in_archive), kind, source_id)
            for id_, parent_id, name, in_archive, kind, source_id in cursor.fetchall()
        ]


def new_ids(count: int) -> list[int]:
    """Return ids for `count` new tasks, which nobody else will get."""
    if count == 0:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('tasks_task', 'id')) FROM generate_series(1, %s)",
                [count],
            )
            return [id_ for (id_,) in cursor.fetchall()]
        # The writer is alone until its transaction ends, and SQLite raises its sequence with the rows.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'tasks_task'")
        row = cursor.fetchone()
        last = row[0] if row else 0
        return list(range(last + 1, last + 1 + count))


def write_rows(account_id: int, created: Sequence[TaskRow], changed: Sequence[TaskRow]) -> None:
    """Store new rows, and the changed columns of known ones."""
    new = [row.values(account_id) for row in created]
    known = [row.values(account_id) for row in changed]
    if connection.vendor == "postgresql":
        _copy(new, known)
    else:
        _execute_many(new, known)
    if created:
        index_names(created[0].id)


def _execute_many(new: list[tuple[Any, ...]], known: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if new:
            marks = ", ".join(["%s"] * len(_COLUMNS))
            cursor.executemany(f"INSERT INTO tasks_task ({', '.join(_COLUMNS)}) VALUES ({marks})", new)  # noqa: S608
        if known:
            sets = ", ".join(f"{column} = %s" for column in _CHANGING)
            first, last = _COLUMNS.index(_CHANGING[0]), _COLUMNS.index(_CHANGING[-1]) + 1
            cursor.executemany(
                f"UPDATE tasks_task SET {sets} WHERE id = %s",  # noqa: S608
                [(*row[first:last], row[0]) for row in known],
            )


def _copy(new: list[tuple[Any, ...]], known: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        if new:
            with cursor.copy(f"COPY tasks_task ({columns}) FROM STDIN") as copy:
                for row in new:
                    copy.write_row(row)
        if known:
            cursor.execute(
                "CREATE TEMPORARY TABLE changed_tasks (LIKE tasks_task INCLUDING DEFAULTS) ON COMMIT DROP"
            )
            with cursor.copy(f"COPY changed_tasks ({columns}) FROM STDIN") as copy:
                for row in known:
                    copy.write_row(row)
            sets = ", ".join(f"{column} = c.{column}" for column in _CHANGING)
            cursor.execute(f"UPDATE tasks_task t SET {sets} FROM changed_tasks c WHERE c.id = t.id")  # noqa: S608
            cursor.execute("DROP TABLE changed_tasks")


def index_names(first_id: int) -> None:
    """Let search find the tasks stored just now in this transaction, from `first_id` on.

    PostgreSQL keeps its index by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tasks_task_search(rowid, sort_name) SELECT id, sort_name FROM tasks_task WHERE id >= %s",
                [first_id],
            )


def rederive(account_id: int) -> None:
    """Work `path` and `in_archive` of every task of the account out anew from parents and own states.

    Needed where mirrored and native tasks are entangled, as after an unlink that kept them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, parent_id, path, archived, in_archive FROM tasks_task WHERE account_id = %s",
            [account_id],
        )
        stored = {row[0]: row for row in cursor.fetchall()}
        derived: dict[int, tuple[str, bool]] = {}
        for task_id in stored:
            chain = []
            at: int | None = task_id
            while at is not None and at not in derived:
                chain.append(at)
                at = stored[at][1]
            for id_ in reversed(chain):
                parent = stored[id_][1]
                path, archive = derived[parent] if parent is not None else ("", False)
                derived[id_] = f"{path}{id_}/", archive or bool(stored[id_][3])
        differing = [
            (path, archive, id_)
            for id_, (path, archive) in derived.items()
            if (path, archive) != (stored[id_][2], bool(stored[id_][4]))
        ]
        cursor.executemany("UPDATE tasks_task SET path = %s, in_archive = %s WHERE id = %s", differing)


def is_entangled(account_id: int, source: str) -> bool:
    """Tell whether a native task stands below a mirrored one, or the other way round."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (
                 SELECT 1 FROM tasks_task c JOIN tasks_task p ON p.id = c.parent_id
                  WHERE c.account_id = %s AND (c.source = %s) IS DISTINCT FROM (p.source = %s))""",
            [account_id, source, source],
        )
        return bool(cursor.fetchone()[0])
