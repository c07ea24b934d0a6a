"""A web host dies while everybody books at it; each request is repeated at the other until it is answered."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx2
import uuid_utils

from torture.hosts.installation import Client, Installation
from torture.hosts.watching import Seen, await_

CLIENTS, BOOKED_EACH = 8, 40
FREED_SECONDS = 45
HEARD_SECONDS = 5  # how long a client waits for an answer before it asks again


def web_host_killed(installed: Installation, clients: list[Client]) -> list[Seen]:
    """Kill web 1 under load, and in the middle of a change of one person's timer, whose lock is left behind."""
    dead = threading.Event()
    begun = threading.Semaphore(0)
    *many, locked = clients
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        booking = [
            pool.submit(_book, installed, many[number % len(many)], dead, begun) for number in range(CLIENTS)
        ]
        for _ in range(CLIENTS * BOOKED_EACH // 3):
            begun.acquire()
        left_locked = _cut_in_the_middle_of_a_change(installed, locked, pool, dead)
        installed.web1.kill()
        dead.set()
        found = [one.result() for one in [*booking, left_locked]]
    ids = [id_ for one, _ in found for id_ in one]
    (stored,) = installed.ask(
        "SELECT count(*), count(DISTINCT id) FROM entries_entry WHERE id = ANY(%s::uuid[])", ids
    )
    running = [
        row[0]
        for row in installed.ask('SELECT count(*) FROM entries_entry WHERE "end" IS NULL GROUP BY user_id')
    ]
    longest, locks = max(slowest for _, slowest in found[:-1]), found[-1][1]
    installed.web1.mend()
    installed.start_web(installed.web1)
    return [
        Seen(
            f"{len(ids)} timers started by {CLIENTS + 1} clients",
            f"{stored[0]} stored, {stored[1]} different",
            stored == (len(ids), len(ids)),
        ),
        Seen("running timers a person", str(max(running)), set(running) == {1}),
        Seen("the longest that a client had to insist", f"{longest:.1f} s", longest < FREED_SECONDS),
        Seen("and where the dead host held the person's lock", f"{locks:.1f} s", locks < FREED_SECONDS),
    ]


def _book(
    installed: Installation, client: Client, dead: threading.Event, begun: threading.Semaphore
) -> tuple[list[str], float]:
    """Start one timer after the other; return their ids and the longest that one took."""
    ids, longest = [], 0.0
    for _ in range(BOOKED_EACH):
        begun.release()
        entry, took = _insist(installed, client, dead)
        longest = max(longest, took)
        ids.append(entry)
    return ids, longest


def _cut_in_the_middle_of_a_change(
    installed: Installation, client: Client, pool: ThreadPoolExecutor, dead: threading.Event
) -> Future[tuple[list[str], float]]:
    """Pull web 1's cable when it waits for the lock of a person's timer, which it then gets and cannot give back."""
    with installed.connection() as holding, holding.transaction():
        holding.execute("SELECT FROM accounts_user WHERE id = %s FOR UPDATE", [client.user_id])

        def book() -> tuple[list[str], float]:
            entry, took = _insist(installed, client, dead)
            return [entry], took

        booked = pool.submit(book)
        await_("web 1 wants the lock", lambda: installed.waits_for_a_lock(installed.web1))
        installed.web1.cut()
    return booked


def _insist(installed: Installation, client: Client, dead: threading.Event) -> tuple[str, float]:
    """Start a timer at web 1, or at web 2 once that is dead, until it is answered; return its id and the seconds."""
    entry = str(uuid_utils.uuid7())
    began = time.monotonic()
    while True:
        host = installed.web2 if dead.is_set() else installed.web1
        body = {"id": entry, "note": "Booked"}
        try:
            answer = client.ask(host, "POST", "/timer/start", body, seconds=HEARD_SECONDS)
        except httpx2.HTTPError:
            continue
        if answer.is_success:
            return entry, time.monotonic() - began
        time.sleep(0.2)
