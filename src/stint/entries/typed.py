"""Times of day and lengths of time as people type them."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

from django.utils.translation import gettext as _

from stint.errors import Invalid

MOST_HOURS = 999
LARGEST_BARE_HOURS = 24  # a bare number up to this is hours, a larger one minutes

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*(?:[:.,h]|uhr)\s*(?P<minute>\d{2})?|(?P<tight>\d{2}))?\s*(?:(?P<half>[ap])\.?m?\.?|uhr|h)?"
)
_CLOCK = re.compile(r"(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?")
_UNITS = re.compile(
    r"(?:(?P<hours>\d+(?:[.,]\d*)?|[.,]\d+)\s*(?:h|hrs?|hours?|std|stunden?))?\s*"
    r"(?:(?P<minutes>\d+(?:[.,]\d*)?)\s*(?:m|mins?|minutes?|minuten?|$))?\s*"
    r"(?:(?P<seconds>\d+)\s*(?:s|secs?|seconds?|sek|sekunden?))?"
)
_BARE = re.compile(r"\d+(?:[.,]\d*)?|[.,]\d+")


def read_time(field: str, text: str) -> time:
    """Return the time of day that `text` means: 9, 930, 9:30, 9.30am, 21h15, 9 Uhr.

    Raises:
        Invalid: it means none; the message of `field` says what can be typed.

    """
    found = _TIME.fullmatch(_plain(text))
    if found:
        hour, minute = int(found["hour"]), int(found["minute"] or found["tight"] or 0)
        half = found["half"]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Invalid(field, _("is not a time of day; type it as 9, 930, 9:30 or 9.30pm"))


def read_duration(field: str, text: str) -> int:
    """Return the seconds that `text` means: 1h20, 90m, 1.5h, 1:20, 1:20:30, 7 (hours), 90 (minutes).

    Raises:
        Invalid: it means none, or more than 999 hours.

    """
    seconds = _seconds(_plain(text))
    if seconds is None or seconds > MOST_HOURS * 3600:
        raise Invalid(field, _("is not a length of time; type it as 1h20, 90m, 1.5h or 1:20"))
    return seconds


def _seconds(text: str) -> int | None:
    if clock := _CLOCK.fullmatch(text):
        return int(clock["hours"]) * 3600 + int(clock["minutes"]) * 60 + int(clock["seconds"] or 0)
    if _BARE.fullmatch(text):
        number = _number(text)
        return round(number * (3600 if number <= LARGEST_BARE_HOURS else 60))
    if text and (units := _UNITS.fullmatch(text)):
        return round(
            _number(units["hours"]) * 3600 + _number(units["minutes"]) * 60 + int(units["seconds"] or 0)
        )
    return None


def _plain(text: str) -> str:
    """Return the text in lower case, without spaces at its ends, its digits Western."""
    folded = unicodedata.normalize("NFKC", text[:40]).strip().lower()
    return "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in folded)


def _number(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0
