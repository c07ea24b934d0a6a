"""Reads of rates, and of the time that budgets count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from stint.database import fetch_all
from stint.rates.book import Book, Entered
from stint.rates.models import AccountCurrency, Rate
from stint.rates.money import DEFAULT_CURRENCY, thousandths
from stint.tasks.models import END_OF_SUBTREE


class Spent(NamedTuple):
    """Time that a budget counts, in seconds; `begun` are the changes of rates before it."""

    budget: int
    path: str
    user_id: int
    begun: int
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


def spent(account_id: int, task_ids: Collection[int], starts: Sequence[date]) -> list[Spent]:
    """Return the finished time that the budgets of some tasks count, all in one read.

    That of money comes by task, by person, and by how many of the days `starts`, in order, had begun; of hours the
    sums are enough.
    """
    if not task_ids:
        return []
    begun = " ".join(f"WHEN e.day >= %s THEN {number}" for number in range(len(starts), 0, -1))
    rows = fetch_all(
        f"""SELECT b.task_id, CASE WHEN b.kind = 'money' THEN t.path ELSE '' END,
                   CASE WHEN b.kind = 'money' THEN e.user_id ELSE 0 END,
                   CASE WHEN b.kind <> 'money' THEN 0 {begun} ELSE 0 END,
                   SUM(e.seconds), SUM(CASE WHEN e.billable THEN e.seconds ELSE 0 END)
              FROM rates_budget b
              JOIN tasks_task top ON top.id = b.task_id
              JOIN tasks_task t ON t.account_id = b.account_id AND t.path >= top.path
                   AND t.path < {END_OF_SUBTREE.format(path="top.path")}
              JOIN entries_entry e ON e.account_id = b.account_id AND e.task_id = t.id
                   AND (b.first_day IS NULL OR e.day >= b.first_day)
             WHERE b.account_id = %s AND b.task_id IN ({", ".join(["%s"] * len(task_ids))})
             GROUP BY 1, 2, 3, 4""",  # noqa: S608
        [*reversed(starts), account_id, *task_ids],
    )
    return [
        Spent(budget, path, user_id, begun, int(seconds), int(billable))
        for budget, path, user_id, begun, seconds, billable in rows
    ]
