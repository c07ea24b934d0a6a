"""Reading a database past Stint, to see what really stands in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg

DATABASE = "stint.sqlite3"


class Database:
    """Where a Stint keeps its data: a folder with a SQLite file in it, or a PostgreSQL at `url`."""

    def __init__(self, data: Path, url: str = "") -> None:
        self.data, self.url = data, url

    @property
    def name(self) -> str:
        """What kind it is."""
        return "PostgreSQL" if self.url else "SQLite"

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose parameters are marked %s."""
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as database:
                return database.execute(sql, parameters).fetchall()  # type: ignore[call-overload]
        with closing(sqlite3.connect(self.data / DATABASE, timeout=20)) as database:
            return database.execute(sql.replace("%s", "?"), parameters).fetchall()

    def change(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement that returns nothing."""
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as database:
                database.execute(sql, parameters)  # type: ignore[call-overload]
            return
        with closing(sqlite3.connect(self.data / DATABASE, timeout=20)) as database, database:
            database.execute(sql.replace("%s", "?"), parameters)

    def damage(self) -> list[str]:
        """Return what SQLite's own checks find; PostgreSQL has none so cheap, its constraints always hold."""
        if self.url:
            return []
        found = [
            f"integrity_check: {row[0]}" for row in self.rows("PRAGMA integrity_check") if row != ("ok",)
        ]
        return found + [f"foreign_key_check: {row}" for row in self.rows("PRAGMA foreign_key_check")]

    def settle(self) -> None:
        """Return once no statement of a killed server is still under way in PostgreSQL."""
        busy = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while self.url and self.rows(busy):
            pass


def instant(value: str | datetime | None) -> datetime | None:
    """Return an instant as either database or a body of the API holds it, in UTC."""
    if value is None or isinstance(value, datetime):
        return value and value.astimezone(UTC)
    read = datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def decoded(value: object) -> Any:  # noqa: ANN401
    """Return what a JSON column holds: text on SQLite, already decoded on PostgreSQL."""
    return msgspec.json.decode(value) if isinstance(value, str) else value
