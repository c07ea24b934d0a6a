"""Serving the sandbox: for good by `run`, or in a thread by `BackgroundSandbox`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import uvicorn

from .app import create_app
from .gate import RequestLog
from .limits import Burst
from .seeds import DEMO_TOKEN, MEMBER_TOKEN, PARTIAL_TOKEN, load
from .workplace import Workplace

STOP_SECONDS = 10.0
BACKLOG = 256


def run(host: str = "127.0.0.1", port: int = 8001, seed: str = "team") -> None:
    """Serve the sandbox until it is interrupted, after printing its address and tokens.

    Raises:
        SystemExit: the seed is unusable, or the port is taken; the text says which.

    """
    try:
        place = load(seed)
    except ValueError as error:
        raise SystemExit(f"stint: {error}") from error
    app = create_app(place, seed=seed)
    config = uvicorn.Config(app, host, port, log_level="warning", timeout_graceful_shutdown=2)
    opened = config.bind_socket()
    print(f"Toggl sandbox   http://{host}:{opened.getsockname()[1]}")
    print(f"API token       {place.owner_token}  (sees everything)")
    if place.owner_token == DEMO_TOKEN:
        print(f"                {MEMBER_TOKEN}  (an ordinary member)")
        print(f"                {PARTIAL_TOKEN}  (only some workspaces, where there are several)")
    print("Ctrl+C ends it. Nothing is kept.", flush=True)
    uvicorn.Server(config).run(sockets=[opened])


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process: this server lives in a thread of it."""
        yield


class BackgroundSandbox:
    """A sandbox in a thread, on 127.0.0.1; usable as a context manager.

    Attributes:
        url: scheme and host, no path; there once it was started.
        workplace: its data; change it by `stint.sandbox.edits`.
        token: the API token that sees everything.
        log: what was asked of the API: `.rows`, `.counts`, `len()`, `.clear()`.

    """

    def __init__(
        self,
        seed: str | Workplace = "team",
        *,
        port: int = 0,
        quota: int | None = None,
        burst: Burst | None = None,
    ) -> None:
        self.workplace = load(seed) if isinstance(seed, str) else seed
        self.token = self.workplace.owner_token
        name = seed if isinstance(seed, str) else ""
        self.app = create_app(self.workplace, seed=name, quota=quota, burst=burst)
        self.log: RequestLog = self.app.state.log
        self.limits, self.faults = self.app.state.limits, self.app.state.faults
        self.url = ""
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def requests(self) -> list[tuple[str, str]]:
        """Method and path of each API request so far, oldest first."""
        return [(row.method, row.path) for row in self.log.rows]

    def start(self) -> None:
        """Listen and serve; returns once requests are answered."""
        config = uvicorn.Config(
            self.app, "127.0.0.1", self._port, log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
        opened = config.bind_socket()
        # uvicorn only listens later, in its thread. Listening here, early requests wait instead of being refused.
        opened.listen(BACKLOG)
        self.url = f"http://127.0.0.1:{opened.getsockname()[1]}"
        self._server = _Server(config)
        kwargs = {"sockets": [opened]}
        self._thread = threading.Thread(target=self._server.run, kwargs=kwargs, name="sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(STOP_SECONDS)
        self.app.state.hooks.close()

    def __enter__(self) -> BackgroundSandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
