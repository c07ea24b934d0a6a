"""Signed delivery of webhook calls, in a thread of its own, to the addresses that subscriptions give."""

from __future__ import annotations

import hashlib
import hmac
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO

TIMEOUT = 5.0
# Toggl does not publish how it retries; a demo should not wait long.
RETRY_AFTER = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Call:
    """One call to make; `done` is told whether it arrived."""

    url: str
    secret: str
    body: bytes
    done: Callable[[bool], None]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow nothing: only the address that was given is called."""


# No proxy either: the receiver of a sandbox is on this machine or beside it.
_opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))


def signature(secret: str, body: bytes) -> str:
    """Return the value of X-Webhook-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send(url: str, secret: str, body: bytes) -> tuple[int, bytes]:
    """Call an address once; returns the status and the beginning of the answer, 0 when there was none."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Toggl-Webhooks (Stint sandbox)",
        "X-Webhook-Signature-256": signature(secret, body),
    }
    request = urllib.request.Request(url, body, headers)  # noqa: S310  (the scheme was checked at subscribing)
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return answer.status, answer.read(10_000)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""
    except (OSError, HTTPException, ValueError):
        return 0, b""


class Postman:
    """Makes calls one after another, each tried three times; the thread begins with the first call."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Call | None] = queue.Queue()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def post(self, call: Call) -> None:
        """Have a call made soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="sandbox-webhooks", daemon=True)
            self._thread.start()
        self._calls.put(call)

    def close(self) -> None:
        """End the thread; calls not yet made are dropped."""
        self._closing.set()
        self._calls.put(None)
        if self._thread is not None:
            self._thread.join(TIMEOUT + 1)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None and not self._closing.is_set():
            arrived = False
            for pause in (*RETRY_AFTER, 0.0):
                status, _ = send(call.url, call.secret, call.body)
                arrived = 200 <= status < 300
                if arrived or self._closing.wait(pause):
                    break
            call.done(arrived)
