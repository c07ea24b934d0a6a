"""What the scenarios watch: event streams, the record of syncs, mirrored trees."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx2
import msgspec

from torture.hosts.installation import Client, Installation, live_url
from torture.hosts.network import Host, Stuck

TREE = """
SELECT t.source_kind, t.source_id, t.name, t.archived, p.source_kind, p.source_id
  FROM tasks_task t LEFT JOIN tasks_task p ON p.id = t.parent_id
 WHERE t.account_id = %s AND t.source = 'toggl' AND t.source_kind <> 'root' ORDER BY 1, 2"""


class Seen(msgspec.Struct, frozen=True):
    """Something that a scenario looked at, what was seen, and whether that is as it should be."""

    what: str
    seen: str
    good: bool


class Stream:
    """An open event stream; its events wait with the moment they came (`time.monotonic`)."""

    def __init__(self, client: Client, host: Host) -> None:
        self._client, self._url = client, f"{live_url(host)}/api/v1/events"
        self._events: queue.Queue[tuple[str, float]] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.next("open")

    def next(self, wanted: str, seconds: float = 60) -> float:
        """Return when the next event of this kind came; others before it are passed over."""
        until = time.monotonic() + seconds
        while True:
            try:
                event, at = self._events.get(timeout=max(0.001, until - time.monotonic()))
            except queue.Empty:
                raise Stuck(f"no {wanted} came over {self._url} within {seconds:.0f} s") from None
            if event == wanted:
                return at

    def _read(self) -> None:
        timeout = httpx2.Timeout(10, read=None)
        with (
            suppress(httpx2.HTTPError),
            httpx2.stream("GET", self._url, headers=self._client.headers, timeout=timeout) as answer,
        ):
            for line in answer.iter_lines():
                if line.startswith("retry:"):
                    self._events.put(("open", time.monotonic()))
                elif line.startswith("event: ") and line != "event: beat":
                    self._events.put((line.removeprefix("event: "), time.monotonic()))


def await_(what: str, true: Callable[[], object], seconds: float = 60) -> float:
    """Return how long it took until `true` said something true."""
    began = time.monotonic()
    while not true():
        if time.monotonic() > began + seconds:
            raise Stuck(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.1)
    return time.monotonic() - began


def tree(installed: Installation, client: Client) -> list[tuple[Any, ...]]:
    """Return an account's mirrored tree by Toggl's ids: the same for all accounts that mirror the same."""
    return installed.ask(TREE, client.account_id)


def runs(installed: Installation, client: Client) -> list[tuple[Any, ...]]:
    """Return (id, status, attempts, deaths, requests) of an account's syncs, oldest first."""
    return installed.ask(
        "SELECT r.id, r.status, r.attempts, r.deaths, r.requests FROM integrations_syncrun r"
        " JOIN integrations_integration i ON i.id = r.integration_id WHERE i.account_id = %s ORDER BY r.id",
        client.account_id,
    )
