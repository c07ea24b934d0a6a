"""Opening ports and running the servers on them."""

from __future__ import annotations

import errno
import gc
import os
import resource
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from django.conf import settings
from starlette.types import ASGIApp

from stint.live.bus import hub
from stint.server.scratch import scratch_folder

SHUTDOWN_SECONDS = 3
# A granian worker's requests run in this many threads; each keeps a database connection.
WORKER_THREADS = 2


class PortTaken(Exception):
    """The port cannot be opened; `str()` says why in one line."""


def open_port(host: str, port: int) -> socket.socket:
    """Return a socket bound to the port (0: any free one).

    Raises:
        PortTaken: another program has it, or the address is not this machine's.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        # Two sockets may be bound with SO_REUSEADDR, but only one may listen.
        opened.listen(2048)
    except (OSError, OverflowError) as fault:
        opened.close()
        if isinstance(fault, OSError) and fault.errno == errno.EADDRINUSE:
            why = f"port {port} on {host} is taken by another program; choose one with --port"
        else:
            why = f"cannot listen on {host} port {port}: {getattr(fault, 'strerror', None) or fault}"
        raise PortTaken(why) from None
    return opened


def address_of(host: str, opened: socket.socket) -> str:
    """Return where a browser on this machine finds the socket, such as http://127.0.0.1:8000."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host)  # noqa: S104
    if shown is None:
        shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{opened.getsockname()[1]}"


class _Server(uvicorn.Server):
    """Says when it answers, ends the event streams first when it stops, and leaves quietly."""

    def __init__(self, config: uvicorn.Config, answering: Callable[[], None]) -> None:
        super().__init__(config)
        self._answering = answering

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._answering()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn waits for open answers, and a stream has no end of its own.
        hub.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn's own raises the signal again at the end, which would skip the rest of the shutdown.
        before = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(app: ASGIApp, opened: socket.socket, answering: Callable[[], None]) -> None:
    """Serve `app` until SIGINT or SIGTERM; call `answering` once it answers."""
    _allow_many_connections()
    config = uvicorn.Config(
        app,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    settle()
    _Server(config, answering).run(sockets=[opened])


def settle() -> None:
    """Leave what is loaded by now out of every later collection of garbage: looking at it takes 70 ms each time."""
    gc.collect()
    gc.freeze()


def serve_workers(host: str, port: int, workers: int) -> None:
    """Serve pages and API with `workers` granian processes until SIGINT or SIGTERM."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _allow_many_connections()
    with scratch_folder("stint-metrics-", Path(tempfile.gettempdir())) as counters:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counters)
        Server(
            "stint.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=WORKER_THREADS,
            # Threads that rest are kept: with them would go their database connections.
            blocking_threads_idle_timeout=600,
            backpressure=256,
            respawn_failed_workers=True,
            workers_kill_timeout=SHUTDOWN_SECONDS,
            log_level=LogLevels.warning,
            websockets=False,
        ).serve()


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
