"""When to say that nothing runs. No clock and no window in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

PRESENT = timedelta(minutes=5)


@dataclass(frozen=True)
class Hours:
    """When somebody works: days of the week (0 is Monday) and hours on the wall; an end before the start is of
    the next morning."""

    days: frozenset[int]
    start: time
    end: time

    def hold(self, local: datetime) -> bool:
        """Return whether it is working time."""
        at = local.time()
        if self.start <= self.end:
            return local.weekday() in self.days and self.start <= at < self.end
        yesterday = (local.weekday() - 1) % 7
        return (local.weekday() in self.days and at >= self.start) or (
            yesterday in self.days and at < self.end
        )


class Reminder:
    """Tells when nothing has run for a while in working time, and again after as long."""

    def __init__(self, hours: Hours, every: timedelta) -> None:
        self._hours, self._every = hours, every
        self._quiet_since: datetime | None = None

    def due(self, local: datetime, *, running: bool, idle_seconds: float | None) -> bool:
        """Take in how things are, and return whether to remind now.

        Nobody is reminded who is not there; where idleness cannot be told, they count as there.
        """
        away = idle_seconds is not None and idle_seconds > PRESENT.total_seconds()
        if running or away or not self._hours.hold(local):
            self._quiet_since = None
            return False
        if self._quiet_since is None or local < self._quiet_since:
            self._quiet_since = local
        if local - self._quiet_since < self._every:
            return False
        self._quiet_since = local
        return True
