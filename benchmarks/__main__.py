"""Runs the benchmarks: all of them, or the parts named on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from time import monotonic

from benchmarks import (
    exports,
    growth,
    http,
    imports,
    live,
    pages,
    report,
    reports,
    requests,
    rows,
    start,
    sync,
    timetagger,
)
from benchmarks.figures import Figure

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "sync": sync.run,
    "requests": requests.run,
    "http": http.run,
    "live": live.run,
    "start": start.run,
    "pages": pages.run,
    "reports": reports.run,
    "exports": exports.run,
    "imports": imports.run,
    "growth": growth.run,
    "timetagger": timetagger.run,
    "rows": rows.run,
}


def main(arguments: list[str]) -> int:
    """Run the wanted parts, or all; the exit code tells only of faults, not of budgets."""
    asked = _asked(arguments)
    found: list[Figure] = []
    for part in asked.part or PARTS:
        began = monotonic()
        found += rows.run(asked.rows) if part == "rows" else PARTS[part]()
        print(f"{part}: {monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    report.show(found)
    report.keep(found)
    return 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all without any")
    parser.add_argument("--rows", type=int, default=rows.ROWS, help="entries of the part rows")
    asked = parser.parse_args(arguments)
    if unknown := [part for part in asked.part if part not in PARTS]:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
