"""Many finished entries at once: what an import compares with and writes.

By `executemany` on SQLite and COPY on PostgreSQL. What an import made is known again by its id, which is worked
out from its source, and by `created_as`, which holds the digest of what it was last imported as.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.utils import timezone

from stint.database import fetch_all, on_sqlite
from stint.entries.models import Entry, EntryChange
from stint.entries.queries import EntryOut, select, stored_moment

STORED = (
    "id",
    "account_id",
    "user_id",
    "task_id",
    "start",
    '"end"',
    "day",
    "seconds",
    "note",
    "tags",
    "billable",
    "made_by",
    "version",
    "created_as",
)
"""The columns of an entry, in the order in which they are written."""
_CHANGING = STORED[2:11] + STORED[12:]


Values = dict[str, Any]
"""Some fields of an EntryOut, by name."""


class Known(msgspec.Struct, frozen=True):
    """An entry as it is stored, with what it keeps of how it was made, and its day."""

    entry: EntryOut
    created_as: str
    day: date


class NewRow(msgspec.Struct, frozen=True):
    """A finished entry to store, with its day in its person's time zone."""

    entry: EntryOut
    day: date
    created_as: str


class Edit(msgspec.Struct, frozen=True):
    """An entry that becomes another one; its version goes up by one."""

    before: EntryOut
    after: NewRow


def known_by_id(account_id: int, ids: Iterable[str]) -> dict[str, Known]:
    """Return those of the given entries that are there."""
    keys = [_key(id_) for id_ in ids]
    if not keys:
        return {}
    # The plus keeps SQLite from going through the whole account to find them.
    rows = _known(f"+e.account_id = %s AND e.id IN ({_marks(keys)})", [account_id, *keys])
    return {known.entry.id: known for known in rows}


def known_by_day(account_id: int, days: Mapping[int, Iterable[date]]) -> list[Known]:
    """Return the finished entries of `{user id: days}`."""
    found: list[Known] = []
    for user_id, theirs in days.items():
        wanted = list(theirs)
        found += _known(
            f'e.account_id = %s AND e.user_id = %s AND e.day IN ({_marks(wanted)}) AND e."end" IS NOT NULL',
            [account_id, user_id, *wanted],
        )
    return found


def deleted_ids(ids: Iterable[str]) -> set[str]:
    """Return those of the given ids whose entry somebody deleted. Not for entries that are there again."""
    keys = [_key(id_) for id_ in ids]
    if not keys:
        return set()
    rows = fetch_all(
        f"SELECT c.entry_id FROM entries_entrychange c WHERE c.entry_id IN ({_marks(keys)}) AND c.action = %s",  # noqa: S608
        [*keys, EntryChange.Action.DELETE.value],
    )
    return {str(UUID(str(id_))) for (id_,) in rows}


def imported_on(account_id: int, first_day: date, last_day: date, source: str) -> set[str]:
    """Return the ids of the entries of these days whose digest says that they came from `source`."""
    rows = fetch_all(
        """SELECT e.id FROM entries_entry e
            WHERE e.account_id = %s AND e.day BETWEEN %s AND %s AND e.created_as LIKE %s""",
        [account_id, first_day, last_day, f"{source}:%"],
    )
    return {str(UUID(str(id_))) for (id_,) in rows}


def edits(ids: Iterable[str]) -> dict[str, list[Values]]:
    """Return what the edits of entries changed: the values before each, the newest edit first."""
    keys = [UUID(id_) for id_ in ids]
    found: defaultdict[str, list[Values]] = defaultdict(list)
    changes = EntryChange.objects.filter(entry_id__in=keys).order_by("-pk") if keys else []
    for change_ in changes:
        found[str(change_.entry_id)].append(change_.before)
    return dict(found)


def with_values(entry: EntryOut, values: Values) -> EntryOut:
    """Return an entry with other values, as its history keeps them."""
    return msgspec.convert({**msgspec.structs.asdict(entry), **values}, EntryOut, strict=False)


def insert(account_id: int, rows: Sequence[NewRow]) -> None:
    """Store new entries."""
    if not rows:
        return
    values = [_values(account_id, row) for row in rows]
    with connection.cursor() as cursor:
        if not on_sqlite():
            with cursor.copy(f"COPY entries_entry ({', '.join(STORED)}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        cursor.executemany(
            f"INSERT INTO entries_entry ({', '.join(STORED)}) VALUES ({_marks(STORED)})",  # noqa: S608
            values,
        )


def change(account_id: int, changed_by: int | None, edits: Sequence[Edit]) -> int:
    """Store edits, and what each entry was before. Return how many are left alone: somebody changed them since."""
    if not edits:
        return 0
    ids = [edit.before.id for edit in edits]
    stored = Entry.objects.select_for_update().filter(pk__in=ids)
    versions = {str(id_): version for id_, version in stored.values_list("pk", "version")}
    meant, edits = len(edits), [each for each in edits if versions.get(each.before.id) == each.before.version]
    sets = ", ".join(f"{column} = %s" for column in _CHANGING)
    parameters = []
    for edit in edits:
        values = _values(account_id, edit.after)
        parameters.append((*values[2:11], *values[12:], values[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE entries_entry SET {sets} WHERE id = %s", parameters)  # noqa: S608
    now = timezone.now()
    EntryChange.objects.bulk_create(_change(account_id, changed_by, edit, now) for edit in edits)
    return meant - len(edits)


def mark(account_id: int, marks: Mapping[str, str]) -> None:
    """Store of which import entries are known from now on, `{id: created_as}`."""
    if not marks:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE entries_entry SET created_as = %s WHERE id = %s AND account_id = %s",
            [(mark_, _key(id_), account_id) for id_, mark_ in marks.items()],
        )


def _change(account_id: int, changed_by: int | None, edit: Edit, now: datetime) -> EntryChange:
    was: dict[str, Any] = msgspec.to_builtins(edit.before)
    became: dict[str, Any] = msgspec.to_builtins(edit.after.entry)
    differing = [name for name in was if was[name] != became[name]]
    return EntryChange(
        entry_id=UUID(edit.before.id),
        account_id=account_id,
        changed_by_id=changed_by,
        changed_at=now,
        action=EntryChange.Action.EDIT,
        before={name: was[name] for name in differing},
        after={name: became[name] for name in differing},
    )


def _values(account_id: int, row: NewRow) -> tuple[Any, ...]:
    """Return a row in the order of `STORED`."""
    entry = row.entry
    return (
        _key(entry.id),
        account_id,
        entry.user_id,
        entry.task_id,
        stored_moment(entry.start),
        None if entry.end is None else stored_moment(entry.end),
        row.day,
        entry.seconds,
        entry.note,
        msgspec.json.encode(entry.tags).decode() if entry.tags else "[]",
        entry.billable,
        entry.made_by,
        entry.version,
        row.created_as,
    )


def _known(condition: str, parameters: list[Any]) -> list[Known]:
    found = select(condition, parameters)
    if not found:
        return []
    columns = "e.id, e.created_as, CAST(e.day AS text)"
    rows = fetch_all(f"SELECT {columns} FROM entries_entry e WHERE {condition}", parameters)  # noqa: S608
    more = {str(id_).replace("-", ""): (made, date.fromisoformat(day)) for id_, made, day in rows}
    return [Known(entry, *more[key]) for entry in found if (key := entry.id.replace("-", "")) in more]


def _key(id_: str) -> str:
    """Return an entry id, in its usual form, as plain SQL compares and stores it on this database."""
    return id_.replace("-", "") if on_sqlite() else id_


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
