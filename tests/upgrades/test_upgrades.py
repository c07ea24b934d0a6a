"""Databases of before, kept filled as SQL, become today's: whole, or not at all."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from processes import environment, stint

import stint as package
from upgrades import asking
from upgrades.storing import SECRET_KEY

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
VENDOR = "postgresql" if ON_POSTGRES else "sqlite"
STORED = sorted(file.name.removesuffix(f".{VENDOR}.sql") for file in HERE.glob(f"*.{VENDOR}.sql"))
# A token is noted when it is used; search keeps its own books.
MAY_CHANGE = {("accounts_apitoken", "last_used_at")}
NO_ROWS = re.compile(r"tasks_task_search\w*|sqlite_\w+")

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""Columns and rows by table."""


@dataclass(frozen=True)
class Stored:
    """A stored database, loaded; `url` is its DATABASE_URL."""

    folder: Path
    url: str

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Upgrade it and ask it something; see `asking`."""
        variables = {"DATABASE_URL": self.url, "STINT_SECRET_KEY": SECRET_KEY}
        path = os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, asking.__file__, *arguments],
            env=environment(self.folder, PYTHONPATH=path, **variables),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def rows(self) -> Rows:
        """Return everything in it."""
        if ON_POSTGRES:
            named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            with psycopg.connect(self.url) as database:
                return self._read(database.execute, named)
        with closing(sqlite3.connect(self.folder / "stint.sqlite3")) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            return self._read(database.execute, "SELECT name FROM sqlite_master WHERE type = 'table'")

    def _read(self, execute: Any, named: str) -> Rows:
        read: Rows = {}
        for (table,) in execute(named).fetchall():
            if not NO_ROWS.fullmatch(table):
                cursor = execute(f"SELECT * FROM {table}")
                read[table] = ([column[0] for column in cursor.description], cursor.fetchall())
        return read


@pytest.fixture
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stored]:
    text = (HERE / f"{request.param}.{VENDOR}.sql").read_text()
    if not ON_POSTGRES:
        file = tmp_path / "stint.sqlite3"
        with closing(sqlite3.connect(file)) as database:
            database.executescript(text)
        yield Stored(tmp_path, f"sqlite:///{file}")
        return
    server, name = os.environ["DATABASE_URL"], f"upgrade_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as master:
        master.execute(f"CREATE DATABASE {name}")
        url = f"{server.rpartition('/')[0]}/{name}"
        with psycopg.connect(url) as database:
            database.execute(text)
        yield Stored(tmp_path, url)
        master.execute(f"DROP DATABASE {name} WITH (FORCE)")


def lost(before: Rows, after: Rows) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of before that are not there after, in the columns of before."""
    missing = {}
    for table, (columns, rows) in before.items():
        kept = [name for name in columns if (table, name) not in MAY_CHANGE]
        gone = Counter(_projected(columns, rows, kept)) - Counter(_projected(*after[table], kept))
        if gone:
            missing[table] = list(gone)
    return missing


def _projected(columns: list[str], rows: list[tuple[Any, ...]], kept: list[str]) -> list[tuple[str, ...]]:
    places = [columns.index(name) for name in kept]
    return [tuple(str(row[place]) for place in places) for row in rows]


@pytest.mark.database
@pytest.mark.parametrize("stored", STORED, indirect=True)
def test_a_database_of_before_loses_no_row_and_answers(stored: Stored) -> None:
    before = stored.rows()
    assert len(before["entries_entry"][1]) == 3
    asked = stored.ask()
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout) == {
        "ready": "ready",
        "name": "Mary",
        "timer": "still running",
        "entries": 1,
        "found": ['=HYPERLINK("http://example.com";"Free money")'],
        "seconds": 9000,
        "new token": 201,
        "toggl token": True,
        "page": 200,
    }
    assert lost(before, stored.rows()) == {}


@pytest.mark.database
@pytest.mark.parametrize("stored", ["first"], indirect=True)
def test_an_upgrade_that_is_killed_has_not_begun_and_the_next_one_succeeds(stored: Stored) -> None:
    before = stored.rows()
    assert stored.ask("4").returncode == -signal.SIGKILL
    assert stored.rows() == before
    asked = stored.ask()
    assert asked.returncode == 0, asked.stderr
    assert lost(before, stored.rows()) == {}


@pytest.mark.skipif(ON_POSTGRES, reason="the copy of before is kept on SQLite")
@pytest.mark.parametrize("stored", ["first"], indirect=True)
def test_the_copy_of_before_leads_back(stored: Stored) -> None:
    before = stored.rows()
    assert stored.ask().returncode == 0
    copy = stored.folder / "before_upgrade.backup"
    assert copy.stat().st_mode & 0o777 == 0o600
    restored = stint("restore", str(copy), "--force", data=stored.folder, STINT_SECRET_KEY=SECRET_KEY)
    assert restored.returncode == 0, restored.stderr
    assert stored.rows() == before


def test_every_release_has_its_database_kept() -> None:
    released = re.findall(r"^## \[(\d[^]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    for version in {package.__version__, *released}:
        for vendor in ("sqlite", "postgresql"):
            file = HERE / f"{version}.{vendor}.sql"
            assert file.exists(), f"run tools/store-schema {version} and commit what it wrote"
