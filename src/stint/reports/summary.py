"""Time added up by one or two groupings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
from django.utils.translation import gettext as _
from msgspec import UNSET, UnsetType

from stint.accounts.queries import Caller, names_of_people
from stint.entries.zones import week_of
from stint.reports import queries
from stint.reports.folding import By, Cell, Forest, Item, Key, by_tag, grouped
from stint.reports.periods import month_of
from stint.reports.prices import prices_for
from stint.reports.questions import Axis, Grouping, ReportQuery
from stint.reports.rules import permitted

COLUMN: dict[Axis, str] = {
    "task": "task",
    "level": "task",
    "project": "task",
    "client": "task",
    "workspace": "task",
    "user": "user",
    "day": "day",
    "week": "day",
    "month": "day",
    "tag": "tags",
    "billable": "billable",
}


class Summary(msgspec.Struct, frozen=True):
    """The time of the days `first_day` to `last_day`: its sum, in which each entry counts once, and its groups.

    An entry with several tags counts under each of them, so groups by tag may add up to more than the sum.
    `amount` is what the billable time is worth in `currency`, as a decimal text: for callers who manage, once the
    account has a rate.
    """

    first_day: date = msgspec.field(name="from")
    last_day: date = msgspec.field(name="to")
    total_seconds: int
    billable_seconds: int
    items: list[Item]
    amount: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET


def summary(caller: Caller, query: ReportQuery, *, amounts: bool = False) -> Summary:
    """Answer a question about time; with `amounts`, what it is worth as well.

    Raises:
        NotAllowed, NotFound: as `rules.permitted`.

    """
    query = permitted(caller, query)
    columns = {COLUMN[grouping.axis] for grouping in query.groupings}
    prices = prices_for(caller) if amounts else None
    cells = prices.cells(query, columns) if prices else queries.cells(caller, query, columns)
    total, billable = sum(cell.seconds for cell in cells), sum(cell.billable_seconds for cell in cells)
    units = sum(cell.units for cell in cells)
    if any(grouping.axis == "tag" for grouping in query.groupings):
        cells = by_tag(cells)
    groups = _Groups(caller, cells)
    by = [groups.by(grouping) for grouping in query.groupings]
    if prices is None:
        return Summary(*query.period, total, billable, grouped(cells, by))
    items = grouped(cells, by, prices.shown)
    return Summary(*query.period, total, billable, items, prices.shown(units), prices.currency)


class _Groups:
    """The groups that cells can be put into, with their names, of which each kind is read once."""

    def __init__(self, caller: Caller, cells: list[Cell]) -> None:
        self.caller = caller
        self.cells = cells

    def by(self, grouping: Grouping) -> By:
        """Return how cells are grouped."""
        make: dict[Axis, Callable[[], By]] = {
            "task": self._by_task,
            "level": lambda: self._by_tree(
                lambda forest, id_: forest.level(id_, grouping.level), _("No task")
            ),
            "project": lambda: self._by_tree(Forest.project, _("No project")),
            "client": lambda: self._by_tree(
                lambda forest, id_: forest.nearest(id_, "client"), _("No client")
            ),
            "workspace": lambda: self._by_tree(
                lambda forest, id_: forest.nearest(id_, "workspace"), _("No workspace")
            ),
            "user": self._by_user,
            "day": lambda: By(lambda cell: cell.day, str, in_order=True),
            "week": lambda: self._by_date(lambda day: week_of(day, self.caller.week_start).isoformat()),
            "month": lambda: self._by_date(lambda day: month_of(day).isoformat()[:7]),
            "tag": lambda: By(lambda cell: cell.tags, lambda key: str(key or _("No tag")), in_order=False),
            "billable": lambda: By(
                lambda cell: cell.billable,
                lambda key: _("Billable") if key else _("Not billable"),
                in_order=False,
            ),
        }
        return make[grouping.axis]()

    def _by_task(self) -> By:
        nodes, none = queries.nodes(self._task_ids()), _("No task")
        return By(
            lambda cell: cell.task_id,
            lambda key: nodes[key].name if isinstance(key, int) else none,
            in_order=False,
        )

    def _by_tree(self, place: Callable[[Forest, int | None], int | None], none: str) -> By:
        forest = Forest(queries.nodes_and_above(self._task_ids()))
        places = {id_: place(forest, id_) for id_ in [*self._task_ids(), None]}
        return By(
            lambda cell: places[cell.task_id],
            lambda key: none if key is None else forest.name(key),
            in_order=False,
        )

    def _by_user(self) -> By:
        names = names_of_people({cell.user_id for cell in self.cells if cell.user_id is not None})
        return By(lambda cell: cell.user_id, lambda key: names[int(key or 0)], in_order=False)

    def _by_date(self, key: Callable[[date], str]) -> By:
        keys: dict[str | None, Key] = {
            cell.day: key(date.fromisoformat(cell.day)) for cell in self.cells if cell.day is not None
        }
        return By(lambda cell: keys[cell.day], str, in_order=True)

    def _task_ids(self) -> set[int]:
        return {cell.task_id for cell in self.cells if cell.task_id is not None}
