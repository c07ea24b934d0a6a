"""Event streams of one host hear of what another wrote, also after the database was out of reach."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2

from torture.hosts.installation import Client, Installation
from torture.hosts.network import Host
from torture.hosts.watching import Seen, Stream, await_

WRITES = 30


def events_cross_hosts(installed: Installation, client: Client) -> list[Seen]:
    """A write at one web host reaches an event stream of the other."""
    stream = Stream(client, installed.web2)
    took = []
    for number in range(WRITES):
        began = time.monotonic()
        client.told(installed.web1, "POST", "/timer/start", {"note": f"Write {number}"})
        took.append((stream.next("timer") - began) * 1000)
    client.told(installed.web1, "POST", "/timer/stop", {})
    median, slowest = statistics.median(took), max(took)
    return [
        Seen(
            "a timer started at web 1 is told by web 2's stream",
            f"{median:.0f} ms, slowest {slowest:.0f} ms",
            slowest < 1000,
        )
    ]


def database_cut_off(installed: Installation, client: Client) -> list[Seen]:
    """The database's host loses its cable: live processes notice and listen again, web hosts answer again."""
    streams = [Stream(client, host) for host in (installed.web1, installed.web2)]
    for host in (installed.web1, installed.web2):
        client.told(host, "GET", "/timer")
    said = {host.name: host.log.stat().st_size for host in (installed.web1, installed.web2)}
    installed.database.cut()
    cut = time.monotonic()
    answer, refused = _ask_in_vain(client, installed.web1)
    for host in (installed.web1, installed.web2):
        await_(
            f"{host.name} notices",
            lambda host=host: b"the listening connection" in host.log.read_bytes()[said[host.name] :],
            120,
        )
    noticed = time.monotonic() - cut
    installed.database.mend()
    mended = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda host: _insist_on_reading(client, host), (installed.web1, installed.web2))
        answering = max(answers) - mended
    heard = max(stream.next("refetch", 120) for stream in streams) - mended
    client.told(installed.web1, "POST", "/timer/start", {"note": "After the cut"})
    streams[1].next("timer")
    return [
        Seen("the database cut off: a request is refused after", f"{refused:.0f} s ({answer})", refused < 25),
        Seen("live processes notice after", f"{noticed:.0f} s", noticed < 60),
        Seen("mended: web hosts answer after", f"{answering:.1f} s", answering < 15),
        Seen("streams are told to fetch anew after", f"{heard:.1f} s", heard < 20),
    ]


def _ask_in_vain(client: Client, host: Host) -> tuple[str, float]:
    began = time.monotonic()
    try:
        answer = str(client.ask(host, "GET", "/timer", seconds=120).status_code)
    except httpx2.HTTPError as fault:
        answer = type(fault).__name__
    return answer, time.monotonic() - began


def _insist_on_reading(client: Client, host: Host) -> float:
    """Return the moment at which a web host answers a read again."""
    while True:
        try:
            if client.ask(host, "GET", "/timer", seconds=60).is_success:
                return time.monotonic()
        except httpx2.HTTPError:
            pass
        time.sleep(0.2)
