"""What an import asks of the entries that are here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from stint.database import on_sqlite
from stint.entries import bulk
from stint.entries.bulk import Edit, NewRow
from stint.entries.queries import EntryOut

pytestmark = pytest.mark.django_db

START, END = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
MANY = [EntryOut(str(uuid4()), 1, None, "", [], False, START, END, 3600, 1, "import") for _ in range(1000)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: bulk.known_by_id(1, [each.id for each in MANY]),
        lambda: bulk.change(1, None, [Edit(each, NewRow(each, date(2026, 3, 2), "")) for each in MANY]),
    ],
    ids=["known by id", "change"],
)
def test_many_entries_are_found_by_their_ids_and_not_by_going_through_the_account(
    ask: Callable[[], object],
) -> None:
    if not on_sqlite():
        pytest.skip("PostgreSQL counts its rows before it chooses")
    asked: list[tuple[str, Any]] = []

    def watch(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if "SELECT" in sql and "entries_entry" in sql and not many:
            asked.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watch):
        ask()

    assert asked
    with connection.cursor() as cursor:
        for sql, parameters in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
            assert "(id=?)" in plan, sql[:300] + plan
