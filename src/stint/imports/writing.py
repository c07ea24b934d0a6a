"""Stores time that was read elsewhere: what is new, what changed there since, and nothing twice.

An entry's id is worked out from its source, so that a second import finds it whatever was edited meanwhile, and
one that was deleted here does not come back. Time that is here already under another id, by the same person with
the same start, end and note, counts as the same, and so does what an import brought and Toggl changed since (see
`likeness`). From then on it is known by both ids.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from operator import itemgetter
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stint.entries import bulk, fields
from stint.entries.bulk import Edit, Known, NewRow
from stint.entries.models import Surface
from stint.entries.queries import EntryOut
from stint.events import Event, announce
from stint.imports import names
from stint.imports.days import Days, Earlier, PersonsDay, digest, natural
from stint.imports.jobs import Job, Outcome
from stint.imports.likeness import MOST_A_DAY, likeness
from stint.imports.sources import Source, source_of

CHUNK = 1000  # items a step; with 2500 a timer waited 1.7 s on a busy machine, with 1000 0.2 s


class Item(msgspec.Struct, frozen=True):
    """A finished stretch of somebody's time; `source` names where it comes from, `line` where in a file."""

    entry: EntryOut
    source: Source
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
    source: Source,
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
    """Compares items with what is stored and, where the import is meant, writes them; chunk by chunk.

    `workspaces` are Toggl's ids of them by task; `whole` says of a day whether the source tells all of it.
    """

    def __init__(
        self,
        job: Job,
        zones: dict[int, ZoneInfo],
        outcome: Outcome,
        workspaces: Mapping[int, int],
        whole: Callable[[date], bool] = lambda _day: True,
    ) -> None:
        self._job, self._zones, self._outcome = job, zones, outcome
        self._workspaces, self._whole = workspaces, whole
        self._days = Days(job.account_id, workspaces)
        self._told: set[str] = set()
        self._names = names.Names(job.account_id)
        self._once: dict[str, Known] = {}  # what a line told once, though with other words or times by now
        self._covered: set[tuple[int, int | None]] = set()
        self._doubtful: defaultdict[PersonsDay, list[Item]] = defaultdict(list)
        self._batch = _Batch()
        self._deleted = 0

    def take(self, items: Iterable[Item]) -> None:
        """Take all items, writing them in steps."""
        rest = iter(items)
        while chunk := list(islice(rest, CHUNK)):
            self._recognise(chunk)
            self._store()
        self._decide()
        self._store()
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
    def taken(self) -> set[str]:
        """The ids of every stored entry that an item stands for."""
        return self._days.taken

    def _recognise(self, chunk: list[Item]) -> None:
        """Settle what is known by its id or exactly; what may be a changed entry waits until all is told."""
        fresh = {each.entry.id: each for each in chunk if each.entry.id not in self._told}
        self._told |= fresh.keys()
        stored_as = self._names.of(fresh)
        known = bulk.known_by_id(self._job.account_id, {*fresh, *stored_as.values()})
        unknown: dict[str, Item] = {}
        for id_, each in fresh.items():
            here = known.get(stored_as.get(id_, id_))
            if here is None or here.entry.id in self.taken:
                unknown[id_] = each
            elif self._may_be_another(each, here):
                unknown[id_], self._once[id_] = each, here
            else:
                self._settle(each, here)
        days = {id_: self._persons_day(each.entry) for id_, each in unknown.items()}
        self._days.read(days.values())
        deleted = bulk.deleted_ids({stored_as.get(id_, id_) for id_ in unknown} - known.keys())
        for id_, each in unknown.items():
            if earlier := self._days.exact(each.entry, each.source):
                self._settle(each, earlier.known)
                self._names.add(id_, earlier.known.entry.id)
            elif stored_as.get(id_, id_) in deleted:
                self._outcome.counts.skipped += 1
                self._deleted += 1
            elif next(self._likely(each, days[id_], certainly=False), None):
                self._doubtful[days[id_]].append(each)
            else:
                self._create(each, days[id_])

    def _decide(self) -> None:
        """Find which of the doubtful items stand for what is here, the likeliest first; the others are new."""
        for day, items in self._doubtful.items():
            settled: set[str] = set()
            likely = [found for each in items for found in self._likely(each, day)]
            for _weight, each, earlier in sorted(likely, key=itemgetter(0), reverse=True):
                if each.entry.id not in settled and earlier.known.entry.id not in self.taken:
                    settled.add(each.entry.id)
                    self._settle(each, earlier.known)
                    self._names.add(each.entry.id, earlier.known.entry.id)
            for each in items:
                if each.entry.id not in settled:
                    self._create(each, day)

    def _likely(
        self, item: Item, day: PersonsDay, *, certainly: bool = True
    ) -> Iterator[tuple[tuple[int, float], Item, Earlier]]:
        """Yield what is here that the item may be a changed form of, with the weight of it.

        Only when all is told it is certain of whose tasks a report tells what is known.
        """
        once = self._once.get(item.entry.id)
        if once is not None and once.entry.id not in self.taken:
            yield (1, 0.0), item, Earlier(once, once.entry, None)
        left = self._days.left(day)
        if len(left) > MOST_A_DAY:
            return
        for earlier, source in left:
            covered = not certainly or (day[0], earlier.was.task_id) in self._covered
            weight = likeness(item.entry, item.source, earlier.was, source, covered=covered)
            starts_alike = item.entry.start == earlier.was.start
            if weight is not None and (starts_alike or self._whole(day[1])):
                yield weight, item, earlier

    def _may_be_another(self, item: Item, known: Known) -> bool:
        """Whether a line may be new, because the API knows by now that what it told once is told otherwise."""
        source, _last = source_of(known.created_as, known.entry.task_id, self._workspaces)
        return source.has_ids and not item.source.has_ids and natural(item.entry) != natural(known.entry)

    def _settle(self, item: Item, known: Known) -> None:
        """Take a stored entry for an item, and note what is to change of it."""
        stored, counts = known.entry, self._outcome.counts
        self.taken.add(stored.id)
        source, last = source_of(known.created_as, stored.task_id, self._workspaces)
        self._covered.add((stored.user_id, stored.task_id))
        if stored.made_by != Surface.IMPORT:
            counts.unchanged += 1
            return
        if source.has_ids and not item.source.has_ids:
            self._leave(item, known)
            return
        became = _became(stored, item.entry)
        source = item.source if item.source.has_ids else source
        present, wanted = digest(stored), digest(became)
        if wanted in (present, last):
            counts.unchanged += 1
        elif last == present:
            counts.updated += 1
            row = NewRow(became, self._day(became), source.mark(wanted))
            self._batch.edits.append(Edit(stored, row))
            return
        else:
            counts.skipped += 1
            self._problem(
                item,
                stored,
                _("“%(note)s” of %(day)s was changed both here and in Toggl; it is left as it is here"),
            )
        if source.mark(last) != known.created_as:
            self._batch.marks[stored.id] = source.mark(last)

    def _leave(self, item: Item, known: Known) -> None:
        """Leave an entry as the API told it: it knows ids, and a report may be older."""
        self._outcome.counts.unchanged += 1
        if natural(item.entry) != natural(known.entry):
            self._problem(
                item,
                known.entry,
                _("“%(note)s” of %(day)s came through Toggl’s API, with another time or text; it is left so"),
            )

    def _problem(self, item: Item, stored: EntryOut, sentence: str) -> None:
        self._outcome.problems.add(item.line, sentence % {"note": stored.note, "day": self._day(stored)})

    def _create(self, item: Item, day: PersonsDay) -> None:
        """Note an item as new. Its own id may be that of an entry that another item is known as."""
        entry = item.entry
        if entry.id in self.taken:
            milliseconds = int(entry.start.timestamp() * 1000)
            entry = msgspec.structs.replace(
                entry, id=entry_id(self._job.account_id, f"{entry.id}:again", milliseconds)
            )
        self._names.add(item.entry.id, entry.id)
        self._outcome.counts.created += 1
        self._batch.created.append(NewRow(entry, day[1], item.source.mark(digest(entry))))

    def _store(self) -> None:
        batch, self._batch = self._batch, _Batch()
        if not self._job.writes:
            return
        # Compared before, so that only the bare writing keeps others waiting; `change` looks at versions again.
        counts = self._outcome.counts
        with self._job.step(counts):
            bulk.insert(self._job.account_id, batch.created)
            left = bulk.change(self._job.account_id, self._job.run.started_by_id, batch.edits)
            counts.updated, counts.skipped = counts.updated - left, counts.skipped + left
            bulk.mark(self._job.account_id, batch.marks)
            self._names.store()

    def _persons_day(self, entry: EntryOut) -> PersonsDay:
        return entry.user_id, self._day(entry)

    def _day(self, entry: EntryOut) -> date:
        return entry.start.astimezone(self._zones[entry.user_id]).date()


@dataclass
class _Batch:
    """What is still to be written."""

    created: list[NewRow] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)


def _became(stored: EntryOut, wanted: EntryOut) -> EntryOut:
    """Return a stored entry with the contents of another. A source that knows no task takes none away."""
    return msgspec.structs.replace(
        wanted,
        id=stored.id,
        version=stored.version + 1,
        task_id=stored.task_id if wanted.task_id is None else wanted.task_id,
        made_by=stored.made_by,
    )
