"""An open window: follows the event stream as the kit does, and opens it anew when it ends or is refused."""

from __future__ import annotations

import http.client
import threading
import time
from contextlib import suppress

REOPEN_SECONDS = 0.5
BEAT_SECONDS = 40  # as the kit: a stream that is silent for so long is dead


class Window:
    """Listens within the block; `heard` counts events by kind, `refused` answers that were no stream."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self.heard: dict[str, int] = {}
        self.opened = self.refused = 0
        self.statuses: set[int] = set()
        self._stop = threading.Event()
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Window:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def hears(self, kind: str, more_than: int, seconds: float) -> bool:
        """Wait until more events of a kind were heard."""
        with self._change:
            return self._change.wait_for(lambda: self.heard.get(kind, 0) > more_than, seconds)

    def opens(self, more_than: int, seconds: float) -> bool:
        """Wait until the stream was opened more often."""
        with self._change:
            return self._change.wait_for(lambda: self.opened > more_than, seconds)

    def _listen(self) -> None:
        while not self._stop.is_set():
            with suppress(OSError, http.client.HTTPException):
                self._follow()
            time.sleep(REOPEN_SECONDS)

    def _follow(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=BEAT_SECONDS)
        try:
            connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {self._token}"})
            answer = connection.getresponse()
            if answer.status != 200:
                self.statuses.add(answer.status)
                self.refused += 1
                answer.read()
                return
            for line in answer:
                if line.startswith(b"retry:"):
                    with self._change:
                        self.opened += 1
                        self._change.notify_all()
                if line.startswith(b"event:"):
                    kind = line.split(b":")[1].strip().decode()
                    with self._change:
                        self.heard[kind] = self.heard.get(kind, 0) + 1
                        self._change.notify_all()
                if self._stop.is_set():
                    return
        finally:
            connection.close()
