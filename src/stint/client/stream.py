"""What happens on the server as it happens: the event stream, opened anew whenever it ends, until it is closed."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass

from stint.client.server import Server

SILENCE_SECONDS = 40.0  # the server says something every 15 s at least
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened.

    `kind` is one of the server's (timer, entry, tasks, people, sync, with the `id` of the thing), or `refetch` (read
    everything anew, as after each opening), `lost` (no stream; it is tried again) or `signed_out` (it ended for good).
    """

    kind: str
    id: str = ""


class EventStream:
    """The event stream of one person."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._closed = threading.Event()
        self._socket: socket.socket | None = None

    def listen(self, tell: Callable[[Happened], None]) -> None:
        """Tell what happens, until `close` is called from another thread or nobody is signed in any more."""
        last_id, failures = "", 0
        while not self._closed.is_set():
            try:
                response, self._socket = self._server.stream("/events", _resuming(last_id), SILENCE_SECONDS)
                with closing(response):
                    if response.status == 401:
                        return tell(Happened("signed_out"))
                    if response.status == 200:
                        if not last_id:
                            tell(Happened("refetch"))
                        for happened, id_ in _events(response):
                            last_id, failures = id_ or last_id, 0
                            if happened.kind not in ("", "beat"):
                                tell(happened)
            except (OSError, http.client.HTTPException, ValueError):
                pass
            if not self._closed.is_set():
                tell(Happened("lost"))
            self._closed.wait(min(2.0**failures, LONGEST_PAUSE) * random.uniform(0.5, 1))  # noqa: S311  (spreads)
            failures += 1
        return None

    def close(self) -> None:
        """End `listen`."""
        self._closed.set()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _resuming(last_id: str) -> dict[str, str]:
    headers = {"Accept": "text/event-stream"}
    return {**headers, "Last-Event-ID": last_id} if last_id else headers


def _events(response: http.client.HTTPResponse) -> Iterator[tuple[Happened, str]]:
    """Read events, each with the id to resume from; one without a kind carries but the id."""
    fields: dict[str, str] = {}
    while line := response.readline(65_536):
        text = line.decode().rstrip("\r\n")
        if text:
            name, _colon, value = text.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        data = json.loads(fields.get("data") or "{}")
        yield Happened(fields.get("event", ""), str(data.get("id", ""))), fields.get("id", "")
        fields = {}
