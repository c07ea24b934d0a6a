"""Databases of before, kept filled as SQL, become today's: whole, or not at all."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import environment, stint
from stored import NAMES, ON_POSTGRES, Database, Rows, loaded

import stint as package
from upgrades import asking

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# A token is noted when it is used.
MAY_CHANGE = {("accounts_apitoken", "last_used_at")}


def ask(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Upgrade a database and ask it something; see `asking`."""
    path = os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, asking.__file__, *arguments],
        env=environment(database.folder, PYTHONPATH=path, **database.variables),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with loaded(request.param, tmp_path) as database:
        yield database


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
@pytest.mark.parametrize("stored", NAMES, indirect=True)
def test_a_database_of_before_loses_no_row_and_answers(stored: Database) -> None:
    before = stored.rows()
    assert len(before["entries_entry"][1]) == 3
    asked = ask(stored)
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
def test_an_upgrade_that_is_killed_has_not_begun_and_the_next_one_succeeds(stored: Database) -> None:
    before = stored.rows()
    assert ask(stored, "4").returncode == -signal.SIGKILL
    assert stored.rows() == before
    asked = ask(stored)
    assert asked.returncode == 0, asked.stderr
    assert lost(before, stored.rows()) == {}


@pytest.mark.skipif(ON_POSTGRES, reason="the copy of before is kept on SQLite")
@pytest.mark.parametrize("stored", ["first"], indirect=True)
def test_the_copy_of_before_leads_back(stored: Database) -> None:
    before = stored.rows()
    assert ask(stored).returncode == 0
    copy = stored.folder / "before_upgrade.backup"
    assert copy.stat().st_mode & 0o777 == 0o600
    restored = stint("restore", str(copy), "--force", data=stored.folder, **stored.variables)
    assert restored.returncode == 0, restored.stderr
    assert stored.rows() == before


def test_every_release_has_its_database_kept() -> None:
    released = re.findall(r"^## \[(\d[^]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    for version in {package.__version__, *released}:
        for vendor in ("sqlite", "postgresql"):
            file = HERE / f"{version}.{vendor}.sql"
            assert file.exists(), f"run tools/store-schema {version} and commit what it wrote"
