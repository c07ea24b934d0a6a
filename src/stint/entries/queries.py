"""Time entries in plain SQL: the reads, and the two writes of the timer, that are asked all day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts.queries import Caller
from stint.database import fetch_all, fetch_one, on_sqlite, run
from stint.entries.fields import EARLIEST, LONGEST_ENTRY
from stint.entries.models import EntryChange
from stint.entries.zones import bounds
from stint.errors import NotAllowed, NotFound
from stint.paging import Page, cursor_of, key_of
from stint.tasks.queries import Look, looks, trackable


class EntryOut(msgspec.Struct, frozen=True, gc=False):
    """A time entry as everybody outside sees it; `end` is null while it runs, `seconds` then counts to now."""

    id: str
    user_id: int
    task_id: int | None
    note: str
    tags: list[str]
    billable: bool
    start: datetime
    end: datetime | None
    seconds: int
    version: int
    made_by: str


class Suggestion(msgspec.Struct, frozen=True):
    """What the caller did before and may do again: a note on a task, with its tags."""

    note: str
    task_id: int | None
    path: list[str]
    color: str
    tags: list[str]
    billable: bool


class Change(msgspec.Struct, frozen=True):
    """One edit of an entry: `before` and `after` hold what differed; `after` is null for a deletion."""

    at: datetime
    user_id: int | None
    action: str
    before: dict[str, Any]
    after: dict[str, Any] | None


LATEST = 400  # entries that suggestions are made of: some weeks of a busy person
NO_TASK = Look([], "", billable=False)
_COLUMNS = """e.id, e.user_id, e.task_id, e.note, e.tags, e.billable, {start}, {end}, e.seconds, e.version,
    e.made_by"""
_COLUMNS_OF_POSTGRESQL = _COLUMNS.format(start="e.start", end='e."end"')
# As text with its zone, which Python reads at once: Django's converter, with the zone put on afterwards,
# was a third of reading a week.
_COLUMNS_OF_SQLITE = _COLUMNS.format(start="e.start || '+00:00' start", end='e."end" || \'+00:00\' "end"')
_AS_JSON = (
    'json_array(id, user_id, task_id, note, json(tags), billable, start, "end", seconds, version, made_by)'
)
# The second line says nothing new, but an index of PostgreSQL's answers it: else six weeks of entries are fetched for a
# week's. From three days before, it takes two days less the 26 hours that time zones are apart.
_REACHING = """e.day >= %s
    AND (e.day >= %s OR e.seconds > 22 * 3600 OR e."end" IS NULL)
    AND (e.day >= %s OR e."end" > %s OR e."end" IS NULL)"""


def running(caller: Caller) -> EntryOut | None:
    """Return the caller's running entry, if one runs."""
    return running_of(caller.user_id)


def entries(
    caller: Caller,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    reaching: bool = False,
    user_id: int | None = None,
    task_id: int | None = None,
    limit: int = 1000,
    cursor: str | None = None,
) -> Page[EntryOut]:
    """Return the entries of the days from `first_day` to `last_day`, both included, newest first.

    Without `user_id` these are the caller's own; a day left out leaves that side open. An entry is of the day
    on which it begins; with `reaching` also those are returned that began earlier and reach into the days.

    Raises:
        NotAllowed: a Member asks for somebody else's time.

    """
    whose = caller.user_id if user_id is None else user_id
    if whose != caller.user_id and not caller.manages:
        raise NotAllowed(_("Only Managers and Administrators may see other people's time."))
    conditions = ["e.user_id = %s", "e.account_id = %s"]
    parameters: list[Any] = [whose, caller.account_id]
    if first_day is not None and reaching:
        conditions.append(_REACHING)
        first = max(first_day, EARLIEST.date())
        parameters += [first - LONGEST_ENTRY - timedelta(days=1), first - timedelta(days=2)]
        parameters += [first_day, stored_moment(bounds(first_day, caller.zone)[0])]
    elif first_day is not None:
        conditions.append("e.day >= %s")
        parameters.append(first_day)
    if last_day is not None:
        conditions.append("e.day <= %s")
        parameters.append(last_day)
    if task_id is not None:
        conditions.append("e.task_id = %s")
        parameters.append(task_id)
    if cursor:
        start, last_id = key_of(cursor, tuple[datetime, UUID])
        conditions.append("(e.start, e.id) < (%s, %s)")
        parameters += [stored_moment(start), entry_key(last_id)]
    found = select(
        " AND ".join(conditions) + " ORDER BY e.start DESC, e.id DESC LIMIT %s", [*parameters, limit + 1]
    )
    shown = found[:limit]
    following = cursor_of(shown[-1].start.isoformat(), shown[-1].id) if len(found) > limit else None
    return Page(shown, following)


def seconds_by_task(
    caller: Caller, first_day: date, last_day: date
) -> dict[tuple[int | None, date], tuple[int, int]]:
    """Return the caller's finished seconds, and of how many entries, by task and day; 0 where only a timer runs."""
    rows = fetch_all(
        """SELECT e.task_id, CAST(e.day AS text), SUM(e.seconds), COUNT(e."end") FROM entries_entry e
            WHERE e.user_id = %s AND e.account_id = %s AND e.day BETWEEN %s AND %s
            GROUP BY e.task_id, e.day""",
        [caller.user_id, caller.account_id, first_day, last_day],
    )
    return {
        (task_id, date.fromisoformat(day)): (int(seconds), entries_)
        for task_id, day, seconds, entries_ in rows
    }


def entry(caller: Caller, entry_id: UUID) -> EntryOut:
    """Return one entry.

    Raises:
        NotFound: there is none, or it is not the caller's to see.

    """
    found = select("e.id = %s AND e.account_id = %s", [entry_key(entry_id), caller.account_id])
    if not found or (found[0].user_id != caller.user_id and not caller.manages):
        raise NotFound(_("There is no such time entry."))
    return found[0]


def history(caller: Caller, entry_id: UUID) -> list[Change]:
    """Return the edits of an entry, oldest first; of a deleted one too.

    Raises:
        NotFound: as `entry`.

    """
    changes = EntryChange.objects.filter(entry_id=entry_id, account_id=caller.account_id).order_by("pk")
    deleted = [change for change in changes if change.action == EntryChange.Action.DELETE]
    if not deleted:
        entry(caller, entry_id)
    elif deleted[-1].before["user_id"] != caller.user_id and not caller.manages:
        raise NotFound(_("There is no such time entry."))
    return [
        Change(change.changed_at, change.changed_by_id, change.action, change.before, change.after)
        for change in changes
    ]


def deleted_entry(caller: Caller, entry_id: UUID) -> EntryOut | None:
    """Return a deleted entry as it was; None where there is none, or it was not the caller's to see."""
    change = (
        EntryChange.objects.filter(entry_id=entry_id, account_id=caller.account_id, action="delete")
        .order_by("-pk")
        .first()
    )
    if change is None:
        return None
    was = msgspec.convert(change.before, EntryOut)
    return was if was.user_id == caller.user_id or caller.manages else None


def suggestions(caller: Caller, q: str = "", limit: int = 8) -> list[Suggestion]:
    """Return what the caller did lately and may do again, latest first.

    Every word of `q` must stand in the note or in the task's path. Tasks that cannot be tracked on any more
    are left out.
    """
    words = q.casefold().split()
    latest: dict[tuple[str, int | None], EntryOut] = {}
    for entry_ in _latest(caller):
        if entry_.note or entry_.task_id:
            latest.setdefault((entry_.note, entry_.task_id), entry_)
    usable = trackable(caller, {entry_.task_id for entry_ in latest.values() if entry_.task_id is not None})
    seen = looks(usable)
    found = []
    for entry_ in latest.values():
        if entry_.task_id is not None and entry_.task_id not in usable:
            continue
        look = seen.get(entry_.task_id or 0, NO_TASK)
        whole = "\n".join([entry_.note, *look.path]).casefold()
        if all(word in whole for word in words):
            found.append(
                Suggestion(entry_.note, entry_.task_id, look.path, look.color, entry_.tags, entry_.billable)
            )
    return found[:limit]


def recent_tasks(caller: Caller, limit: int = 8) -> list[int]:
    """Return the tasks the caller tracked on lately, latest first, that they still may track on."""
    ids = list(dict.fromkeys(entry_.task_id for entry_ in _latest(caller) if entry_.task_id is not None))
    usable = trackable(caller, ids)
    return [id_ for id_ in ids if id_ in usable][:limit]


def tags(caller: Caller, q: str = "", limit: int = 50) -> list[str]:
    """Return the tags the caller used lately that have `q` in them, the most used first."""
    used = Counter(tag for entry_ in _latest(caller) for tag in entry_.tags if q.casefold() in tag.casefold())
    return [tag for tag, _times in used.most_common(limit)]


def _latest(caller: Caller) -> list[EntryOut]:
    return select(
        "e.user_id = %s AND e.account_id = %s ORDER BY e.day DESC, e.start DESC LIMIT %s",
        [caller.user_id, caller.account_id, LATEST],
    )


def running_of(user_id: int) -> EntryOut | None:
    """Return the running entry of a user, if one runs."""
    found = select('e.user_id = %s AND e."end" IS NULL', [user_id])
    return found[0] if found else None


def entry_with_digest(entry_id: UUID) -> tuple[EntryOut, str] | None:
    """Return an entry whoever it belongs to, with the digest of the request that made it."""
    key = entry_key(entry_id)
    found = select("e.id = %s", [key])
    if not found:
        return None
    (digest,) = fetch_all("SELECT created_as FROM entries_entry WHERE id = %s", [key])[0]
    return found[0], digest


def insert_entry(entry_: EntryOut, *, account_id: int, day: date, created_as: str) -> None:
    """Store a new entry."""
    run(
        """INSERT INTO entries_entry (id, account_id, user_id, task_id, start, "end", day, seconds,
                                      note, tags, billable, made_by, version, created_as)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [
            entry_key(UUID(entry_.id)),
            account_id,
            entry_.user_id,
            entry_.task_id,
            stored_moment(entry_.start),
            None if entry_.end is None else stored_moment(entry_.end),
            day,
            0 if entry_.end is None else entry_.seconds,
            entry_.note,
            msgspec.json.encode(entry_.tags).decode(),
            entry_.billable,
            entry_.made_by,
            entry_.version,
            created_as,
        ],
    )


def end_entry(entry_id: str, end: datetime, seconds: int) -> None:
    """Store that a running entry ended."""
    run(
        'UPDATE entries_entry SET "end" = %s, seconds = %s, version = version + 1 WHERE id = %s',
        [stored_moment(end), seconds, entry_key(UUID(entry_id))],
    )


def insert_change(
    entry_id: UUID,
    caller: Caller,
    *,
    action: str,
    changed_at: datetime,
    before: dict[str, Any],
    after: dict[str, Any] | None,
) -> None:
    """Store one edit of an entry."""
    run(
        """INSERT INTO entries_entrychange
                       (entry_id, account_id, changed_by_id, changed_at, action, before, after)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        [
            entry_key(entry_id),
            caller.account_id,
            caller.user_id,
            stored_moment(changed_at),
            action,
            msgspec.json.encode(before).decode(),
            None if after is None else msgspec.json.encode(after).decode(),
        ],
    )


def lock_timer(user_id: int) -> None:
    """Let one transaction at a time change the user's timer.

    On PostgreSQL two starts at once would otherwise race to the same constraint; SQLite has one writer anyway.
    """
    if not on_sqlite():
        fetch_one("SELECT 1 FROM accounts_user WHERE id = %s FOR UPDATE", [user_id])


def stored_moment(moment: datetime) -> datetime | str:
    """Return an instant as plain SQL compares and stores it on this database: SQLite keeps UTC without its zone."""
    if not on_sqlite():
        return moment
    return str(moment if moment.tzinfo is UTC else moment.astimezone(UTC)).removesuffix("+00:00")


def entry_key(entry_id: UUID) -> UUID | str:
    """Return an entry id as plain SQL compares it: SQLite keeps UUIDs as 32 hexadecimal letters."""
    return entry_id.hex if on_sqlite() else entry_id


def select(condition: str, parameters: list[Any]) -> list[EntryOut]:
    """Return the entries `e` for which the condition holds."""
    now = timezone.now()
    if not on_sqlite():
        select = f"SELECT {_COLUMNS_OF_POSTGRESQL} FROM entries_entry e WHERE {condition}"  # noqa: S608
        return [_from_postgresql(row, now) for row in fetch_all(select, parameters)]
    # One row that holds them all: threads hand Python over at each row that SQLite steps to.
    select = f"SELECT {_COLUMNS_OF_SQLITE} FROM entries_entry e WHERE {condition}"  # noqa: S608
    row = fetch_one(f"SELECT json_group_array({_AS_JSON}) FROM ({select})", parameters)  # noqa: S608
    assert row is not None
    return [_from_sqlite(stored, now) for stored in msgspec.json.decode(row[0])]


def _from_postgresql(row: Sequence[Any], now: datetime) -> EntryOut:
    id_, user_id, task_id, note, tags, billable, start, end, seconds, version, made_by = row
    return EntryOut(
        str(id_),
        user_id,
        task_id,
        note,
        msgspec.json.decode(tags) if isinstance(tags, str) else tags,
        billable,
        start.astimezone(UTC),
        None if end is None else end.astimezone(UTC),
        _elapsed(start, now) if end is None else seconds,
        version,
        made_by,
    )


def _from_sqlite(row: Sequence[Any], now: datetime) -> EntryOut:
    """Read a row that came as JSON, in half the time it takes where every value is asked for its type."""
    id_, user_id, task_id, note, tags, billable, start, end, seconds, version, made_by = row
    start = datetime.fromisoformat(start)
    return EntryOut(
        f"{id_[:8]}-{id_[8:12]}-{id_[12:16]}-{id_[16:20]}-{id_[20:]}",
        user_id,
        task_id,
        note,
        tags,
        billable == 1,
        start,
        None if end is None else datetime.fromisoformat(end),
        _elapsed(start, now) if end is None else seconds,
        version,
        made_by,
    )


def _elapsed(start: datetime, now: datetime) -> int:
    """Return the seconds of a running entry."""
    return max(0, int((now - start).total_seconds()))
