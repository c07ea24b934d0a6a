"""A small HTTP client that keeps so many connections busy for a while, and what it saw."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from time import perf_counter

import msgspec
import uvloop

CONNECTIONS = 16


class Load(msgspec.Struct):
    """Answers a second, and the latencies of the median and of the slowest in a hundred, in milliseconds."""

    rate: float
    p50: float
    p99: float


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """Return the bytes of a request by a program with a token."""
    about = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    if body:
        about += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return about.encode() + b"\r\n" + body


def load(port: int, make: Callable[[], bytes], seconds: float) -> Load:
    """Send what `make` returns, over and over, to a server on loopback; every answer must be a success."""
    return uvloop.run(_load(port, make, seconds))


async def _load(port: int, make: Callable[[], bytes], seconds: float) -> Load:
    began = perf_counter()
    found = await asyncio.gather(*[_keep_asking(port, make, began + seconds) for _ in range(CONNECTIONS)])
    took = perf_counter() - began
    latencies = [latency * 1000 for one in found for latency in one]
    marks = statistics.quantiles(latencies, n=100)
    return Load(len(latencies) / took, marks[49], marks[98])


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
