from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest

from stint.reports.periods import Period, Preset, after, before, preset

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-25", "2026-11-25"),
        ("yesterday", "2026-11-24", "2026-11-24"),
        ("this_week", "2026-11-23", "2026-11-29"),
        ("last_week", "2026-11-16", "2026-11-22"),
        ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("this_quarter", "2026-10-01", "2026-12-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("this_year", "2026-01-01", "2026-12-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_presets(name: Preset, first: str, last: str) -> None:
    assert preset(name, TODAY, 1) == (date.fromisoformat(first), date.fromisoformat(last))


def test_weeks_begin_where_the_account_says() -> None:
    assert preset("this_week", TODAY, 0).first == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        (("2026-11-25", "2026-11-25"), ("2026-11-24", "2026-11-24")),
        (("2026-11-23", "2026-11-29"), ("2026-11-16", "2026-11-22")),
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31")),
        (("2026-03-01", "2026-03-30"), ("2026-01-30", "2026-02-28")),
    ],
)
def test_the_period_before(period: tuple[str, str], earlier: tuple[str, str]) -> None:
    days = Period(*map(date.fromisoformat, period))
    assert before(days) == tuple(map(date.fromisoformat, earlier))
    assert after(before(days)).first == days.first


@pytest.mark.parametrize(
    ("period", "later"),
    [
        (("2026-11-25", "2026-11-25"), ("2026-11-26", "2026-11-26")),
        (("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28")),
        (("2026-10-01", "2026-12-31"), ("2027-01-01", "2027-03-31")),
        (("2026-12-30", "2027-01-02"), ("2027-01-03", "2027-01-06")),
    ],
)
def test_the_period_after(period: tuple[str, str], later: tuple[str, str]) -> None:
    assert after(Period(*map(date.fromisoformat, period))) == tuple(map(date.fromisoformat, later))


@pytest.mark.parametrize("name", get_args(Preset))
def test_the_period_before_ends_where_each_preset_begins(name: Preset) -> None:
    for day in (date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31)):
        period = preset(name, day, 1)
        assert before(period).last + timedelta(days=1) == period.first
