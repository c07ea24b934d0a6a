"""The one way to write: in one transaction, in turn, telling afterwards."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from stint.accounts.models import Account
from stint.database import on_sqlite, write

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_failed_is_taken_back_and_not_told() -> None:
    told: list[str] = []
    with pytest.raises(RuntimeError):
        _add("Lost", lambda: told.append("lost"), fault=RuntimeError())
    _add("Kept", lambda: told.append("kept"))
    assert told == ["kept"]
    assert [account.name for account in Account.objects.all()] == ["Kept"]


def test_a_part_may_be_taken_back_alone() -> None:
    with write():
        Account.objects.create(name="Whole")
        with pytest.raises(RuntimeError):
            _add("Part", fault=RuntimeError())
    assert [account.name for account in Account.objects.all()] == ["Whole"]


def test_a_part_without_its_own_savepoint_takes_the_whole_back() -> None:
    with write():
        Account.objects.create(name="Whole")
        with pytest.raises(RuntimeError), transaction.atomic(savepoint=False):
            raise RuntimeError
    assert not Account.objects.exists()


def test_whoever_is_told_may_write() -> None:
    _add("First", lambda: _add("Second"))
    assert {account.name for account in Account.objects.all()} == {"First", "Second"}


def test_a_connection_lost_meanwhile_is_opened_anew() -> None:
    with write():
        Account.objects.create(name="Lost")
        connection.close()
    _add("Kept")
    assert [account.name for account in Account.objects.all()] == ["Kept"]


def test_other_processes_wait_for_their_turn() -> None:
    if not on_sqlite():
        pytest.skip("PostgreSQL lets many write at once")
    _add("So that there is a file to queue at")
    with Path(f"{connection.settings_dict['NAME']}.turn").open() as elsewhere:
        with write(), pytest.raises(BlockingIOError):
            fcntl.flock(elsewhere, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(elsewhere, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_turn_that_could_not_be_taken_blocks_nobody() -> None:
    if not on_sqlite():
        pytest.skip("PostgreSQL lets many write at once")
    no_locks = OSError("no locks")
    with patch.object(fcntl, "flock", side_effect=no_locks), pytest.raises(OSError, match="no locks"):
        _add("Lost")
    _add("Kept")
    assert [account.name for account in Account.objects.all()] == ["Kept"]


def _add(name: str, tell: Callable[[], object] | None = None, fault: Exception | None = None) -> None:
    """Add an account and have `tell` called, or fail after it."""
    with write():
        Account.objects.create(name=name)
        if tell is not None:
            transaction.on_commit(tell)
        if fault is not None:
            raise fault
