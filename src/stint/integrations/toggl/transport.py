"""One exchange with Toggl over HTTP, bounded in time and size, and the pacing of all exchanges of a token.

A read timeout alone does not bound an exchange: a slow name server or a body that trickles outlasts it. So each
exchange runs in a thread of its own, which the caller leaves behind once the time is up.
"""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2
import msgspec

from stint import __version__

T = TypeVar("T")

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 20.0
LARGEST_BODY = 64 * 1024 * 1024


class TooLate(Exception):
    """The exchange took longer than it was given."""


class TooLarge(Exception):
    """The body is larger than `LARGEST_BODY`."""


class Answer(msgspec.Struct):
    """What a server sent back; `body` is whole and decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The first characters of the body, for telling errors apart; never shown to people."""
        return self.body[:2000].decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        """Whether a web page came where JSON should have been."""
        kind = self.headers.get("content-type", "").lower()
        return "html" in kind or self.body[:200].lstrip()[:1] == b"<"

    @property
    def served_at(self) -> float | None:
        """The server's clock by its Date header, in unix seconds."""
        try:
            return parsedate_to_datetime(self.headers["date"]).timestamp()
        except (KeyError, ValueError, TypeError, OverflowError):
            return None

    def number(self, header: str) -> int | None:
        """Return a header that holds a number of whole seconds or requests."""
        try:
            return int(float(self.headers[header]))
        except (KeyError, ValueError, OverflowError):
            return None


class Transport:
    """The connections of one token to one base address. Redirects are not followed: they would take it along."""

    def __init__(self, base_url: str, api_token: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._auth = httpx2.BasicAuth(api_token, "api_token")
        self._http = self._connections()

    def _connections(self) -> httpx2.Client:
        return httpx2.Client(
            auth=self._auth,
            follow_redirects=False,
            timeout=httpx2.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
            headers={
                "User-Agent": f"Stint/{__version__} (+self-hosted time tracker)",
                "Accept": "application/json",
            },
        )

    def exchange(
        self, method: str, path: str, params: Mapping[str, str | int], json: object, seconds: float
    ) -> Answer:
        """Send one request and return the whole answer, within `seconds`.

        Raises:
            TooLate: it took longer. TooLarge: the body did not end. httpx2.HTTPError: the network failed.

        """
        http, ends = self._http, time.monotonic() + seconds
        timeout = httpx2.Timeout(min(SILENCE_SECONDS, seconds), connect=min(CONNECT_SECONDS, seconds))

        def send() -> Answer:
            url = self._base_url + path
            content = None if json is None else msgspec.json.encode(json)
            headers = {} if content is None else {"Content-Type": "application/json"}
            with http.stream(
                method, url, params=dict(params), content=content, headers=headers, timeout=timeout
            ) as response:
                return Answer(response.status_code, response.headers, _body(response, ends))

        try:
            return _within(seconds, send)
        except TooLate:
            self._http = self._connections()
            raise

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _body(response: httpx2.Response, ends: float) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > LARGEST_BODY:
            raise TooLarge
        if time.monotonic() > ends:
            raise TooLate
    return b"".join(parts)


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns, or raise what it raises, or TooLate when it is still at it."""
    done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put((call(), None))
        except Exception as error:
            done.put((None, error))

    threading.Thread(target=work, daemon=True, name="toggl-request").start()
    try:
        result, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TooLate from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]


_next_start: dict[str, float] = {}
_next_start_lock = threading.Lock()


def pace(api_token: str, rate: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
    """Wait for this token's turn: `rate` requests a second, whatever number of clients share the token.

    Toggl's safe rate is one request a second per token (its API documentation, "rate limiting").
    """
    if rate <= 0:
        return
    digest = hashlib.sha256(api_token.encode()).hexdigest()
    with _next_start_lock:
        now = clock()
        start = min(max(now, _next_start.get(digest, now)), now + 60)
        _next_start[digest] = start + 1 / rate
    if start > now:
        sleep(start - now)
