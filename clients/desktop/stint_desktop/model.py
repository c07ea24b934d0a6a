"""What the windows show: one picture of how things are, made anew when they change."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Task:
    """A task as the picker shows it. `path` holds names from the root, its own last; `color` may be empty."""

    id: int
    name: str
    path: tuple[str, ...] = ()
    color: str = ""
    children: int = 0
    trackable: bool = True

    @property
    def above(self) -> str:
        """What it stands under: "Client / Project"."""
        return " / ".join(self.path[:-1])


@dataclass(frozen=True)
class Running:
    """The entry that runs; `task` is None for time without a task."""

    id: str
    task: Task | None
    note: str
    start: datetime


@dataclass(frozen=True)
class Refused:
    """A change that the server refused for good, as a sentence; `number` is what the queue knows it by."""

    number: int
    text: str


class Link(enum.Enum):
    """How the app stands with its server."""

    NONE = "none"  # no server was named yet
    ONLINE = "online"
    OFFLINE = "offline"
    SIGNED_OUT = "signed-out"  # the token is void; what was queued waits


@dataclass(frozen=True)
class State:
    """How things are.

    `ahead` is how much the server's clock is ahead of ours, `trouble` a sentence or empty, `notices` are sentences that
    stay until somebody says that they were read.
    """

    link: Link = Link.NONE
    running: Running | None = None
    queued: int = 0
    ahead: timedelta = timedelta()
    favourites: tuple[Task, ...] = ()
    recent: tuple[Task, ...] = ()
    trouble: str = ""
    notices: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()

    def seconds(self, now: datetime | None = None) -> float:
        """Return what the timer shows: seconds since the start by the server's clock, 0 when nothing runs."""
        if self.running is None:
            return 0
        return ((now or datetime.now(UTC)) + self.ahead - self.running.start).total_seconds()
