"""Periods that people ask about: presets, the period before, and the weeks and months that days lie in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

from stint.entries.zones import week_of

Preset = Literal[
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
]
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Period(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


def preset(name: Preset, today: date, week_start: int) -> Period:
    """Return the period that a preset means on the day `today`, in the asker's time zone."""
    which, _separator, unit = name.partition("_")
    if not unit:
        day = today if name == "today" else today - DAY
        return Period(day, day)
    if unit == "week":
        first = week_of(today, week_start)
        period = Period(first, first + WEEK - DAY)
    else:
        period = _months_around(today, {"month": 1, "quarter": 3, "year": 12}[unit])
    return before(period) if which == "last" else period


def before(period: Period) -> Period:
    """Return the period before: whole months for whole months, else as many days."""
    months = _whole_months(period)
    if months:
        return Period(_first_of_month(period.first, -months), period.first - DAY)
    return Period(period.first - timedelta(days=period.days), period.first - DAY)


def after(period: Period) -> Period:
    """Return the period after: whole months for whole months, else as many days."""
    first = period.last + DAY
    months = _whole_months(period)
    return Period(first, (_first_of_month(first, months) if months else first + timedelta(period.days)) - DAY)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def _months_around(day: date, count: int) -> Period:
    first = date(day.year, (day.month - 1) // count * count + 1, 1)
    return Period(first, _first_of_month(first, count) - DAY)


def _whole_months(period: Period) -> int:
    """Return how many whole months a period is; 0 where it is none."""
    after = period.last + DAY
    if period.first.day != 1 or after.day != 1:
        return 0
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def _first_of_month(day: date, later: int) -> date:
    years, month = divmod(day.month - 1 + later, 12)
    return date(day.year + years, month + 1, 1)
