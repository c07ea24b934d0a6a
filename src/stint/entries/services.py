"""What may happen to time entries and the one running timer, one transaction each."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec
import uuid_utils.compat as uuid7s
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts.models import User
from stint.accounts.queries import Caller, caller_of
from stint.database import write
from stint.entries import fields, queries, zones
from stint.entries.history import note_change
from stint.entries.models import Entry, EntryChange, Surface
from stint.entries.queries import EntryOut
from stint.errors import Conflict, Invalid
from stint.events import Event, announce
from stint.tasks.queries import Place, bills
from stint.tasks.services import check_trackable


class StartTimer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A timer to start: now, or at `start`. The id, if the client makes one, is a UUIDv7.

    Without `billable` the task's default counts.
    """

    id: UUID | None = None
    task_id: int | None = None
    note: str = ""
    tags: list[str] = []
    billable: bool | None = None
    start: datetime | None = None


class NewEntry(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Time to add: from `start` to `end`, or so many `seconds` on a `day` of the person's own time zone.

    Without `billable` the task's default counts.
    """

    id: UUID | None = None
    task_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    seconds: int | None = None
    note: str = ""
    tags: list[str] = []
    billable: bool | None = None


def start_timer(caller: Caller, wanted: StartTimer, made_by: str) -> tuple[EntryOut, bool]:
    """Start a timer and stop what runs, at the same instant. Return the entry and whether it is new.

    Raises:
        Invalid: the task may not be tracked on, a text is too long, `start` lies ahead.
        Conflict: the id was used for something else, or `start` lies before the start of what runs.

    """
    with write():
        queries.lock_timer(caller.user_id)
        # Read once it is this one's turn: whoever had the turn before may have started a moment later.
        now = fields.whole(timezone.now())
        start = now if wanted.start is None else fields.began(wanted.start, now)
        digest = _digest("start", wanted)
        if known := _known(caller, wanted.id, digest):
            return known, False
        place = check_task(caller, wanted.task_id)
        running = queries.running_of(caller.user_id)
        if running:
            if start < running.start and wanted.start is not None:
                raise Conflict(
                    _("Another timer has been running since a later time; stop it first."), running
                )
            # Who starts now is not to be held up by this machine's clock, even if it was put back.
            _end(caller, running, max(start, running.start))
        started = _new_entry(caller, wanted, place, start, None, made_by)
        _insert(caller, started, digest)
        announce(Event("timer", started.id, caller.account_id, caller.user_id))
    return started, True


def stop_timer(caller: Caller, end: datetime | None = None, entry_id: UUID | None = None) -> EntryOut:
    """Stop what runs, now or at `end`; with `entry_id` only if it is that entry that runs.

    Raises:
        Conflict: nothing runs, or another entry does; with the named entry as it ended, if there is one.
        Invalid: `end` lies ahead or before the start.

    """
    now = fields.whole(timezone.now())
    moment = now if end is None else min(fields.instant("end", end, now), now)
    with write():
        queries.lock_timer(caller.user_id)
        running = queries.running_of(caller.user_id)
        if running is None:
            raise Conflict(_("No timer is running."), _own(caller, entry_id))
        if entry_id is not None and running.id != str(entry_id):
            raise Conflict(_("Another timer is running."), _own(caller, entry_id))
        if moment < running.start:
            if end is not None:
                raise Invalid("end", _("lies before the start of the timer"))
            moment = running.start
        stopped = _end(caller, running, moment)
        announce(Event("timer", stopped.id, caller.account_id, caller.user_id))
    return stopped


def _own(caller: Caller, entry_id: UUID | None) -> EntryOut | None:
    known = None if entry_id is None else queries.entry_with_digest(entry_id)
    return known[0] if known and known[0].user_id == caller.user_id else None


def stop_of_disabled(sender: type[User], user: User, **_more: object) -> None:
    """Stop the timer of somebody who cannot stop it any more."""
    person = caller_of(user.pk, disabled_too=True)
    if person is not None and queries.running_of(user.pk):
        stop_timer(person)


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
        place = check_task(caller, wanted.task_id)
        added = _new_entry(caller, wanted, place, start, end, made_by)
        _insert(caller, added, digest)
        announce(Event("entry", added.id, caller.account_id, caller.user_id))
    return added, True


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
            raise Conflict(_("The entry with this id was deleted; use a new id."))
        return None
    entry, created_as = known
    if entry.user_id != caller.user_id or created_as != digest:
        raise Conflict(_("This id is taken by an entry with other contents; use a new id."))
    return entry


def _digest(kind: str, wanted: StartTimer | NewEntry) -> str:
    """Return what tells one creating request from another; the id itself is left out."""
    given = msgspec.structs.asdict(wanted)
    del given["id"]
    for name, value in given.items():
        if isinstance(value, datetime):
            given[name] = value.astimezone(UTC)
    return hashlib.sha256(msgspec.json.encode([kind, given], order="sorted")).hexdigest()


def _new_entry(
    caller: Caller,
    wanted: StartTimer | NewEntry,
    place: Place | None,
    start: datetime,
    end: datetime | None,
    made_by: str,
) -> EntryOut:
    return EntryOut(
        id=str(wanted.id or uuid7s.uuid7()),
        user_id=caller.user_id,
        task_id=wanted.task_id,
        note=fields.note(wanted.note),
        tags=fields.tags(wanted.tags),
        billable=_billable(wanted, place),
        start=start,
        end=end,
        seconds=0 if end is None else fields.length(start, end),
        version=1,
        made_by=Surface(made_by).value,
    )


def _billable(wanted: StartTimer | NewEntry, place: Place | None) -> bool:
    if wanted.billable is not None:
        return wanted.billable
    return place is not None and bills(place.path)


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
    note_change(caller, EntryChange.Action.STOP, running, stopped)
    return stopped


def _stretch(caller: Caller, wanted: NewEntry) -> tuple[datetime, datetime]:
    """Return from when to when the new entry goes."""
    if wanted.start is not None and wanted.end is not None and wanted.day is None and wanted.seconds is None:
        start, end = fields.instant("start", wanted.start), fields.instant("end", wanted.end)
        fields.length(start, end)
        return start, end
    if wanted.day is not None and wanted.seconds is not None and wanted.start is None and wanted.end is None:
        return placed(caller, wanted.day, wanted.seconds)
    raise Invalid("start", _("give start and end, or day and seconds"))


def placed(caller: Caller, day: date, seconds: int) -> tuple[datetime, datetime]:
    """Find a place for so many seconds of a day: after what is there, from nine o'clock, or as late as fits.

    Raises:
        Invalid: the day is none, or has not so many seconds.

    """
    if not fields.EARLIEST.date() < day < date(9999, 1, 1):
        raise Invalid("day", _("is not a day that can be tracked"))
    midnight, day_end = zones.bounds(day, caller.zone)
    length = timedelta(seconds=min(max(seconds, 0), 7 * 86_400))  # a huge number would overflow
    if seconds < 1 or length > day_end - midnight:
        raise Invalid("seconds", _("must be at least 1 and fit into the day"))
    nine = datetime.combine(day, time(9), caller.zone).astimezone(UTC)
    own = Entry.objects.filter(account_id=caller.account_id, user_id=caller.user_id)
    last = own.filter(day=day, end__isnull=False).order_by("-end").first()
    free = max(nine, last.end) if last and last.end else nine
    start = min(free, day_end - length)
    return start, start + length


def check_task(person: Caller, task_id: int | None) -> Place | None:
    """Let pass a task that the person may add time on, and return where it stands; None for no task.

    Raises:
        Invalid: as `check_trackable`.

    """
    return None if task_id is None else check_trackable(person, task_id)
