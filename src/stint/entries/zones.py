"""A person's days as instants: where they begin and end, and what a time of day on them means.

Days of 23 and 25 hours, and those whose midnight is skipped or comes twice, are ordinary here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from stint.errors import Invalid

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
LONGEST_NIGHT = timedelta(hours=12)


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a day in which the wall clock runs with time: from `wall` minutes after midnight, at instant
    `at`, for `length` minutes.
    """

    wall: int
    at: datetime
    length: int


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants, in UTC, at which a day begins and ends."""
    return _beginning(day, zone), _beginning(day + timedelta(days=1), zone)


def week_of(day: date, week_start: int) -> date:
    """Return the first day of the week of a day; weeks begin on Monday (1), Sunday (0) or Saturday (6)."""
    return day - timedelta(days=(day.isoweekday() - week_start) % 7)


def instant_of(field: str, day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, of a time of day; of two the first, where clocks go back.

    Raises:
        Invalid: clocks skip that time on that day. The message is about `field`.

    """
    local = datetime.combine(day, at, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid(
            field,
            _("%(time)s does not exist on that day: clocks go forward; type an hour later")
            % {"time": at.isoformat("minutes")},
        )
    return instant


def latest(field: str, at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the last instant, in UTC, at which it was that time of day: today, or else yesterday.

    Raises:
        Invalid: as `instant_of`.

    """
    today = now.astimezone(zone).date()
    instant = instant_of(field, today, at, zone)
    return instant if instant <= now else instant_of(field, today - timedelta(days=1), at, zone)


def ending(field: str, at: time, start: datetime, zone: ZoneInfo, *, later: bool = False) -> datetime:
    """Return the instant, in UTC, at which something ends that began at `start`.

    A time before the start is one of the next day where that makes at most twelve hours, as a late shift does, or
    where it is known to end `later` than on its first day.

    Raises:
        Invalid: as `instant_of`, or it lies before the start.

    """
    day = start.astimezone(zone).date()
    end = instant_of(field, day, at, zone)
    if end >= start:
        return end
    next_day = instant_of(field, day + timedelta(days=1), at, zone)
    if later or next_day - start <= LONGEST_NIGHT:
        return next_day
    raise Invalid(
        field, _("lies before the start; for a longer night give the duration or the day of the end")
    )


def pieces(day: date, zone: ZoneInfo) -> list[Piece]:
    """Return the stretches of a day: one as a rule, two where clocks change."""
    start, end = bounds(day, zone)
    found: list[Piece] = []
    while start < end:
        until = _unchanged(start, end, zone)
        local = start.astimezone(zone)
        found.append(Piece(local.hour * 60 + local.minute, start, (until - start) // MINUTE))
        start = until
    return found


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(), zone)
    first = midnight.astimezone(UTC)
    if first.astimezone(zone).date() < day:
        # Clocks went back at midnight: this is still the day before, which has the hour twice.
        return midnight.replace(fold=1).astimezone(UTC)
    return first


def _unchanged(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant up to which, from `start` on, the zone keeps its distance from UTC."""
    offset = start.astimezone(zone).utcoffset()
    for step in (QUARTER, MINUTE):
        while start + step < end and (start + step).astimezone(zone).utcoffset() == offset:
            start += step
    return min(start + MINUTE, end)
