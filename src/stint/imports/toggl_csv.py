"""Time from Toggl's Detailed report as CSV, which has names and no ids.

A line is recognised by its person, start, end and text as they stand in the file, so that files which overlap and
files taken again add nothing, even in another time zone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO, Literal
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stint.errors import Invalid
from stint.imports.jobs import Finish, ImportRefused, Job, Outcome
from stint.imports.people import People
from stint.imports.places import Place, Places
from stint.imports.sentences import sentence
from stint.imports.sources import REPORT, Source, workspaces_of
from stint.imports.writing import Item, Writer, entry_id, item
from stint.integrations.toggl.detailed import DetailedReport, Line, PlaceName, Survey
from stint.integrations.toggl.moments import Clock, DatesUnclear, Order, order_of
from stint.integrations.toggl.tables import TableRefused
from stint.tasks.bulk import tree_rows

PROGRESS_EVERY = 5000
_EPOCH, _MILLISECOND = datetime(1970, 1, 1), timedelta(milliseconds=1)
_SPELLINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}


class CsvOptions(msgspec.Struct, frozen=True):
    """How to read a report. Without `timezone` times are those of each person's own zone here.

    `dates` is the order of day, month and year; `unknown_tasks` what becomes of time on tasks that are not here.
    """

    timezone: str = ""
    dates: Literal["auto", "ymd", "dmy", "mdy"] = "auto"
    unknown_tasks: Literal["no_task", "skip"] = "no_task"


def prepare(job: Job) -> Finish:
    """Check the whole file and find its people and tasks; what is left is to compare and write its lines.

    Raises:
        ImportRefused: it is no report, or its dates can be read in two ways.

    """
    options = msgspec.convert(job.run.options, CsvOptions)
    with job.file() as file:
        try:
            report = DetailedReport(file)
            job.progress(_("Reading"), 0, None)
            survey = report.survey()
            order = order_of(survey.days) if options.dates == "auto" else options.dates
        except (TableRefused, DatesUnclear) as fault:
            raise ImportRefused(str(fault)) from None
    job.progress(_("Finding people and tasks"), 0, survey.lines)
    reading = _Reading(job, options, survey, order)

    def finish() -> Outcome:
        with job.file() as again:
            return reading.carry_out(again)

    return finish


class _Reading:
    """The second reading of a report, line by line."""

    def __init__(self, job: Job, options: CsvOptions, survey: Survey, order: Order) -> None:
        self._job, self._options, self._survey, self._order = job, options, survey, order
        self._people = People(job.account_id)
        self._users = {each: self._people.find(*each) for each in survey.people}
        rows = tree_rows(job.account_id)
        self._places = Places(rows, survey.places)
        self._workspaces = workspaces_of(rows)
        told = ZoneInfo(options.timezone) if options.timezone else None
        zones = {zone.key: Clock(zone) for zone in [told or ZoneInfo("UTC"), *self._people.zones.values()]}
        self._clock = zones[told.key if told else "UTC"]
        self._clocks = {} if told else {id_: zones[zone.key] for id_, zone in self._people.zones.items()}
        self._outcome = Outcome()
        self._repeated: dict[bytes, int] = {}
        self._on_place: Counter[PlaceName] = Counter()
        self._differing = 0

    def carry_out(self, file: IO[bytes]) -> Outcome:
        report = DetailedReport(file)
        outcome = self._outcome
        Writer(self._job, self._people.zones, outcome, self._workspaces).take(self._items(report))
        self._tell_places()
        outcome.unmatched = self._people.unmatched
        outcome.notes += self._notes(report)
        return outcome

    def _items(self, report: DetailedReport) -> Iterator[Item]:
        for number, line in enumerate(report.lines(self._order), 1):
            if isinstance(line, Line):
                found = self._item(line)
                if found is not None:
                    yield found
            else:
                self._outcome.counts.skipped += 1
                self._outcome.problems.add(*line)
            if number % PROGRESS_EVERY == 0:
                doing = _("Writing") if self._job.writes else _("Comparing")
                self._job.progress(doing, number, self._survey.lines)

    def _item(self, line: Line) -> Item | None:
        """Return what to store of a line; None for one that is left out, which is counted."""
        user_id = self._users[line.person]
        place = self._places[line.place]
        self._on_place[line.place] += 1
        try:
            times = self._times(line, user_id)
            if user_id is None:
                self._people.miss(*line.person)
            elif not (place.is_lost and self._options.unknown_tasks == "skip"):
                return self._made(line, user_id, place, *times)
        except Invalid as fault:
            self._outcome.problems.add(line.line, sentence(fault))
        self._outcome.counts.skipped += 1
        return None

    def _made(self, line: Line, user_id: int, place: Place, start: datetime, end: datetime) -> Item:
        return item(
            self._id(line),
            Source(REPORT, self._workspaces.get(place.task_id or 0)),
            user_id=user_id,
            task_id=place.task_id,
            start=start,
            end=end,
            note=line.note,
            tags=line.tags,
            billable=line.billable,
            line=line.line,
        )

    def _id(self, line: Line) -> str:
        name, email = line.person
        told = "\n".join([email or name, str(line.start), str(line.end or line.seconds), line.note])
        digest = hashlib.blake2b(told.encode(), digest_size=16).digest()
        repeated = self._repeated[digest] = self._repeated.get(digest, 0) + 1
        moment = (line.start - _EPOCH) // _MILLISECOND
        return entry_id(self._job.account_id, f"{REPORT}:{digest.hex()}:{repeated}", moment)

    def _times(self, line: Line, user_id: int | None) -> tuple[datetime, datetime]:
        """Return start and end; where clocks repeat an hour, those between which the told duration lies.

        Raises:
            Invalid: clocks skip a time on that day, or the end lies before the start.

        """
        clock = self._clocks.get(user_id or 0, self._clock)
        starts = _instants("start", line.start, clock)
        if line.end is None:
            return starts[0], starts[0] + timedelta(seconds=line.seconds or 0)
        ends = _instants("end", line.end, clock)
        pairs = [(start, end) for start in starts for end in ends if end >= start]
        if not pairs:
            raise Invalid("end", _("lies before the start"))
        if line.seconds is None:
            return pairs[0]
        length = timedelta(seconds=line.seconds)
        best = min(pairs, key=lambda pair: abs(pair[1] - pair[0] - length))
        self._differing += abs(best[1] - best[0] - length) > timedelta(minutes=1)
        return best

    def _tell_places(self) -> None:
        """Tell once of each place that was not found, at its first line."""
        for names, line in self._survey.places.items():
            if (place := self._places[names]).problem and (entries := self._on_place[names]):
                told = ngettext("%(problem)s: %(count)d entry", "%(problem)s: %(count)d entries", entries)
                self._outcome.problems.add(line, told % {"problem": place.problem, "count": entries})
        self._outcome.problems.kept.sort(key=lambda problem: problem.line or 0)

    def _notes(self, report: DetailedReport) -> list[str]:
        table = report.table
        separator = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}[table.separator]
        encoding = _SPELLINGS.get(table.encoding, "UTF-16")
        notes = [
            _("Read as %(encoding)s, separated by %(separator)s.")
            % {"encoding": encoding, "separator": separator}
        ]
        if self._order != "ymd":
            first = _("the day") if self._order == "dmy" else _("the month")
            notes.append(_("In the dates %(first)s comes first.") % {"first": first})
        if any(place.is_lost for place in self._places.all()):
            skips = self._options.unknown_tasks == "skip"
            told = _("Time on projects that are not here is left out.") if skips else ""
            notes.append(told or _("Time on projects that are not here gets no task."))
        if not table.is_whole:
            notes.append(_("The file does not end with the end of a line; look at its last entry."))
        if self._differing:
            told = ngettext(
                "%(count)d duration is not what lies between start and end; start and end count.",
                "%(count)d durations are not what lies between start and end; start and end count.",
                self._differing,
            )
            notes.append(told % {"count": self._differing})
        return notes


def _instants(field: str, wall: datetime, clock: Clock) -> list[datetime]:
    found = clock.instants(wall)
    if not found:
        raise Invalid(
            field,
            _(
                "%(time)s does not exist in %(zone)s: clocks went forward then. Choose the time zone of the file"
            )
            % {"time": wall.isoformat(" "), "zone": clock.zone.key},
        )
    return found
