"""`stint up` on a company's database: how soon it answers, and what it holds in memory when nobody asks."""

from __future__ import annotations

import statistics
import time
import urllib.request
from pathlib import Path

from benchmarks.company import company
from benchmarks.figures import Figure, figure
from benchmarks.processes import STINT, Server

ROUNDS = 3
IDLE_SECONDS = 2.0


def run() -> list[Figure]:
    """Measure."""
    with company() as data:
        rounds = [_start(data) for _ in range(ROUNDS)]
    seconds, memory = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        figure("start", "stint up, until it answers", seconds, "s", most=3),
        figure("start", "memory when idle", memory / 1e6, "MB", most=150),
    ]


def _start(data: Path) -> tuple[float, float]:
    began = time.perf_counter()
    with Server(STINT, "up", "--port", "0", data=data) as server:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=10) as answer:
            answer.read()
        took = time.perf_counter() - began
        time.sleep(IDLE_SECONDS)
        return took, server.resident
