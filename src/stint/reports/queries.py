"""Reads of reports: sums of entries by what they have in common, over the covering indexes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import connection

from stint.accounts.queries import Caller
from stint.reports.folding import Cell, Node
from stint.reports.questions import ReportQuery
from stint.tasks.models import subtree_bounds

COLUMNS = {
    "task": "e.task_id",
    "user": "e.user_id",
    "day": "CAST(e.day AS text)",
    "tags": "CAST(e.tags AS text)",
    "billable": "e.billable",
}
_GROUPS = COLUMNS | {"day": "e.day"}
_ROUNDED = {
    "none": "e.seconds",
    "up": "(e.seconds + {step} - 1) / {step} * {step}",
    "nearest": "(e.seconds + {step} / 2) / {step} * {step}",
}


def cells(caller: Caller, query: ReportQuery, columns: Iterable[str]) -> list[Cell]:
    """Return the time that `query` asks for, added up by `columns` of COLUMNS.

    A running entry has no seconds yet, so it counts nothing until it is stopped.
    """
    wanted = set(columns)
    chosen = ", ".join(
        f"{column if name in wanted else 'NULL'} c{place}"
        for place, (name, column) in enumerate(COLUMNS.items())
    )
    groups = ", ".join(group for name, group in _GROUPS.items() if name in wanted)
    seconds = _ROUNDED[query.rounding].format(step=query.step)
    condition, parameters = _condition(caller, query, by_person="user" in wanted and "task" not in wanted)
    return _read(
        f"""SELECT {chosen}, SUM({seconds}) c5, SUM(CASE WHEN e.billable THEN {seconds} ELSE 0 END) c6
              FROM entries_entry e WHERE {condition} {f"GROUP BY {groups}" if groups else ""}""",  # noqa: S608
        parameters,
    )


def nodes(task_ids: Iterable[int]) -> dict[int, Node]:
    """Return the given tasks."""
    ids = list(task_ids)
    # One parameter for them all: there may be more than a statement takes.
    among, parameter = (
        ("t.id = ANY(%s)", ids)
        if connection.vendor == "postgresql"
        else ("t.id IN (SELECT value FROM json_each(%s))", msgspec.json.encode(ids).decode())
    )
    select = f"SELECT t.id, t.path, t.name, t.source_kind FROM tasks_task t WHERE {among}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(select, [parameter])
        return {row[0]: Node(*row[1:]) for row in cursor.fetchall()}


def nodes_and_above(task_ids: Iterable[int]) -> dict[int, Node]:
    """Return the given tasks and all above them."""
    found = nodes(task_ids)
    above = {int(part) for node in found.values() for part in node.path.split("/")[:-2]} - found.keys()
    return found | nodes(above)


def names_of_people(user_ids: Iterable[int]) -> dict[int, str]:
    """Return `{id: name}` of the given people."""
    ids = list(user_ids)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, name FROM accounts_user WHERE id IN ({_marks(ids)})", ids)  # noqa: S608
        return dict(cursor.fetchall())


def _condition(caller: Caller, query: ReportQuery, *, by_person: bool) -> tuple[str, list[Any]]:
    """Return the conditions on entries `e` that `query` states.

    `by_person` has each person's days read one after the other, in the order of an index: for a year by person
    and day a tenth of the time that sorting takes.
    """
    conditions = ["e.account_id = %s", "e.day BETWEEN %s AND %s"]
    parameters: list[Any] = [caller.account_id, *query.period]

    def narrow(condition: str, *values: object) -> None:
        conditions.append(condition)
        parameters.extend(values)

    if query.user_ids:
        narrow(f"e.user_id IN ({_marks(query.user_ids)})", *query.user_ids)
    elif by_person:
        narrow(
            "e.user_id IN (SELECT m.user_id FROM accounts_membership m WHERE m.account_id = %s)",
            caller.account_id,
        )
    if query.task_id is not None:
        narrow(*_below(query.task_id))
    if query.billable is not None:
        narrow("e.billable" if query.billable else "NOT e.billable")
    if query.made_by:
        narrow(f"e.made_by IN ({_marks(query.made_by)})", *query.made_by)
    if query.tags:
        narrow(_TAGGED[connection.vendor].format(marks=_marks(query.tags)), *query.tags)
    if query.text:
        narrow(*_says(query.text))
    return " AND ".join(conditions), parameters


_TAGGED = {
    "postgresql": "e.tags ?| ARRAY[{marks}]",
    "sqlite": "EXISTS (SELECT 1 FROM json_each(e.tags) tag WHERE tag.value IN ({marks}))",
}


def _below(task_id: int) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT path, account_id FROM tasks_task WHERE id = %s", [task_id])
        path, account_id = cursor.fetchone()
    return (
        "e.task_id IN (SELECT t.id FROM tasks_task t WHERE t.account_id = %s AND t.path >= %s AND t.path < %s)",
        account_id,
        *subtree_bounds(path),
    )


def _says(text: str) -> tuple[str, str]:
    """Return the condition that a note has `text` in it, however it is written."""
    if connection.vendor == "postgresql":
        return "strpos(lower(e.note), lower(%s)) > 0", text
    connection.connection.create_function(
        "casefold", 1, str.casefold, deterministic=True
    )  # SQLite folds only A to Z
    return "instr(casefold(e.note), %s) > 0", text.casefold()


def _marks(values: Iterable[object]) -> str:
    return ", ".join("%s" for _value in values)


def _read(select: str, parameters: list[Any]) -> list[Cell]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(select, parameters)
            return [Cell(*row) for row in cursor.fetchall() if row[5] is not None]
        # One row that holds them all: threads hand Python over at each row that SQLite steps to.
        columns = ", ".join(f"c{place}" for place in range(7))
        cursor.execute(
            f"SELECT json_group_array(json_array({columns})) FROM ({select}) WHERE c5 IS NOT NULL",  # noqa: S608
            parameters,
        )
        return msgspec.json.decode(cursor.fetchone()[0], type=list[Cell], strict=False)
