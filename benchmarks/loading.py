"""A small HTTP client that keeps so many connections busy for a while, and what it saw."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from time import perf_counter

import msgspec
import uvloop

from benchmarks.processes import Server

CONNECTIONS = 16


class Load(msgspec.Struct):
    """Answers a second, latencies (median, slowest in a hundred) and processor time an answer, in milliseconds."""

    rate: float
    p50: float
    p99: float
    cpu: float


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """Return the bytes of a request by a program with a token."""
    about = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    if body:
        about += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return about.encode() + b"\r\n" + body


def load(server: Server, make: Callable[[], bytes], seconds: float) -> Load:
    """Send what `make` returns, over and over, to a server on loopback; every answer must be a success."""
    before = server.cpu
    rate, latencies = uvloop.run(_load(server.port, make, seconds))
    marks = statistics.quantiles(latencies, n=100)
    return Load(rate, marks[49], marks[98], (server.cpu - before) * 1000 / len(latencies))


async def _load(port: int, make: Callable[[], bytes], seconds: float) -> tuple[float, list[float]]:
    began = perf_counter()
    found = await asyncio.gather(*[_keep_asking(port, make, began + seconds) for _ in range(CONNECTIONS)])
    took = perf_counter() - began
    latencies = [latency * 1000 for one in found for latency in one]
    return len(latencies) / took, latencies


async def _keep_asking(port: int, make: Callable[[], bytes], until: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    latencies = []
    try:
        while (began := perf_counter()) < until:
            writer.write(make())
            await _read_answer(reader)
            latencies.append(perf_counter() - began)
    finally:
        writer.close()
    return latencies


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"http/1.1 2"):
        raise SystemExit(f"benchmarks: refused: {head.decode()}{body.decode()}")
    return body
