"""What may happen to entries that are there, one transaction each: edit, split, delete, and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat as uuid7s
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import UNSET, UnsetType

from stint.accounts.models import User
from stint.accounts.queries import Caller, caller_of
from stint.database import write
from stint.entries import fields, queries, zones
from stint.entries.history import note_change
from stint.entries.models import Entry, EntryChange
from stint.entries.queries import EntryOut
from stint.entries.services import check_task
from stint.errors import Conflict, Invalid, NotFound, Stale
from stint.events import Event, announce

MOST_AT_ONCE = 500


class EntryEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; those left out stay."""

    task_id: int | UnsetType | None = UNSET
    start: datetime | UnsetType = UNSET
    end: datetime | UnsetType = UNSET
    note: str | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    billable: bool | UnsetType = UNSET


class ManyEdit(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change of several entries at once; `add_tags` keeps the tags they have, `day` their time of day."""

    task_id: int | UnsetType | None = UNSET
    note: str | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    add_tags: list[str] | UnsetType = UNSET
    billable: bool | UnsetType = UNSET
    day: date | UnsetType = UNSET


def edit_entry(caller: Caller, entry_id: UUID, edit: EntryEdit, if_version: int | None = None) -> EntryOut:
    """Change the named fields of an entry and keep what it was. An edit that changes nothing leaves no trace.

    Raises:
        NotFound: there is none, or it is somebody else's and the caller manages nobody.
        Stale: the entry has another version than `if_version`.
        Invalid: as `add_entry`.

    """
    with write():
        entry, owner = _owned(caller, entry_id)
        before = _read(caller, entry, if_version)
        _apply(owner, entry, edit)
        return _save(caller, entry, before)


def edit_entries(caller: Caller, entry_ids: Sequence[UUID], edit: ManyEdit) -> list[EntryOut]:
    """Change the named fields of several entries: all of them or, when one refuses, none.

    Raises:
        NotFound, Invalid: as `edit_entry`.

    """
    changed = []
    with write():
        for entry_id in _at_once(entry_ids):
            entry, owner = _owned(caller, entry_id)
            before = _read(caller, entry)
            _apply(owner, entry, _edit_of(owner, entry, edit))
            changed.append(_save(caller, entry, before))
    return changed


def split_entry(
    caller: Caller, entry_id: UUID, at: datetime, if_version: int | None = None
) -> tuple[EntryOut, EntryOut]:
    """Cut an entry in two at an instant; the second part of a running one runs on.

    Raises:
        NotFound, Stale: as `edit_entry`.
        Invalid: `at` does not lie inside the entry.

    """
    moment = fields.instant("at", at)
    with write():
        entry, owner = _owned(caller, entry_id)
        before = _read(caller, entry, if_version)
        if not before.start < moment < (before.end or timezone.now()):
            raise Invalid("at", _("must lie between the start and the end of the entry"))
        entry.end, entry.seconds = moment, fields.length(before.start, moment)
        first = _save(caller, entry, before)
        second = msgspec.structs.replace(
            before,
            id=str(uuid7s.uuid7()),
            start=moment,
            seconds=0 if before.end is None else fields.length(moment, before.end),
            version=1,
        )
        _insert(owner, second)
    return first, second


def delete_entry(caller: Caller, entry_id: UUID) -> None:
    """Delete an entry; its history stays, and `restore_entry` brings it back.

    Raises:
        NotFound: as `edit_entry`.

    """
    delete_entries(caller, [entry_id])


def delete_entries(caller: Caller, entry_ids: Sequence[UUID]) -> None:
    """Delete several entries, all or none.

    Raises:
        NotFound: as `edit_entry`.

    """
    with write():
        for entry_id in _at_once(entry_ids):
            entry, owner = _owned(caller, entry_id)
            before = _read(caller, entry)
            note_change(caller, EntryChange.Action.DELETE, before, None)
            entry.delete()
            _announce(before, owner)


def restore_entry(caller: Caller, entry_id: UUID) -> EntryOut:
    """Take the deletion of an entry back.

    Raises:
        NotFound: none with this id was deleted, or it was somebody else's and the caller manages nobody.
        Conflict: it was running, and another one runs now.

    """
    return restore_entries(caller, [entry_id])[0]


def restore_entries(caller: Caller, entry_ids: Sequence[UUID]) -> list[EntryOut]:
    """Take the deletion of several entries back, all or none. One that is there is left as it is.

    Raises:
        NotFound, Conflict: as `restore_entry`.

    """
    with write():
        return [_restore(caller, entry_id) for entry_id in _at_once(entry_ids)]


def redate(user: User) -> None:
    """Give every entry of a user the day it has in the user's present time zone, after the zone changed."""
    with write():
        changed = []
        own = Entry.objects.filter(account__memberships__user=user, user=user)
        for entry in own.only("id", "start", "day").iterator(2000):
            day = entry.start.astimezone(user.zone).date()
            if day != entry.day:
                entry.day = day
                changed.append(entry)
        Entry.objects.bulk_update(changed, ["day"], batch_size=2000)


def redate_of_moved(sender: type[User], user: User, **_more: object) -> None:
    """Date the entries of somebody who chose another time zone anew, and have their open pages show it."""
    redate(user)
    person = caller_of(user.pk, disabled_too=True)
    if person is not None:
        announce(Event("entry", "", person.account_id, person.user_id))


def _at_once(entry_ids: Sequence[UUID]) -> list[UUID]:
    if not 1 <= len(entry_ids) <= MOST_AT_ONCE:
        raise Invalid("ids", _("must name 1 to %(most)d entries") % {"most": MOST_AT_ONCE})
    return sorted(set(entry_ids))


def _owned(caller: Caller, entry_id: UUID) -> tuple[Entry, Caller]:
    """Return an entry the caller may change, locked, with the person it belongs to."""
    wanted = Entry.objects.filter(pk=entry_id, account_id=caller.account_id)
    owner_id = wanted.values_list("user_id", flat=True).first()
    if owner_id is None:
        raise NotFound(_("There is no such time entry."))
    owner = _owner(caller, owner_id)
    entry = wanted.select_for_update().first()
    if entry is None:
        raise NotFound(_("There is no such time entry."))
    return entry, owner


def _owner(caller: Caller, owner_id: int) -> Caller:
    """Return the person whose time the caller is about to change, their timer locked."""
    if owner_id != caller.user_id and not caller.manages:
        raise NotFound(_("There is no such time entry."))
    queries.lock_timer(owner_id)
    if owner_id == caller.user_id:
        return caller
    return caller_of(owner_id, disabled_too=True) or caller


def _read(caller: Caller, entry: Entry, if_version: int | None = None) -> EntryOut:
    before = queries.entry(caller, entry.pk)
    if if_version is not None and if_version != entry.version:
        raise Stale(_("This entry was changed meanwhile; look at it again before you save."), before)
    return before


def _apply(owner: Caller, entry: Entry, edit: EntryEdit) -> None:
    now = fields.whole(timezone.now())
    if edit.task_id is not UNSET and edit.task_id != entry.task_id:
        check_task(owner, edit.task_id)
        entry.task_id = edit.task_id
    if edit.note is not UNSET:
        entry.note = fields.note(edit.note)
    if edit.tags is not UNSET:
        entry.tags = fields.tags(edit.tags)
    if edit.billable is not UNSET:
        entry.billable = edit.billable
    if edit.start is not UNSET:
        if entry.end is None:
            entry.start = fields.began(edit.start, now)
        else:
            entry.start = fields.instant("start", edit.start)
        entry.day = entry.start.astimezone(owner.zone).date()
    if edit.end is not UNSET:
        entry.end = fields.instant("end", edit.end, now if entry.end is None else None)
    # A timer left running may have grown longer than can be entered: its note can still be changed.
    if entry.end is not None and (edit.start is not UNSET or edit.end is not UNSET):
        entry.seconds = fields.length(entry.start, entry.end)


def _edit_of(owner: Caller, entry: Entry, edit: ManyEdit) -> EntryEdit:
    """Return what an edit of several means for one of them."""
    wanted: dict[str, Any] = {
        name: getattr(edit, name)
        for name in ("task_id", "note", "tags", "billable")
        if getattr(edit, name) is not UNSET
    }
    if edit.add_tags is not UNSET:
        wanted["tags"] = [*wanted.get("tags", entry.tags), *edit.add_tags]
    if edit.day is not UNSET:
        if entry.end is None:
            raise Invalid("day", _("of a running timer cannot be changed; stop it first"))
        wall = entry.start.astimezone(owner.zone).time()
        wanted["start"] = zones.instant_of("day", edit.day, wall, owner.zone)
        wanted["end"] = wanted["start"] + (entry.end - entry.start)
    return EntryEdit(**wanted)


def _save(caller: Caller, entry: Entry, before: EntryOut) -> EntryOut:
    """Store a changed entry with its history; one that is as before is left alone."""
    same = (
        entry.task_id == before.task_id
        and (entry.start, entry.end) == (before.start, before.end)
        and (entry.note, entry.tags, entry.billable) == (before.note, before.tags, before.billable)
    )
    if same:
        return before
    entry.version += 1
    entry.save()
    after = queries.entry(caller, entry.pk)
    note_change(caller, EntryChange.Action.EDIT, before, after)
    announce(Event("timer" if before.end is None else "entry", after.id, entry.account_id, entry.user_id))
    return after


def _restore(caller: Caller, entry_id: UUID) -> EntryOut:
    if known := queries.entry_with_digest(entry_id):
        _owner(caller, known[0].user_id)
        return queries.entry(caller, entry_id)
    deleted = queries.deleted_entry(caller, entry_id)
    if deleted is None:
        raise NotFound(_("There is no such deleted time entry."))
    owner = _owner(caller, deleted.user_id)
    if deleted.end is None and queries.running_of(owner.user_id):
        raise Conflict(_("It was running, and another timer runs now; stop that one first."))
    restored = msgspec.structs.replace(deleted, version=deleted.version + 1)
    note_change(caller, EntryChange.Action.RESTORE, deleted, restored)
    _insert(owner, restored)
    return restored


def _insert(owner: Caller, entry: EntryOut) -> None:
    day = entry.start.astimezone(owner.zone).date()
    queries.insert_entry(entry, account_id=owner.account_id, day=day, created_as="")
    _announce(entry, owner)


def _announce(entry: EntryOut, owner: Caller) -> None:
    kind = "timer" if entry.end is None else "entry"
    announce(Event(kind, entry.id, owner.account_id, owner.user_id))  # type: ignore[arg-type]
