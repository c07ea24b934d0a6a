"""What is here of people's days and is not recognised yet: each day is read once, when an import first touches it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from stint.entries import bulk
from stint.entries.bulk import Known
from stint.entries.models import Surface
from stint.entries.queries import EntryOut
from stint.imports.sources import Source, source_of

PersonsDay = tuple[int, date]
"""A user's id and a day."""
_Natural = tuple[int, datetime, datetime | None, str]


class Earlier(msgspec.Struct, frozen=True):
    """An entry that is here. What an import brought has a source, and `was` is what it brought last."""

    known: Known
    was: EntryOut
    source: Source | None


class Days:
    """The entries of an account, by person and day, less those that were taken."""

    def __init__(self, account_id: int, workspaces: Mapping[int, int]) -> None:
        self._account_id = account_id
        self._workspaces = workspaces
        self._days: dict[PersonsDay, list[Earlier]] = {}
        self._natural: defaultdict[_Natural, list[Earlier]] = defaultdict(list)
        self.taken: set[str] = set()

    def read(self, days: Iterable[PersonsDay]) -> None:
        """Read those of the days that were not read yet."""
        fresh = {each for each in days if each not in self._days}
        wanted: defaultdict[int, list[date]] = defaultdict(list)
        for user_id, day in sorted(fresh):
            self._days[user_id, day] = []
            wanted[user_id].append(day)
        found = [(known, known.entry.user_id) for known in bulk.known_by_day(self._account_id, wanted)]
        edits = bulk.edits(known.entry.id for known, _user_id in found if _edited(known))
        for known, user_id in found:
            earlier = self._earlier(known, edits.get(known.entry.id, []))
            self._days[user_id, known.day].append(earlier)
            for key in {natural(known.entry), natural(earlier.was)}:
                self._natural[key].append(earlier)

    def exact(self, told: EntryOut, source: Source) -> Earlier | None:
        """Return the entry with the person, start, end and note that are told; of several, one of the same task."""
        found = self._natural.get(natural(told))
        if found is None:
            return None
        alike = [
            each
            for each in found
            if each.known.entry.id not in self.taken
            and not (source.has_ids and each.source is not None and each.source.has_ids)
        ]
        same_task = (each for each in alike if each.was.task_id == told.task_id)
        others = (each for each in alike if each.source is None or len(alike) == 1)
        return next(same_task, next(others, None))

    def left(self, day: PersonsDay) -> list[tuple[Earlier, Source]]:
        """Return what imports brought to a day and nothing told so far stands for, with its source."""
        return [
            (each, each.source)
            for each in self._days.get(day, [])
            if each.source is not None and each.known.entry.id not in self.taken
        ]

    def _earlier(self, known: Known, edits: list[bulk.Values]) -> Earlier:
        if known.entry.made_by != Surface.IMPORT:
            return Earlier(known, known.entry, None)
        source, last = source_of(known.created_as, known.entry.task_id, self._workspaces)
        was = known.entry
        for before in edits:
            if digest(was) == last:
                break
            was = bulk.with_values(was, before)
        return Earlier(known, was if digest(was) == last else known.entry, source)


def digest(entry: EntryOut) -> str:
    """Return what tells one content of an entry from another."""
    content = [entry.user_id, entry.task_id, entry.note, entry.tags, entry.billable, entry.start, entry.end]
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).hexdigest()


def _edited(known: Known) -> bool:
    return known.entry.made_by == Surface.IMPORT and not known.created_as.endswith(digest(known.entry))


def natural(entry: EntryOut) -> _Natural:
    """Return by what an entry is recognised where no id tells."""
    return entry.user_id, entry.start, entry.end, entry.note
