"""Files to take away from a million entries: how soon the first byte, how long in all, how much memory it takes."""

from __future__ import annotations

import socket
from datetime import timedelta
from time import perf_counter

from benchmarks.company import DAYS, ENTRIES, LAST_DAY, company, token_of
from benchmarks.figures import Figure, figure
from benchmarks.loading import request
from benchmarks.processes import STINT, Server, resident

YEAR = f"from={LAST_DAY - timedelta(days=DAYS - 1)}&to={LAST_DAY}"
FILES = {
    "account": ("/api/v1/exports/account", 60),
    # Keeps the names of the 100,000 tasks it met, and pages of the database.
    "detailed report as CSV": (f"/api/v1/reports/export.csv?view=detailed&{YEAR}", 100),
}


def run() -> list[Figure]:
    """Measure."""
    found: list[Figure] = []
    for what, (path, most) in FILES.items():
        with company() as data, Server(STINT, "up", "--port", "0", data=data) as server:
            _fetch(server, "/api/v1/me")
            before = _own_memory(server)
            first, whole, size, peak = _fetch(server, path)
            grown = (peak - before) / 2**20
        found += [
            figure("exports", f"{what}, first byte", first * 1000, "ms", most=1000),
            figure("exports", f"{what}, {ENTRIES:,} entries", whole, "s", note=f"{size / 2**20:.0f} MB"),
            figure("exports", f"{what}, memory grown at most", grown, "MB", most=most),
        ]
    return found


def _own_memory(server: Server) -> int:
    """Return the bytes of memory that are the server's own: pages of the database mapped into it are not."""
    return resident(server.process.pid, "RssAnon")


def _fetch(server: Server, path: str) -> tuple[float, float, int, int]:
    """Return the seconds to the first byte of the body and to the last, how many there were, and the most memory."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=600) as connection:
        began = perf_counter()
        connection.sendall(
            request("GET", path, token_of(1)).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        head = b""
        while b"\r\n\r\n" not in head or head.endswith(b"\r\n\r\n"):
            head += connection.recv(65536)
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        first, size, peak = perf_counter() - began, len(head), _own_memory(server)
        while piece := connection.recv(2**20):
            size += len(piece)
            peak = max(peak, _own_memory(server))
    return first, perf_counter() - began, size, peak
