"""The timesheet's week grid, ready to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stint.accounts.queries import Caller
from stint.entries import grid, queries
from stint.entries.grid import GridRow
from stint.entries.zones import week_of
from stint.errors import Invalid
from stint.web.templatetags.stint import hours

NO_TASK = "none"
MOST_ROWS = 200  # that the address may ask for
FIRST_DAY, LAST_DAY = date(1970, 2, 1), date(9998, 12, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """A day over its cells; `name` is short, `label` in full."""

    day: date
    name: str
    label: str
    today: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A task's time on a day. `label` says so in full, `running` that a timer runs there.

    `made_of` tells of how many entries its time is, if it is of several.
    """

    day: date
    label: str
    seconds: int
    text: str
    made_of: str
    running: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A task with its cells; `without` is the week's address without this row, where it was only asked for."""

    key: str
    task_id: int | None
    name: str
    above: list[str]
    color: str
    open: bool
    cells: list[Cell]
    seconds: int
    without: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A week with its rows, and where its links lead; `copy` is empty where last week has no more rows."""

    first: date
    last: date
    columns: list[Column]
    rows: list[Row]
    seconds: int
    query: str
    previous: str
    following: str
    present: str
    copy: str
    has_today: bool


def sheet(caller: Caller, of: str, asked: list[str]) -> Sheet:
    """Return the week of the day that `of` names, else of today, with the rows `asked` for by their keys."""
    today = timezone.now().astimezone(caller.zone).date()
    first = week_of(day_in(of, today), caller.week_start)
    keys = [key for key in dict.fromkeys(asked[:MOST_ROWS]) if key == NO_TASK or _is_id(key)]
    week = grid.week(caller, first, [task_of(key) for key in keys])
    running = queries.running(caller)
    at = (running.task_id, running.start.astimezone(caller.zone).date()) if running else None
    columns = [
        Column(day, date_format(day, "D"), date_format(day, "DAY_FORMAT"), day == today, seconds)
        for day, seconds in zip(week.days, week.totals, strict=True)
    ]
    there = {key_of(row.task_id) for row in week.rows}
    more = [key for key in map(key_of, grid.rows_to_copy(caller, first)) if key not in there]
    return Sheet(
        first=first,
        last=week.days[-1],
        columns=columns,
        rows=[
            _row(row, columns, at, _url(first, (key for key in keys if key != key_of(row.task_id))))
            for row in week.rows
        ],
        seconds=week.total,
        query=_query(first, keys),
        previous=_url(first - timedelta(days=grid.DAYS)),
        following=_url(first + timedelta(days=grid.DAYS)),
        present=_url(week_of(today, caller.week_start)),
        copy=_url(first, [*keys, *more]) if more else "",
        has_today=first <= today <= week.days[-1],
    )


def day_in(given: str, today: date) -> date:
    """Return the day that an address names; what names none means today."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= LAST_DAY else today


def key_of(task_id: int | None) -> str:
    """Return what stands for a row in addresses and fields."""
    return NO_TASK if task_id is None else str(task_id)


def task_of(key: str) -> int | None:
    """Return the task a row's key stands for.

    Raises:
        Invalid: it stands for none.

    """
    if key == NO_TASK:
        return None
    if not _is_id(key):
        raise Invalid("task_id", _("names no task"))
    return int(key)


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= 18


def _row(row: GridRow, columns: list[Column], at: tuple[int | None, date] | None, without: str) -> Row:
    name = row.path[-1] if row.path else ""
    cells = [
        Cell(
            day=column.day,
            label=f"{name or _('No task')}, {column.label}",
            seconds=seconds,
            text=hours(seconds) if seconds else "",
            made_of=_made_of(entries),
            running=at == (row.task_id, column.day),
            today=column.today,
        )
        for column, seconds, entries in zip(columns, row.seconds, row.entries, strict=True)
    ]
    idle = not row.total and not any(cell.running for cell in cells)
    return Row(
        key=key_of(row.task_id),
        task_id=row.task_id,
        name=name,
        above=row.path[:-1],
        color=row.color,
        open=row.open,
        cells=cells,
        seconds=row.total,
        without=without if idle else "",
    )


def _made_of(entries: int) -> str:
    return (
        ngettext("%(count)d entry", "%(count)d entries", entries) % {"count": entries} if entries > 1 else ""
    )


def _query(first: date, keys: Iterable[str] = ()) -> str:
    return urlencode([("of", first.isoformat()), *(("row", key) for key in keys)])


def _url(first: date, keys: Iterable[str] = ()) -> str:
    return f"{reverse('timesheet_week')}?{_query(first, keys)}"
