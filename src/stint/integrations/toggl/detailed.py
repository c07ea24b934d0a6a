"""Toggl's Detailed report, saved as CSV: one line for each time entry, with names and no ids.

The columns are those of Toggl's export, in any order; unknown ones and amounts are passed over. Days and times
are those of the exporting person's wall, without an offset.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from typing import IO, NamedTuple

import msgspec

from . import moments
from .moments import Order
from .tables import Bad, Table, TableRefused, open_table
from .words import gettext as _

# As Toggl writes them, then what newer exports, other languages and hands make of them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "user": (
        "user", "member", "user name", "member name", "team member", "benutzer", "nutzer", "mitglied",
        "utilisateur", "membre", "usuario", "miembro", "utente", "membro", "usuário", "gebruiker",
    ),
    "email": (
        "email", "e-mail", "user email", "member email", "email address", "e-mail-adresse", "adresse e-mail",
        "courriel", "correo electrónico", "correo", "e-mailadres",
    ),
    "client": ("client", "customer", "kunde", "cliente", "klant"),
    "project": ("project", "projekt", "projet", "proyecto", "progetto", "projeto"),
    "task": ("task", "aufgabe", "tâche", "tarea", "attività", "tarefa", "taak"),
    "note": (
        "description", "time entry", "beschreibung", "descripción", "descrizione", "descrição", "omschrijving",
    ),
    "billable": (
        "billable", "abrechenbar", "verrechenbar", "facturable", "fatturabile", "faturável", "factureerbaar",
    ),
    "start_day": (
        "start date", "startdatum", "date de début", "fecha de inicio", "data di inizio", "data de início",
    ),
    "start_time": (
        "start time", "startzeit", "heure de début", "hora de inicio", "ora di inizio", "hora de início",
        "starttijd",
    ),
    "end_day": (
        "end date", "stop date", "enddatum", "date de fin", "fecha de fin", "fecha de finalización",
        "data di fine", "data de término", "einddatum",
    ),
    "end_time": (
        "end time", "stop time", "endzeit", "heure de fin", "hora de fin", "hora de finalización", "ora di fine",
        "hora de término", "eindtijd",
    ),
    "duration": ("duration", "dauer", "durée", "duración", "durata", "duração", "duur"),
    "tags": ("tags", "tag", "schlagworte", "schlagwörter", "étiquettes", "etiquetas", "etichette", "labels"),
}  # fmt: skip
_YES = {"yes", "true", "1", "y", "ja", "oui", "sí", "si", "sì", "sim", "x"}

PersonName = tuple[str, str]
"""Name and lower-case e-mail."""
PlaceName = tuple[str, str, str]
"""Names of client, project and task; empty where there is none."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A time entry as the report tells it. `seconds` is None where the report has no length."""

    line: int
    person: PersonName
    place: PlaceName
    note: str
    tags: list[str]
    billable: bool
    start: datetime
    end: datetime | None
    seconds: int | None


class Survey(msgspec.Struct):
    """What a first reading finds: how many lines, who and where, each with its first line, and the days."""

    lines: int = 0
    people: dict[PersonName, int] = {}
    places: dict[PlaceName, int] = {}
    days: dict[str, int] = {}


class DetailedReport:
    """An opened report. It is read twice: surveyed, then line by line.

    Raises:
        TableRefused: it is no report; the text names the columns that are missing.

    """

    def __init__(self, file: IO[bytes]) -> None:
        self.table: Table = open_table(file, COLUMNS)
        found = self.table.columns
        self._pick = itemgetter(*(found.get(column, -1) for column in COLUMNS))
        self._names = [
            itemgetter(*(found.get(column, -1) for column in columns))
            for columns in (("user", "email"), ("client", "project", "task"), ("start_day", "end_day"))
        ]
        missing = [COLUMNS[each][0].capitalize() for each in ("start_day", "start_time") if each not in found]
        if "email" not in found and "user" not in found:
            missing.insert(0, "Email")
        if not ("end_day" in found and "end_time" in found) and "duration" not in found:
            missing.append("End date, End time")
        if missing:
            raise TableRefused(
                _(
                    "The file lacks these columns: %(missing)s. Export the Detailed report again with all columns "
                    "(in Toggl: Reports, Detailed, Export, Download CSV)."
                )
                % {"missing": ", ".join(missing)}
            )

    def survey(self) -> Survey:
        """Read everything once, without judging it."""
        found = Survey()
        # The same few come again and again, so they are looked at as they are written, and judged once.
        person_of, place_of, days_of = self._names
        people: dict[tuple[str, ...], int] = {}
        places: dict[tuple[str, ...], int] = {}
        days: dict[tuple[str, ...], int] = {}
        for number, cells in self.table.rows():
            found.lines += 1
            if isinstance(cells, Bad):
                continue
            cells.append("")  # what a column that is absent holds: see `_pick`
            people.setdefault(person_of(cells), number)
            places.setdefault(place_of(cells), number)
            days.setdefault(days_of(cells), number)
        for (user, email), number in people.items():
            found.people.setdefault((user.strip(), email.strip().lower()), number)
        for (client, project, task), number in places.items():
            found.places.setdefault((client.strip(), project.strip(), task.strip()), number)
        for both, number in days.items():
            for text in map(str.strip, both):
                if text:
                    found.days.setdefault(text, number)
        return found

    def lines(self, order: Order) -> Iterator[Line | tuple[int, str]]:
        """Yield each time entry, or its line and why it cannot be read."""
        reader = moments.Reader(order)
        whole = self.table.is_whole
        last: Line | tuple[int, str] | None = None
        for number, cells in self.table.rows():
            if last is not None:
                yield last
            last = (number, cells.why) if isinstance(cells, Bad) else _line(number, self._row(cells), reader)
        if last is not None:
            yield last if whole or not isinstance(last, Line) else _ending(last)

    def _row(self, cells: list[str]) -> _Row:
        cells.append("")  # what a column that is absent holds: see `_pick`
        return _Row._make(map(str.strip, self._pick(cells)))


class _Row(NamedTuple):
    """The cells of a line, in the order of COLUMNS."""

    user: str
    email: str
    client: str
    project: str
    task: str
    note: str
    billable: str
    start_day: str
    start_time: str
    end_day: str
    end_time: str
    duration: str
    tags: str

    @property
    def person(self) -> PersonName:
        return self.user, self.email.lower()

    @property
    def place(self) -> PlaceName:
        return self.client, self.project, self.task


def _line(number: int, row: _Row, reader: moments.Reader) -> Line | tuple[int, str]:
    start = reader.moment(row.start_day, row.start_time)
    if start is None:
        told = f"{row.start_day} {row.start_time}".strip()
        return number, _("“%(text)s” is no day and time of a start") % {"text": told}
    ends = bool(row.end_day or row.end_time)
    end = reader.moment(row.end_day, row.end_time) if ends else None
    if ends and end is None:
        told = f"{row.end_day} {row.end_time}".strip()
        return number, _("“%(text)s” is no day and time of an end") % {"text": told}
    length = moments.seconds(row.duration) if row.duration else None
    if row.duration and (length < 0 if length is not None else end is None):
        return number, _("“%(text)s” is no duration") % {"text": row.duration}
    if end is None and length is None:
        return number, _("has neither an end nor a duration; it may still be running")
    return Line(
        line=number,
        person=row.person,
        place=row.place,
        note=row.note,
        tags=[tag for tag in row.tags.split(", ") if tag],
        billable=row.billable.casefold() in _YES,
        start=start,
        end=end,
        seconds=length,
    )


def _ending(last: Line) -> Line | tuple[int, str]:
    """Judge the last line of a file that does not end as programs end them: its last cell may be half there."""
    if last.end is not None and last.seconds is not None:
        between = int((last.end - last.start).total_seconds())
        if abs(between - last.seconds) > 3600:
            return last.line, _("does not fit together; the file seems to be cut off here")
    return last
