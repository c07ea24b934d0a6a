"""The filled databases of tests/upgrades, loaded into a place of their own, and everything that is in one."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from upgrades.storing import SECRET_KEY

FOLDER = Path(__file__).parent / "upgrades"
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
VENDOR = "postgresql" if ON_POSTGRES else "sqlite"
NAMES = sorted(file.name.removesuffix(f".{VENDOR}.sql") for file in FOLDER.glob(f"*.{VENDOR}.sql"))
# Search keeps its own books.
NO_ROWS = re.compile(r"tasks_task_search\w*|sqlite_\w+")

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""Columns and rows by table."""


@dataclass(frozen=True)
class Database:
    """A database of Stint with its data folder; `url` is its DATABASE_URL."""

    folder: Path
    url: str

    @property
    def variables(self) -> dict[str, str]:
        """What a process of Stint needs to use it."""
        return {"DATABASE_URL": self.url, "STINT_SECRET_KEY": SECRET_KEY}

    def rows(self) -> Rows:
        """Return everything in it."""
        if ON_POSTGRES:
            named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            with psycopg.connect(self.url) as database:
                return _read(database.execute, named)
        with closing(sqlite3.connect(self.folder / "stint.sqlite3")) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            return _read(database.execute, "SELECT name FROM sqlite_master WHERE type = 'table'")


def _read(execute: Any, named: str) -> Rows:
    read: Rows = {}
    for (table,) in execute(named).fetchall():
        if not NO_ROWS.fullmatch(table):
            cursor = execute(f"SELECT * FROM {table}")
            read[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    return read


@contextmanager
def empty(folder: Path) -> Iterator[Database]:
    """Yield a database with nothing in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not ON_POSTGRES:
        yield Database(folder, f"sqlite:///{folder / 'stint.sqlite3'}")
        return
    server, name = os.environ["DATABASE_URL"], f"stored_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as master:
        master.execute(f"CREATE DATABASE {name}")
        yield Database(folder, f"{server.rpartition('/')[0]}/{name}")
        master.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def loaded(name: str, folder: Path) -> Iterator[Database]:
    """Yield the stored database of that name."""
    text = (FOLDER / f"{name}.{VENDOR}.sql").read_text()
    with empty(folder) as made:
        if ON_POSTGRES:
            with psycopg.connect(made.url) as database:
                database.execute(text)
        else:
            with closing(sqlite3.connect(folder / "stint.sqlite3")) as database:
                database.executescript(text)
        yield made
