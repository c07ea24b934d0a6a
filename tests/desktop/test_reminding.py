"""When people are told that nothing runs."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from stint_desktop.reminding import Hours, Reminder

WEEKDAYS = frozenset(range(5))
OFFICE = Hours(WEEKDAYS, time(9), time(17))
NIGHT = Hours(WEEKDAYS, time(22), time(6))
MONDAY = datetime(2026, 11, 23)


@pytest.mark.parametrize(
    ("hours", "day", "hour", "holds"),
    [
        (OFFICE, 0, 8.9, False),
        (OFFICE, 0, 9, True),
        (OFFICE, 4, 16.9, True),
        (OFFICE, 4, 17, False),
        (OFFICE, 5, 12, False),
        (NIGHT, 0, 23, True),
        (NIGHT, 1, 5, True),
        (NIGHT, 5, 5, True),  # the end of Friday's night
        (NIGHT, 0, 5, False),  # Sunday's night is none
        (NIGHT, 5, 23, False),
        (NIGHT, 2, 12, False),
    ],
)
def test_working_hours_hold(hours: Hours, day: int, hour: float, holds: bool) -> None:
    assert hours.hold(MONDAY + timedelta(days=day, hours=hour)) is holds


def reminded(*looks: tuple[float, bool, float | None]) -> list[float]:
    """Look at (minutes after nine, running, idle seconds) in turn; return the minutes of reminders."""
    reminder = Reminder(OFFICE, timedelta(minutes=10))
    nine = MONDAY.replace(hour=9)
    return [
        minute
        for minute, running, idle in looks
        if reminder.due(nine + timedelta(minutes=minute), running=running, idle_seconds=idle)
    ]


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        ([(0, False, 0), (9, False, 0)], []),
        ([(0, False, 0), (10, False, 0)], [10]),
        ([(0, False, 0), (10, False, 0), (15, False, 0), (20, False, 0)], [10, 20]),
        ([(0, False, 0), (9, True, 0), (10, False, 0), (19, False, 0)], []),
        ([(0, False, 0), (9, False, 400), (10, False, 0), (20, False, 0)], [20]),
        ([(0, False, None), (10, False, None)], [10]),
        ([(-30, False, 0), (0, False, 0), (9, False, 0)], []),
        ([(475, False, 0), (485, False, 0)], []),
    ],
)
def test_a_reminder_comes_when_nothing_has_run_for_a_while(
    looks: list[tuple[float, bool, float | None]], told: list[float]
) -> None:
    assert reminded(*looks) == told
