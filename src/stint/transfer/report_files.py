"""A report as a file: CSV and XLSX for spreadsheets, PDF for paper. All are sent while they are made."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

from django.utils.translation import gettext as _

from stint.errors import Invalid
from stint.spreadsheets import csv_pieces
from stint.transfer.tables import Column, Holds, Table

Format = Literal["csv", "xlsx", "pdf"]
CONTENT_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
# Excel's sheets end at 1,048,576 rows, and take long to write; nobody turns the 200th page of a report.
MOST_ROWS: dict[Format, int] = {"xlsx": 200_000, "pdf": 5_000}
ROWS_AT_ONCE = 500
PIECE = 64 * 1024
A4 = 9  # as spreadsheets number sizes of paper
SECONDS_A_DAY = 86_400


def pieces(table: Table, format_: Format) -> Iterator[bytes]:
    """Return a report as a file, piece by piece; empty pieces let others have their turn.

    Raises:
        Invalid: it has more rows than a file of this kind should.

    """
    most = MOST_ROWS.get(format_)
    if most is not None and table.size > most:
        raise Invalid(
            "from",
            _(
                "to the other day hold %(count)d rows, and a file of this kind takes %(most)d; take CSV or fewer days"
            )
            % {"count": table.size, "most": most},
        )
    make = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}[format_]
    return make(table)


def _csv(table: Table) -> Iterator[bytes]:
    """Yield the report as CSV: ISO dates, times with their offset, durations as h:mm:ss and as decimal hours."""
    written = [_IN_CSV.get(column.holds) for column in table.columns]

    def rows() -> Iterator[list[object]]:
        yield [column.title for column in table.columns]
        for row in table.rows:
            yield [write(value) if write else value for write, value in zip(written, row, strict=True)]

    return csv_pieces(rows())


def _pdf(table: Table) -> Iterator[bytes]:
    from stint.transfer.pdf import pdf_pieces  # draws with reportlab, which takes a fifth of a second to load

    return pdf_pieces(table)


def clock(seconds: int) -> str:
    """Return a duration as people write it: 1:05:09."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


_IN_CSV: dict[Holds, Callable[[Any], object]] = {
    "moment": datetime.isoformat,
    "clock": clock,
    "hours": lambda seconds: f"{seconds / 3600:.4f}",
    "flag": lambda yes: "true" if yes else "false",
}
_FORMATS: dict[str, str] = {
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "clock": "[h]:mm:ss",
    "hours": "0.00",
    "money0": "#,##0",
    "money2": "#,##0.00",
    "money3": "#,##0.000",
}


def _xlsx(table: Table) -> Iterator[bytes]:
    """Yield the report as a workbook, each row written to disk and forgotten. A text stays a text, never a formula."""
    import xlsxwriter  # 12 MB, for the first who asks

    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "in_memory": False,
            },
        )
        sheet = book.add_worksheet(table.title[:31])
        sheet.freeze_panes(1, 0)
        # On paper: the head on every page, and never half of the columns.
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        formats = {name: book.add_format({"num_format": shape}) for name, shape in _FORMATS.items()}
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, max(6 + 4 * column.width, len(column.title) + 2))
            sheet.write_string(0, place, column.title, book.add_format({"bold": True}))
        rows, number = iter(table.rows), 0
        while some := list(islice(rows, ROWS_AT_ONCE)):
            for row in some:
                number += 1
                for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                    _write(sheet, number, place, column, value, formats.get(_format_of(column, value)))
            yield b""
        book.close()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _format_of(column: Column, value: object) -> str:
    """Return the name of a cell's format: money's by its decimals, of which yen have none and dinars three."""
    return f"money{len(str(value).partition('.')[2])}" if isinstance(value, Decimal) else column.holds


def _write(sheet: Any, row: int, place: int, column: Column, value: Any, shape: Any) -> None:  # noqa: ANN401  (xlsxwriter is untyped)
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), shape)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, shape)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, str):
        sheet.write_string(row, place, value)
    else:
        per = {"clock": SECONDS_A_DAY, "hours": 3600}.get(column.holds, 1)
        sheet.write_number(row, place, value / per, shape)
