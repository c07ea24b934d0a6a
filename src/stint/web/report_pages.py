"""What the pages of reports show beyond the answers: the question in the address, names, shares, differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from stint.accounts.queries import Caller
from stint.api.reading import read_parameters
from stint.reports.folding import Item, Key
from stint.reports.periods import DAY, Period, after, before, month_of, preset
from stint.reports.questions import Asked, Grouping, ReportQuery, question
from stint.tasks.queries import looks

VIEWS = ("summary", "detailed", "weekly", "tree")
MOST_ROWS = 100
MOST_INNER, LEAST_INNER = 1000, 10  # of all groups together, and of one if there are many
TASKS = ("task", "level", "project", "client", "workspace")


class PageAsked(Asked, frozen=True, kw_only=True):
    """A question as the pages ask it, with how its answer is shown."""

    format: Literal["clock", "decimal"] = "clock"
    compare: bool = False
    everything: bool = False
    cursor: str | None = None


_PARAMETERS = msgspec.structs.fields(PageAsked)  # read once: a page has thousands of addresses


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a page, with the addresses that ask it in other ways."""

    view: str
    asked: PageAsked
    query: ReportQuery
    today: date

    @property
    def decimal(self) -> bool:
        """Whether time is shown as 1.50 instead of 1:30."""
        return self.asked.format == "decimal"

    @property
    def parameters(self) -> str:
        """The query of the address that asks this, without what goes without saying."""
        return _parameters(self.asked)

    def address(self, view: str = "", **changes: object) -> str:
        """Return the address that asks the same in another view, or with changes."""
        asked = msgspec.structs.replace(self.asked, **{"cursor": None, "everything": False, **changes})
        parameters = _parameters(asked)
        return reverse(f"report_{view or self.view}") + (f"?{parameters}" if parameters else "")

    def over(self, period: Period, view: str = "") -> str:
        """Return the address that asks the same about other days."""
        return self.address(view, range=None, first_day=period.first, last_day=period.last)

    @property
    def previous(self) -> str:
        """The address of the days before."""
        return self.over(before(self.query.period))

    @property
    def following(self) -> str:
        """The address of the days after."""
        return self.over(after(self.query.period))

    @property
    def title(self) -> str:
        """The days in words."""
        first, last = self.query.period
        if first == month_of(last) and (last + DAY).day == 1:
            return date_format(first, "MONTH_FORMAT")
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
            return str(first.year)
        if first == last:
            return f"{date_format(first, 'D')}, {date_format(first, 'DATE_FORMAT')}"
        short = "DAY_MONTH_FORMAT" if first.year == last.year else "DATE_FORMAT"
        return f"{date_format(first, short)} – {date_format(last, 'DATE_FORMAT')}"


def asked_by(request: HttpRequest, caller: Caller, view: str) -> Question:
    """Return the question that the address of a page asks.

    Raises:
        Invalid: it asks what cannot be answered.

    """
    given = request.GET.copy()
    if several := [value for value in given.getlist("group_by") if value]:
        given["group_by"] = ",".join(dict.fromkeys(several))
    if given.get("range") == "custom":
        del given["range"]
    elif given.get("range"):
        given.setlist("from", [])
        given.setlist("to", [])
    asked = read_parameters(given, PageAsked)
    today = timezone.now().astimezone(caller.zone).date()
    return Question(view, asked, question(asked, today, caller.week_start), today)


def _parameters(asked: PageAsked) -> str:
    pairs: list[tuple[str, object]] = []
    for one in _PARAMETERS:
        value = getattr(asked, one.name)
        if value == one.default or value in (None, [], ""):
            continue
        for each in value if isinstance(value, list) else [value]:
            pairs.append((one.encode_name, str(each).lower() if isinstance(each, bool) else each))
    return urlencode(pairs)


@dataclass(frozen=True, slots=True)
class Row:
    """A group as a line of a table: its share of all in per mille, and how its time differs from the days before.

    `above` are the names over a task's own; `address` leads to its entries.
    """

    label: str
    above: list[str]
    color: str
    seconds: int
    billable_seconds: int
    share: int
    difference: int | None
    address: str
    amount: str = ""
    rows: list[Row] = field(default_factory=list)
    left_out: int = 0

    @property
    def percent(self) -> str:
        """The share as people read it."""
        return "<1" if 0 < self.share < 10 else str(round(self.share / 10))


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines of a table, and how many more there are with what time."""

    rows: list[Row]
    left_out: int
    left_seconds: int


def rows_of(asked: Question, items: list[Item], earlier: list[Item] | None = None) -> Rows:
    """Return the groups of a summary as lines, the first so many of them, with those of the days before beside."""
    shown = items if asked.asked.everything else items[:MOST_ROWS]
    most_inner = max(LEAST_INNER, MOST_INNER // max(1, len(shown)))
    inner = [item.items[:most_inner] if isinstance(item.items, list) else [] for item in shown]
    total = sum(item.seconds for item in items)
    was = None if earlier is None else {item.key: item.seconds for item in earlier}
    outer, *further = asked.query.groupings
    seen = _Looks(asked, [(outer, shown), *((further[0], within) for within in inner if within)])
    lines = [
        seen.row(
            outer,
            item,
            total,
            None if was is None else item.seconds - was.get(item.key, 0),
            [seen.row(further[0], each, item.seconds, None, []) for each in within],
            len(item.items) - len(within) if isinstance(item.items, list) else 0,
        )
        for item, within in zip(shown, inner, strict=True)
    ]
    left = items[len(shown) :]
    return Rows(lines, len(left), sum(item.seconds for item in left))


class _Looks:
    """How groups are called and coloured on the page."""

    def __init__(self, asked: Question, levels: Iterable[tuple[Grouping, list[Item]]]) -> None:
        self.asked = asked
        by_task = (items for grouping, items in levels if grouping.axis in TASKS)
        ids = {item.key for items in by_task for item in items if isinstance(item.key, int)}
        self.looks = looks(ids)

    def row(
        self, by: Grouping, item: Item, total: int, difference: int | None, rows: list[Row], left_out: int = 0
    ) -> Row:
        """Return a group as a line."""
        look = self.looks.get(item.key) if by.axis in TASKS and isinstance(item.key, int) else None
        return Row(
            label=group_name(by, item),
            above=look.path[:-1] if look else [],
            color=look.color if look else "",
            seconds=item.seconds,
            billable_seconds=item.billable_seconds,
            share=round(1000 * item.seconds / total) if total else 0,
            difference=difference,
            address=self._entries(by, item.key),
            amount=item.amount or "",
            rows=rows,
            left_out=left_out,
        )

    def _entries(self, by: Grouping, key: Key) -> str:
        """Return the address of a group's entries; "" for a group that no filter stands for."""
        if by.axis in TASKS and key is not None:
            return self.asked.address("detailed", task_id=key, without_task=False)
        if by.axis == "task":
            return self.asked.address("detailed", without_task=True)
        if by.axis == "user":
            return self.asked.address("detailed", user_id=[key])
        if by.axis == "tag" and key is not None:
            return self.asked.address("detailed", tag=[key])
        if by.axis == "billable":
            return self.asked.address("detailed", billable=key)
        if by.axis == "day":
            day = date.fromisoformat(str(key))
            return self.asked.over(Period(day, day), "detailed")
        return ""


def group_name(by: Grouping, item: Item) -> str:
    """Return what a group is called on a page: days, weeks and months as people write them."""
    if by.axis == "day":
        return date_format(date.fromisoformat(str(item.key)), "DAY_FORMAT")
    if by.axis == "week":
        first = date.fromisoformat(str(item.key))
        return f"{date_format(first, 'DAY_MONTH_FORMAT')} – {date_format(first + 6 * DAY, 'DATE_FORMAT')}"
    if by.axis == "month":
        return date_format(date.fromisoformat(f"{item.key}-01"), "MONTH_FORMAT")
    return item.label or _("No name")


def axes() -> list[tuple[str, str]]:
    """Return what time can be grouped by, with its name."""
    return [
        ("project", _("Project")),
        ("task", _("Task")),
        ("client", _("Client")),
        ("workspace", _("Workspace")),
        *((f"level{level}", _("Level %(number)d of the tree") % {"number": level}) for level in range(1, 6)),
        ("user", _("Person")),
        ("day", pgettext("a group of time", "Day")),
        ("week", pgettext("a group of time", "Week")),
        ("month", pgettext("a group of time", "Month")),
        ("tag", pgettext("a group of time", "Tag")),
        ("billable", _("Billable")),
    ]


def ranges() -> list[tuple[str, str]]:
    """Return the presets with their names."""
    return [
        ("today", _("Today")),
        ("yesterday", _("Yesterday")),
        ("this_week", _("This week")),
        ("last_week", _("Last week")),
        ("this_month", _("This month")),
        ("last_month", _("Last month")),
        ("this_quarter", _("This quarter")),
        ("last_quarter", _("Last quarter")),
        ("this_year", _("This year")),
        ("last_year", _("Last year")),
    ]


def surfaces() -> list[tuple[str, str]]:
    """Return the programs that make entries, with their names."""
    return [
        ("web", _("Web pages")),
        ("mobile", _("Phone")),
        ("desktop", _("Desktop")),
        ("extension", _("Browser extension")),
        ("cli", _("Terminal")),
        ("api", _("Other programs")),
        ("import", _("Import")),
    ]


def week_shown(asked: Question, week_start: int) -> Period:
    """Return the week that the weekly view shows: that of the first day asked about."""
    return preset("this_week", asked.query.period.first, week_start)
