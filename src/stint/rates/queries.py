"""Reads of rates, and of the time that budgets count."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stint.database import fetch_all
from stint.rates.book import Book, Entered
from stint.rates.models import AccountCurrency, Rate
from stint.rates.money import DEFAULT_CURRENCY, thousandths
from stint.tasks.models import subtree_bounds


class Spent(NamedTuple):
    """Time of a person on a task, in seconds."""

    path: str
    user_id: int
    seconds: int
    billable_seconds: int


def currency_of(account_id: int) -> str:
    """Return the currency of an account."""
    found = AccountCurrency.objects.filter(pk=account_id).values_list("code", flat=True).first()
    return found or DEFAULT_CURRENCY


def book_of(account_id: int) -> Book:
    """Return the rates of an account."""
    rows = Rate.objects.filter(account_id=account_id).values_list("task_id", "user_id", "first_day", "amount")
    return Book(Entered(task_id, user_id, day, thousandths(amount)) for task_id, user_id, day, amount in rows)


def spent(account_id: int, path: str, first: date, last: date) -> list[Spent]:
    """Return the finished time on the task at `path` and below, by task and person."""
    rows = fetch_all(
        """SELECT t.path, e.user_id, SUM(e.seconds), SUM(CASE WHEN e.billable THEN e.seconds ELSE 0 END)
             FROM tasks_task t JOIN entries_entry e ON e.account_id = t.account_id AND e.task_id = t.id
            WHERE t.account_id = %s AND t.path >= %s AND t.path < %s AND e.day BETWEEN %s AND %s
            GROUP BY t.path, e.user_id""",
        [account_id, *subtree_bounds(path), first, last],
    )
    return [
        Spent(task_path, user_id, int(all_), int(billable)) for task_path, user_id, all_, billable in rows
    ]
