"""Where the queue is kept: one document for each server and person, in SQLite, changed by one process at a time."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from stint.client.state import State, dump, load, tell

LOCKED_SECONDS = 10.0
POLL_SECONDS = 0.05


class NotKept(Exception):
    """The device would not keep the queue; `str()` says why."""


class Store:
    """The queue of `name` in the file at `path`."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self._name = path, name

    def read(self) -> State:
        """Return what is kept; where it cannot be read it is set aside, and the new one says so.

        Raises:
            NotKept: the file cannot be opened.

        """
        if not self.path.exists():
            return State()
        return self._transaction(lambda held: held, write=False)

    def change(self, act: Callable[[State], State]) -> State:
        """Change what is kept, with nobody else in between, and return it.

        Raises:
            NotKept: it cannot be written: the disk is full, or the folder closed.

        """
        return self._transaction(act, write=True)

    @contextmanager
    def turn(self, seconds: float) -> Iterator[bool]:
        """Let one process at a time send; False where another one is still at it after so many seconds."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self.path.with_suffix(".lock").open("ab")
        except OSError:
            yield True  # what cannot be kept is this process's alone
            return
        with file:
            ends = time.monotonic() + seconds
            while not (got := _lock(file.fileno())) and time.monotonic() < ends:
                time.sleep(POLL_SECONDS)
            yield got

    def _transaction(self, act: Callable[[State], State], *, write: bool) -> State:
        aside = None
        for _ in range(2):
            try:
                return self._try(act, aside, write=write)
            except sqlite3.OperationalError as fault:
                raise NotKept(f"{self.path}: {fault}") from fault
            except OSError as fault:
                raise NotKept(f"{self.path}: {fault.strerror}") from fault
            except (sqlite3.DatabaseError, ValueError, TypeError, KeyError):
                aside = self._set_aside()
        raise NotKept(f"{self.path} cannot be read, nor set aside")

    def _try(self, act: Callable[[State], State], aside: Path | None, *, write: bool) -> State:
        with closing(self._open()) as database:
            database.execute("BEGIN IMMEDIATE" if write or aside else "BEGIN")
            row = database.execute("SELECT state FROM queue WHERE name = ?", [self._name]).fetchone()
            held = load(json.loads(row[0])) if row else State()
            if aside:
                held = tell(held, "damaged", detail=str(aside))
            state = act(held)
            if state is not held or aside:
                database.execute(
                    "INSERT INTO queue VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state",
                    [self._name, json.dumps(dump(state))],
                )
            database.execute("COMMIT")
        return state

    def _open(self) -> sqlite3.Connection:
        if not self.path.exists():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        database = sqlite3.connect(self.path, timeout=LOCKED_SECONDS, isolation_level=None)
        database.execute(
            "CREATE TABLE IF NOT EXISTS queue (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT"
        )
        return database

    def _set_aside(self) -> Path:
        when = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        aside = self.path.with_name(f"{self.path.stem}.damaged-{when}{self.path.suffix}")
        self.path.replace(aside)
        self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        return aside


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
