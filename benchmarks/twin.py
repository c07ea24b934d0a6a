"""A bare table to write a floor into: of the same shape as one of Stint's, with the same indexes and foreign keys."""

from __future__ import annotations

import re

from django.db import connection


def make_twin(table: str, twin: str) -> None:
    """Make `twin` like `table`, with its full-text index where it has one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TABLE IF EXISTS {twin}")
            cursor.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
                [table],
            )
            for (definition,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {twin} ADD {definition.replace(table, twin)}")
            return
        cursor.execute(
            """SELECT type, name, sql FROM sqlite_master
                WHERE name = %s || '_search' OR (tbl_name = %s AND type IN ('table', 'index') AND sql <> '')
                ORDER BY type = 'index'""",
            [table, table],
        )
        for kind, name, sql in cursor.fetchall():
            like = re.sub(rf"\b{table}(_search)?\b", rf"{twin}\1", sql)
            cursor.execute(like.replace(f'"{name}"', f'"twin_{name}"', 1) if kind == "index" else like)
