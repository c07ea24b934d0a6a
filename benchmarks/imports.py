"""A report of 100,000 lines: first import, the same again, memory, and how long timers wait meanwhile."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, against, figure
from benchmarks.processes import measured
from benchmarks.sync import POSTGRES

ROUNDS = 1
FLOOR = "the same file read by csv.reader and the same rows stored by one bare {}, indexes and keys alike; computing"
FLOORS = {"SQLite": FLOOR.format("executemany"), "PostgreSQL": FLOOR.format("COPY")}


def run() -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL where its server is installed."""
    found = _figures("SQLite", [_round(()) for _ in range(ROUNDS)])
    check = subprocess.run([sys.executable, str(POSTGRES), "--check"], check=False)
    if check.returncode == 0:
        prefix = (sys.executable, str(POSTGRES))
        found += _figures("PostgreSQL", [_round(prefix) for _ in range(ROUNDS)])
    return found


def _round(prefix: tuple[str, ...]) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="stint-bench-") as folder:
        found: dict[str, float] = measured("benchmarks.imports_round", data=Path(folder), prefix=prefix)
        return found


def _figures(database: str, rounds: list[dict[str, float]]) -> list[Figure]:
    middle = {name: statistics.median(round_[name] for round_ in rounds) for name in rounds[0]}
    return [
        figure("imports", f"first import, computing, {database}", middle["first"], "s", most=10),
        against(
            "imports", f"first import against the floor, {database}", middle["first"], "s", middle["floor"],
            FLOORS[database], note="the floor judges no line and compares with nothing",
        ),
        figure("imports", f"the same again, computing, {database}", middle["again"], "s", most=10),
        figure("imports", f"peak memory, {database}", middle["peak"] / 1e6, "MB", most=300),
        figure(
            "imports", f"longest wait of a timer meanwhile, {database}", middle["waited"], "s", most=1,
            note=f"of {middle['starts']:.0f} starts",
        ),
    ]  # fmt: skip
