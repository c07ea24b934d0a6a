"""A report on paper: an A4 table with its head on every page, in a font that comes along."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from stint.rates.money import written
from stint.spreadsheets import Row
from stint.transfer.tables import Column, Holds, Table

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
MISSING = "\ufffd"  # what stands for a character that the font does not have
SIZE, LEADING, MARGIN, GAP = 7.5, 10.0, 40.0, 9.0
MOST_LINES = 6  # of a cell: a note of 3,000 characters would push everything else off the page
WIDE = 7  # more columns than these lie better across
PIECE = 64 * 1024
ROWS_AT_ONCE = 50
_RIGHT: frozenset[Holds] = frozenset({"clock", "hours", "number", "money"})


def pdf_pieces(table: Table) -> Iterator[bytes]:
    """Yield the report as PDF; empty pieces let others have their turn while it is drawn."""
    with tempfile.TemporaryFile() as file:
        paper = _Paper(table, file)
        for number, row in enumerate(table.rows):
            paper.draw(row)
            if number % ROWS_AT_ONCE == 0:
                yield b""
        paper.close()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


class _Paper:
    """Pages that are drawn from top to bottom."""

    def __init__(self, table: Table, file: Any) -> None:  # noqa: ANN401  (a binary file)
        self._fonts = {name: _font(name) for name in (PLAIN, BOLD)}
        self._table = table
        self._shown = [place for place, column in enumerate(table.columns) if column.on_paper]
        self._columns = [table.columns[place] for place in self._shown]
        size = landscape(A4) if len(self._columns) > WIDE else A4
        self._width, self._height = size
        self._canvas = Canvas(file, pagesize=size)
        first, last = (date_format(day, "DATE_FORMAT") for day in table.about)
        self._about = first if first == last else f"{first} – {last}"
        self._canvas.setTitle(f"{table.title}, {self._about}")
        self._canvas.setAuthor("Stint")
        self._places = self._laid_out()
        self._page, self._empty = 0, True
        self._y = 0.0
        self._turn()

    def draw(self, row: Row) -> None:
        """Draw one row."""
        self._put(row, PLAIN)

    def _put(self, row: Row, font: str) -> None:
        """Draw a line of the table, on a fresh page where it has no room."""
        values = [row[place] for place in self._shown]
        texts = [_shown(column, value) for column, value in zip(self._columns, values, strict=True)]
        cells = [
            self._wrapped(text, width, font) for text, (_x, width) in zip(texts, self._places, strict=True)
        ]
        height = max(len(lines) for lines in cells) * LEADING + 3
        if self._y - height < MARGIN + LEADING:
            self._canvas.showPage()
            self._turn()
        self._lines(cells, font)
        self._empty = False
        self._y -= height
        self._canvas.setStrokeGray(0.88)
        self._canvas.line(MARGIN, self._y + LEADING - 1, self._width - MARGIN, self._y + LEADING - 1)

    def close(self) -> None:
        """Finish the last page and the file."""
        if self._empty:
            self._canvas.setFont(PLAIN, SIZE + 2)
            self._canvas.drawString(MARGIN, self._y - LEADING, _("No time in these days."))
        elif self._table.sums:
            self._put(self._table.sums(), BOLD)
        self._canvas.save()

    def _laid_out(self) -> list[tuple[float, float]]:
        """Return where each column begins and how wide it is."""
        whole = self._width - 2 * MARGIN - GAP * (len(self._columns) - 1)
        share = whole / sum(column.width for column in self._columns)
        places, x = [], MARGIN
        for column in self._columns:
            places.append((x, column.width * share))
            x += column.width * share + GAP
        return places

    def _turn(self) -> None:
        """Begin a page: title, head of the table, number."""
        self._page += 1
        self._y = self._height - MARGIN
        if self._page == 1:
            self._canvas.setFont(BOLD, 15)
            self._canvas.drawString(MARGIN, self._y - 8, self._table.title)
            self._canvas.setFont(PLAIN, 9)
            self._canvas.drawString(MARGIN, self._y - 24, self._about)
            self._y -= 48
        self._canvas.setFont(PLAIN, SIZE)
        number = _("Page %(number)d") % {"number": self._page}
        self._canvas.drawRightString(self._width - MARGIN, MARGIN - LEADING, number)
        heads = [
            self._wrapped(column.title, width, BOLD)
            for column, (_x, width) in zip(self._columns, self._places, strict=True)
        ]
        self._lines(heads, BOLD)
        self._y -= max(len(lines) for lines in heads) * LEADING + 4
        self._canvas.setStrokeGray(0.4)
        self._canvas.line(MARGIN, self._y + LEADING - 1, self._width - MARGIN, self._y + LEADING - 1)

    def _lines(self, cells: list[list[str]], font: str) -> None:
        self._canvas.setFont(font, SIZE)
        for lines, column, (x, width) in zip(cells, self._columns, self._places, strict=True):
            for number, line in enumerate(lines):
                y = self._y - number * LEADING
                if column.holds in _RIGHT:
                    self._canvas.drawRightString(x + width, y, line)
                else:
                    self._canvas.drawString(x, y, line)

    def _wrapped(self, text: str, width: float, font: str = PLAIN) -> list[str]:
        """Return text in lines that fit, the last of too many ending in an ellipsis."""
        known = self._fonts[font].face.charToGlyph
        plain = "".join(letter if ord(letter) in known else MISSING for letter in " ".join(text.split()))
        lines = _broken(plain, lambda part: pdfmetrics.stringWidth(part, font, SIZE) <= width)
        return (
            lines
            if len(lines) <= MOST_LINES
            else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][:-1]}…"]
        )


def _broken(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Return text in lines that fit: broken between words, and inside of those that are too long."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if fits(longer):
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while not fits(line) and len(line) > 1 and len(lines) <= MOST_LINES:
            room = max(1, _room(line, fits))
            lines.append(line[:room])
            line = line[room:]
    return [*lines, line]


def _room(text: str, fits: Callable[[str], bool]) -> int:
    """Return how many letters from the beginning fit."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return low


def _shown(column: Column, value: object) -> str:
    """Return a value as people read it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return written(str(value))
    if isinstance(value, datetime):
        return date_format(value, "TIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if column.holds == "flag":
        return _("yes") if value else ""
    if column.holds == "clock" and isinstance(value, int):
        return f"{value // 3600}:{value % 3600 // 60:02}" if value else ""
    if column.holds == "hours" and isinstance(value, int):
        return f"{value / 3600:.2f}"
    return str(value)


def _font(name: str) -> TTFont:
    """Return a font, read once."""
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    font: TTFont = pdfmetrics.getFont(name)
    return font
