"""The floor of the API: Starlette, sqlite3 and msgspec doing the same SQL, with nothing around it.

The same authentication by one look-up of the token, the same pragmas, two threads a process, one writer at a
time in a process. No rules, no checks of input, no history to read, no ranking.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import anyio.to_thread
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

THREADS = 2
TASK = """t.id, t.parent_id, t.path, t.name, t.archived, t.in_archive, t.read_only, t.source, t.source_kind,
    t.source_id, (SELECT count(*) FROM tasks_task c WHERE c.account_id = t.account_id AND c.parent_id = t.id)"""
ENTRY = """e.id, e.user_id, e.task_id, e.note, e.tags, e.billable, e.start, e."end", e.seconds, e.version, e.made_by"""
ENTRY_NAMES = (
    "id",
    "user_id",
    "task_id",
    "note",
    "tags",
    "billable",
    "start",
    "end",
    "seconds",
    "version",
    "made_by",
)
CALLER = """SELECT u.id, u.name, u.email, u.timezone, a.id, a.name, a.week_start, m.role, t.id, t.last_used_at
  FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id JOIN accounts_account a ON a.id = m.account_id
  JOIN accounts_apitoken t ON t.user_id = u.id WHERE t.digest = ? AND u.is_active"""
SCOPE = """SELECT t.path FROM tasks_assignment a JOIN tasks_task t ON t.id = a.task_id
  WHERE a.user_id = ? AND NOT a.withdrawn"""
PRAGMAS = """PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;
  PRAGMA mmap_size=268435456;PRAGMA foreign_keys=ON"""

_local = threading.local()
_writer = threading.Lock()


def database() -> sqlite3.Connection:
    """Return this thread's connection."""
    if not hasattr(_local, "connection"):
        path = os.path.join(os.environ["STINT_DATA"], "stint.sqlite3")  # noqa: PTH118
        _local.connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        _local.connection.executescript(PRAGMAS)
    connection: sqlite3.Connection = _local.connection
    return connection


def caller(request: Request, connection: sqlite3.Connection) -> tuple[Any, ...]:
    """Return the row of who asks."""
    token = request.headers["authorization"].partition(" ")[2]
    row: tuple[Any, ...] = connection.execute(CALLER, [hashlib.sha256(token.encode()).hexdigest()]).fetchone()
    return row


def week(request: Request, body: bytes) -> object:
    """Return somebody's entries of some days."""
    connection = database()
    user = caller(request, connection)
    rows = connection.execute(
        f"""SELECT {ENTRY} FROM entries_entry e WHERE e.user_id = ? AND e.account_id = ? AND e.day >= ? AND e.day <= ?
            ORDER BY e.start DESC, e.id DESC LIMIT 101""",
        [user[0], user[4], request.query_params["from"], request.query_params["to"]],
    ).fetchall()
    items = [dict(zip(ENTRY_NAMES, row, strict=True)) for row in rows]
    for item in items:
        item["tags"] = msgspec.json.decode(item["tags"])
    return {"items": items, "next": None}


def search(request: Request, body: bytes) -> object:
    """Return tasks whose name has a word."""
    connection = database()
    user = caller(request, connection)
    (low,) = connection.execute(SCOPE, [user[0]]).fetchone()
    word, limit = request.query_params["q"], int(request.query_params["limit"])
    seen = "t.account_id = ? AND t.path >= ? AND t.path < ? AND NOT t.in_archive"
    bounds = [user[4], low, low[:-1] + "0"]
    select = f"SELECT {TASK} FROM tasks_task t WHERE {seen}"
    rows = connection.execute(
        f"{select} AND t.sort_name >= ? AND t.sort_name < ? ORDER BY t.sort_name LIMIT 250",
        [*bounds, word, word + "\U0010ffff"],
    ).fetchall()
    rows += connection.execute(
        f"""{select} AND t.id IN (SELECT rowid FROM tasks_task_search WHERE tasks_task_search MATCH ?)
            ORDER BY t.id LIMIT 500""",
        [*bounds, f'"{word}"'],
    ).fetchall()
    shown = list({row[0]: row for row in rows}.values())[:limit]
    ids = sorted({int(part) for row in shown for part in row[2].split("/")[:-1]})
    named = dict(
        connection.execute(
            f"SELECT id, name FROM tasks_task WHERE id IN ({', '.join('?' * len(ids))})",
            ids,
        ).fetchall()
    )
    names = (
        "id",
        "parent_id",
        "path",
        "name",
        "archived",
        "in_archive",
        "read_only",
        "source",
        "kind",
        "ref",
        "children",
    )
    items = [dict(zip(names, row, strict=True)) for row in shown]
    for item in items:
        item["path"] = [named[int(part)] for part in item["path"].split("/")[:-1]]
    return {"items": items, "next": None}


def start(request: Request, body: bytes) -> object:
    """Start a timer, and stop what runs."""
    connection = database()
    user = caller(request, connection)
    wanted = msgspec.json.decode(body)
    id_ = uuid.uuid4().hex
    with _writer:
        connection.execute("BEGIN IMMEDIATE")
        now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
        connection.execute("SELECT path, name, in_archive FROM tasks_task WHERE id = ? AND account_id = ?",
                           [wanted["task_id"], user[4]]).fetchone()  # fmt: skip
        connection.execute(SCOPE, [user[0]]).fetchall()
        running = connection.execute(
            f'SELECT {ENTRY} FROM entries_entry e WHERE e.user_id = ? AND e."end" IS NULL', [user[0]]
        ).fetchone()
        if running:
            seconds = int((now - datetime.fromisoformat(running[6])).total_seconds())
            connection.execute(
                'UPDATE entries_entry SET "end" = ?, seconds = ?, version = version + 1 WHERE id = ?',
                [str(now), seconds, running[0]],
            )
            connection.execute(
                """INSERT INTO entries_entrychange(entry_id, account_id, changed_by_id, changed_at, action, before,
                                                  after)
                   VALUES (?, ?, ?, ?, 'stop', ?, ?)""",
                [running[0], user[4], user[0], str(now), '{"end": null, "version": 1}',
                 msgspec.json.encode({"end": str(now), "seconds": seconds, "version": 2}).decode()],
            )  # fmt: skip
        connection.execute(
            """INSERT INTO entries_entry(id, account_id, user_id, task_id, start, "end", day, seconds, note, tags,
                                         billable, made_by, version, created_as)
               VALUES (?, ?, ?, ?, ?, NULL, ?, 0, ?, '[]', 0, 'api', 1, '')""",
            [id_, user[4], user[0], wanted["task_id"], str(now), str(now.date()), wanted["note"]],
        )
        connection.execute("COMMIT")
    return dict(zip(ENTRY_NAMES, (id_, user[0], wanted["task_id"], wanted["note"], [], False, now, None, 0, 1, "api"),
                    strict=True))  # fmt: skip


def route(method: str, path: str, answer: Callable[[Request, bytes], object]) -> Route:
    """Return a route whose whole work is done in one visit to a thread."""

    def work(request: Request, body: bytes) -> Response:
        return Response(msgspec.json.encode(answer(request, body)), media_type="application/json")

    async def endpoint(request: Request) -> Response:
        return await anyio.to_thread.run_sync(work, request, await request.body())

    return Route(path, endpoint, methods=[method])


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Allow as many threads as Stint has."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


app = Starlette(
    routes=[
        route("GET", "/api/v1/entries", week),
        route("GET", "/api/v1/tasks", search),
        route("POST", "/api/v1/timer/start", start),
    ],
    lifespan=lifespan,
)

if __name__ == "__main__":
    port, workers = int(sys.argv[1]), int(sys.argv[2])
    print(f"floor at http://127.0.0.1:{port}", flush=True)
    uvicorn.run("benchmarks.floor:app", port=port, workers=workers, log_level="warning", access_log=False)
