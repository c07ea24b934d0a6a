"""Tortures Stint: all parts, or those named on the command line."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
from collections.abc import Callable
from time import monotonic

from torture import clock, database, disk, hosts, kills, mail, report, soak, toggl, worker
from torture.outcome import Options, Outcome

PARTS: dict[str, Callable[[Options], list[Outcome]]] = {
    "kills": kills.run,
    "disk": disk.run,
    "database": database.run,
    "hosts": hosts.run,
    "clock": clock.run,
    "worker": worker.run,
    "mail": mail.run,
    "toggl": toggl.run,
    "soak": soak.run,
}


def main(arguments: list[str]) -> int:
    """Run the wanted parts, or all; the exit code is 1 where a rule did not hold."""
    asked = _asked(arguments)
    options = Options(asked.seed, asked.kills, asked.minutes, tuple(asked.database or Options.databases))
    print(f"torture: seed {options.seed}", file=sys.stderr, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started or mounted ends
    found: list[Outcome] = []
    for part in asked.part or PARTS:
        began = monotonic()
        outcomes = PARTS[part](options)
        print(f"{part}: {monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        if options.databases == Options.databases:  # half a part is for trying things out
            report.keep(outcomes, options, PARTS)
        found += outcomes
    report.show(found)
    return 1 if any(outcome.faults for outcome in found) else 0


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all without any")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="repeats the same choices")
    parser.add_argument("--kills", type=int, default=Options.kills, help="how many, on each database")
    parser.add_argument("--minutes", type=float, default=Options.minutes, help="how long the soak is")
    parser.add_argument("--database", action="append", choices=Options.databases, help="only this one")
    asked = parser.parse_args(arguments)
    if unknown := [part for part in asked.part if part not in PARTS]:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
