"""Who went away while the timer ran, and what becomes of that time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stint_desktop.idle import Absence, Again, Book, Choice, Remove, Step, Stop, Watch, steps

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def seen(*looks: tuple[float, float | None], threshold: int = 5) -> list[tuple[datetime, datetime]]:
    """Look at (minute of the clock, idle minutes) in turn; return the absences told."""
    watch = Watch(timedelta(minutes=threshold))
    told = [watch.look(at(clock), None if idle is None else idle * 60) for clock, idle in looks]
    return [(absence.start, absence.end) for absence in told if absence]


@pytest.mark.parametrize(
    ("looks", "told"),
    [
        ([(0, 0), (1, 0.2), (2, 0.1)], []),
        ([(0, 0), (3, 3), (4, 0)], []),
        ([(0, 0), (5, 5), (9, 9)], []),
        ([(0, 0), (5, 5), (9, 9), (10, 0.5)], [(0, 9.5)]),
        ([(0, 1), (4, 5), (8, 2)], [(-1, 6)]),
        # The computer slept: no looks at all, whatever the counter says afterwards.
        ([(0, 0), (60, 0)], [(0, 60)]),
        ([(0, 0), (60, 3)], [(0, 57)]),
        # Twice away is told twice.
        ([(0, 0), (7, 0), (8, 0), (20, 1)], [(0, 7), (8, 19)]),
        # A clock set back, then time as ever.
        ([(60, 0), (0, 0), (1, 0), (8, 0)], [(1, 8)]),
        # Where it cannot be told nothing is made up.
        ([(0, None), (60, None)], []),
        ([(0, 0), (1, None), (60, 0), (61, 0)], []),
    ],
)
def test_an_absence_is_told_when_it_is_over(
    looks: list[tuple[float, float | None]], told: list[tuple[float, float]]
) -> None:
    assert seen(*looks) == [(at(start), at(end)) for start, end in told]


def test_no_threshold_is_shorter_than_a_minute() -> None:
    assert seen((0, 0), (0.9, 0), threshold=0) == []
    assert seen((0, 0), (1, 0), threshold=0) == [(at(0), at(1))]


def test_what_was_before_counts_no_more_once_forgotten() -> None:
    watch = Watch(timedelta(minutes=5))
    watch.look(at(0), 0)
    watch.forget()
    assert watch.look(at(30), 0) is None


AWAY = Absence(at(10), at(25))


@pytest.mark.parametrize(
    ("choice", "began", "done"),
    [
        (Choice.KEEP, 0, ()),
        (Choice.DISCARD, 0, (Stop(at(10)), Again(at(25)))),
        (Choice.DISCARD_AND_STOP, 0, (Stop(at(10)),)),
        (Choice.ELSEWHERE, 0, (Stop(at(10)), Book(at(10), at(25), 7), Again(at(25)))),
        # Started elsewhere while nobody was here: only its own part is touched, and nothing stays of nothing.
        (Choice.DISCARD, 12, (Remove(), Again(at(25)))),
        (Choice.DISCARD_AND_STOP, 10, (Remove(),)),
        (Choice.ELSEWHERE, 12, (Remove(), Book(at(12), at(25), 7), Again(at(25)))),
        # It began after the return: none of it was idle.
        (Choice.DISCARD, 25, ()),
        (Choice.ELSEWHERE, 30, ()),
    ],
)
def test_idle_time_becomes_what_was_chosen(choice: Choice, began: float, done: tuple[Step, ...]) -> None:
    assert steps(choice, at(began), AWAY, other_task=7) == done
