"""Events as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

LONGEST_LINE = 75  # octets, without the line end
CRLF = b"\r\n"
# Line ends are escaped; joiners hold letters of some scripts, and parts of emoji, together.
_KEPT = "\n\t\u200c\u200d"


class Happening(msgspec.Struct, frozen=True):
    """Something with a beginning and an end; `revision` counts its changes from 0."""

    uid: str
    start: datetime
    end: datetime
    revision: int
    summary: str
    description: str
    categories: Sequence[str]


def calendar(name: str, happenings: Iterable[Happening]) -> bytes:
    """Return a calendar called `name`, which programs that subscribe to it fetch anew every hour.

    Instants stand in UTC, so clocks that change move nothing. The same happenings make the same bytes.
    """
    return b"".join(folded(line) for line in _lines(name, happenings))


def _lines(name: str, happenings: Iterable[Happening]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stint//Time//EN", "CALSCALE:GREGORIAN")
    yield f"NAME:{text(name)}"
    yield f"X-WR-CALNAME:{text(name)}"
    yield from ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
    for each in happenings:
        yield "BEGIN:VEVENT"
        yield f"UID:{each.uid}"
        # When what is told was first known: the moment of fetching would make each answer another one.
        yield f"DTSTAMP:{_instant(each.end)}"
        yield f"DTSTART:{_instant(each.start)}"
        yield f"DTEND:{_instant(each.end)}"
        yield f"SEQUENCE:{each.revision}"
        yield f"SUMMARY:{text(each.summary)}"
        if each.description:
            yield f"DESCRIPTION:{text(each.description)}"
        if each.categories:
            yield f"CATEGORIES:{','.join(map(text, each.categories))}"
        yield "TRANSP:TRANSPARENT"  # time that was worked does not make its person busy
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def text(value: str) -> str:
    """Return `value` as it stands in a calendar: no control characters, and what has a meaning there escaped."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in value if letter in _KEPT or unicodedata.category(letter)[0] != "C")
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """Return a line with its end, broken into pieces of at most 75 octets between characters."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return CRLF.join([*pieces, piece]) + CRLF


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
