"""What people ask all day, at 16 connections: starting a timer, reading a week, searching a task."""

from __future__ import annotations

import random
import socket
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from benchmarks.company import ACTS, FIELDS, LAST_DAY, USERS, company, token_of, trackable
from benchmarks.figures import Figure, against, figure
from benchmarks.loading import Load, load, request
from benchmarks.processes import STINT, Server

ROUNDS, SECONDS, WARM_SECONDS = 3, 1.5, 0.7
WORKERS = 2
FLOOR = "Starlette, sqlite3 and msgspec doing the same SQL (benchmarks/floor.py), processes and threads alike"
WRITES, READS = 120.0, 50.0

Maker = Callable[[], bytes]


def run() -> list[Figure]:
    """Measure `stint up` against one process of the floor, and `stint web` against as many as it has workers."""
    with company() as data:
        found = _compare(data, "stint up", ("up",), 1, least=0.65)
        web = ("web", "--workers", str(WORKERS))
        return found + _compare(data, f"stint web, {WORKERS} workers", web, WORKERS, least=0.95)


def _compare(
    data: Path, title: str, command: tuple[str, ...], processes: int, *, least: float
) -> list[Figure]:
    floor = (sys.executable, "-m", "benchmarks.floor", str(free_port()), str(processes))
    with Server(STINT, *command, "--port", "0", data=data) as ours, Server(*floor, data=data) as bare:
        for port in (ours.port, bare.port):
            await_port(port)
        found = []
        for what, make, p99 in _acts(data):
            load(ours, make, WARM_SECONDS), load(bare, make, WARM_SECONDS)
            pairs = [(load(ours, make, SECONDS), load(bare, make, SECONDS)) for _ in range(ROUNDS)]
            found += _figures(f"{title}: {what}", pairs, least, p99)
        return found


def _figures(what: str, pairs: list[tuple[Load, Load]], least: float, p99: float) -> list[Figure]:
    ours, bare = zip(*pairs, strict=True)
    ratio = statistics.median(mine.rate / floor.rate for mine, floor in pairs)
    rate, floor_rate = (statistics.median(one.rate for one in side) for side in (ours, bare))
    slow, slow_floor = (statistics.median(one.p99 for one in side) for side in (ours, bare))
    cpu, floor_cpu = (statistics.median(one.cpu for one in side) for side in (ours, bare))
    middle = statistics.median(one.p50 for one in ours)
    return [
        against(
            "http",
            what,
            rate,
            "/s",
            floor_rate,
            FLOOR,
            least=least,
            ratio=ratio,
            note=f"processor time an answer {cpu:.2f} ms, the floor's {floor_cpu:.2f} ms",
        ),
        figure(
            "http",
            f"{what}, p99",
            slow,
            "ms",
            most=p99,
            note=f"p50 {middle:.1f} ms, the floor's p99 {slow_floor:.1f} ms",
        ),
    ]


def _acts(data: Path) -> list[tuple[str, Maker, float]]:
    """Return what is asked, and how slow the slowest in a hundred may be."""
    chance = random.Random(3)
    open_to = {user: trackable(data, user) for user in range(1, USERS + 1)}

    def token() -> str:
        return token_of(chance.randrange(USERS) + 1)

    def week() -> bytes:
        last = LAST_DAY - timedelta(days=chance.randrange(300))
        return request("GET", f"/api/v1/entries?from={last - timedelta(days=6)}&to={last}&limit=100", token())

    def search() -> bytes:
        word = chance.choice((*FIELDS, *ACTS)).split()[0].lower()
        return request("GET", f"/api/v1/tasks?q={word}&limit=20", token())

    def start() -> bytes:
        user = chance.randrange(USERS) + 1
        body = msgspec.json.encode({"task_id": chance.choice(open_to[user]), "note": "Bench"})
        return request("POST", "/api/v1/timer/start", token_of(user), body)

    return [("timer start", start, WRITES), ("week read", week, READS), ("task search", search, READS)]


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int) -> None:
    """Return once somebody listens on the port."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("benchmarks: a server did not listen")
