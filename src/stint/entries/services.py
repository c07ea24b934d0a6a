"""What may happen to time entries and the one running timer, one transaction each."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat as uuid7s
from django.utils import timezone
from msgspec import UNSET, UnsetType

from stint.accounts.models import User
from stint.accounts.queries import Caller, caller_of
from stint.database import write
from stint.entries import queries
from stint.entries.models import Entry, EntryChange, Surface
from stint.entries.queries import EntryOut
from stint.errors import Conflict, Invalid, NotFound, Stale
from stint.events import Event, announce
from stint.tasks.services import check_trackable

LONGEST_NOTE = 3000
MOST_TAGS = 50
LONGEST_TAG = 190
LONGEST_ENTRY = timedelta(hours=999)
CLOCK_DIFFERENCE = timedelta(minutes=2)  # a client's clock may be ahead of ours by this much
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


class StartTimer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A timer to start: now, or at `start`. The id, if the client makes one, is a UUIDv7."""

    id: UUID | None = None
    task_id: int | None = None
    note: str = ""
    tags: list[str] = []
    billable: bool = False
    start: datetime | None = None


class NewEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Time to add: from `start` to `end`, or so many `seconds` on a `day` of the person's own time zone."""

    id: UUID | None = None
    task_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    seconds: int | None = None
    note: str = ""
    tags: list[str] = []
    billable: bool = False


class EntryEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; those left out stay."""

    task_id: int | UnsetType | None = UNSET
    start: datetime | UnsetType = UNSET
    end: datetime | UnsetType = UNSET
    note: str | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    billable: bool | UnsetType = UNSET


def start_timer(caller: Caller, wanted: StartTimer, made_by: str) -> tuple[EntryOut, bool]:
    """Start a timer and stop what runs, at the same instant. Return the entry and whether it is new.

    Raises:
        Invalid: the task may not be tracked on, a text is too long, `start` lies ahead.
        Conflict: the id was used for something else, or `start` lies before the start of what runs.

    """
    with write():
        queries.lock_timer(caller.user_id)
        # Read once it is this one's turn: whoever had the turn before may have started a moment later.
        now = _whole(timezone.now())
        start = now if wanted.start is None else _began(wanted.start, now)
        digest = _digest("start", wanted)
        if known := _known(caller, wanted.id, digest):
            return known, False
        _check_task(caller, wanted.task_id)
        running = queries.running_of(caller.user_id)
        if running:
            if start < running.start:
                raise Conflict("Another timer has been running since a later time; stop it first.")
            _end(caller, running, start)
        started = _new_entry(caller, wanted, start, None, made_by)
        _insert(caller, started, digest)
        announce(Event("timer", started.id, caller.account_id, caller.user_id))
    return started, True


def stop_timer(caller: Caller, end: datetime | None = None) -> EntryOut:
    """Stop what runs, now or at `end`.

    Raises:
        Conflict: nothing runs.
        Invalid: `end` lies ahead or before the start.

    """
    now = _whole(timezone.now())
    moment = now if end is None else min(_instant("end", end, now), now)
    with write():
        queries.lock_timer(caller.user_id)
        running = queries.running_of(caller.user_id)
        if running is None:
            raise Conflict("No timer is running.")
        if moment < running.start:
            if end is not None:
                raise Invalid("end", "lies before the start of the timer")
            moment = running.start
        stopped = _end(caller, running, moment)
        announce(Event("timer", stopped.id, caller.account_id, caller.user_id))
    return stopped


def add_entry(caller: Caller, wanted: NewEntry, made_by: str) -> tuple[EntryOut, bool]:
    """Store time that was not tracked live. Return the entry and whether it is new.

    Raises:
        Invalid, Conflict: as `start_timer`; also when the times do not make an entry.

    """
    with write():
        queries.lock_timer(caller.user_id)  # so that one request sent twice at once is one entry
        digest = _digest("add", wanted)
        if known := _known(caller, wanted.id, digest):
            return known, False
        start, end = _stretch(caller, wanted)
        _check_task(caller, wanted.task_id)
        added = _new_entry(caller, wanted, start, end, made_by)
        _insert(caller, added, digest)
        announce(Event("entry", added.id, caller.account_id, caller.user_id))
    return added, True


def edit_entry(caller: Caller, entry_id: UUID, edit: EntryEdit, if_version: int | None = None) -> EntryOut:
    """Change the named fields of an entry and keep what it was.

    Raises:
        NotFound: there is none, or it is somebody else's and the caller manages nobody.
        Stale: the entry has another version than `if_version`.
        Invalid: as `add_entry`.

    """
    with write():
        entry, owner = _owned(caller, entry_id)
        before = queries.entry(caller, entry_id)
        if if_version is not None and if_version != entry.version:
            raise Stale("This entry was changed meanwhile; look at it again before you save.", before)
        _apply(owner, entry, edit)
        entry.version += 1
        entry.save()
        after = queries.entry(caller, entry_id)
        _note_change(caller, EntryChange.Action.EDIT, before, after)
        kind = "timer" if before.end is None else "entry"
        announce(Event(kind, after.id, caller.account_id, owner.user_id))  # type: ignore[arg-type]
    return after


def delete_entry(caller: Caller, entry_id: UUID) -> None:
    """Delete an entry; its history stays.

    Raises:
        NotFound: as `edit_entry`.

    """
    with write():
        entry, owner = _owned(caller, entry_id)
        before = queries.entry(caller, entry_id)
        _note_change(caller, EntryChange.Action.DELETE, before, None)
        entry.delete()
        kind = "timer" if before.end is None else "entry"
        announce(Event(kind, before.id, caller.account_id, owner.user_id))  # type: ignore[arg-type]


def redate(user: User) -> None:
    """Give every entry of a user the day it has in the user's present time zone, after the zone changed."""
    with write():
        changed = []
        for entry in Entry.objects.filter(user=user).only("id", "start", "day").iterator(2000):
            day = entry.start.astimezone(user.zone).date()
            if day != entry.day:
                entry.day = day
                changed.append(entry)
        Entry.objects.bulk_update(changed, ["day"], batch_size=2000)


def _apply(owner: Caller, entry: Entry, edit: EntryEdit) -> None:
    now = _whole(timezone.now())
    if edit.task_id is not UNSET and edit.task_id != entry.task_id:
        _check_task(owner, edit.task_id)
        entry.task_id = edit.task_id
    if edit.note is not UNSET:
        entry.note = _note(edit.note)
    if edit.tags is not UNSET:
        entry.tags = _tags(edit.tags)
    if edit.billable is not UNSET:
        entry.billable = edit.billable
    if edit.start is not UNSET:
        if entry.end is None:
            entry.start = _began(edit.start, now)
        else:
            entry.start = _instant("start", edit.start)
        entry.day = entry.start.astimezone(owner.zone).date()
    if edit.end is not UNSET:
        entry.end = _instant("end", edit.end, now if entry.end is None else None)
    # A timer left running may have grown longer than can be entered: its note can still be changed.
    if entry.end is not None and (edit.start is not UNSET or edit.end is not UNSET):
        entry.seconds = _length(entry.start, entry.end)


def _known(caller: Caller, entry_id: UUID | None, digest: str) -> EntryOut | None:
    """Return the entry that this very request made before.

    Raises:
        Conflict: the id stands for another request, another person's entry, or a deleted one.

    """
    if entry_id is None:
        return None
    known = queries.entry_with_digest(entry_id)
    if known is None:
        if EntryChange.objects.filter(entry_id=entry_id, action=EntryChange.Action.DELETE).exists():
            raise Conflict("The entry with this id was deleted; use a new id.")
        return None
    entry, created_as = known
    if entry.user_id != caller.user_id or created_as != digest:
        raise Conflict("This id is taken by an entry with other contents; use a new id.")
    return entry


def _digest(kind: str, wanted: StartTimer | NewEntry) -> str:
    """Return what tells one creating request from another; the id itself is left out."""
    fields = msgspec.structs.asdict(wanted)
    del fields["id"]
    for name, value in fields.items():
        if isinstance(value, datetime):
            fields[name] = value.astimezone(UTC)
    return hashlib.sha256(msgspec.json.encode([kind, fields], order="sorted")).hexdigest()


def _new_entry(
    caller: Caller, wanted: StartTimer | NewEntry, start: datetime, end: datetime | None, made_by: str
) -> EntryOut:
    return EntryOut(
        id=str(wanted.id or uuid7s.uuid7()),
        user_id=caller.user_id,
        task_id=wanted.task_id,
        note=_note(wanted.note),
        tags=_tags(wanted.tags),
        billable=wanted.billable,
        start=start,
        end=end,
        seconds=0 if end is None else _length(start, end),
        version=1,
        made_by=Surface(made_by).value,
    )


def _insert(caller: Caller, entry: EntryOut, digest: str) -> None:
    queries.insert_entry(
        entry,
        account_id=caller.account_id,
        day=entry.start.astimezone(caller.zone).date(),
        created_as=digest,
    )


def _end(caller: Caller, running: EntryOut, end: datetime) -> EntryOut:
    seconds = int((end - running.start).total_seconds())
    queries.end_entry(running.id, end, seconds)
    stopped = msgspec.structs.replace(running, end=end, seconds=seconds, version=running.version + 1)
    _note_change(caller, EntryChange.Action.STOP, running, stopped)
    return stopped


def _note_change(caller: Caller, action: str, before: EntryOut, after: EntryOut | None) -> None:
    was: dict[str, Any] = msgspec.to_builtins(before)
    now: dict[str, Any] | None = None if after is None else msgspec.to_builtins(after)
    if now is not None:
        differing = [
            name for name in was if was[name] != now[name] and not (name == "seconds" and before.end is None)
        ]
        was, now = {name: was[name] for name in differing}, {name: now[name] for name in differing}
    queries.insert_change(
        UUID(before.id), caller, action=action, changed_at=timezone.now(), before=was, after=now
    )


def _owned(caller: Caller, entry_id: UUID) -> tuple[Entry, Caller]:
    """Return an entry the caller may change, locked, with the person it belongs to."""
    wanted = Entry.objects.filter(pk=entry_id, account_id=caller.account_id)
    owner_id = wanted.values_list("user_id", flat=True).first()
    if owner_id is None or (owner_id != caller.user_id and not caller.manages):
        raise NotFound("There is no such time entry.")
    queries.lock_timer(owner_id)
    entry = wanted.select_for_update().first()
    if entry is None:
        raise NotFound("There is no such time entry.")
    if owner_id == caller.user_id:
        return entry, caller
    return entry, caller_of(owner_id, disabled_too=True) or caller


def _stretch(caller: Caller, wanted: NewEntry) -> tuple[datetime, datetime]:
    """Return from when to when the new entry goes."""
    if wanted.start is not None and wanted.end is not None and wanted.day is None and wanted.seconds is None:
        start, end = _instant("start", wanted.start), _instant("end", wanted.end)
        _length(start, end)
        return start, end
    if wanted.day is not None and wanted.seconds is not None and wanted.start is None and wanted.end is None:
        return _placed(caller, wanted.day, wanted.seconds)
    raise Invalid("start", "give start and end, or day and seconds")


def _placed(caller: Caller, day: date, seconds: int) -> tuple[datetime, datetime]:
    """Find a place for so many seconds of a day: after what is there, from nine o'clock, or as late as fits."""
    if not EARLIEST.date() < day < date(9999, 1, 1):
        raise Invalid("day", "is not a day that can be tracked")
    midnight = datetime.combine(day, time(), caller.zone).astimezone(UTC)
    day_end = datetime.combine(day + timedelta(days=1), time(), caller.zone).astimezone(UTC)
    length = timedelta(seconds=min(max(seconds, 0), 7 * 86_400))  # a huge number would overflow
    if seconds < 1 or length > day_end - midnight:
        raise Invalid("seconds", "must be at least 1 and fit into the day")
    nine = datetime.combine(day, time(9), caller.zone).astimezone(UTC)
    last = Entry.objects.filter(user_id=caller.user_id, day=day, end__isnull=False).order_by("-end").first()
    free = max(nine, last.end) if last and last.end else nine
    start = min(free, day_end - length)
    return start, start + length


def _check_task(person: Caller, task_id: int | None) -> None:
    if task_id is not None:
        check_trackable(person, task_id)


def _instant(field: str, value: datetime, latest: datetime | None = None) -> datetime:
    """Return an instant in whole UTC seconds; with `latest`, refuse what lies well after it."""
    if value.tzinfo is None:
        raise Invalid(field, "needs a time zone, as in 2026-11-23T09:00:00Z")
    try:
        moment = _whole(value.astimezone(UTC))
    except OverflowError:
        raise Invalid(field, "is not a time that can be tracked") from None
    if not EARLIEST <= moment < datetime(9999, 1, 1, tzinfo=UTC):
        raise Invalid(field, "is not a time that can be tracked")
    if latest is not None and moment > latest + CLOCK_DIFFERENCE:
        raise Invalid(field, "lies in the future; check the clock of your device")
    return moment


def _began(value: datetime, now: datetime) -> datetime:
    """Return when a timer that runs now began: not ahead, and not longer ago than an entry can be."""
    start = min(_instant("start", value, now), now)
    if now - start > LONGEST_ENTRY:
        raise Invalid("start", "is more than 999 hours ago; add the time as entries with an end")
    return start


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _length(start: datetime, end: datetime) -> int:
    if end < start:
        raise Invalid("end", "lies before the start")
    if end - start > LONGEST_ENTRY:
        raise Invalid("end", "is more than 999 hours after the start; split the entry")
    return int((end - start).total_seconds())


def _note(note: str) -> str:
    if len(note) > LONGEST_NOTE or "\0" in note:
        raise Invalid("note", f"must have at most {LONGEST_NOTE} characters")
    return note.strip()


def _tags(tags: list[str]) -> list[str]:
    kept = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG or "\0" in tag for tag in kept):
        raise Invalid("tags", f"must be at most {MOST_TAGS} texts of at most {LONGEST_TAG} characters")
    return kept
