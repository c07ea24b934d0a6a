"""Tables as people's programs save them: which encoding, which separator, which column is which.

Nothing is held in memory: rows are yielded as they are read, each with its line, or with what is wrong with it.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from .words import gettext as _

SEPARATORS = ",;\t"
_LONGEST_HEADER = 64 * 1024
_PIECE = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TableRefused(Exception):
    """The file is no table that can be read; `str()` is a sentence with a remedy."""


@dataclass(frozen=True)
class Bad:
    """A row that cannot be read, and why."""

    why: str


@dataclass(frozen=True)
class Table:
    """A file with its form. `columns` gives the place of each column that was recognised."""

    file: IO[bytes]
    encoding: str
    separator: str
    columns: Mapping[str, int]
    width: int
    first_row: int

    def rows(self) -> Iterator[tuple[int, list[str] | Bad]]:
        """Yield each row with the line on which it begins; empty rows are left out."""
        with _text(self.file, self.encoding) as text:
            reader = csv.reader(text, delimiter=self.separator, strict=True)
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as fault:
                    yield line, Bad(_why(str(fault)))
                    continue
                if line >= self.first_row and any(cells):
                    yield line, self._whole(cells)

    def _whole(self, cells: list[str]) -> list[str] | Bad:
        if len(cells) < self.width:
            return Bad(
                _("has %(cells)d cells instead of %(columns)d; is the file cut off here?")
                % {"cells": len(cells), "columns": self.width}
            )
        if any(cells[self.width :]):
            return Bad(
                _("has %(cells)d cells instead of %(columns)d; a text with a separator needs quotes")
                % {"cells": len(cells), "columns": self.width}
            )
        return cells

    @property
    def is_whole(self) -> bool:
        """Whether the file ends with the end of a line, as programs write it."""
        self.file.seek(0, io.SEEK_END)
        self.file.seek(-min(4, self.file.tell()), io.SEEK_END)
        return self.file.read().rstrip(b"\0")[-1:] in (b"\n", b"\r")


def open_table(file: IO[bytes], names: Mapping[str, Sequence[str]]) -> Table:
    """Return the table in `file`, whose columns are called as in `names` (`{column: spellings}`).

    Raises:
        TableRefused: the file is empty, no text, or has none of the columns.

    """
    encoding = _encoding(file)
    with _text(file, encoding) as text:
        header, first_row = _header(text)
    found = [(_columns(header, separator, names), separator) for separator in SEPARATORS]
    (columns, width), separator = max(found, key=lambda each: len(each[0][0]))
    if not columns:
        raise TableRefused(
            _(
                "The first line holds no column names that Stint knows. Is this Toggl's detailed report, saved as CSV?"
            )
        )
    return Table(file, encoding, separator, columns, width, first_row)


def _header(text: io.TextIOWrapper) -> tuple[str, int]:
    """Return the line of column names, and the line after it. Excel may have named its separator above."""
    for number in range(1, 4):
        line = text.readline(_LONGEST_HEADER)
        if line.strip() and not line.lower().startswith("sep="):
            return line.rstrip("\r\n"), number + 1
    raise TableRefused(_("The file is empty."))


def _columns(header: str, separator: str, names: Mapping[str, Sequence[str]]) -> tuple[dict[str, int], int]:
    try:
        cells = next(csv.reader([header], delimiter=separator), [])
    except csv.Error:
        return {}, 0
    known = {spelling: column for column, spellings in names.items() for spelling in spellings}
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = known.get(" ".join(cell.casefold().split()))
        if column is not None:
            columns.setdefault(column, place)
    return columns, len(cells)


def _text(file: IO[bytes], encoding: str) -> _Text:
    file.seek(0)
    # Only what a cut left of the last letter is still unreadable by now.
    return _Text(file, encoding=encoding, errors="replace", newline="")


class _Text(io.TextIOWrapper):
    """Text over a file that stays open for the next reading."""

    def __exit__(self, *_fault: object) -> None:
        if not self.buffer.closed:
            self.detach()


def _encoding(file: IO[bytes]) -> str:
    file.seek(0)
    start = file.read(4)
    if start[:2] == b"PK":
        raise TableRefused(
            _("This is a zip or a spreadsheet, not CSV. In Toggl: Reports, Detailed, Export, Download CSV.")
        )
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    candidates = [marked] if marked else ["utf-8", *_guesses(start)]
    for name in candidates:
        if _decodes(file, name):
            return name
    raise TableRefused(_("The file is no text in a known encoding. Save it as UTF-8, then try again."))


def _guesses(start: bytes) -> list[str]:
    if b"\0" in start:
        return ["utf-16-le" if start[1:2] == b"\0" else "utf-16-be"]
    return ["cp1252"]


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(_PIECE):
            if "\0" in decoder.decode(piece):
                return False
    except UnicodeDecodeError:
        return False
    # A file that is cut off may end within a letter: what is before it can be read.
    return True


def _why(fault: str) -> str:
    if "unexpected end" in fault:
        return _("begins a quoted text that never ends; the file is cut off, or a quote is missing")
    if "field limit" in fault:
        return _("has a cell of more than 131072 letters; a quote may be missing before it")
    return _("has quotes in the wrong place")
