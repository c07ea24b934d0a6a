"""A PostgreSQL of the torture's own, that can be stopped, killed and started again on its port."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tools.with_postgres import (
    PATIENCE_SECONDS,
    SERVER_OPTIONS,
    await_answer,
    free_port,
    initialise,
    programs,
    unprivileged,
)

# A server that is killed must keep what it confirmed, as one in use does; the disk itself stays.
OPTIONS = SERVER_OPTIONS | {"synchronous_commit": "on", "full_page_writes": "on"}


class NoPostgres(Exception):
    """PostgreSQL's programs are not installed."""


class Cluster:
    """A cluster in a folder of its own; `url` names its first database."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._folder, self._port = binaries, folder, free_port()
        password = secrets.token_hex(16)
        initialise(binaries, folder, password, unprivileged())
        self._base = f"postgres://stint:{password}@127.0.0.1:{self._port}"
        self.url = f"{self._base}/postgres"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and return once it answers."""
        settings = OPTIONS | {"port": str(self._port), "unix_socket_directories": str(self._folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self._folder / "log"
        with log.open("wb") as output:
            self._server = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._folder / "cluster", *options],
                stdout=output,
                stderr=output,
                cwd=self._folder,
                start_new_session=True,
                **unprivileged(),
            )
        await_answer(self._server, self._port, log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGTERM waits for clients, SIGINT cuts them off (fast), SIGQUIT is a crash (immediate)."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(PATIENCE_SECONDS)
            self._server = None

    def pause(self, paused: bool) -> None:
        """Let the server hang without closing a connection, or go on."""
        assert self._server is not None
        how = signal.SIGSTOP if paused else signal.SIGCONT
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.getsid(int(folder.name)) == self._server.pid:
                    os.kill(int(folder.name), how)

    def create(self, name: str) -> str:
        """Make one more database and return its address."""
        with psycopg.connect(self.url, autocommit=True) as database:
            database.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"{self._base}/{name}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a fresh cluster for the length of the block.

    Raises:
        NoPostgres: it is not installed.

    """
    binaries = programs()
    if binaries is None:
        raise NoPostgres
    folder = Path(tempfile.mkdtemp(prefix="stint-postgres-"))
    made = Cluster(binaries, folder)
    try:
        made.start()
        yield made
    finally:
        made.stop(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def databases(name: str, count: int) -> Iterator[list[str]]:
    """Yield the addresses of so many empty databases on a PostgreSQL of their own; empty ones for SQLite."""
    if name == "SQLite":
        yield [""] * count
        return
    with cluster() as server:
        yield [server.create(f"torture{number}") for number in range(count)]
