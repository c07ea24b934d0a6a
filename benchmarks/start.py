"""How soon `stint up` answers on a company's database, what it holds in memory, and how soon `stint status` does."""

from __future__ import annotations

import statistics
import subprocess
import time
import urllib.request
from pathlib import Path

from benchmarks.company import company, token_of
from benchmarks.figures import Figure, figure
from benchmarks.processes import STINT, Server, environment

ROUNDS, STATUS_ROUNDS = 3, 9
IDLE_SECONDS = 2.0


def run() -> list[Figure]:
    """Measure."""
    with company() as data:
        rounds = [_start(data) for _ in range(ROUNDS)]
        told = _status(data)
    seconds, memory = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        figure("start", "stint up, until it answers", seconds, "s", most=3),
        figure("start", "memory when idle", memory / 1e6, "MB", most=150),
        figure("start", "stint status in a terminal", told * 1000, "ms", most=300),
    ]


def _start(data: Path) -> tuple[float, float]:
    began = time.perf_counter()
    with Server(STINT, "up", "--port", "0", data=data) as server:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=10) as answer:
            answer.read()
        took = time.perf_counter() - began
        time.sleep(IDLE_SECONDS)
        return took, server.resident


def _status(data: Path) -> float:
    """Return the median seconds from calling `stint status` to its end."""
    surroundings = environment(data, STINT_CONFIG=str(data / "terminal"))
    times = []
    with Server(STINT, "up", "--port", "0", data=data) as server:
        login = (STINT, "login", f"http://127.0.0.1:{server.port}", "--token", token_of(1))
        subprocess.run(login, env=surroundings, check=True, stdout=subprocess.DEVNULL)
        for _ in range(STATUS_ROUNDS):
            began = time.perf_counter()
            subprocess.run((STINT, "status"), env=surroundings, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - began)
    return statistics.median(times)
