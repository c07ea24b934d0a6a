"""CSV that spreadsheets open rightly, and without taking anybody's text for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

ROWS_AT_ONCE = 250
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the letters of its country
# What a spreadsheet may take for the beginning of a formula, in its full-width form too; tab and line ends, because
# some skip them and look at what follows.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Row = Sequence[object]


def harmless(text: str) -> str:
    """Return `text` so that a spreadsheet shows it instead of working it out: with an apostrophe in front.

    Text that begins with apostrophes before such a beginning gets one more, so that `original` can tell.
    """
    return f"'{text}" if text.lstrip("'").startswith(_BEGINS_FORMULA) else text


def original(cell: str) -> str:
    """Return the text that `harmless` made `cell` of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_BEGINS_FORMULA) else cell


def csv_pieces(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield rows as CSV (RFC 4180, UTF-8), ROWS_AT_ONCE in a piece; texts are made harmless, numbers stay."""
    remaining, mark = iter(rows), BYTE_ORDER_MARK
    while some := list(islice(remaining, ROWS_AT_ONCE)):
        written = io.StringIO(mark, newline="")
        written.seek(0, io.SEEK_END)
        csv.writer(written).writerows(
            [harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in some
        )
        yield written.getvalue().encode()
        mark = ""
