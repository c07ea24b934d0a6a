"""Run as a program: fills the database with as many entries as it is told, and prints `benchmarks.rows.Found`."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import perf_counter
from typing import Any

import msgspec
from django.db import connection

from benchmarks import ready  # noqa: F401
from benchmarks.company import LAST_DAY
from benchmarks.rows import Act, Found, Statement
from benchmarks.rows_fill import USERS, fill
from stint.accounts.queries import Caller, caller_of
from stint.database import fetch_all
from stint.entries import queries, services
from stint.reports.detailed import detailed
from stint.reports.periods import Period
from stint.reports.queries import cells, count, overlapping
from stint.reports.questions import ReportQuery, groupings
from stint.server.migrations import migrate

ROUNDS = 7
WEEK = Period(LAST_DAY - timedelta(days=6), LAST_DAY)
MONTH = Period(LAST_DAY - timedelta(days=30), LAST_DAY)
YEAR = Period(LAST_DAY - timedelta(days=364), LAST_DAY)
SIZES = """
SELECT c.relname, pg_relation_size(c.oid)::float8 / (SELECT reltuples FROM pg_class WHERE relname = 'entries_entry')
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
 WHERE c.relname = 'entries_entry' OR i.indrelid = 'entries_entry'::regclass"""


def acts(manager: Caller, member: Caller) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name."""
    project = 2  # the first one below the account's top task
    month, year = ReportQuery(period=MONTH), ReportQuery(period=YEAR)
    by_task, by_day = (
        msgspec.structs.replace(query, groupings=groupings(by))
        for query, by in ((month, "task"), (year, "user,day"))
    )
    return {
        "week of a person": lambda: queries.entries(
            member, first_day=WEEK.first, last_day=WEEK.last, reaching=True
        ),
        "current timer": lambda: queries.running(member),
        "start a timer": lambda: services.start_timer(member, services.StartTimer(), "web"),
        "stop it": lambda: services.stop_timer(member),
        "suggestions": lambda: queries.suggestions(member),
        "month of everybody by task": lambda: cells(manager, by_task, {"task"}),
        "year by person and day": lambda: cells(manager, by_day, {"user", "day"}),
        "year of one project by day": lambda: cells(
            manager, msgspec.structs.replace(year, task_id=project), {"day"}
        ),
        "Detailed, month: first page": lambda: detailed(manager, month),
        "Detailed, month: how many": lambda: count(manager, month),
        "Detailed, month: overlaps": lambda: overlapping(manager, month),
        "Detailed, month: search in notes": lambda: detailed(
            manager, msgspec.structs.replace(month, text="k 77")
        ),
        "Detailed, year: search in notes": lambda: detailed(
            manager, msgspec.structs.replace(year, text="k 77")
        ),
        "who works now": lambda: queries.select(
            'e.account_id = %s AND e."end" IS NULL', [manager.account_id]
        ),
    }


def main(entries: int) -> Found:
    """Fill, look once at what PostgreSQL does for each act, then time them in turn."""
    migrate()
    fill(entries)
    manager, member = caller_of(1), caller_of(USERS // 2)
    assert manager is not None
    assert member is not None
    todo = acts(manager, member)
    statements: dict[str, list[Statement]] = {what: [] for what in todo}
    for what, act in todo.items():
        with connection.execute_wrapper(_Watch(statements[what])):
            act()
    took: dict[str, list[float]] = {what: [] for what in todo}
    for _round in range(ROUNDS):
        for what, act in todo.items():
            began = perf_counter()
            act()
            took[what].append((perf_counter() - began) * 1000)
    sizes = {name: float(size) for name, size in fetch_all(SIZES)}
    row = sizes.pop("entries_entry")
    return Found([Act(what, statistics.median(took[what]), statements[what]) for what in todo], row, sizes)


class _Watch:
    """Has PostgreSQL say how it carries each statement over entries out, at the place where it is asked."""

    def __init__(self, seen: list[Statement]) -> None:
        self._seen = seen

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:  # noqa: ANN401
        if "entries_entry" not in sql or sql.startswith("EXPLAIN"):
            return execute(sql, parameters, many, context)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", parameters)
            ((plans,),) = cursor.fetchall()
        plan = plans[0]
        top = plan["Plan"]
        pages = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
        self._seen.append(Statement(sorted(set(_indexes(top))), pages, plan["Execution Time"]))
        # To explain a write by analysing it carries it out.
        return execute(sql, parameters, many, context) if sql.lstrip().upper().startswith("SELECT") else None


def _indexes(node: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in node:
        yield node["Index Name"]
    elif node["Node Type"].endswith("Seq Scan"):
        yield f"all of {node['Relation Name']}"
    for below in node.get("Plans", []):
        yield from _indexes(below)


if __name__ == "__main__":
    print(msgspec.json.encode(main(int(sys.argv[1]))).decode())
