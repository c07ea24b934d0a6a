"""Who went away while the timer ran, and what becomes of that time. No clock, no window, no network in here."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

CHECK_EVERY = timedelta(seconds=15)
LEAST = timedelta(minutes=1)


@dataclass(frozen=True)
class Absence:
    """A stretch without a key or the mouse, from the last touch to the first."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.end - self.start).total_seconds()

    def within(self, began: datetime) -> Absence | None:
        """Return the part in which a timer that began then was running; None when it began later."""
        start = max(self.start, began)
        return Absence(start, self.end) if start < self.end else None


class Watch:
    """Tells an absence when it is over.

    The last touch is worked out at every look: now less the idle seconds. While nobody is there it stands
    still, and it leaps when they are back; a computer that slept looks the same.
    """

    def __init__(self, threshold: timedelta) -> None:
        self._threshold = max(threshold, LEAST)
        self._touched: datetime | None = None

    def look(self, now: datetime, idle_seconds: float | None) -> Absence | None:
        """Take in how long nothing was touched; return the absence that ended since the last look."""
        if idle_seconds is None:
            self._touched = None
            return None
        before, self._touched = self._touched, now - timedelta(seconds=idle_seconds)
        # A clock set back would look like work in the future: begin anew.
        if before is None or self._touched - before < self._threshold:
            return None
        return Absence(before, self._touched)

    def forget(self) -> None:
        """Begin anew: what was before counts no more."""
        self._touched = None


class Choice(enum.Enum):
    """What may become of idle time."""

    KEEP = "keep"
    DISCARD = "discard"
    DISCARD_AND_STOP = "discard-and-stop"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Stop:
    """Stop what runs, at an instant."""

    end: datetime


@dataclass(frozen=True)
class Remove:
    """Take away what runs: all of its time was idle."""


@dataclass(frozen=True)
class Again:
    """Start the same again, at an instant."""

    start: datetime


@dataclass(frozen=True)
class Book:
    """Add a finished entry on another task."""

    start: datetime
    end: datetime
    task_id: int | None


Step = Stop | Remove | Again | Book


def steps(
    choice: Choice, began: datetime, absence: Absence, *, other_task: int | None = None
) -> tuple[Step, ...]:
    """Return what to do, in order, with a timer that began then.

    `other_task` is where idle time goes that is booked elsewhere; None books it without a task.
    """
    inside = absence.within(began)
    if inside is None or choice is Choice.KEEP:
        return ()
    cut: Step = Stop(inside.start) if inside.start > began else Remove()
    if choice is Choice.DISCARD_AND_STOP:
        return (cut,)
    if choice is Choice.DISCARD:
        return (cut, Again(inside.end))
    return (cut, Book(inside.start, inside.end, other_task), Again(inside.end))
