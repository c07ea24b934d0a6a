"""A sync of 100,000 items without waiting for Toggl: first import, nothing changed, memory."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, against, figure
from benchmarks.processes import ROOT, measured

ROUNDS = 3
POSTGRES = ROOT / "tools" / "with_postgres.py"
FLOOR = "the same bodies decoded by msgspec and the same rows stored by one bare {}, indexes and keys alike"
FLOORS = {"SQLite": FLOOR.format("executemany"), "PostgreSQL": FLOOR.format("COPY")}


def run() -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL where its server is installed."""
    found = _figures("SQLite", [_round(()) for _ in range(ROUNDS)], most_seconds=3)
    check = subprocess.run([sys.executable, str(POSTGRES), "--check"], check=False)
    if check.returncode == 0:
        prefix = (sys.executable, str(POSTGRES))
        found += _figures("PostgreSQL", [_round(prefix) for _ in range(ROUNDS)], most_seconds=5)
    return found


def _round(prefix: tuple[str, ...]) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="stint-bench-") as folder:
        found: dict[str, float] = measured("benchmarks.sync_round", data=Path(folder), prefix=prefix)
        return found


def _figures(database: str, rounds: list[dict[str, float]], *, most_seconds: float) -> list[Figure]:
    middle = {name: statistics.median(round_[name] for round_ in rounds) for name in rounds[0]}
    ratio = statistics.median(round_["first"] / round_["floor"] for round_ in rounds)
    return [
        figure("sync", f"first import, {database}", middle["first"], "s", most=most_seconds),
        against(
            "sync", f"first import against the floor, {database}", middle["first"], "s", middle["floor"],
            FLOORS[database], most=2, ratio=ratio, note=f"of the floor, {middle['decode']:.2f} s is decoding",
        ),
        figure("sync", f"unchanged re-sync, {database}", middle["again"], "s", most=1.2),
        figure("sync", f"rows written by it, {database}", middle["written"], "rows", most=0),
        figure("sync", f"peak memory, {database}", middle["peak"] / 1e6, "MB", most=400),
    ]  # fmt: skip
