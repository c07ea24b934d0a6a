"""Plain SQL goes to the driver at once, and keeps what Django promises about a connection."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from stint.accounts.models import Account
from stint.database import fetch_all, fetch_one, run


@pytest.mark.django_db
def test_rows_come_back_and_percent_signs_are_kept() -> None:
    Account.objects.create(name="100% Ltd")
    assert fetch_all(
        "SELECT name FROM accounts_account WHERE name LIKE '100%%' AND name = %s", ["100% Ltd"]
    ) == [("100% Ltd",)]
    assert fetch_one("SELECT name FROM accounts_account WHERE name = %s", ["none"]) is None
    run("UPDATE accounts_account SET name = %s", ["New"])
    assert Account.objects.get().name == "New"


@pytest.mark.django_db
def test_a_fault_is_one_of_djangos_and_the_broken_transaction_takes_no_more() -> None:
    with transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            fetch_all("SELECT nothing FROM nowhere")
        assert fetch_all("SELECT 1") == [(1,)]
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            fetch_all("SELECT 1")


@pytest.mark.django_db
def test_who_watches_queries_sees_it() -> None:
    seen: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        fetch_one("SELECT 1")
    assert seen == ["SELECT 1"]
