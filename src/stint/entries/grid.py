"""A person's week as a grid: rows of tasks, seven days, and what it means to type hours into a cell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from stint.accounts.queries import Caller
from stint.database import write
from stint.entries import queries
from stint.entries.editing import EntryEdit, delete_entries, edit_entry, restore_entries
from stint.entries.fields import EARLIEST
from stint.entries.queries import NO_TASK, EntryOut
from stint.entries.services import NewEntry, add_entry, check_task
from stint.entries.zones import bounds
from stint.errors import Invalid, Stale
from stint.tasks.queries import looks, trackable

DAYS = 7
MOST_OF_DAY = 1000
LAST_DAY = date(9999, 1, 1)


class GridRow(msgspec.Struct, frozen=True):
    """A task (None: no task), its finished seconds on each day, and of how many entries they are.

    `open` if time may be added there.
    """

    task_id: int | None
    path: list[str]
    color: str
    seconds: list[int]
    entries: list[int]
    total: int
    open: bool


class Week(msgspec.Struct, frozen=True):
    """Seven days with their rows, in the order of the tasks' names, and the sums of both."""

    days: list[date]
    rows: list[GridRow]
    totals: list[int]
    total: int


class CellChange(msgspec.Struct, frozen=True):
    """What a new number in a cell took away: whole entries, and the end that one of them had before."""

    deleted: list[str] = []
    shortened: str | None = None
    end: datetime | None = None


def week(caller: Caller, first_day: date, also: Iterable[int | None] = ()) -> Week:
    """Return the caller's week that begins on `first_day`.

    Rows are the tasks with time in it, and those of `also` on which the caller may track.
    """
    days = [first_day + timedelta(days=offset) for offset in range(DAYS)]
    cells = queries.seconds_by_task(caller, days[0], days[-1])
    tracked = {task_id for task_id, _day in cells}
    wanted = tracked | set(also)
    ids = {id_ for id_ in wanted if id_ is not None and 0 < id_ < 2**63}
    usable: set[int | None] = {None, *trackable(caller, ids)}
    shown = tracked | (wanted & usable)
    seen = looks({id_ for id_ in shown if id_ is not None})
    rows = []
    for task_id in shown:
        look = seen.get(task_id, NO_TASK) if task_id is not None else NO_TASK
        found = [cells.get((task_id, day), (0, 0)) for day in days]
        seconds, entries = [cell[0] for cell in found], [cell[1] for cell in found]
        rows.append(
            GridRow(task_id, look.path, look.color, seconds, entries, sum(seconds), task_id in usable)
        )
    rows.sort(key=lambda row: (row.task_id is None, [name.casefold() for name in row.path], row.task_id or 0))
    totals = [sum(column) for column in zip(*(row.seconds for row in rows), strict=True)] or [0] * DAYS
    return Week(days, rows, totals, sum(totals))


def rows_to_copy(caller: Caller, first_day: date) -> list[int | None]:
    """Return the tasks of the week before on which the caller may still track and that this week lacks."""
    before = first_day - timedelta(days=DAYS)
    tracked = {
        task_id for task_id, _day in queries.seconds_by_task(caller, before, first_day - timedelta(days=1))
    }
    present = {
        task_id
        for task_id, _day in queries.seconds_by_task(caller, first_day, first_day + timedelta(days=DAYS - 1))
    }
    usable = trackable(caller, {id_ for id_ in tracked if id_ is not None})
    return sorted(
        (id_ for id_ in tracked - present if id_ is None or id_ in usable), key=lambda id_: id_ or 0
    )


def set_cell(
    caller: Caller, task_id: int | None, day: date, seconds: int, made_by: str, was: int | None = None
) -> CellChange:
    """Make the finished time of a task on a day exactly `seconds`.

    More time lengthens the last entry where nothing follows, and is added as an entry of its own where something
    does; less time is taken from the last entries. `was` is what the cell was when the caller looked.

    Raises:
        Invalid: it is more than the day has, or no day that can be tracked, or the task may not be tracked on.
        Stale: the cell is not what it was any more.

    """
    if not EARLIEST.date() < day < LAST_DAY:
        raise Invalid("day", _("is not a day that can be tracked"))
    with write():
        queries.lock_timer(caller.user_id)
        around = queries.entries(caller, first_day=day, last_day=day, reaching=True, limit=MOST_OF_DAY).items
        cell = [entry for entry in around if entry.end and _is_of(caller, entry, task_id, day)]
        present = sum(entry.seconds for entry in cell)
        if was is not None and present not in (was, seconds):
            raise Stale(_("It was changed elsewhere meanwhile."), present)
        if seconds < 0:
            raise Invalid("seconds", _("must not be less than nothing"))
        if seconds < present:
            return _take(caller, cell, present - seconds)
        if seconds > present:
            check_task(caller, task_id)
            _check_fits(caller, day, seconds)
            _grow(
                caller, around, cell, NewEntry(task_id=task_id, day=day, seconds=seconds - present), made_by
            )
    return CellChange()


def give_back(caller: Caller, change: CellChange) -> None:
    """Undo what a smaller number in a cell took away.

    Raises:
        NotFound, Invalid: as `restore_entries` and `edit_entry`.

    """
    with write():
        if change.deleted:
            restore_entries(caller, [UUID(id_) for id_ in change.deleted])
        if change.shortened and change.end:
            edit_entry(caller, UUID(change.shortened), EntryEdit(end=change.end))


def _is_of(caller: Caller, entry: EntryOut, task_id: int | None, day: date) -> bool:
    return entry.task_id == task_id and entry.start.astimezone(caller.zone).date() == day


def _check_fits(caller: Caller, day: date, seconds: int) -> None:
    start, end = bounds(day, caller.zone)
    room = int((end - start).total_seconds())
    if seconds > room:
        hours = f"{room // 3600}:{room // 60 % 60:02}" if room % 3600 else str(room // 3600)
        raise Invalid("seconds", _("is more than the %(hours)s hours of that day") % {"hours": hours})


def _take(caller: Caller, cell: list[EntryOut], much: int) -> CellChange:
    """Take so many seconds from the entries of a cell, the latest first."""
    deleted = []
    rest: EntryOut | None = None
    for entry in cell:
        if much < entry.seconds:
            rest = entry if much else None
            break
        deleted.append(entry.id)
        much -= entry.seconds
    if deleted:
        delete_entries(caller, [UUID(id_) for id_ in deleted])
    if rest is None or rest.end is None:
        return CellChange(deleted)
    edit_entry(caller, UUID(rest.id), EntryEdit(end=rest.end - timedelta(seconds=much)))
    return CellChange(deleted, rest.id, rest.end)


def _grow(
    caller: Caller, around: list[EntryOut], cell: list[EntryOut], wanted: NewEntry, made_by: str
) -> None:
    last = max(cell, key=lambda entry: entry.end or entry.start, default=None)
    if last is None or last.end is None or wanted.day is None:
        add_entry(caller, wanted, made_by)
        return
    end = last.end + timedelta(seconds=wanted.seconds or 0)
    taken = any(
        other.id != last.id and other.start < end and (other.end is None or other.end > last.end)
        for other in around
    )
    if taken or end > bounds(wanted.day, caller.zone)[1]:
        more = msgspec.structs.replace(wanted, note=last.note, tags=last.tags, billable=last.billable)
        add_entry(caller, more, made_by)
    else:
        edit_entry(caller, UUID(last.id), EntryEdit(end=end))
