"""SIGKILL at random instants while people track time and Toggl is mirrored; after each the books must balance."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from torture.asking import Asker, Unanswered
from torture.ledger import Ledger
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.postgres import databases
from torture.servers import Cold, Warm
from torture.syncing import STOPPED_TOO_OFTEN, Syncing

LANES = 2
PEOPLE = 5
LONGEST_LIFE_SECONDS = 1.2
LONGEST_START_SECONDS = 0.4
DURING_START = 0.1
COLD = 0.03
CHECKED = (
    "each answered write is there once and whole, each unanswered one once or not at all and once after its retry; "
    "one running timer a person; every version has its line of history; the mirrored tree is the one before or after "
    "the sync, as its record says"
)


@dataclass
class Tally:
    """What the kills of one lane met."""

    kills: int = 0
    cold: int = 0
    during_start: int = 0
    in_sync: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    carried_out: int = 0
    syncs: int = 0
    gave_up: int = 0
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        mine, theirs = vars(self), vars(other)
        return Tally(**{name: mine[name] + theirs[name] for name in mine})


def run(options: Options) -> list[Outcome]:
    """Kill servers on each database."""
    return [_outcome(name, _lanes(name, options)) for name in options.databases]


def _lanes(name: str, options: Options) -> Tally:
    shares = [options.kills // LANES + (lane < options.kills % LANES) for lane in range(LANES)]
    with databases(name, LANES) as urls, ProcessPoolExecutor(LANES, get_context("spawn")) as pool:
        chances = [random.Random(f"{options.seed} {name} {lane}") for lane in range(LANES)]
        return sum(pool.map(kill, urls, shares, chances), Tally())


def kill(url: str, count: int, chance: random.Random, data: Path | None = None) -> Tally:
    """Kill a server of a company of its own so many times; return what came of it."""
    with office(PEOPLE, url=url, data=data) as place:
        log = place.database.data / "server.log"
        warm = Warm(place.environment, log)
        try:
            lane = _Lane(place, warm, Cold(place.environment, log), chance)
            for _ in range(count):
                lane.live_and_die()
            return lane.end()
        finally:
            warm.close()


class _Lane:
    """One company, whose server lives briefly again and again."""

    def __init__(self, place: Office, warm: Warm, cold: Cold, chance: random.Random) -> None:
        self._place, self._warm, self._cold, self._chance = place, warm, cold, chance
        self._tally = Tally()
        self._ledgers = [Ledger(person.id, random.Random(chance.random())) for person in place.people]
        self._syncing = Syncing(place, random.Random(chance.random()), STOPPED_TOO_OFTEN)
        warm.start()
        self._syncing.begin(place.asker(warm.port()))
        warm.kill()
        self._check()

    def live_and_die(self) -> None:
        """Start the server, let everybody work, kill it, look."""
        is_cold = self._chance.random() < COLD
        self._tally.cold += is_cold
        server = self._cold if is_cold else self._warm
        server.start()
        if self._chance.random() < DURING_START:
            time.sleep(self._chance.uniform(0, LONGEST_START_SECONDS))
            server.kill()
            self._tally.during_start += 1
        else:
            self._work_until_killed(server, self._chance.uniform(0, LONGEST_LIFE_SECONDS))
        self._tally.kills += 1
        self._check()

    def end(self) -> Tally:
        """Let a last server live until all that is open is answered, look once more, and return the count."""
        self._warm.start()
        self._work_until_killed(self._warm, LONGEST_LIFE_SECONDS)
        self._check()
        for ledger in self._ledgers:
            self._tally.acknowledged += ledger.counts.acknowledged
            self._tally.unanswered += ledger.counts.unanswered
            self._tally.carried_out += ledger.counts.carried_out
        self._tally.syncs, self._tally.gave_up = self._syncing.done, len(self._syncing.failed)
        return self._tally

    def _work_until_killed(self, server: Cold | Warm, seconds: float) -> None:
        port = server.port()
        steps: list[Callable[[Asker], None]] = [
            *(ledger.step for ledger in self._ledgers),
            self._syncing.step,
        ]
        threads = [
            threading.Thread(target=self._work, args=(one, self._place.asker(port, number % PEOPLE)))
            for number, one in enumerate(steps)
        ]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        server.kill()
        for thread in threads:
            thread.join()

    def _work(self, step: Callable[[Asker], None], asker: Asker) -> None:
        try:
            with suppress(Unanswered):
                while True:
                    step(asker)
        except Exception as fault:
            self._tally.faults.append(f"{type(fault).__name__}: {fault}")
        finally:
            asker.close()

    def _check(self) -> None:
        database = self._place.database
        database.settle()
        running = "FROM integrations_syncrun WHERE status = 'running'"
        self._tally.in_sync += len(database.rows(f"SELECT id {running}"))
        found = [*database.damage(), *self._syncing.check()]
        for ledger in self._ledgers:
            found += ledger.check(database)
        self._tally.faults += [f"after kill {self._tally.kills}: {fault}" for fault in found]
        if database.url:
            # Where other machines may be at work, a run is only taken up after 90 s of silence: let them be over.
            database.change(
                "UPDATE integrations_syncrun SET heartbeat_at = heartbeat_at - interval '2 minutes'"
                " WHERE status = 'running'"
            )


def _outcome(name: str, tally: Tally) -> Outcome:
    return Outcome(
        part="kills",
        what=f"`stint up` killed under writes and syncs, {name}",
        done=f"{tally.kills:,} kills",
        checked=CHECKED + ("; integrity_check and foreign_key_check" if name == "SQLite" else ""),
        faults=tally.faults,
        note=_note(name, tally),
    )


def _note(name: str, tally: Tally) -> str:
    met = (
        f"whole servers, {tally.cold:,} started as a command, the others forked from one that has loaded Python's "
        "modules already",
        f"{tally.during_start:,} died while starting, {tally.in_sync:,} in the middle of a sync",
        f"{tally.acknowledged:,} writes answered, {tally.unanswered:,} cut off, {tally.carried_out:,} of those carried "
        "out",
        f"{tally.syncs:,} syncs done, {tally.gave_up:,} given up after three deaths and asked for again",
    )
    skipped = "; the 90 s of silence before a run is taken up were skipped" if name == "PostgreSQL" else ""
    return "; ".join(met) + skipped
