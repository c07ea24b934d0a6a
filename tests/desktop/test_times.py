"""Lengths of time and key combinations as people read and write them."""

from __future__ import annotations

import pytest

from stint_desktop.platform.keys import Combination, combination
from stint_desktop.times import counted, spoken


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (-5, "0:00:00"), (59.9, "0:00:59"), (3725, "1:02:05"), (360000, "100:00:00")],
)
def test_a_timer_counts(seconds: float, text: str) -> None:
    assert counted(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "1 minute"), (60, "1 minute"), (720, "12 minutes"), (3600, "1 h 0 min"), (5430, "1 h 30 min")],
)
def test_a_length_is_spoken(seconds: float, text: str) -> None:
    assert spoken(seconds) == text


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Ctrl+Alt+T", Combination("T", ctrl=True, alt=True)),
        ("Meta+Shift+Space", Combination("Space", meta=True, shift=True)),
        ("F9", Combination("F9")),
        ("T", None),  # people type with it
        ("Shift+T", None),
        ("Shift+F12", Combination("F12", shift=True)),
        ("Ctrl+F13", None),
        ("Ctrl+Ö", None),
        ("Hyper+T", None),
        ("", None),
    ],
)
def test_a_key_combination_is_read(text: str, keys: Combination | None) -> None:
    assert combination(text) == keys
