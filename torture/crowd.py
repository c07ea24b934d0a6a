"""Everybody of a company at work on a server that has trouble, until told to stop."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from torture.asking import Asker, Unanswered
from torture.ledger import REST_SECONDS, Ledger
from torture.office import Office

BACK_TO_WORK_SECONDS = 60.0
ANSWERS = 3


class Crowd:
    """One thread a person; works within the block. Whoever is cut off comes back, whoever is put off asks again."""

    def __init__(
        self, place: Office, port: int, chance: random.Random, refusals: tuple[int, ...] = ()
    ) -> None:
        self._place, self._port = place, port
        self.ledgers = [
            Ledger(person.id, random.Random(chance.random()), refusals) for person in place.people
        ]
        self.faults: list[str] = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(ledger.step, number), daemon=True)
            for number, ledger in enumerate(self.ledgers)
        ]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def refused(self) -> int:
        """How often somebody was put off."""
        return sum(ledger.counts.refused for ledger in self.ledgers)

    @property
    def acknowledged(self) -> int:
        """How many writes were answered."""
        return sum(ledger.counts.acknowledged for ledger in self.ledgers)

    def await_work(self, when: str, seconds: float = BACK_TO_WORK_SECONDS) -> float:
        """Return after how many seconds everybody has had some more answers; a fault if that takes too long."""
        began = time.monotonic()
        goals = [ledger.counts.acknowledged + ANSWERS for ledger in self.ledgers]
        while any(
            ledger.counts.acknowledged < goal for ledger, goal in zip(self.ledgers, goals, strict=True)
        ):
            if time.monotonic() - began > seconds:
                self.faults.append(f"{when}: somebody got no answer for {seconds:.0f} s")
                break
            time.sleep(REST_SECONDS)
        return time.monotonic() - began

    def await_refusals(self, count: int) -> None:
        """Return once so many were put off in all."""
        until = time.monotonic() + BACK_TO_WORK_SECONDS
        while self.refused < count and time.monotonic() < until:
            time.sleep(REST_SECONDS)

    def check(self) -> list[str]:
        """Return what does not agree, once everybody has stopped."""
        database = self._place.database
        return (
            self.faults + database.damage() + [fault for one in self.ledgers for fault in one.check(database)]
        )

    def _work(self, step: Callable[[Asker], None], person: int) -> None:
        asker = self._place.asker(self._port, person)
        while not self._stop.is_set():
            try:
                step(asker)
            except Unanswered:
                time.sleep(REST_SECONDS)
            except Exception as fault:
                self.faults.append(f"{type(fault).__name__}: {fault}")
                return
        asker.close()
