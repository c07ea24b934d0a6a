"""Every fault that the stand-in for Toggl knows, under load: the tree is the one before or after, never between."""

from __future__ import annotations

import random
import time

from benchmarks.processes import STINT, Server
from stint.sandbox.faults import KINDS, Fault
from torture import tree
from torture.crowd import Crowd
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.postgres import NoPostgres, databases
from torture.syncing import ENDED, POLL_SECONDS, Syncing

PEOPLE = 3
FIRST_REQUESTS = 4  # a sync of this workplace takes a few more
PATIENCE_SECONDS = 90.0
NO_TASKS = "402plan"
"""What a plan without tasks answers, in each workspace alike; any other fault hits whatever is asked."""
SHORT = {"402": 2.0, "slow": 1.5}
"""In how many seconds the quota is said to reset, and how long one answer takes."""
CHECKED = (
    "people track on; a sync that fails says why on its record and leaves the tree as it was, one that gets through "
    "leaves the new one; the next sync heals it, without enabling anew"
)


def run(options: Options) -> list[Outcome]:
    """Switch every fault on, on each database."""
    return [_on(name, options) for name in options.databases]


def _on(name: str, options: Options) -> Outcome:
    outcome = Outcome(
        part="toggl",
        what=f"Toggl at fault under `stint up`, {name}",
        done=f"{len(KINDS)} kinds of faults",
        checked=CHECKED,
    )
    try:
        with databases(name, 1) as urls, office(PEOPLE, url=urls[0]) as place:
            _torture(place, random.Random(f"{options.seed} toggl {name}"), outcome)
    except NoPostgres:
        outcome.skipped, outcome.note = True, "PostgreSQL is not installed here"
    return outcome


def _torture(place: Office, chance: random.Random, outcome: Outcome) -> None:
    data, faults = place.database.data, place.toggl.faults
    ends: dict[str, str] = {}
    with Server(STINT, "up", "--port", "0", data=data, log=data / "up.log", **place.variables) as server:
        admin = place.asker(server.port)
        syncing = Syncing(place, random.Random(chance.random()))
        syncing.begin(admin)
        with Crowd(place, server.port, chance) as crowd:
            for kind in KINDS:
                times = 3 if kind in SHORT else None
                path, after = ("/tasks", 0) if kind == NO_TASKS else ("", chance.randrange(FIRST_REQUESTS))
                faults.add(Fault(kind, path, times, after, SHORT.get(kind)))
                syncing.begin_one(admin)
                run = _ended(place)
                ends[kind] = run[0]
                if run[0] == "failed" and not run[1]:
                    outcome.faults.append(f"{kind}: the failed sync says no error")
                if run[0] not in ENDED:
                    outcome.faults.append(
                        f"{kind}: the sync is still {run[0]} after {PATIENCE_SECONDS:.0f} s"
                    )
                asked = syncing.after if run[0] == "done" else syncing.before
                if kind == NO_TASKS and run[0] == "done":  # they go to the archive
                    asked = {key: node for key, node in asked.items() if key[0] != "task"}
                outcome.faults += [
                    f"{kind}: {wrong}" for wrong in tree.differences(asked, tree.found(place.database))[:3]
                ]
                faults.clear()
                syncing.finish(admin)
                syncing.begin_one(admin)
                syncing.finish(admin)
                outcome.faults += [f"{kind}, next sync: {wrong}" for wrong in syncing.check()]
                crowd.await_work(kind)
        outcome.faults += crowd.check()
        outcome.note = (
            f"each from a random request on; {', '.join(f'{kind} {end}' for kind, end in ends.items())}; "
            f"{crowd.acknowledged:,} writes answered"
        )


def _ended(place: Office) -> tuple[str, str]:
    """Return how the newest sync ended and its error."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = place.database.rows(
            "SELECT status, error FROM integrations_syncrun ORDER BY id DESC LIMIT 1"
        )[0]
        if found[0] in ENDED or time.monotonic() > until:
            return str(found[0]), str(found[1])
        time.sleep(POLL_SECONDS)
