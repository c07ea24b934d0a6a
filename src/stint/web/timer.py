"""What the timer bar shows before it has asked the server itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.tasks.queries import looks


def state(caller: Caller) -> dict[str, Any]:
    """Return `{entry, now, path, color}`: what runs, the server's clock, and its task's names and colour."""
    running = queries.running(caller)
    task_id = running.task_id if running else None
    look = looks([task_id]).get(task_id) if task_id is not None else None
    return {
        "entry": msgspec.to_builtins(running),
        "now": datetime.now(UTC).isoformat(),
        "path": look.path if look else [],
        "color": look.color if look else "",
    }
