"""What the time of a report is worth, for who manages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from stint.accounts.queries import Caller
from stint.entries.queries import EntryOut
from stint.rates.book import Book
from stint.rates.money import places, rounded, shown
from stint.rates.queries import book_of, currency_of, pricing
from stint.reports import queries
from stint.reports.folding import Cell
from stint.reports.periods import Period
from stint.reports.questions import ReportQuery


class Worth(NamedTuple):
    """What an hour of a billable entry costs, and what its time is worth, as decimal texts."""

    rate: str
    amount: str


@dataclass(frozen=True, slots=True)
class Prices:
    """The rates and the currency of the caller's account."""

    caller: Caller
    book: Book
    currency: str

    def cells(self, query: ReportQuery, columns: Iterable[str]) -> list[Cell]:
        """Return what `queries.cells` does, with what each is worth; several alike where rates changed meanwhile."""
        wanted, found = set(columns), []
        for span in self.book.spans(*query.period):
            within = msgspec.structs.replace(query, period=Period(*span))
            prices = pricing(self.caller.account_id, self.book.tariff(span[0]))
            found += queries.cells(self.caller, within, wanted, prices=prices)
        return found

    def worth(self, entries: Sequence[EntryOut], days: Sequence[date]) -> list[Worth | None]:
        """Return what each of the finished `entries` is worth at its own time, unrounded; None where it bills nothing.

        `days` are those on which they were tracked, in the same order.
        """
        paths = self._paths(entry.task_id for entry in entries if entry.billable)
        return [
            self._worth(entry, paths.get(entry.task_id, ""), day) if entry.billable else None
            for entry, day in zip(entries, days, strict=True)
        ]

    @property
    def decimals(self) -> int:
        """How many decimals amounts have."""
        return places(self.currency)

    def shown(self, units: int) -> str:
        """Return an amount as a decimal text."""
        return rounded(units, self.decimals)

    def _worth(self, entry: EntryOut, path: str, day: date) -> Worth:
        thousandths = self.book.rate(path, entry.user_id, day)
        return Worth(
            shown(Decimal(thousandths) / 1000, self.decimals), self.shown(entry.seconds * thousandths)
        )

    def _paths(self, task_ids: Iterable[int | None]) -> dict[int | None, str]:
        """Return the paths of tasks, where rates depend on them."""
        if not self.book.by_task:
            return {}
        return {
            node.id: node.path
            for node in queries.nodes({id_ for id_ in task_ids if id_ is not None}).values()
        }


def prices_for(caller: Caller) -> Prices | None:
    """Return the prices of the caller's account; None for Members, and where no rate was entered."""
    book = book_of(caller.account_id) if caller.manages else None
    return Prices(caller, book, currency_of(caller.account_id)) if book else None
