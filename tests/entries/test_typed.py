"""Times and lengths as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stint.entries.typed import read_duration, read_time
from stint.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", time(9)),
        ("09", time(9)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("9:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("9,30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("9h", time(9)),
        ("9 Uhr", time(9)),
        ("9 Uhr 30", time(9, 30)),
        ("9.30 Uhr", time(9, 30)),
        (" 9.30am ", time(9, 30)),
        ("9:30 p.m.", time(21, 30)),
        ("930pm", time(21, 30)),
        ("9p", time(21)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:30AM", time(0, 30)),
        ("0", time(0)),
        ("2359", time(23, 59)),
        ("٩:٣٠", time(9, 30)),
    ],
)
def test_a_time_of_day_is_read_as_it_is_meant(typed: str, meant: time) -> None:
    assert read_time("start", typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "nine", "24", "2400", "9:60", "9.5", "13pm", "0am", "-9", "9:30:00:00", "99999"]
)
def test_what_is_no_time_of_day_is_refused_with_what_can_be_typed(typed: str) -> None:
    with pytest.raises(Invalid, match="9, 930, 9:30") as refused:
        read_time("start", typed)
    assert refused.value.errors[0].field == "start"


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1h20", 4800),
        ("1h 20m", 4800),
        ("1 h 20 min", 4800),
        ("1h20m30s", 4830),
        ("90m", 5400),
        ("90 Min", 5400),
        ("90", 5400),
        ("1.5h", 5400),
        ("1,5h", 5400),
        ("1.5", 5400),
        (".5", 1800),
        ("7", 25_200),
        ("24", 86_400),
        ("25", 1500),
        ("1:20", 4800),
        ("1:20:30", 4830),
        ("0:05", 300),
        ("45s", 45),
        ("2 Std", 7200),
        ("0", 0),
    ],
)
def test_a_length_is_read_as_it_is_meant(typed: str, seconds: int) -> None:
    assert read_duration("duration", typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", "long", "1:80", "-1", "1h-20", "h", "1000h", "1e9", "9" * 400, "1:2:3:4"]
)
def test_what_is_no_length_is_refused_with_what_can_be_typed(typed: str) -> None:
    with pytest.raises(Invalid, match="1h20, 90m"):
        read_duration("duration", typed)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_time, read_duration):
        with suppress(Invalid):
            read("field", text)


@given(st.times(), st.sampled_from([":", ".", "h", ""]))
def test_every_minute_of_the_day_can_be_typed(at: time, between: str) -> None:
    assert read_time("start", f"{at.hour:02}{between}{at.minute:02}") == time(at.hour, at.minute)
