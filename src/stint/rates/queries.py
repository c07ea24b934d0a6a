"""Reads of rates, what SQL needs to price time, and the time that budgets count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from stint.database import fetch_all, on_sqlite
from stint.rates.book import Book, Entered, Tariff
from stint.rates.models import AccountCurrency, Rate
from stint.rates.money import DEFAULT_CURRENCY, thousandths
from stint.tasks.models import END_OF_SUBTREE


class Pricing(NamedTuple):
    """What SQL needs to know the rate of entries `e`: tables to stand before it, joins after `e`, and the rate."""

    tables: str
    joins: str
    rate: str
    parameters: list[Any]

    def sums(self, seconds: str) -> tuple[str, str]:
        """Return what billable `seconds` are worth as two sums, of whole thousands of units and of the rest.

        One would be too large for SQLite where an hour costs millions.
        """
        billed = "SUM(CASE WHEN e.billable THEN {} * ({} {} 1000) ELSE 0 END)"
        return billed.format(seconds, self.rate, "/"), billed.format(seconds, self.rate, "%%")


def currency_of(account_id: int) -> str:
    """Return the currency of an account."""
    found = AccountCurrency.objects.filter(pk=account_id).values_list("code", flat=True).first()
    return found or DEFAULT_CURRENCY


def book_of(account_id: int) -> Book:
    """Return the rates of an account."""
    rows = list(
        Rate.objects.filter(account_id=account_id).values_list(
            "task_id", "user_id", "first_day", "amount", "task__path"
        )
    )
    return Book(
        (
            Entered(task_id, user_id, day, thousandths(amount))
            for task_id, user_id, day, amount, _path in rows
        ),
        {task_id: path for task_id, _user_id, _day, _amount, path in rows if task_id is not None},
    )


def pricing(account_id: int, tariff: Tariff) -> Pricing:
    """Return how entries of an account are priced by a tariff, with as few look-ups as it takes."""
    tables: list[str] = []
    joins: list[str] = []
    rates: list[str] = []
    parameters: list[Any] = []

    def table(name: str, columns: str, types: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        values = ", ".join(_value(place, type_) for place, type_ in enumerate(types))
        each = "json_each(%s)" if on_sqlite() else "jsonb_array_elements(%s::jsonb) AS each(value)"
        tables.append(f"{name}({columns}) AS MATERIALIZED (SELECT {values} FROM {each})")  # noqa: S608
        parameters.append(msgspec.json.encode(rows).decode())

    if tariff.stretches:
        types = ["text", "text", "bigint", "bigint"]
        table("stretch", "low, high, top, rate", types, tariff.stretches)
        tables.append(
            """priced(task_id, top, rate) AS MATERIALIZED (SELECT t.id, s.top, s.rate FROM stretch s
                 JOIN tasks_task t ON t.account_id = %s AND t.path >= s.low AND t.path < s.high)"""
        )
        parameters.append(account_id)
        joins.append("LEFT JOIN priced ON priced.task_id = e.task_id")
        rates.append("priced.rate")
    if tariff.persons_there:
        table("there", "top, user_id, rate", ["bigint"] * 3, tariff.persons_there)
        joins.append("LEFT JOIN there ON there.top = priced.top AND there.user_id = e.user_id")
        rates.insert(0, "there.rate")
    if tariff.persons:
        table("person", "user_id, rate", ["bigint"] * 2, tariff.persons)
        joins.append("LEFT JOIN person ON person.user_id = e.user_id")
        rates.append("person.rate")
    base = f"CAST({tariff.base} AS bigint)"
    rate = f"COALESCE({', '.join([*rates, base])})" if rates else base
    return Pricing(f"WITH {', '.join(tables)} " if tables else "", " ".join(joins), rate, parameters)


def _value(place: int, type_: str) -> str:
    # With its type, without which SQLite makes no index of it: a year of everybody took 13 times as long.
    value = f"json_extract(value, '$[{place}]')" if on_sqlite() else f"value->>{place}"
    return f"CAST({value} AS {type_})"


_OF_BUDGETS = f"""FROM rates_budget b
    JOIN tasks_task top ON top.id = b.task_id
    JOIN tasks_task t ON t.account_id = b.account_id AND t.path >= top.path
         AND t.path < {END_OF_SUBTREE.format(path="top.path")}
    JOIN entries_entry e ON e.account_id = b.account_id AND e.task_id = t.id
         AND (b.first_day IS NULL OR e.day >= b.first_day)"""


def touched(limit: int) -> list[tuple[int, int, str | None]]:
    """Return the first marks of what changed: their ids, the account, and the path of the task; None for rates."""
    return fetch_all(
        """SELECT m.id, m.account_id, t.path FROM rates_touched m LEFT JOIN tasks_task t ON t.id = m.task_id
            ORDER BY m.id LIMIT %s""",
        [limit],
    )


def seconds_spent(account_id: int, task_ids: Collection[int]) -> dict[int, int]:
    """Return `{task: finished seconds}` that the budgets of some tasks count."""
    if not task_ids:
        return {}
    rows = fetch_all(
        f"""SELECT b.task_id, SUM(e.seconds) {_OF_BUDGETS}
             WHERE b.account_id = %s AND b.task_id IN ({_marks(task_ids)}) GROUP BY b.task_id""",
        [account_id, *task_ids],
    )
    return {task_id: int(seconds) for task_id, seconds in rows}


def units_spent(
    account_id: int, task_ids: Collection[int], book: Book, first: date, last: date
) -> Counter[int]:
    """Return `{task: units}` of the billable time of some days that the budgets of some tasks count."""
    spent: Counter[int] = Counter()
    for start, end in book.spans(first, last) if task_ids else []:
        prices = pricing(account_id, book.tariff(start))
        sums = ", ".join(prices.sums("e.seconds"))
        rows = fetch_all(
            f"""{prices.tables} SELECT b.task_id, {sums} {_OF_BUDGETS} {prices.joins}
                 WHERE b.account_id = %s AND b.task_id IN ({_marks(task_ids)}) AND e.day BETWEEN %s AND %s
                 GROUP BY b.task_id""",
            [*prices.parameters, account_id, *task_ids, start, end],
        )
        spent.update({task_id: int(thousands) * 1000 + int(rest) for task_id, thousands, rest in rows})
    return spent


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))
