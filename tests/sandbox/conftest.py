from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

from stint.sandbox.seeds import MEMBER_TOKEN
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace

Connect = Callable[[str | None], httpx2.Client]
SECRET = "a secret of the test"


@pytest.fixture
def sandbox() -> Iterator[BackgroundSandbox]:
    """The small seed over real HTTP; it starts in milliseconds, so each test has its own."""
    with BackgroundSandbox("small") as running:
        yield running


@pytest.fixture
def connect(sandbox: BackgroundSandbox) -> Iterator[Connect]:
    """Makes clients of the API: with a token, or with none. All is plain HTTP, so no certificates are loaded."""
    made: list[httpx2.Client] = []

    def make(token: str | None) -> httpx2.Client:
        auth = (token, "api_token") if token else None
        made.append(httpx2.Client(base_url=sandbox.url, auth=auth, timeout=5, trust_env=False, verify=False))
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


@dataclass
class Receiver:
    """Takes calls: `answers` are the statuses to give, 200 when there are no more."""

    url: str = ""
    calls: queue.Queue[tuple[dict[str, str], bytes]] = field(default_factory=queue.Queue)
    answers: list[int] = field(default_factory=list)
    validates: bool = True

    def next(self) -> dict[str, Any]:
        headers, body = self.calls.get(timeout=10)
        signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert headers["x-webhook-signature-256"] == f"sha256={signed}"
        assert headers["content-type"] == "application/json"
        found: dict[str, Any] = json.loads(body)
        return found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.calls.put(({k.lower(): v for k, v in self.headers.items()}, body))
            code = json.loads(body).get("validation_code")
            answer = json.dumps({"validation_code": code} if code and made.validates else {}).encode()
            self.send_response(made.answers.pop(0) if made.answers else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}/toggl"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
