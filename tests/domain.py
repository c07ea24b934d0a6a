"""Ready accounts and people as the domain knows them, and a SQLite file for what only threads show."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection

from stint.accounts.models import Account, User
from stint.accounts.queries import Caller, caller_of
from stint.accounts.services import create_account, create_user

T = TypeVar("T")


def found(account: str, name: str, zone: str = "UTC") -> Caller:
    """Return the Administrator of a new account."""
    email = f"{name.lower()}@example.com"
    return called(create_account(account, email=email, name=name, timezone_name=zone))


def hire(by: Caller, name: str, role: str = "member", zone: str = "UTC") -> Caller:
    """Return a new person of the account of `by`."""
    account = Account.objects.get(pk=by.account_id)
    email = f"{name.lower()}@example.com"
    return called(create_user(account, email=email, name=name, role=role, timezone_name=zone))


def called(user: User) -> Caller:
    caller = caller_of(user.pk)
    assert caller is not None
    return caller


@pytest.fixture
def ada(db: None) -> Caller:
    """Ada, Administrator of Analytical Engines."""
    return found("Analytical Engines", "Ada")


@pytest.fixture
def grace(ada: Caller) -> Caller:
    """Grace, Manager of the same account."""
    return hire(ada, "Grace", "manager")


@pytest.fixture
def mary(ada: Caller) -> Caller:
    """Mary, Member of the same account."""
    return hire(ada, "Mary")


@pytest.fixture
def eve(db: None) -> Caller:
    """Eve, Administrator of another account."""
    return found("Elsewhere", "Eve")


@pytest.fixture
def real_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that several threads may use at once: commits are real, and SQLite is a file as in use."""
    if connection.vendor != "sqlite":
        yield
        return
    with _in_file(tmp_path / "stint.sqlite3"):
        yield


@contextmanager
def _in_file(path: Path) -> Iterator[None]:
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(path) as copy:
        memory.backup(copy)
    copy.close()
    connection.connection = None
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.connection = memory


def at_once(acts: list[Callable[[], T]]) -> tuple[list[T], list[Exception]]:
    """Carry out `acts` each in a thread of its own, all let go together; return results and what was raised."""
    ready = threading.Barrier(len(acts))
    results: list[T] = []
    faults: list[Exception] = []

    def act(wanted: Callable[[], T]) -> None:
        try:
            connection.ensure_connection()
            ready.wait(20)
            results.append(wanted())
        except Exception as fault:  # every fault is the caller's to judge
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(wanted,)) for wanted in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results, faults
