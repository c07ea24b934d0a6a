"""What happened, told once it is committed.

The domain packages announce; `stint.live` delivers to the open event streams. Keeping the names here lets
the domain speak without knowing who listens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from django.db import transaction

Kind = Literal["timer", "entry", "tasks", "sync", "people"]


@dataclass(frozen=True, slots=True)
class Event:
    """One change. `user_id` names the only person it concerns; None concerns the whole account."""

    kind: Kind
    id: str
    account_id: int
    user_id: int | None = None


def present() -> str:
    """Return the present instant as events carry it; such texts sort by time."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Listener = Callable[[Event], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called with every committed event of this process."""
    _listeners.append(listener)


def announce(event: Event) -> None:
    """Tell the listeners of `event` when the running transaction commits; never if it is rolled back."""
    transaction.on_commit(lambda: _deliver(event), robust=True)


def _deliver(event: Event) -> None:
    for listener in _listeners:
        listener(event)
