"""Stores time that was read elsewhere: what is new, what changed there since, and nothing twice.

An entry's id is worked out from its source, so that a second import finds it whatever was edited meanwhile, and
one that was deleted here does not come back. Time that is here already under another id, by the same person with
the same start, end and note, counts as the same.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stint.entries import bulk, fields
from stint.entries.bulk import Edit, Known, NewRow
from stint.entries.models import Surface
from stint.entries.queries import EntryOut
from stint.events import Event, announce
from stint.imports.jobs import Job, Outcome

CHUNK = 2000
_Natural = tuple[int, datetime, datetime | None, str]


class Item(msgspec.Struct, frozen=True):
    """A finished stretch of somebody's time; `source` names where it comes from, `line` where in a file."""

    entry: EntryOut
    source: str
    line: int | None = None


def entry_id(account_id: int, key: str, order: int) -> str:
    """Return the id, a UUID of version 7, of what the account imports under `key`.

    `order` stands in the place of its time, so that what is imported together lies together.
    """
    digest = int.from_bytes(hashlib.sha256(f"{account_id}:{key}".encode()).digest()[:10])
    value = (order & (1 << 48) - 1) << 80 | digest
    value = value & ~(0xF << 76) | 0x7 << 76
    digits = f"{value & ~(0x3 << 62) | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def item(
    id_: str,
    source: str,
    *,
    user_id: int,
    task_id: int | None,
    start: datetime,
    end: datetime,
    note: str,
    tags: list[str],
    billable: bool,
    line: int | None = None,
) -> Item:
    """Return time as it may be stored.

    Raises:
        Invalid: a value is none that an entry can have.

    """
    begins, ends = fields.instant("start", start), fields.instant("end", end)
    entry = EntryOut(
        id=id_,
        user_id=user_id,
        task_id=task_id,
        note=fields.note(note),
        tags=fields.tags(tags),
        billable=billable,
        start=begins,
        end=ends,
        seconds=fields.length(begins, ends),
        version=1,
        made_by=Surface.IMPORT.value,
    )
    return Item(entry, source, line)


class Writer:
    """Compares items with what is stored and, where the import is meant, writes them; chunk by chunk."""

    def __init__(self, job: Job, zones: dict[int, ZoneInfo], outcome: Outcome) -> None:
        self._job, self._zones, self._outcome = job, zones, outcome
        self._seen: set[str] = set()
        self._deleted = 0

    def take(self, items: Iterable[Item]) -> None:
        """Take all items. Writes within the caller's transaction."""
        rest = iter(items)
        while chunk := list(islice(rest, CHUNK)):
            self._take(chunk)
        if self._deleted:
            self._outcome.notes.append(
                ngettext(
                    "%(count)d entry was deleted here after an earlier import and stays deleted.",
                    "%(count)d entries were deleted here after an earlier import and stay deleted.",
                    self._deleted,
                )
                % {"count": self._deleted}
            )
        changed = self._outcome.counts.created + self._outcome.counts.updated
        if changed and self._job.writes:
            announce(Event("entry", "", self._job.account_id))

    @property
    def seen(self) -> set[str]:
        """The ids of every entry that an item stands for."""
        return self._seen

    def _take(self, chunk: list[Item]) -> None:
        counts = self._outcome.counts
        created: list[NewRow] = []
        edits: list[Edit] = []
        for wanted, known in self._compared(chunk):
            if known is None:
                created.append(self._row(wanted.entry, wanted.source))
                counts.created += 1
            elif edit := self._edit(wanted, known):
                edits.append(edit)
                counts.updated += 1
        if self._job.writes:
            bulk.insert(self._job.account_id, created)
            bulk.change(self._job.account_id, self._job.run.started_by_id, edits)

    def _compared(self, chunk: list[Item]) -> Iterator[tuple[Item, Known | None]]:
        """Yield each item with what it is here; None for what is new. Items seen before are passed over."""
        fresh = [each for each in chunk if each.entry.id not in self._seen]
        by_id = bulk.known_by_id(self._job.account_id, [each.entry.id for each in fresh])
        others = [each for each in fresh if each.entry.id not in by_id]
        deleted = bulk.deleted_ids(each.entry.id for each in others)
        self._seen |= by_id.keys()
        alike = self._alike(others)
        for each in fresh:
            known = by_id.get(each.entry.id)
            if known is None and each.entry.id in self._seen:
                continue
            if known is None and (same := alike.get(_natural(each.entry))):
                known = same.pop()
                self._seen.add(known.entry.id)
            elif known is None and each.entry.id in deleted:
                self._outcome.counts.skipped += 1
                self._deleted += 1
                continue
            self._seen.add(each.entry.id)
            yield each, known

    def _alike(self, items: list[Item]) -> dict[_Natural, list[Known]]:
        """Return stored entries that no item stands for yet, by person, start, end and note."""
        days: defaultdict[int, set[date]] = defaultdict(set)
        for each in items:
            days[each.entry.user_id].add(self._day(each.entry))
        found: defaultdict[_Natural, list[Known]] = defaultdict(list)
        for known in bulk.known_by_day(self._job.account_id, days):
            if known.entry.id not in self._seen:
                found[_natural(known.entry)].append(known)
        return found

    def _edit(self, wanted: Item, known: Known) -> Edit | None:
        """Return what to change of a known entry. What was edited here is left as it is."""
        stored, counts = known.entry, self._outcome.counts
        became = _became(stored, wanted.entry)
        last = known.created_as.rpartition(":")[2]
        if _digest(became) in (_digest(stored), last) or stored.made_by != Surface.IMPORT:
            counts.unchanged += 1
            return None
        if last != _digest(stored):
            counts.skipped += 1
            self._outcome.problems.add(
                wanted.line,
                _("“%(note)s” of %(day)s was changed both here and in Toggl; it is left as it is here")
                % {"note": stored.note, "day": self._day(stored)},
            )
            return None
        source = known.created_as.rpartition(":")[0] or wanted.source
        return Edit(stored, self._row(became, source))

    def _row(self, entry: EntryOut, source: str) -> NewRow:
        return NewRow(entry, self._day(entry), f"{source}:{_digest(entry)}")

    def _day(self, entry: EntryOut) -> date:
        return entry.start.astimezone(self._zones[entry.user_id]).date()


def _became(stored: EntryOut, wanted: EntryOut) -> EntryOut:
    """Return a stored entry with the contents of another. A source that knows no task takes none away."""
    return msgspec.structs.replace(
        wanted,
        id=stored.id,
        version=stored.version + 1,
        task_id=stored.task_id if wanted.task_id is None else wanted.task_id,
        made_by=stored.made_by,
    )


def _natural(entry: EntryOut) -> _Natural:
    return entry.user_id, entry.start, entry.end, entry.note


def _digest(entry: EntryOut) -> str:
    """Return what tells one content of an entry from another."""
    content = [entry.user_id, entry.task_id, entry.note, entry.tags, entry.billable, entry.start, entry.end]
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()
