"""What charts are drawn from: the same question as the table beside them, over time and by project."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import msgspec
from django.utils.translation import gettext as _

from stint.accounts.queries import Caller
from stint.entries.zones import week_of
from stint.reports import queries
from stint.reports.folding import Forest, Item
from stint.reports.periods import DAY, month_of
from stint.reports.questions import ReportQuery
from stint.reports.rules import permitted
from stint.tasks.queries import looks

MOST_PROJECTS = 7
BY_DAY, BY_WEEK = 62, 400  # days up to which each day, and each week, has a bar of its own


class Series(msgspec.Struct, frozen=True):
    """A project of a chart, or all the rest; `color` is empty for the rest."""

    label: str
    color: str
    seconds: int


class Bar(msgspec.Struct, frozen=True):
    """A day, or the days from `first` to `last`, with the seconds of each series and of all."""

    first: date
    last: date
    parts: list[int]
    seconds: int


class Chart(msgspec.Struct, frozen=True):
    """Bars over time, stacked by series, and the seconds of each day that has any."""

    series: list[Series]
    bars: list[Bar]
    days: dict[date, int]


def chart(caller: Caller, query: ReportQuery, projects: list[Item]) -> Chart:
    """Return time by day, stacked by the largest of `projects`, which are the groups of the same question.

    Raises:
        NotAllowed, NotFound: as `rules.permitted`.

    """
    query = permitted(caller, query)
    days = {_date(cell.day): cell.seconds for cell in queries.cells(caller, query, {"day"}) if cell.seconds}
    largest = [item for item in projects if isinstance(item.key, int)][:MOST_PROJECTS]
    ids = [int(item.key or 0) for item in largest]
    by_project = _by_project(caller, query, ids)
    series = _series(largest, ids)
    rest = sum(days.values()) - sum(one.seconds for one in series)
    if rest:
        series.append(Series(_("Other") if series else _("No project"), "", rest))
    bars = [
        _bar(first, last, days, [by_project[id_] for id_ in ids], rest=bool(rest))
        for first, last in _spans(caller, query)
    ]
    return Chart(series, bars, days)


def _series(projects: list[Item], ids: list[int]) -> list[Series]:
    """Return the projects as series; of two with one name each is told by what stands above it."""
    seen, names = looks(ids), Counter(item.label for item in projects)
    found = []
    for id_, item in zip(ids, projects, strict=True):
        look = seen[id_]
        above = look.path[-2:-1] if names[item.label] > 1 else []
        found.append(Series(" · ".join([item.label, *above]), look.color, item.seconds))
    return found


def _by_project(caller: Caller, query: ReportQuery, ids: list[int]) -> dict[int, dict[date, int]]:
    """Return `{project: {day: seconds}}`."""
    found: dict[int, dict[date, int]] = {id_: defaultdict(int) for id_ in ids}
    if not ids:
        return found
    paths = [node.path for node in queries.nodes(ids).values()]
    cells = queries.cells(caller, query, {"task", "day"}, below=paths)
    forest = Forest(queries.nodes_and_above({cell.task_id for cell in cells if cell.task_id is not None}))
    project = {cell.task_id: forest.project(cell.task_id) for cell in cells}
    for cell in cells:
        found[project[cell.task_id] or 0][_date(cell.day)] += cell.seconds
    return found


def _bar(
    first: date, last: date, days: dict[date, int], projects: list[dict[date, int]], *, rest: bool
) -> Bar:
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    seconds = sum(days.get(day, 0) for day in span)
    parts = [sum(of_project.get(day, 0) for day in span) for of_project in projects]
    return Bar(first, last, [*parts, seconds - sum(parts)] if rest else parts, seconds)


def _spans(caller: Caller, query: ReportQuery) -> list[tuple[date, date]]:
    """Return the days that each bar stands for."""
    first, last = query.period
    spans = []
    while first <= last:
        if query.period.days <= BY_DAY:
            following = first + DAY
        elif query.period.days <= BY_WEEK:
            following = week_of(first, caller.week_start) + 7 * DAY
        else:
            following = month_of(month_of(first) + 31 * DAY)
        spans.append((first, min(following - DAY, last)))
        first = following
    return spans


def _date(day: str | None) -> date:
    return date.fromisoformat(day or "")
