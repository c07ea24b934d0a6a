"""Days as instants: ordinary ones, those of 23 and 25 hours, and stranger ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stint.entries.zones import Piece, bounds, ending, instant_of, pieces
from stint.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Havana",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
    ]
)
DAYS = st.dates(date(1975, 1, 1), date(2037, 12, 30))


def test_an_ordinary_day_is_one_piece() -> None:
    assert pieces(date(2026, 11, 23), BERLIN) == [Piece(0, datetime(2026, 11, 22, 23, tzinfo=UTC), 1440)]


def test_a_day_in_spring_lacks_the_hour_after_two() -> None:
    day = date(2026, 3, 29)
    assert [(piece.wall, piece.length) for piece in pieces(day, BERLIN)] == [(0, 120), (180, 21 * 60)]
    with pytest.raises(Invalid, match="02:30 does not exist") as refused:
        instant_of("start", day, time(2, 30), BERLIN)
    assert refused.value.errors[0].field == "start"


def test_a_day_in_autumn_has_the_hour_after_two_twice() -> None:
    day = date(2026, 10, 25)
    assert [(piece.wall, piece.length) for piece in pieces(day, BERLIN)] == [(0, 180), (120, 22 * 60)]
    assert instant_of("start", day, time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_without_midnight_begins_at_one() -> None:
    found = pieces(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo"))
    assert [(piece.wall, piece.length) for piece in found] == [(60, 23 * 60)]


def test_a_day_that_was_skipped_has_no_piece() -> None:
    assert pieces(date(2011, 12, 30), ZoneInfo("Pacific/Apia")) == []


@given(DAYS, ZONES)
def test_the_instants_of_a_day_are_those_that_have_its_date(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    start, end = bounds(day, zone)
    second = timedelta(seconds=1)
    assert (start - second).astimezone(zone).date() < day
    assert end.astimezone(zone).date() > day
    if start < end:
        assert start.astimezone(zone).date() == (end - second).astimezone(zone).date() == day


@given(DAYS, ZONES)
def test_pieces_fill_the_day_and_keep_to_the_wall_clock(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    start, end = bounds(day, zone)
    at = start
    for piece in pieces(day, zone):
        assert piece.at == at
        for minutes in (0, piece.length - 1):
            local = (piece.at + timedelta(minutes=minutes)).astimezone(zone)
            assert local.hour * 60 + local.minute == piece.wall + minutes
        at = piece.at + timedelta(minutes=piece.length)
    assert at == end


@given(DAYS, st.times().map(lambda at: at.replace(microsecond=0)), ZONES)
def test_a_time_of_day_comes_back_from_its_instant(day: date, at: time, name: str) -> None:
    zone = ZoneInfo(name)
    try:
        instant = instant_of("start", day, at, zone)
    except Invalid:
        start, end = bounds(day, zone)
        assert end - start < timedelta(hours=24)
        return
    assert instant.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at)


@pytest.mark.parametrize(
    ("began", "at", "hours"),
    [
        ((6, 10, 9), time(17, 30), 8.5),
        ((6, 10, 9), time(9), 0),
        ((6, 10, 22), time(6), 8),
        ((6, 10, 22), time(10), 12),
        ((3, 28, 22), time(6), 7),  # the clocks go forward that night
        ((10, 24, 22), time(6), 9),  # and back
    ],
)
def test_an_end_before_the_start_is_one_of_the_next_day(
    began: tuple[int, int, int], at: time, hours: float
) -> None:
    start = datetime(2026, *began, tzinfo=BERLIN).astimezone(UTC)
    assert ending("end", at, start, BERLIN) - start == timedelta(hours=hours)


def test_an_end_more_than_a_night_later_is_taken_for_a_mistake_unless_it_is_known_to_be_later() -> None:
    start = datetime(2026, 6, 10, 9, tzinfo=BERLIN).astimezone(UTC)
    with pytest.raises(Invalid, match="before the start"):
        ending("end", time(8, 30), start, BERLIN)
    assert ending("end", time(8, 30), start, BERLIN, later=True) - start == timedelta(hours=23.5)
