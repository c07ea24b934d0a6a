"""Reports as tables, for files: the four views of a question, whatever program the file is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from msgspec import UNSET, UnsetType

from stint.accounts.queries import Caller, people, zones
from stint.entries.zones import week_of
from stint.reports import queries
from stint.reports.folding import Cell, Forest, Item
from stint.reports.periods import Period
from stint.reports.prices import Prices, prices_for
from stint.reports.questions import Grouping, ReportQuery
from stint.reports.rules import permitted
from stint.reports.summary import Summary, summary
from stint.reports.tree import cells_by_task
from stint.spreadsheets import Row
from stint.tasks.queries import looks

View = Literal["summary", "detailed", "weekly", "tree"]
VIEWS = get_args(View)
# What stands in a column: "clock" are seconds to be shown as h:mm:ss, "hours" the same as a decimal number, "money"
# is a Decimal with the places of the currency, or None.
Holds = Literal["text", "day", "moment", "clock", "hours", "number", "flag", "money"]
PATH = " / "
MOST_A_DAY = 1_000_000


class Column(NamedTuple):
    """A column: its title, what it holds, how much of the width of a page it takes beside the others.

    What says again what stands beside it, or is for programs, is left out `on_paper`.
    """

    title: str
    holds: Holds
    width: int = 2
    on_paper: bool = True


class Table(NamedTuple):
    """A report: rows are read when they are iterated, each with a value for every column.

    `sums` reads the row that stands below them on paper, where there is one: its first column says so.
    """

    title: str
    about: Period
    columns: list[Column]
    size: int
    rows: Iterable[Row]
    sums: Callable[[], Row] | None = None


def table(caller: Caller, query: ReportQuery, view: View) -> Table:
    """Return the answer to a question in one of its views.

    Raises:
        NotAllowed, NotFound: as `rules.permitted`.

    """
    query = permitted(caller, query)
    make: dict[View, Callable[[Caller, ReportQuery], Table]] = {
        "summary": _summary,
        "detailed": _detailed,
        "weekly": _weekly,
        "tree": _tree,
    }
    return make[view](caller, query)


def _summary(caller: Caller, query: ReportQuery) -> Table:
    found = summary(caller, query, amounts=True)
    groups = [Column(_title_of(grouping), "text", 5) for grouping in query.groupings]
    rows = list(_leaves(found.items, [], len(groups)))
    columns = [*groups, *_time_columns(), *_billable_columns(), *_amount_columns(found.currency)]
    total, billable = found.total_seconds, found.billable_seconds
    sums = (_("Total"), *[""] * (len(groups) - 1), total, total, billable, billable, *_amount(found.amount))
    return Table(_("Summary"), query.period, columns, len(rows), rows, lambda: sums)


def _leaves(items: Iterable[Item], above: list[str], depth: int) -> Iterator[Row]:
    for item in items:
        labels = [*above, item.label]
        if len(labels) < depth and isinstance(item.items, list):
            yield from _leaves(item.items, labels, depth)
        else:
            yield (
                *(*labels, item.seconds, item.seconds, item.billable_seconds, item.billable_seconds),
                *_amount(item.amount),
            )


def _detailed(caller: Caller, query: ReportQuery) -> Table:
    (count, period), prices = queries.days_with_time(caller, query), prices_for(caller)
    columns = [
        Column(pgettext("a group of time", "Day"), "day", 3),
        Column(_("Start"), "moment"),
        Column(_("End"), "moment"),
        *_time_columns(),
        Column(_("Person"), "text", 3),
        Column(_("E-mail"), "text", 3, on_paper=False),
        Column(_("Task"), "text", 6),
        Column(_("Note"), "text", 6),
        Column(_("Tags"), "text", 3),
        Column(_("Billable"), "flag", 3),
        Column(_("Made by"), "text", on_paper=False),
        *([Column(_("Rate (%(currency)s)") % {"currency": prices.currency}, "money", 3)] if prices else []),
        *_amount_columns(prices.currency if prices else UNSET),
    ]
    rows = _entries(caller, query, period, prices) if period else iter(())

    def sums() -> Row:
        exact = msgspec.structs.replace(query, groupings=(), rounding="none", step=0)
        whole = summary(caller, exact, amounts=True)
        time = (whole.total_seconds, whole.total_seconds)
        return _("Total"), "", "", *time, *[""] * 7, *([None] if prices else []), *_amount(whole.amount)

    return Table(_("Detailed"), query.period, columns, count, rows, sums)


def _entries(caller: Caller, query: ReportQuery, period: Period, prices: Prices | None) -> Iterator[Row]:
    """Yield entries day by day, oldest first, with times unrounded: each day is a small question to an index."""
    persons = {person.user_id: person for person in people(caller)}
    clocks, names = zones(caller.account_id), _Names()
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        of_day = msgspec.structs.replace(query, period=Period(day, day))
        found = queries.entries(caller, of_day, MOST_A_DAY)[::-1]
        names.learn(entry.task_id for entry in found)
        worth = prices.worth(found, [day] * len(found)) if prices else [None] * len(found)
        for entry, its in zip(found, worth, strict=True):
            assert entry.end is not None
            clock, person = clocks[entry.user_id], persons[entry.user_id]
            yield (
                *(
                    day,
                    entry.start.astimezone(clock),
                    entry.end.astimezone(clock),
                    entry.seconds,
                    entry.seconds,
                ),
                *(person.name, person.email, names.of(entry.task_id), entry.note, ", ".join(entry.tags)),
                *(entry.billable, entry.made_by),
                *([Decimal(its.rate), Decimal(its.amount)] if its else [None, None] if prices else []),
            )


class _Names:
    """The names of tasks with those above them, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def learn(self, task_ids: Iterable[int | None]) -> None:
        """Look up those that are new."""
        new = {task_id for task_id in task_ids if task_id is not None} - self._known.keys()
        self._known |= {task_id: PATH.join(look.path) for task_id, look in looks(new).items()}

    def of(self, task_id: int | None) -> str:
        """Return what a task is called; nothing for no task."""
        return "" if task_id is None else self._known[task_id]


def _weekly(caller: Caller, query: ReportQuery) -> Table:
    outer = query.groupings[0]
    if outer.axis in ("day", "week", "month"):
        outer = Grouping("project")
    first = week_of(query.period.first, caller.week_start)
    days = [first + timedelta(days=number) for number in range(7)]
    week = Period(days[0], days[-1])
    of_week = msgspec.structs.replace(query, period=week)

    def asked(*groupings: Grouping) -> Summary:
        return summary(caller, msgspec.structs.replace(of_week, groupings=groupings), amounts=True)

    def line(label: str, by_day: list[Item] | UnsetType, seconds: int, amount: str | UnsetType) -> Row:
        of_day = {each.key: each.seconds for each in by_day} if isinstance(by_day, list) else {}
        return label, *(of_day.get(day.isoformat(), 0) for day in days), seconds, *_amount(amount)

    def sums() -> Row:
        whole = asked(Grouping("day"))
        return line(_("Total"), whole.items, whole.total_seconds, whole.amount)

    found = asked(outer, Grouping("day"))
    rows = [line(item.label, item.items, item.seconds, item.amount) for item in found.items]
    columns = [
        Column(_title_of(outer), "text", 6),
        *(Column(day.isoformat(), "clock") for day in days),
        Column(_("Total"), "clock"),
        *_amount_columns(found.currency),
    ]
    return Table(_("Weekly"), week, columns, len(rows), rows, sums)


def _tree(caller: Caller, query: ReportQuery) -> Table:
    cells, prices = cells_by_task(caller, query)
    forest = Forest(queries.nodes_and_above({cell.task_id for cell in cells if cell.task_id is not None}))
    rows = list(_folded(cells, forest, prices))
    columns = [
        Column(_("Level"), "number", 1, on_paper=False),
        Column(_("Task"), "text", 10),
        *_time_columns(),
        *_billable_columns(),
        Column(_("On the task itself"), "clock", 3),
        *_amount_columns(prices.currency if prices else UNSET),
    ]
    return Table(_("Tree"), query.period, columns, len(rows), rows)


def _folded(cells: list[Cell], forest: Forest, prices: Prices | None) -> Iterator[Row]:
    """Yield every task with time on or below it, in the order of the tree, with the sums of all below it."""
    sums: dict[int | None, list[int]] = {}
    for cell in cells:
        chain = (
            [None]
            if cell.task_id is None
            else [int(part) for part in forest.nodes[cell.task_id].path.split("/")[:-1]]
        )
        for task_id in chain:
            sums.setdefault(task_id, [0, 0, 0, 0])
            own = cell.seconds if task_id == cell.task_id else 0
            for place, more in enumerate((cell.seconds, cell.billable_seconds, own, cell.units)):
                sums[task_id][place] += more

    ordered = [
        ([forest.name(above) for above in forest.chain(task_id)], task_id)
        for task_id in sums
        if task_id is not None
    ]
    ordered.sort(
        key=lambda one: ([name.casefold() for name in one[0]], forest.nodes[one[1]].path),
    )

    def line(level: int, name: str, task_id: int | None) -> Row:
        seconds, billable, own, units = sums[task_id]
        amount = _amount(prices.shown(units) if prices else UNSET)
        return level, name, seconds, seconds, billable, billable, own, *amount

    for path, task_id in ordered:
        yield line(len(path), PATH.join(path), task_id)
    if None in sums:
        yield line(1, _("No task"), None)


def _time_columns() -> list[Column]:
    return [Column(_("Duration"), "clock"), Column(_("Hours"), "hours", on_paper=False)]


def _billable_columns() -> list[Column]:
    return [Column(_("Billable"), "clock", 3), Column(_("Billable hours"), "hours", on_paper=False)]


def _amount_columns(currency: str | UnsetType) -> list[Column]:
    return [Column(_("Amount (%(currency)s)") % {"currency": currency}, "money", 3)] if currency else []


def _amount(amount: str | UnsetType) -> list[Decimal]:
    return [Decimal(amount)] if isinstance(amount, str) else []


def _title_of(grouping: Grouping) -> str:
    titles = {
        "project": _("Project"),
        "task": _("Task"),
        "client": _("Client"),
        "workspace": _("Workspace"),
        "level": _("Level %(number)d of the tree") % {"number": grouping.level},
        "user": _("Person"),
        "day": pgettext("a group of time", "Day"),
        "week": pgettext("a group of time", "Week"),
        "month": pgettext("a group of time", "Month"),
        "tag": pgettext("a group of time", "Tag"),
        "billable": _("Billable"),
    }
    return titles[grouping.axis]
