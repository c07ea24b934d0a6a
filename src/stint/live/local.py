"""Events between processes on one SQLite database: a datagram to each that serves streams.

Each such process has a socket in the folder `<database>.live`, which only the owner of the data may enter.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import msgspec
from django.db import connection

from stint.database import on_sqlite
from stint.live.bus import Hub, Told

# Longer than a busy event loop takes to read; a process that hangs must not hold up the others' writes.
PATIENCE_SECONDS = 0.2
LARGEST_DATAGRAM = 4096

_decoder = msgspec.json.Decoder(Told)


def tell(told: Told) -> None:
    """Tell the other processes that serve streams of this database."""
    folder = _folder()
    if folder is None:
        return
    own = f"{os.getpid()}."
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(own)]  # noqa: PTH208
    except FileNotFoundError:
        return
    if names:
        _send(folder, names, msgspec.json.encode(told))


@contextmanager
def listening(hub: Hub) -> Iterator[None]:
    """Hand what other processes tell to `hub` for the length of the block, in the running event loop."""
    folder = _folder()
    if folder is None:
        yield
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{os.getpid()}.socket"
    path.unlink(missing_ok=True)
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiving:
        with _short(folder) as short:
            receiving.bind(f"{short}/{path.name}")
        receiving.setblocking(False)
        loop.add_reader(receiving.fileno(), _receive, receiving, hub)
        try:
            yield
        finally:
            loop.remove_reader(receiving.fileno())
            path.unlink(missing_ok=True)


def _folder() -> Path | None:
    return _beside(str(connection.settings_dict["NAME"])) if on_sqlite() else None


@lru_cache
def _beside(database: str) -> Path | None:
    """Return the folder for a database; made once, since every write asks for it."""
    # A database in memory is seen by one process only.
    return None if "memory" in database else Path(f"{database}.live")


def _send(folder: Path, names: list[str], datagram: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending, _short(folder) as short:
        sending.settimeout(PATIENCE_SECONDS)
        for name in names:
            try:
                sending.sendto(datagram, f"{short}/{name}")
            except ConnectionRefusedError:
                # Left behind by a process that was killed.
                (folder / name).unlink(missing_ok=True)
            except OSError:
                continue


def _receive(receiving: socket.socket, hub: Hub) -> None:
    with suppress(BlockingIOError, msgspec.DecodeError):
        while True:
            hub.publish(_decoder.decode(receiving.recv(LARGEST_DATAGRAM)))


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """Yield a name of the folder that fits the 107 bytes a socket's address may have."""
    if len(os.fsencode(folder)) < 80:
        yield str(folder)
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{opened}"
    finally:
        os.close(opened)
