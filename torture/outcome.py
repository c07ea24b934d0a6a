"""What a part of the torture did, what it looked at, and what it found."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

FAULTS_SHOWN = 12


class Outcome(msgspec.Struct, kw_only=True):
    """One line of the results: so many times this was done, and these rules were looked at each time."""

    part: str
    what: str
    done: str
    checked: str
    faults: list[str] = []
    note: str = ""
    skipped: bool = False

    @property
    def result(self) -> str:
        """How it ended, in a word or two."""
        if self.skipped:
            return "skipped"
        return f"{len(self.faults)} faults" if self.faults else "held"


@dataclass(frozen=True)
class Options:
    """How long and how hard; parts take what they need of it."""

    seed: int
    kills: int = 1000
    minutes: float = 5
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL")


def shown(faults: list[str]) -> list[str]:
    """Return the first of the faults, and how many more there are."""
    more = len(faults) - FAULTS_SHOWN
    return [*faults[:FAULTS_SHOWN], *([f"and {more} more"] if more > 0 else [])]
