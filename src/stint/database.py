"""What Stint asks of its database: how SQLite is opened, the one way to write, plain SQL, and a long read.

SQLite lets one connection write at a time, and a connection that finds the lock taken sleeps and polls.
A lock in front of it, among the threads of a process and among processes, hands the turn over at once: the
p99 of a timer start at 16 clients fell from 314 to 109 ms. PostgreSQL needs no such thing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from operator import methodcaller
from typing import Any, TypeVar

from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    Error,
    InterfaceError,
    OperationalError,
    connection,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from stint.errors import DatabaseAway, DiskFull

T = TypeVar("T")

ROWS_AT_ONCE = 1000
_ALL, _ONE = methodcaller("fetchall"), methodcaller("fetchone")
# The file, or the shared index of its log, cannot grow.
_SQLITE_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
_POSTGRES_FULL = "53100"
CONNECT_SECONDS = 5
PATIENCE_SECONDS = 10
"""How long a host may leave unanswered what was sent over a connection to PostgreSQL."""
HUNG_AFTER_SECONDS = 120  # longer than Stint ever thinks between two statements of a transaction


class _Turn:
    """The turn to write to a SQLite database: one thread's of this process, and one process's of this machine.

    It is only a queue, which whoever dies leaves: SQLite's own lock keeps two writers apart.
    """

    def __init__(self) -> None:
        self._of_threads = threading.Lock()
        self._of_processes: int | None = None

    def __enter__(self) -> None:
        self._of_threads.acquire()
        try:
            if self._of_processes is None:
                path = f"{connection.settings_dict['NAME']}.turn"
                self._of_processes = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._of_processes, fcntl.LOCK_EX)
        except BaseException:
            self._of_threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        assert self._of_processes is not None
        fcntl.flock(self._of_processes, fcntl.LOCK_UN)
        self._of_threads.release()


_turn = _Turn()
_of_thread = threading.local()


def sqlite_options() -> dict[str, Any]:
    """Return the `OPTIONS` of a SQLite database: WAL, no fsync per commit, writers queue up front."""
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-32000;"
            "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456;"
        ),
    }


def postgres_options() -> dict[str, Any]:
    """Return the `OPTIONS` of a PostgreSQL database: either end notices within 20 s that the other is gone.

    Left to itself, TCP takes 15 minutes to 2 hours. So long a request would hang, and a host that was cut off in a
    transaction keep its locks: nobody else could start that person's timer, or change that account's tree.
    """
    server = {
        "tcp_keepalives_idle": PATIENCE_SECONDS,
        "tcp_keepalives_interval": PATIENCE_SECONDS // 2,
        "tcp_keepalives_count": 2,
        "tcp_user_timeout": PATIENCE_SECONDS * 1000,
        "idle_in_transaction_session_timeout": HUNG_AFTER_SECONDS * 1000,
    }
    return {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": PATIENCE_SECONDS,
        "keepalives_interval": PATIENCE_SECONDS // 2,
        "keepalives_count": 2,
        "tcp_user_timeout": PATIENCE_SECONDS * 1000,
        "options": " ".join(f"-c {name}={value}" for name, value in server.items()),
    }


@cache
def on_sqlite() -> bool:
    """Tell whether the database is SQLite; asked at every statement, so looked up once."""
    return connection.vendor == "sqlite"


def _database() -> BaseDatabaseWrapper:
    """Return this thread's connection; Django's own look-up takes as long as a small statement."""
    try:
        found: BaseDatabaseWrapper = _of_thread.database
    except AttributeError:
        found = _of_thread.database = connections[DEFAULT_DB_ALIAS]
    return found


@contextmanager
def write() -> Iterator[None]:
    """Run the block in one transaction, as the only writer where the database is SQLite."""
    database = _database()
    if not on_sqlite() or database.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _turn, _Transaction(database):
        yield
    # Whoever is told of the change needs no turn.
    database.run_and_clear_commit_hooks()


class _Transaction:
    """Django's outermost `atomic` for SQLite, but for switching autocommit (16 of 22 us) and the hooks at its end."""

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        self._database = database

    def __enter__(self) -> None:
        database = self._database
        database.ensure_connection()
        with database.wrap_database_errors:
            database.connection.execute("BEGIN IMMEDIATE")
        database.in_atomic_block, database.commit_on_exit, database.needs_rollback = True, True, False

    def __exit__(self, fault: type[BaseException] | None, *_: object) -> None:
        database = self._database
        broken, database.needs_rollback = database.needs_rollback, False
        database.in_atomic_block = False
        if database.closed_in_transaction:
            database.connection = None
            return
        try:
            if fault is None and not broken:
                database.commit()
                return
        except DatabaseError:
            _roll_back(database)
            raise
        _roll_back(database)


def _roll_back(database: BaseDatabaseWrapper) -> None:
    try:
        database.rollback()
    except Error:
        database.close()


def fetch_all(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return all rows of a query whose parameters are marked %s."""
    rows: list[tuple[Any, ...]] = _ask(sql, parameters, _ALL)
    return rows


def fetch_one(sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Return the first row of a query whose parameters are marked %s; None where there is none."""
    row: tuple[Any, ...] | None = _ask(sql, parameters, _ONE)
    return row


def run(sql: str, parameters: Sequence[Any] = ()) -> None:
    """Run a statement that returns no rows, its parameters marked %s."""
    _ask(sql, parameters, lambda cursor: None)


def _ask(sql: str, parameters: Sequence[Any], take: Callable[[Any], T]) -> T:
    """Run a statement and return what `take` takes of its cursor.

    On SQLite the driver is asked at once: Django's cursor and what wraps it take 13 of the 16 us of a look-up.
    Whoever counts or watches queries (tests, mostly) is served by Django's cursor.
    """
    database = _database()
    if not on_sqlite() or database.execute_wrappers or database.queries_logged:
        with database.cursor() as cursor:
            cursor.execute(sql, parameters)
            return take(cursor)
    if database.connection is None:
        database.ensure_connection()
    if database.needs_rollback:
        database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        return take(database.connection.execute(_with_question_marks(sql), parameters))


@lru_cache(maxsize=512)
def _with_question_marks(sql: str) -> str:
    """Return a statement with its parameters marked as SQLite's driver wants them."""
    return sql.replace("%s", "?").replace("%%", "%")


def trouble(fault: BaseException) -> DatabaseAway | None:
    """Return what a fault of the database, or of the disk it stands on, means for people; None for other faults."""
    if _is_full(fault) or _is_full(fault.__cause__):
        return DiskFull(
            _("The server's disk is full, so nothing can be saved. Make room on it; nothing else is needed.")
        )
    if isinstance(fault, OperationalError | InterfaceError):
        return DatabaseAway(_("The database does not answer at present; try again in a moment."))
    return None


def _is_full(fault: BaseException | None) -> bool:
    if isinstance(fault, sqlite3.Error):
        return getattr(fault, "sqlite_errorcode", None) in _SQLITE_FULL
    if isinstance(fault, OSError):
        return fault.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(fault, "sqlstate", None) == _POSTGRES_FULL


def size() -> int:
    """Return how many bytes the database takes."""
    of_sqlite = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    found = fetch_one(of_sqlite if on_sqlite() else "SELECT pg_database_size(current_database())")
    assert found is not None
    return int(found[0])


class Snapshot:
    """The database as it was at one instant, read over a connection of its own."""

    def __init__(self, own: BaseDatabaseWrapper) -> None:
        self._own = own
        self.vendor = own.vendor

    def rows(self, sql: str, parameters: Sequence[int | str | date] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, never holding more than ROWS_AT_ONCE of them."""
        with self._own.chunked_cursor() as cursor:
            cursor.execute(sql, parameters)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Open a Snapshot for reads that are streamed to a client, however long it takes to fetch them.

    It has a connection of its own, because a thread answers other requests between the pieces of a stream: their
    writes must not fall into this transaction, nor end it.
    """
    own = connection.copy()
    try:
        if own.vendor == "postgresql":
            from psycopg import IsolationLevel  # 17 MB that SQLite does not need

            own.connect()
            own.connection.isolation_level = IsolationLevel.REPEATABLE_READ
            own.connection.read_only = True
            own.set_autocommit(False)
            with own.cursor() as cursor:
                # Whoever downloads may be slower than a process that hangs.
                cursor.execute("SET idle_in_transaction_session_timeout = 0")
        else:
            with own.cursor() as cursor:
                cursor.execute("PRAGMA query_only = ON")
                # Mapped pages of a large database would count as memory, and it reads each but once.
                cursor.execute("PRAGMA mmap_size = 0")
                # Not IMMEDIATE, as Django would: it only reads, so it must not take the turn of a writer.
                cursor.execute("BEGIN")
        yield Snapshot(own)
    finally:
        own.close()
