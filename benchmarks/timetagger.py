"""Beside TimeTagger, the other self-hosted tracker in Python: writing an entry, and reading a month, over HTTP.

It is installed from PyPI into a folder that is thrown away, and run as a program of its own: GPL-3.0, no part of Stint.
Both servers have the same year of one person, and are asked over 16 connections.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uuid_utils

from benchmarks.company import DATABASE, LAST_DAY, company, token_of
from benchmarks.figures import Figure, against
from benchmarks.http import await_port, free_port
from benchmarks.loading import load, request
from benchmarks.processes import STINT, Server

RELEASE = "timetagger==26.1.3"
FLOOR = (
    "TimeTagger 26.1.3 with the same entries of one person, each of its accounts a database file of its own"
)
PERSON = 50
ROUNDS, SECONDS, WARM_SECONDS = 3, 1.5, 0.5
AT_ONCE = 100
FIRST, LAST = LAST_DAY - timedelta(days=30), LAST_DAY

Record = dict[str, object]


def run() -> list[Figure]:
    """Measure, or say why not."""
    with tempfile.TemporaryDirectory(prefix="stint-bench-") as folder, company() as data:
        python = _installed(Path(folder))
        if python is None:
            print(f"timetagger: skipped, since pip could not install {RELEASE}", file=sys.stderr)
            return []
        with (
            _timetagger(python, Path(folder)) as theirs,
            Server(STINT, "up", "--port", "0", data=data) as ours,
        ):
            token = _sign_in(theirs.port)
            records = _records(data)
            for first in range(0, len(records), AT_ONCE):
                _put(theirs.port, token, records[first : first + AT_ONCE])
            return [
                _beside("entries written", ours, _stint_writes(), theirs, _timetagger_writes(token)),
                _beside("months read", ours, _stint_reads, theirs, _timetagger_reads(token)),
            ]


def _beside(
    what: str, ours: Server, ask_us: Callable[[], bytes], theirs: Server, ask_them: Callable[[], bytes]
) -> Figure:
    load(ours, ask_us, WARM_SECONDS), load(theirs, ask_them, WARM_SECONDS)
    pairs = [(load(ours, ask_us, SECONDS), load(theirs, ask_them, SECONDS)) for _ in range(ROUNDS)]
    rate, their_rate = (statistics.median(side.rate for side in sides) for sides in zip(*pairs, strict=True))
    ratio = statistics.median(mine.rate / their.rate for mine, their in pairs)
    return against("timetagger", what, rate, "/s", their_rate, FLOOR, least=1, ratio=ratio)


def _installed(folder: Path) -> Path | None:
    """Return a Python that has TimeTagger; None where it cannot be had."""
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", RELEASE]
    try:
        done = subprocess.run(pip, stderr=subprocess.DEVNULL, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return None
    return python if done.returncode == 0 else None


@contextmanager
def _timetagger(python: Path, folder: Path) -> Iterator[Server]:
    port = free_port()
    where = (f"--bind=127.0.0.1:{port}", f"--datadir={folder / 'records'}", "--log_level=warning")
    # It says nothing once it serves, so a shell says beforehand where it will.
    command = f'echo http://127.0.0.1:{port}; exec "$@"'
    with Server("sh", "-c", command, "sh", str(python), "-m", "timetagger", *where, data=folder) as server:
        await_port(port)
        yield server


def _sign_in(port: int) -> str:
    wanted = base64.b64encode(json.dumps({"method": "localhost", "username": "defaultuser"}).encode())
    address = f"http://127.0.0.1:{port}/timetagger/api/v2/bootstrap_authentication"
    with urllib.request.urlopen(urllib.request.Request(address, wanted, method="POST"), timeout=10) as answer:
        token: str = json.load(answer)["token"]
        return token


def _records(data: Path) -> list[Record]:
    """Return the person's entries as TimeTagger keeps them."""
    with contextlib.closing(sqlite3.connect(data / DATABASE)) as database:
        rows = database.execute(
            'SELECT id, start, "end", note FROM entries_entry WHERE user_id = ? AND "end" <> \'\'', [PERSON]
        ).fetchall()
    return [_record(key, *(int(datetime.fromisoformat(at + "+00:00").timestamp()) for at in span), note)
            for key, *span, note in rows]  # fmt: skip


def _record(key: str, start: int, end: int, note: str) -> Record:
    return {"key": key, "mt": end, "t1": start, "t2": end, "ds": f"{note} #billed"}


def _put(port: int, token: str, records: list[Record]) -> None:
    address = f"http://127.0.0.1:{port}/timetagger/api/v2/records"
    asked = urllib.request.Request(address, json.dumps(records).encode(), {"authtoken": token}, method="PUT")
    with urllib.request.urlopen(asked, timeout=30) as answer:
        failed = json.load(answer)["failed"]
        assert not failed, failed[:1]


def _hours() -> Iterator[datetime]:
    """Yield hours of a time when the person has no entries yet."""
    first = datetime(2010, 1, 1, tzinfo=UTC)
    return (first + timedelta(hours=number % 100_000) for number in itertools.count())


def _stint_writes() -> Callable[[], bytes]:
    hours = _hours()

    def make() -> bytes:
        start = next(hours)
        end = start + timedelta(minutes=30)
        body = {"start": start.isoformat(), "end": end.isoformat(), "note": "Bench", "tags": ["billed"]}
        return request("POST", "/api/v1/entries", token_of(PERSON), json.dumps(body).encode())

    return make


def _timetagger_writes(token: str) -> Callable[[], bytes]:
    hours = _hours()

    def make() -> bytes:
        start = int(next(hours).timestamp())
        return _asked(
            "PUT",
            "records",
            token,
            json.dumps([_record(uuid_utils.uuid7().hex, start, start + 1800, "Bench")]),
        )

    return make


def _stint_reads() -> bytes:
    return request("GET", f"/api/v1/entries?from={FIRST}&to={LAST}&limit=1000", token_of(PERSON))


def _timetagger_reads(token: str) -> Callable[[], bytes]:
    first, last = (
        datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST, LAST + timedelta(days=1))
    )
    asked = _asked("GET", f"records?timerange={first.timestamp():.0f}-{last.timestamp():.0f}", token)
    return lambda: asked


def _asked(method: str, path: str, token: str, body: str = "") -> bytes:
    head = f"{method} /timetagger/api/v2/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nauthtoken: {token}\r\n"
    return f"{head}Content-Length: {len(body.encode())}\r\n\r\n{body}".encode()
