"""Asking a Stint as a program with a token would, one request at a time over one connection."""

from __future__ import annotations

import http.client
import time
from typing import Any

import msgspec

PATIENCE_SECONDS = 60
IDLE_SECONDS = 2  # servers close connections that rest for longer


class Unanswered(Exception):
    """The server went away before it answered: whether it did what was asked is not known."""


class Answer(msgspec.Struct):
    """A status and what the body held."""

    status: int
    body: Any
    headers: dict[str, str]


class Asker:
    """One person's program."""

    def __init__(self, port: int, token: str, patience: float = PATIENCE_SECONDS) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        self._token = token
        self._asked_at = 0.0

    def ask(
        self, method: str, path: str, body: object = None, root: str = "/api/v1", **headers: str
    ) -> Answer:
        """Send one request and return its answer; `root` stands before the path.

        Raises:
            Unanswered: the connection broke, or nothing came for too long.

        """
        sent = {
            "Authorization": f"Bearer {self._token}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            sent["Content-Type"] = "application/json"
        if time.monotonic() - self._asked_at > IDLE_SECONDS:
            self._connection.close()
        try:
            self._connection.request(method, root + path, content, sent)
            answer = self._connection.getresponse()
            read = answer.read()
            self._asked_at = time.monotonic()
        except (OSError, http.client.HTTPException) as fault:
            self._connection.close()
            raise Unanswered(type(fault).__name__) from None
        is_json = "json" in answer.headers.get("Content-Type", "")
        decoded = msgspec.json.decode(read) if read and is_json else read.decode("utf-8", "replace")
        return Answer(answer.status, decoded, {k.lower(): v for k, v in answer.headers.items()})

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
