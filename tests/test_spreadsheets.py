"""CSV for spreadsheets: no text is a formula, and every text can be had back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stint.spreadsheets import ROWS_AT_ONCE, csv_pieces, harmless, original

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
tricky = st.text(st.sampled_from("'=+-@\t\r\n＝a \"'"), max_size=8) | st.text()


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("'quoted'", "'quoted'"),
        ("1=1", "1=1"),
        ("", ""),
    ],
)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str, cell: str) -> None:
    assert harmless(text) == cell


@given(tricky)
def test_no_cell_begins_like_a_formula_and_the_text_can_be_had_back(text: str) -> None:
    assert not harmless(text).startswith(DANGEROUS)
    assert original(harmless(text)) == text


@given(st.lists(st.tuples(tricky, st.integers(), st.none()), max_size=5))
def test_any_text_comes_back_from_the_csv(rows: list[tuple[str, int, None]]) -> None:
    rows = [
        (text.replace("\0", "").encode("utf-8", "replace").decode(), number, none)
        for text, number, none in rows
    ]
    written = b"".join(csv_pieces(rows)).decode().removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert [(original(text), int(number), none or None) for text, number, none in read] == rows


def test_numbers_stay_numbers_and_only_the_file_begins_with_a_mark() -> None:
    pieces = list(csv_pieces([(-1.5, -3)] * (ROWS_AT_ONCE + 1)))
    assert [piece.count(b"\r\n") for piece in pieces] == [ROWS_AT_ONCE, 1]
    assert [piece.startswith(b"\xef\xbb\xbf") for piece in pieces] == [True, False]
    assert b"'" not in b"".join(pieces)
