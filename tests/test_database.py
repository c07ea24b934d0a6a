"""What goes wrong with the database is told by what people can do about it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from stint.database import trouble


def caused(fault: Exception, cause: Exception) -> Exception:
    fault.__cause__ = cause
    return fault


def test_a_sqlite_that_cannot_grow_is_a_full_disk(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "small")) as database:
        database.execute("PRAGMA max_page_count = 4")
        database.execute("CREATE TABLE large (text)")
        with pytest.raises(sqlite3.OperationalError) as full:
            database.execute("INSERT INTO large VALUES (?)", ["x" * 100_000])
    told = trouble(caused(OperationalError(str(full.value)), full.value))
    assert told is not None
    assert told.status == 507


def test_a_postgresql_that_cannot_grow_is_a_full_disk() -> None:
    told = trouble(caused(OperationalError("no space"), psycopg.errors.DiskFull("no space")))
    assert told is not None
    assert told.status == 507


@pytest.mark.parametrize("fault", [OperationalError("gone"), InterfaceError("connection already closed")])
def test_a_database_that_does_not_answer_is_unavailable(fault: Exception) -> None:
    told = trouble(fault)
    assert told is not None
    assert told.status == 503


@pytest.mark.parametrize(
    "fault", [IntegrityError("twice"), DataError("too large"), ValueError(), OSError(2, "")]
)
def test_other_faults_are_no_trouble_of_the_database(fault: Exception) -> None:
    assert trouble(fault) is None
