"""Runs the benchmarks: all of them, or the parts named on the command line."""

from __future__ import annotations

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
}


def main(wanted: list[str]) -> int:
    """Run the wanted parts, or all; the exit code tells only of faults, not of budgets."""
    if unknown := [part for part in wanted if part not in PARTS]:
        print(f"benchmarks: no part {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    found: list[Figure] = []
    for part in wanted or PARTS:
        began = monotonic()
        found += PARTS[part]()
        print(f"{part}: {monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    report.show(found)
    report.keep(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
