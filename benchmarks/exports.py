"""Files to take away from a million entries: how soon the first byte, how long in all, how much memory it takes."""

from __future__ import annotations

import socket
from time import perf_counter

from benchmarks.company import ENTRIES, company, token_of
from benchmarks.figures import Figure, figure
from benchmarks.loading import request
from benchmarks.processes import STINT, Server, resident

FILES = {
    "account": "/api/v1/exports/account",
}


def run() -> list[Figure]:
    """Measure."""
    found: list[Figure] = []
    for what, path in FILES.items():
        with company() as data, Server(STINT, "up", "--port", "0", data=data) as server:
            _fetch(server.port, "/api/v1/me")
            before = server.resident
            first, whole, size = _fetch(server.port, path)
            grown = (resident(server.process.pid, "VmHWM") - before) / 2**20
        found += [
            figure("exports", f"{what}, first byte", first * 1000, "ms", most=1000),
            figure("exports", f"{what}, {ENTRIES:,} entries", whole, "s", note=f"{size / 2**20:.0f} MB"),
            figure("exports", f"{what}, memory grown at most", grown, "MB", most=60),
        ]
    return found


def _fetch(port: int, path: str) -> tuple[float, float, int]:
    """Return the seconds to the first byte of the body and to the last, and how many there were."""
    with socket.create_connection(("127.0.0.1", port), timeout=600) as connection:
        began = perf_counter()
        connection.sendall(
            request("GET", path, token_of(1)).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        head = b""
        while b"\r\n\r\n" not in head or head.endswith(b"\r\n\r\n"):
            head += connection.recv(65536)
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        first, size = perf_counter() - began, len(head)
        while piece := connection.recv(2**20):
            size += len(piece)
    return first, perf_counter() - began, size
