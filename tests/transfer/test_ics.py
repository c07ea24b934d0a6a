"""A calendar that other programs read: folding, escaping, instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stint.transfer.ics import Happening, calendar, folded, text

START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def happening(summary: str = "Work", description: str = "", categories: tuple[str, ...] = ()) -> Happening:
    return Happening("1@stint", START, START + timedelta(hours=2), 3, summary, description, categories)


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("one\r\ntwo\rthree\nfour", "one\\ntwo\\nthree\\nfour"),
        ("bell\a nul\0 tab\t", "bell nul tab\t"),
        ("END:VEVENT\nBEGIN:VALARM", "END:VEVENT\\nBEGIN:VALARM"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_text_is_escaped_and_without_control_characters(value: str, stands: str) -> None:
    assert text(value) == stands


@given(words)
def test_lines_are_at_most_75_octets_and_unfold_to_what_they_were(value: str) -> None:
    lines = folded(f"SUMMARY:{text(value)}").split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 for line in lines)
    assert all(line.startswith(b" ") for line in lines[1:])
    assert b"".join([lines[0], *(line[1:] for line in lines[1:])]).decode() == f"SUMMARY:{text(value)}"


@given(words, words, st.lists(words.filter(str.strip), max_size=3))
def test_another_program_reads_what_was_written(
    summary: str, description: str, categories: list[str]
) -> None:
    def printable(value: str) -> str:
        return text(value).replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")

    read = icalendar.Calendar.from_ical(
        calendar("Own", [happening("x" + summary, description, tuple(categories))])
    )
    (event,) = read.walk("VEVENT")
    assert event.decoded("DTSTART") == START
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=2)
    assert event["SEQUENCE"] == 3
    if "\\" not in summary:
        assert str(event["SUMMARY"]) == printable("x" + summary)


def test_the_same_happenings_make_the_same_bytes() -> None:
    assert calendar("Own", [happening()]) == calendar("Own", [happening()])
    assert calendar("Own", []).count(b"\r\n") == calendar("Own", []).count(b"\n")
