"""How the time of things grows with an account: of 1,000, 10,000 and 100,000 tasks, with up to 1,000,000 entries."""

from __future__ import annotations

import math
import statistics
import tempfile
from pathlib import Path

from benchmarks import drawing
from benchmarks.company import company
from benchmarks.figures import Figure, figure
from benchmarks.processes import ROOT, measured

SIZES = (1_000, 10_000, 100_000)
PICTURE = ROOT / "docs" / "growth.svg"
# What has to look at every item may grow with their number, and a little for sorting and caches; what answers
# so many rows, however many there are, hardly.
EVERY, SOME = 1.2, 0.25
MOST = {
    "sync, first import": EVERY,
    "sync, nothing changed": EVERY,
    "month report": EVERY,
    "task search": 0.5,
    "week read": SOME,
    "timer start": SOME,
    "opening Projects": SOME,
}


def run() -> list[Figure]:
    """Measure, fit and draw."""
    rounds = [_sync(items) | _asked(items) for items in SIZES]
    curves = {name: [round_[name] for round_ in rounds] for name in MOST}
    PICTURE.write_text(drawing.curves("Milliseconds by tasks of the account", SIZES, curves))
    return [
        figure("growth", name, exponent(SIZES, curve), "exponent", most=MOST[name], note=_told(curve))
        for name, curve in curves.items()
    ]


def exponent(sizes: tuple[int, ...], times: list[float]) -> float:
    """Return the b of `time = a * size ** b` that fits best, by least squares of the logarithms."""
    slope, _ = statistics.linear_regression([math.log(size) for size in sizes], [math.log(t) for t in times])
    return slope


def _sync(items: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="stint-bench-") as folder:
        found = measured("benchmarks.sync_round", str(items), data=Path(folder))
    return {"sync, first import": found["first"] * 1000, "sync, nothing changed": found["again"] * 1000}


def _asked(items: int) -> dict[str, float]:
    with company(items) as data:
        found: dict[str, float] = measured("benchmarks.growth_round", str(items), data=data)
        return found


def _told(curve: list[float]) -> str:
    return "; ".join(f"{size:,}: {took:,.3g} ms" for size, took in zip(SIZES, curve, strict=True))
