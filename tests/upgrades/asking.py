"""Bring a stored database to this version as `stint up` does, then ask it as its people would: prints what it said.

With a number as argument the process dies, as by kill -9, when so many migrations have been carried out.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from stint.cli.setup import open_database
from upgrades.storing import TOKEN


def die_after(count: int) -> None:
    """Die once `count` migrations have changed the database, before the last of them is recorded."""
    from django.db.migrations.recorder import MigrationRecorder

    record, left = MigrationRecorder.record_applied, count

    def counted(self: Any, app: str, name: str) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        record(self, app, name)

    MigrationRecorder.record_applied = counted  # type: ignore[method-assign]


def main() -> None:
    """Upgrade, ask, and print a JSON object."""
    if sys.argv[1:]:
        die_after(int(sys.argv[1]))
    open_database()
    from django.test import Client
    from everything import TOGGL_TOKEN

    from stint.integrations.models import Integration
    from stint.integrations.secrets import decrypt

    mary = Client(headers={"Authorization": f"Bearer {TOKEN}"})

    def get(path: str) -> Any:
        answer = mary.get(path)
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    day = "2026-03-29"
    told = {
        "ready": get("/readyz")["status"],
        "name": get("/api/v1/me")["name"],
        "timer": get("/api/v1/timer")["entry"]["note"],
        "entries": len(get(f"/api/v1/entries?from={day}&to={day}")["items"]),
        "found": [task["name"] for task in get("/api/v1/tasks?q=free&trackable=true")["items"]],
        "seconds": get(f"/api/v1/reports/summary?from={day}&to={day}&group_by=task")["total_seconds"],
        "new token": mary.post("/api/v1/me/tokens", {"name": "New"}, "application/json").status_code,
        "toggl token": decrypt(Integration.objects.get().token_encrypted) == TOGGL_TOKEN,
        "page": Client().get("/login").status_code,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
