"""What an edit leaves behind: who, when, what it was and what it became."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.queries import EntryOut


def note_change(caller: Caller, action: str, before: EntryOut, after: EntryOut | None) -> None:
    """Keep one edit: the fields that differ, or for a deletion (no `after`) all there was."""
    was: dict[str, Any] = msgspec.structs.asdict(before)
    now: dict[str, Any] | None = None if after is None else msgspec.structs.asdict(after)
    if now is not None:
        differing = [
            name for name in was if was[name] != now[name] and not (name == "seconds" and before.end is None)
        ]
        was, now = {name: was[name] for name in differing}, {name: now[name] for name in differing}
    queries.insert_change(
        UUID(before.id), caller, action=action, changed_at=timezone.now(), before=was, after=now
    )
