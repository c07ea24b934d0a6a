"""What people set: kept in one readable file, which a damaged or newer version of never stops the app."""

from __future__ import annotations

import logging
from datetime import time, timedelta
from pathlib import Path

import msgspec

from stint_desktop.reminding import Hours

log = logging.getLogger(__name__)


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True):
    """All of it, with what holds until somebody sets it. Days count from 0, Monday."""

    place: tuple[int, int] | None = None
    idle_on: bool = True
    idle_minutes: int = 5
    remind: bool = True
    remind_minutes: int = 10
    work_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    work_from: time = time(9)
    work_until: time = time(17)
    shortcut: str = ""

    @property
    def idle_after(self) -> timedelta:
        """How long nothing is touched before it counts as idle."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def remind_every(self) -> timedelta:
        """How long nothing runs before a reminder."""
        return timedelta(minutes=self.remind_minutes)

    @property
    def hours(self) -> Hours:
        """When reminders come."""
        return Hours(frozenset(self.work_days), self.work_from, self.work_until)


def load(file: Path) -> Preferences:
    """Return what the file holds. One that cannot be read is put aside, and the defaults hold."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Preferences)
    except FileNotFoundError:
        return Preferences()
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        log.warning("%s cannot be read (%s); it is kept as %s.damaged", file, fault, file.name)
        file.replace(file.with_name(f"{file.name}.damaged"))
        return Preferences()


def save(file: Path, preferences: Preferences) -> None:
    """Write the file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_name(f"{file.name}.new")
    new.write_bytes(msgspec.json.format(msgspec.json.encode(preferences)))
    new.replace(file)
