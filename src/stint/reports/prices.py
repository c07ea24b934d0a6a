"""What the time of a report is worth, for who manages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from stint.accounts.queries import Caller
from stint.rates.book import Book
from stint.rates.money import places, rounded
from stint.rates.queries import book_of, currency_of
from stint.reports import queries
from stint.reports.folding import Cell
from stint.reports.periods import Period
from stint.reports.questions import ReportQuery


@dataclass(frozen=True, slots=True)
class Prices:
    """The rates and the currency of the caller's account."""

    caller: Caller
    book: Book
    currency: str

    def cells(self, query: ReportQuery, columns: Iterable[str]) -> list[Cell]:
        """Return what `queries.cells` does, with what each is worth; `task` and `user` where rates depend on them."""
        wanted = {
            *columns,
            *(["task"] if self.book.by_task else []),
            *(["user"] if self.book.by_user else []),
        }
        found: list[Cell] = []
        for span in self.book.spans(*query.period):
            within = msgspec.structs.replace(query, period=Period(*span))
            cells = queries.cells(self.caller, within, wanted)
            self._price(cells, within)
            found += cells
        return found

    def shown(self, units: int) -> str:
        """Return an amount as a decimal text."""
        return rounded(units, places(self.currency))

    def _price(self, cells: list[Cell], within: ReportQuery) -> None:
        nodes = queries.nodes({cell.task_id for cell in cells if cell.task_id is not None})
        day = within.period.first
        for cell in cells:
            path = "" if cell.task_id is None else nodes[cell.task_id].path
            cell.units = cell.billable_seconds * self.book.rate(path, cell.user_id, day)


def prices_for(caller: Caller) -> Prices | None:
    """Return the prices of the caller's account; None for Members, and where no rate was entered."""
    book = book_of(caller.account_id) if caller.manages else None
    return Prices(caller, book, currency_of(caller.account_id)) if book else None
