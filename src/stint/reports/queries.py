"""Reads of reports: sums of entries by what they have in common, over the covering indexes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from stint.accounts.queries import Caller
from stint.database import fetch_all, fetch_one, on_sqlite
from stint.entries.models import Entry
from stint.entries.queries import EntryOut, entry_key, select, stored_moment
from stint.rates.queries import Pricing
from stint.reports.folding import Cell, Node
from stint.reports.periods import Period
from stint.reports.questions import ReportQuery
from stint.tasks.models import subtree_bounds
from stint.tasks.queries import Filter

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
LONG_PERIOD = 150  # days from which on everybody's time by task is read task by task


def cells(
    caller: Caller,
    query: ReportQuery,
    columns: Iterable[str],
    *,
    below: Iterable[str] = (),
    prices: Pricing | None = None,
) -> list[Cell]:
    """Return the time that `query` asks for, added up by `columns` of COLUMNS.

    With `below` only time on the tasks at these paths, and below them, counts; with `prices` each cell has what its
    time is worth. A running entry has no seconds yet,
    so it counts nothing until it is stopped.
    """
    wanted, paths = set(columns), list(below)
    asked = _asked(caller, query)
    if paths:
        asked = asked.also(*_on(caller, paths))
    if "user" in wanted and "task" not in wanted and not query.user_ids:
        # Has each person's days read one after the other, in the order of an index: a year by person and day takes
        # a tenth of the time that sorting takes.
        members = "SELECT m.user_id FROM accounts_membership m WHERE m.account_id = %s"
        asked = asked.also(f"e.user_id IN ({members})", caller.account_id)
    alone = wanted == {"task"} and not paths and not query.user_ids and query.task_id is None
    table = "entries_entry e"
    if on_sqlite() and alone and query.period.days >= LONG_PERIOD:
        # Likewise each task's entries, for half the time; SQLite does not see that by itself.
        table += " INDEXED BY entries_task_day"
    chosen = ", ".join(
        f"{column if name in wanted else 'NULL'} c{place}"
        for place, (name, column) in enumerate(COLUMNS.items())
    )
    groups = ", ".join(group for name, group in _GROUPS.items() if name in wanted)
    seconds = _ROUNDED[query.rounding].format(step=query.step)
    sums = f"SUM({seconds}) c5, SUM(CASE WHEN e.billable THEN {seconds} ELSE 0 END) c6"
    grouping = f" GROUP BY {groups}" if groups else ""
    if prices:
        sums += ", {} c7, {} c8".format(*prices.sums(seconds))
    tables, joins, parameters = (prices.tables, prices.joins, prices.parameters) if prices else ("", "", [])
    sql = f"{tables}SELECT {chosen}, {sums} FROM {table} {joins} WHERE {asked.sql}{grouping}"  # noqa: S608
    return _cells(sql, [*parameters, *asked.parameters], 9 if prices else 7)


def entries(
    caller: Caller, query: ReportQuery, limit: int, after: tuple[date, datetime, UUID] | None = None
) -> list[EntryOut]:
    """Return the finished entries that `query` asks for, the latest first, from the one on that follows `after`."""
    asked = _asked(caller, query).also('e."end" IS NOT NULL')
    if after is not None:
        day, start, id_ = after
        asked = asked.also("e.day <= %s", day)
        asked = asked.also("(e.day, e.start, e.id) < (%s, %s, %s)", day, stored_moment(start), entry_key(id_))
    order = " ORDER BY e.day DESC, e.start DESC, e.id DESC LIMIT %s"
    return select(asked.sql + order, [*asked.parameters, limit])


def running(caller: Caller, query: ReportQuery) -> list[EntryOut]:
    """Return the running entries of the people that `query` is about, whenever they began."""
    asked = Filter('e.account_id = %s AND e."end" IS NULL', [caller.account_id])
    if query.user_ids:
        asked = asked.also(f"e.user_id IN ({_marks(query.user_ids)})", *query.user_ids)
    return select(f"{asked.sql} ORDER BY e.start", asked.parameters)


def count(caller: Caller, query: ReportQuery) -> int:
    """Return how many finished entries `query` asks for."""
    asked = _asked(caller, query)
    return _number(f'SELECT COUNT(e."end") FROM entries_entry e WHERE {asked.sql}', asked.parameters)  # noqa: S608


def overlapping(caller: Caller, query: ReportQuery) -> int:
    """Return how many of the finished entries that `query` asks for begin before an earlier one of theirs ends."""
    asked = _asked(caller, query).also('e."end" IS NOT NULL')
    return _number(
        f"""SELECT COUNT(*) FROM (
              SELECT e.start, MAX(e."end") OVER (PARTITION BY e.user_id ORDER BY e.start, e.id
                                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) latest
                FROM entries_entry e WHERE {asked.sql}) timed
            WHERE timed.start < timed.latest""",  # noqa: S608
        asked.parameters,
    )


def days_of(entries_: Iterable[EntryOut]) -> dict[str, date]:
    """Return `{id: day}` of the given entries, each the day that it had where it was tracked."""
    ids = [UUID(entry.id) for entry in entries_]
    return {str(id_): day for id_, day in Entry.objects.filter(pk__in=ids).values_list("pk", "day")}


def nodes(task_ids: Iterable[int]) -> dict[int, Node]:
    """Return the given tasks."""
    ids = list(task_ids)
    columns = "t.id, t.path, t.name, t.source_kind"
    # One parameter for them all: there may be more than a statement takes. And one row, as in `_cells`.
    if on_sqlite():
        among = "t.id IN (SELECT value FROM json_each(%s))"
        row = fetch_one(
            f"SELECT json_group_array(json_array({columns})) FROM tasks_task t WHERE {among}",  # noqa: S608
            [msgspec.json.encode(ids).decode()],
        )
        found = msgspec.json.decode(row[0], type=list[Node]) if row else []
    else:
        rows = fetch_all(f"SELECT {columns} FROM tasks_task t WHERE t.id = ANY(%s)", [ids])  # noqa: S608
        found = [Node(*row) for row in rows]
    return {node.id: node for node in found}


def nodes_and_above(task_ids: Iterable[int]) -> dict[int, Node]:
    """Return the given tasks and all above them."""
    found = nodes(task_ids)
    groups = {node.path[:-1].rpartition("/")[0] for node in found.values()}
    above = {int(part) for path in groups for part in path.split("/") if part} - found.keys()
    return found | nodes(above)


def _asked(caller: Caller, query: ReportQuery) -> Filter:
    """Return the conditions on entries `e` that `query` states."""
    asked = Filter("e.account_id = %s AND e.day BETWEEN %s AND %s", [caller.account_id, *query.period])
    if query.user_ids:
        asked = asked.also(f"e.user_id IN ({_marks(query.user_ids)})", *query.user_ids)
    if query.without_task:
        asked = asked.also("e.task_id IS NULL")
    if query.task_id is not None:
        asked = asked.also(*_on(caller, [nodes([query.task_id])[query.task_id].path]))
    if query.billable is not None:
        asked = asked.also("e.billable" if query.billable else "NOT e.billable")
    if query.made_by:
        asked = asked.also(f"e.made_by IN ({_marks(query.made_by)})", *query.made_by)
    if query.tags:
        asked = asked.also(_tagged(query.tags), *query.tags)
    if query.text:
        asked = asked.also(*_says(query.text))
    return asked


def _on(caller: Caller, paths: list[str]) -> tuple[Any, ...]:
    """Return the condition that an entry is on one of the tasks at `paths` or below it."""
    inside = " OR ".join("t.path >= %s AND t.path < %s" for _path in paths)
    among = f"SELECT t.id FROM tasks_task t WHERE t.account_id = %s AND ({inside})"  # noqa: S608
    bounds = [bound for path in paths for bound in subtree_bounds(path)]
    return f"e.task_id IN ({among})", caller.account_id, *bounds


def _tagged(tags: Iterable[str]) -> str:
    """Return the condition that an entry has one of some tags."""
    if on_sqlite():
        return f"EXISTS (SELECT 1 FROM json_each(e.tags) tag WHERE tag.value IN ({_marks(tags)}))"  # noqa: S608
    return f"e.tags ?| ARRAY[{_marks(tags)}]"


def _says(text: str) -> tuple[str, str]:
    """Return the condition that a note has `text` in it, in capitals or not."""
    if not on_sqlite():
        return "strpos(lower(e.note), lower(%s)) > 0", text
    connection.ensure_connection()
    # SQLite by itself knows capitals from A to Z only.
    connection.connection.create_function("casefold", 1, str.casefold, deterministic=True)
    return "instr(casefold(e.note), %s) > 0", text.casefold()


def _marks(values: Iterable[object]) -> str:
    return ", ".join("%s" for _value in values)


def _number(sql: str, parameters: list[Any]) -> int:
    row = fetch_one(sql, parameters)
    return int(row[0]) if row else 0


def _cells(sql: str, parameters: list[Any], width: int) -> list[Cell]:
    if not on_sqlite():
        rows = fetch_all(sql, parameters)
        return [Cell(*row[:7], *map(int, row[7:])) for row in rows if row[5] is not None]
    # One row that holds them all: threads hand Python over at each row that SQLite steps to.
    columns = ", ".join(f"c{place}" for place in range(width))
    gather = f"SELECT json_group_array(json_array({columns})) FROM ({sql}) WHERE c5 IS NOT NULL"  # noqa: S608
    row = fetch_one(gather, parameters)
    return msgspec.json.decode(row[0], type=list[Cell], strict=False) if row else []


def days_with_time(caller: Caller, query: ReportQuery) -> tuple[int, Period | None]:
    """Return how many entries `query` asks for, running ones too, and the days from their first to their last."""
    asked = _asked(caller, query)
    row = fetch_one(
        f"""SELECT COUNT(*), CAST(MIN(e.day) AS text), CAST(MAX(e.day) AS text)
              FROM entries_entry e WHERE {asked.sql}""",  # noqa: S608
        asked.parameters,
    )
    count, first, last = row or (0, None, None)
    return count, None if first is None else Period(date.fromisoformat(first), date.fromisoformat(last))
