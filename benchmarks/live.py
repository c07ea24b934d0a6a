"""A thousand open event streams on one `stint up`: memory of each, and how soon the last one is told."""

from __future__ import annotations

import asyncio
import resource
import statistics
from time import perf_counter

import uvloop

from benchmarks.company import USERS, company, token_of
from benchmarks.figures import Figure, figure
from benchmarks.loading import request
from benchmarks.processes import STINT, Server

STREAMS, WRITES, AT_ONCE = 1_000, 5, 50


def run() -> list[Figure]:
    """Measure."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with company() as data, Server(STINT, "up", "--port", "0", data=data) as server:
        each, last_told = uvloop.run(_measure(server))
    return [
        figure("live", f"memory a stream, {STREAMS:,} open", each / 1024, "KB", most=20),
        figure(
            "live", "last one told after a write", last_told * 1000, "ms", most=150,
            note="from sending the request that creates a task; every stream hears of it",
        ),
    ]  # fmt: skip


async def _measure(server: Server) -> tuple[float, float]:
    port = server.port
    await _create_task(port, "Warm up")
    before = server.resident
    streams: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    for first in range(0, STREAMS, AT_ONCE):
        streams += await asyncio.gather(*[_open(port, number) for number in range(first, first + AT_ONCE)])
    each = (server.resident - before) / STREAMS
    times = []
    for number in range(WRITES):
        hearing = [asyncio.ensure_future(reader.readuntil(b"event: tasks")) for reader, _ in streams]
        await asyncio.sleep(0.2)
        began = perf_counter()
        await _create_task(port, f"Told {number}")
        await asyncio.gather(*hearing)
        times.append(perf_counter() - began)
    for _, writer in streams:
        writer.close()
    return each, statistics.median(times)


async def _open(port: int, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("GET", "/api/v1/events", token_of(number % USERS + 1)))
    await reader.readuntil(b"retry:")
    return reader, writer


async def _create_task(port: int, name: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("POST", "/api/v1/tasks", token_of(1), b'{"name": "%s"}' % name.encode()))
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201"), head
    writer.close()
