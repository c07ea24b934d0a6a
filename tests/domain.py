"""Ready accounts and people as the domain knows them, and acts let go at once for what only threads show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from stint.accounts.models import Account, User
from stint.accounts.post import QUEUE
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
def real_database(transactional_db: None) -> None:
    """A database that several threads may use at once: what is committed is, and SQLite's is a file as in use."""


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


def send_mails() -> None:
    """Send the mails that wait in the queue, within the test's own transaction."""
    for waiting in DBTaskResult.objects.ready().filter(queue_name=QUEUE):
        result = waiting.task_result
        waiting.task.call(*result.args, **result.kwargs)
        waiting.delete()
