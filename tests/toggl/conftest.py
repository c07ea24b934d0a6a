from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from stint.integrations.toggl.client import TogglClient

from .stand_in import Reply, StandIn

TOKEN = "5ec2e7" + "0" * 26


@pytest.fixture
def toggl() -> Iterator[StandIn]:
    server = StandIn()
    server.on("/me", Reply({"id": 7, "email": "ada@example.org"}))
    for name in ("clients", "projects", "tasks", "workspace_users"):
        server.on(f"/workspaces/1/{name}", Reply(None))
    yield server
    server.close()


@pytest.fixture
def connect(toggl: StandIn) -> Iterator[Callable[..., TogglClient]]:
    made: list[TogglClient] = []

    def make(token: str = TOKEN, **options: object) -> TogglClient:
        settings = {"rate": 0, "retry_seconds": 2.0, "first_wait": 0.01, **options}
        made.append(TogglClient(toggl.url, token, **settings))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for client in made:
        client.close()
