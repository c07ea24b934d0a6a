"""200 people start and stop for minutes, each with an open window: no error, and memory that does not grow."""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
from time import perf_counter

import uvloop

from benchmarks.loading import request
from benchmarks.processes import STINT, Server
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.postgres import NoPostgres, databases

PEOPLE = 200
LONGEST_PAUSE_SECONDS = 4.0
SAMPLE_SECONDS = 5.0
WARM_SHARE = 0.25
MOST_GROWTH = 0.05
CHECKED = (
    "every answer is a success, every window stays open and hears of each start and stop; memory grows by less than "
    f"{MOST_GROWTH:.0%} after the first quarter; one entry for each start, one running timer a person"
)


class _Soak:
    """What the people meet."""

    def __init__(self, place: Office, port: int, seconds: float) -> None:
        self._place, self._port = place, port
        self._until = perf_counter() + seconds
        self.latencies: list[float] = []
        self.starts = self.heard = 0
        self.faults: list[str] = []

    async def all(self) -> None:
        """Let everybody work until the time is over."""
        windows = [asyncio.ensure_future(self._window(number)) for number in range(PEOPLE)]
        await asyncio.gather(*(self._person(number) for number in range(PEOPLE)))
        for window in windows:
            if window.done():
                self.faults.append(f"a window was closed: {window.exception()}")
            window.cancel()
        await asyncio.gather(*windows, return_exceptions=True)

    async def _person(self, number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while perf_counter() < self._until:
            for path in ("/api/v1/timer/start", "/api/v1/timer/stop"):
                await self._ask(reader, writer, number, path)
                await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
        writer.close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, path: str
    ) -> None:
        began = perf_counter()
        writer.write(request("POST", path, self._place.people[number].token, b"{}"))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
        self.latencies.append(perf_counter() - began)
        self.starts += path.endswith("start")
        if not head.startswith(b"http/1.1 20"):
            self.faults.append(f"{path} was answered {head[:40].decode()}")

    async def _window(self, number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request("GET", "/api/v1/events", self._place.people[number].token))
        while True:
            line = await reader.readuntil(b"\n")
            # The Administrator hears of everybody, the others of themselves.
            self.heard += number > 0 and line.startswith(b"event: timer")


def run(options: Options) -> list[Outcome]:
    """Soak `stint up` on each database."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    return [_on(name, options) for name in options.databases]


def _on(name: str, options: Options) -> Outcome:
    what = f"{PEOPLE} people start and stop under `stint up`, {name}"
    outcome = Outcome(part="soak", what=what, done=f"{options.minutes:g} minutes", checked=CHECKED)
    try:
        with databases(name, 1) as urls, office(PEOPLE, url=urls[0]) as place:
            data = place.database.data
            with Server(
                STINT, "up", "--port", "0", data=data, log=data / "up.log", **place.variables
            ) as server:
                soak = _Soak(place, server.port, options.minutes * 60)
                memory = uvloop.run(_watched(soak, server))
            _judge(place, soak, memory, options.minutes * 60, outcome)
    except NoPostgres:
        outcome.skipped, outcome.note = True, "PostgreSQL is not installed here"
    return outcome


async def _watched(soak: _Soak, server: Server) -> list[float]:
    """Return the memory of the server in MB, every few seconds."""
    working = asyncio.ensure_future(soak.all())
    memory = []
    while not working.done():
        memory.append(server.resident / 1e6)
        await asyncio.wait([working], timeout=SAMPLE_SECONDS)
    working.result()
    return memory


def _judge(place: Office, soak: _Soak, memory: list[float], seconds: float, outcome: Outcome) -> None:
    faults = outcome.faults
    faults += soak.faults + place.database.damage()
    warm = memory[int(len(memory) * WARM_SHARE) :]
    slope = (
        statistics.linear_regression(range(len(warm)), warm).slope * 60 / SAMPLE_SECONDS
        if len(warm) > 1
        else 0.0
    )
    if warm[-1] > warm[0] * (1 + MOST_GROWTH):
        faults.append(f"memory grew from {warm[0]:.0f} to {warm[-1]:.0f} MB")
    entries = len(place.database.rows("SELECT id FROM entries_entry"))
    if entries != soak.starts:
        faults.append(f"{soak.starts} starts made {entries} entries")
    p99 = statistics.quantiles(soak.latencies, n=100)[98] * 1000
    outcome.note = (
        f"{len(soak.latencies):,} writes answered, {len(soak.latencies) / seconds:.0f} a second with pauses of up "
        f"to {LONGEST_PAUSE_SECONDS:.0f} s, p99 {p99:.0f} ms; {soak.heard:,} events heard; memory {memory[0]:.0f} MB "
        f"at first, {memory[len(memory) // 2]:.0f} in the middle, {memory[-1]:.0f} at the end, "
        f"{slope:+.2f} MB a minute after the "
        "first quarter"
    )
