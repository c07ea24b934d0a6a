"""Days, times and lengths as Toggl's exports write them, in whatever form the exporting person chose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from .words import gettext as _

Order = Literal["ymd", "dmy", "mdy"]

_YEARS = range(1970, 9999)  # others are typing errors, and lie outside what can be reckoned with
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(?:([ap])\.?\s?m?\.?)?")
_CLOCK = re.compile(r"(-?)(\d+):(\d{1,2})(?::(\d{1,2}))?")
_DECIMAL = re.compile(r"-?\d+(?:[.,]\d+)?")
_LONGEST_TEXT = 12
_ENDLESS = 10_000 * 3600  # seconds: ten times what an entry may have; with more, instants leave the calendar


class DatesUnclear(Exception):
    """The days of a file can be read in two ways, or in none; `str()` is a sentence with a remedy."""


def order_of(days: Mapping[str, int]) -> Order:
    """Return the order in which all `days` (`{text: first line}`) are written.

    Raises:
        DatesUnclear: day and month cannot be told apart, or differ from line to line.

    """
    evidence: dict[Order, tuple[str, int]] = {}
    unclear: tuple[str, int] | None = None
    for text, line in days.items():
        found = _YEAR_LAST.fullmatch(text.strip())
        if found is None:
            continue
        first, separator, second = int(found[1]), found[2], int(found[3])
        if first > 12 or separator == ".":
            evidence.setdefault("dmy", (text, line))
        elif second > 12:
            evidence.setdefault("mdy", (text, line))
        elif first != second:
            unclear = unclear or (text, line)
    if len(evidence) == 2:
        (one, at), (other, there) = evidence["dmy"], evidence["mdy"]
        raise DatesUnclear(
            _(
                "Line %(at)d has the day %(one)s and line %(there)d has %(other)s: days and months change places."
            )
            % {"at": at, "one": one, "there": there, "other": other}
        )
    if unclear and not evidence:
        raise DatesUnclear(
            _(
                "Line %(line)d has the day %(day)s, and no line tells whether the day or the month comes first. "
                "Choose the form of the dates, then try again."
            )
            % {"line": unclear[1], "day": unclear[0]}
        )
    return next(iter(evidence), "ymd")


class Reader:
    """Reads days and times; the same texts come again and again, so each is worked out once."""

    def __init__(self, order: Order) -> None:
        self._order: Order = order
        self._days: dict[str, date | None] = {}
        self._times: dict[str, time | None] = {}

    def moment(self, day: str, at: str) -> datetime | None:
        """Return a day and a time of day as they stood on the wall; None where they are none."""
        try:
            found, clock = self._days[day], self._times[at]
        except KeyError:
            found = self._days[day] = _day(day, self._order)
            clock = self._times[at] = _time(at)
        return None if found is None or clock is None else datetime.combine(found, clock)


def seconds(text: str) -> int | None:
    """Return a length in seconds: 1:30:00, 1:30, 1.5 or 1,5 (hours); None where it is none that time can have."""
    plain, found = text.strip(), None
    if len(plain) > _LONGEST_TEXT:
        return None
    if clock := _CLOCK.fullmatch(plain):
        sign = -1 if clock[1] else 1
        found = sign * (int(clock[2]) * 3600 + int(clock[3]) * 60 + int(clock[4] or 0))
    elif _DECIMAL.fullmatch(plain):
        found = round(float(plain.replace(",", ".")) * 3600)
    return found if found is not None and abs(found) < _ENDLESS else None


class Clock:
    """A zone's wall clock. Most days it keeps its distance from UTC, which is then worked out once a day."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._offsets: dict[date, timedelta | None] = {}

    def instants(self, wall: datetime) -> list[datetime]:
        """Return the instants, in UTC, at which it was that time: none where it is skipped, two where it repeats."""
        day = wall.date()
        if day not in self._offsets:
            self._offsets[day] = self._offset(day)
        offset = self._offsets[day]
        if offset is not None:
            return [(wall - offset).replace(tzinfo=UTC)]
        first = wall.replace(tzinfo=self.zone).astimezone(UTC)
        second = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        if first == second:
            return [first]
        return [first, second] if first < second else []

    def _offset(self, day: date) -> timedelta | None:
        """Return the distance from UTC, or None on a day on which it changes."""
        midnight = datetime.combine(day, time(), self.zone)
        sides = (
            midnight,
            midnight.replace(fold=1),
            datetime.combine(day + timedelta(days=1), time(), self.zone),
        )
        offsets = {side.utcoffset() for side in sides}
        return offsets.pop() if len(offsets) == 1 else None


def _day(text: str, order: Order) -> date | None:
    plain = text.strip()
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _YEAR_LAST.fullmatch(plain):
        year, month, day = int(found[4]), int(found[1]), int(found[3])
        if order == "dmy" or found[2] == ".":
            month, day = day, month
        elif order == "ymd" and month != day:
            return None
    else:
        return None
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _time(text: str) -> time | None:
    found = _TIME.fullmatch(text) or _TIME.fullmatch(unicodedata.normalize("NFKC", text).strip().casefold())
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4] == "p" else 0)
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
