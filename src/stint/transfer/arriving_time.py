"""The time of an exported account arrives: entries and the history of their edits, a thousand at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from stint.entries import fields
from stint.entries.models import Entry, EntryChange
from stint.errors import Invalid
from stint.transfer import writes
from stint.transfer.arriving import ROWS_AT_ONCE, Arrival
from stint.transfer.records import ChangeRecord, EntryRecord

T = TypeVar("T")
Line = tuple[int, EntryRecord]
_ENTRY_COLUMNS = (
    *("id", "account_id", "user_id", "task_id", "start", "end", "day", "seconds", "note", "tags"),
    *("billable", "made_by", "version", "created_as"),
)
_CHANGE_COLUMNS = ("entry_id", "account_id", "changed_by_id", "changed_at", "action", "before", "after")
_zone = cache(ZoneInfo)


def take_entries(arrival: Arrival) -> None:
    """Add the entries that are not here; those that are stay as they are here."""
    running = set(
        Entry.objects.filter(account_id=arrival.account_id, end=None).values_list("user_id", flat=True)
    )
    for batch in _batches(arrival.records("entries", EntryRecord)):
        owners = writes.owners_of(record.id for _line, record in batch)
        made: dict[str, tuple[writes.Value, ...]] = {}
        for line, record in batch:
            owner = arrival.account_id if record.id in made else owners.get(record.id)
            if owner is not None and owner != arrival.account_id:
                arrival.refuse("entries", line, _("its id is that of an entry of another account here"))
            elif owner is not None:
                arrival.outcome.counts.unchanged += 1
            elif (row := _row(arrival, line, record, running)) is not None:
                made[record.id] = row
        arrival.outcome.counts.created += len(made)
        if arrival.writes:
            writes.insert("entries_entry", _ENTRY_COLUMNS, made.values())


def _row(
    arrival: Arrival, line: int, record: EntryRecord, running: set[int]
) -> tuple[writes.Value, ...] | None:
    """Return an entry as it is stored; None, with the reason told, where it cannot be."""
    user_id = arrival.people.get(record.user_id)
    if user_id is None:
        arrival.refuse("entries", line, _("its person is not in the archive"))
        return None
    if record.end is None and user_id in running:
        arrival.refuse("entries", line, _("it is running, and so is another timer of this person"))
        return None
    try:
        start = fields.instant("start", record.start)
        end = None if record.end is None else fields.instant("end", record.end)
        seconds = 0 if end is None else fields.length(start, end)
        note, tags = fields.note(record.note), fields.tags(record.tags)
    except Invalid as fault:
        arrival.refuse("entries", line, f"{fault.errors[0].field} {fault}")
        return None
    if end is None:
        running.add(user_id)
    task_id = None if record.task_id is None else arrival.tasks.get(record.task_id)
    if task_id is None and record.task_id is not None:
        arrival.note("entries", line, _("its task is not in the archive; it is taken without one"))
    return (
        *(UUID(record.id), arrival.account_id, user_id, task_id, start, end),
        *(start.astimezone(_zone(arrival.zones[record.user_id])).date(), seconds, note),
        *(msgspec.json.encode(tags).decode(), record.billable, record.made_by.value),
        *(record.version, record.created_as),
    )


def take_history(arrival: Arrival) -> None:
    """Add the edits of entries, unless edits of the same entry are on record here."""
    newest = EntryChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for batch in _batches(arrival.records("history", ChangeRecord)):
        known = writes.changed_before((record.entry_id for _line, record in batch), newest)
        rows = [_change_row(arrival, record) for _line, record in batch if record.entry_id not in known]
        if arrival.writes:
            writes.insert("entries_entrychange", _CHANGE_COLUMNS, rows)


def _change_row(arrival: Arrival, record: ChangeRecord) -> tuple[writes.Value, ...]:
    before = _renumbered(arrival, record.before)
    after = None if record.after is None else _renumbered(arrival, record.after)
    return (
        *(UUID(record.entry_id), arrival.account_id, arrival.people.get(record.user_id or 0)),
        *(record.at, record.action.value, msgspec.json.encode(before).decode()),
        None if after is None else msgspec.json.encode(after).decode(),
    )


def _renumbered(arrival: Arrival, values: dict[str, Any]) -> dict[str, Any]:
    """Return what an entry was or became, with the ids that its person and task have here."""
    changed = dict(values)
    for name, here in (("user_id", arrival.people), ("task_id", arrival.tasks)):
        if isinstance(values.get(name), int):
            changed[name] = here.get(values[name])
    return changed


def _batches(lines: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(lines)
    while batch := list(islice(remaining, ROWS_AT_ONCE)):
        yield batch
