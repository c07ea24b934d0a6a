from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import pytest

from stint.sandbox.seeds import MEMBER_TOKEN
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace

Connect = Callable[[str | None], httpx2.Client]


@pytest.fixture
def sandbox() -> Iterator[BackgroundSandbox]:
    """The small seed over real HTTP; it starts in milliseconds, so each test has its own."""
    with BackgroundSandbox("small") as running:
        yield running


@pytest.fixture
def connect(sandbox: BackgroundSandbox) -> Iterator[Connect]:
    """Makes clients of the API: with a token, or with none."""
    made: list[httpx2.Client] = []

    def make(token: str | None) -> httpx2.Client:
        auth = (token, "api_token") if token else None
        made.append(httpx2.Client(base_url=sandbox.url, auth=auth, timeout=5, trust_env=False))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def admin(sandbox: BackgroundSandbox, connect: Connect) -> httpx2.Client:
    return connect(sandbox.token)


@pytest.fixture
def member(connect: Connect) -> httpx2.Client:
    return connect(MEMBER_TOKEN)


@pytest.fixture
def place(sandbox: BackgroundSandbox) -> Workplace:
    return sandbox.workplace


@pytest.fixture
def base(place: Workplace) -> str:
    """The path of the seed's one workspace."""
    return f"/api/v9/workspaces/{next(iter(place.workspaces))}"
