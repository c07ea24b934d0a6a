"""The client of the Toggl Track API v9: authenticated, paced, retried, and free of Django.

    with TogglClient("https://api.track.toggl.com", token) as client:
        me = client.me()
        workspaces = client.workspaces()

`fetch` returns a raw answer once it is sound JSON; every failure is a `TogglError`. Facts about the API come from
Toggl's API documentation (engineering.toggl.com/docs).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec
import stamina

from . import bodies, refusals
from .bodies import Me, Quota, ReadWorkspace, Workspace
from .errors import TogglBadAnswer, TogglRefused, TogglUnreachable, UnreachableKind
from .rows import rows_of
from .transport import Answer, TooLarge, TooLate, Transport, pace
from .words import gettext as _

T = TypeVar("T")

API = "/api/v9"
RETRY_SECONDS = 40.0
LONGEST_WAIT = 8.0
ATTEMPTS = 6


class _Unsound(Exception):
    """A 200 whose body is not JSON: cut on the way, or a proxy's page. Worth another try."""


def check_token_shape(token: str) -> str:
    """Return the token without surrounding whitespace.

    Raises:
        TogglRefused: no server could accept it. Any other odd shape is left for Toggl to judge.

    """
    cleaned = token.strip()
    if not cleaned:
        raise TogglRefused(_("Paste the API token of your Toggl Track profile; the field is empty."))
    if any(letter.isspace() or not letter.isprintable() for letter in cleaned):
        raise TogglRefused(f"{_('An API token has no spaces or line breaks.')} {_(refusals.LOOKS_WRONG)}")
    if len(cleaned) > 200 or ":" in cleaned or not cleaned.isascii():
        raise TogglRefused(_(refusals.LOOKS_WRONG))
    return cleaned


class TogglClient:
    """One token's view of Toggl. Not for several threads at once.

    Args:
        base_url: scheme and host, no path.
        api_token: raises TogglRefused when no server could accept it.
        on_request: called after each answer with the quota that it told, or None.
        clock: seconds for pacing; sleep: waits for pacing.
        rate: request starts a second of this token in this process; 0 for no pacing.
        retry_seconds: how long one request is tried in all; first_wait: the first back-off, in seconds.

    """

    def __init__(
        self,
        base_url: str,
        api_token: str,
        *,
        on_request: Callable[[Quota | None], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        rate: float = 1.0,
        retry_seconds: float = RETRY_SECONDS,
        first_wait: float = 0.5,
    ) -> None:
        self._token = check_token_shape(api_token)
        self._host = urlsplit(base_url).hostname or base_url
        self._transport = Transport(base_url, self._token)
        self._on_request, self._clock, self._sleep, self._rate = on_request, clock, sleep, rate
        self._retry_seconds, self._first_wait = retry_seconds, first_wait
        self._longest_wait = min(LONGEST_WAIT, retry_seconds / 4)
        self._ends = 0.0
        self.requests = 0
        self.quota: Quota | None = None
        self.served_at = time.time()

    def __repr__(self) -> str:
        return f"<TogglClient of {self._host}>"

    def __enter__(self) -> TogglClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def me(self) -> Me:
        """Return the user of the token. One request of the user's own 30 an hour."""
        return shaped(self.fetch("GET", f"{API}/me").body, Me, "/me")

    def workspaces(self) -> list[ReadWorkspace]:
        """Return the workspaces that the token sees, by name. One request of the user's own 30 an hour."""
        endpoint = "/me/workspaces"
        rows = rows_of(self.fetch("GET", API + endpoint).body, Workspace, endpoint).rows
        found = {w.id: w for row in rows if (w := bodies.read_workspace_row(row))}
        return sorted(found.values(), key=lambda w: (w.name.casefold(), w.id))

    def fetch(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        workspace_id: int | None = None,
        resource: str = "",
        reads: bool = False,
    ) -> Answer:
        """Return a good (2xx) answer whose body is JSON or empty, retried for at most `retry_seconds`.

        `workspace_id` and `resource` name what is read, for the sentence of a refusal. A POST that only `reads`
        may be sent again after any fault.

        Raises:
            TogglError: one of its family; see `errors`.

        """
        call = refusals.Call(path, self._token, workspace_id, resource)
        self._ends = time.monotonic() + self._retry_seconds
        try:
            for attempt in stamina.retry_context(
                on=partial(self._next_wait, "GET" if reads else method),
                attempts=ATTEMPTS,
                timeout=self._retry_seconds,
                wait_initial=self._first_wait,
                wait_max=self._longest_wait,
                wait_jitter=self._first_wait,
            ):
                with attempt:
                    paused = time.monotonic()
                    pace(self._token, self._rate, self._clock, self._sleep)
                    self._ends += time.monotonic() - paused
                    return self._attempt(method, call, params or {}, json)
        except (httpx2.HTTPError, httpx2.InvalidURL, TooLate, TooLarge, _Unsound) as error:
            raise self._unusable(error, call) from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _attempt(
        self, method: str, call: refusals.Call, params: Mapping[str, str | int], json: object
    ) -> Answer:
        self.requests += 1
        answer: Answer | None = None
        try:
            left = max(0.05, self._ends - time.monotonic())
            answer = self._transport.exchange(method, call.path, params, json, left)
        finally:
            self._note(answer)
        refusals.check(answer, call)
        if (answer.body.strip() or method == "GET") and not _is_json(answer.body):
            raise _Unsound(_("it is a web page") if answer.is_html else _("it is cut or not JSON"))
        return answer

    def _note(self, answer: Answer | None) -> None:
        if answer is not None:
            self.served_at = answer.served_at or time.time()
            remaining = answer.number("x-toggl-quota-remaining")
            if remaining is not None:
                self.quota = Quota(remaining, answer.number("x-toggl-quota-resets-in"))
        if self._on_request is not None:
            self._on_request(self.quota)

    def _next_wait(self, method: str, error: Exception) -> bool | float:
        """Whether to try again: never past the end, no sooner than Toggl asked for, and nothing made twice."""
        left = self._ends - time.monotonic()
        if method == "POST" and getattr(error, "kind", None) != "rate_limited":
            return False
        if isinstance(error, TogglUnreachable):
            wait = error.retry_after
            return left > self._longest_wait if wait is None else wait if wait < left else False
        again = isinstance(error, (httpx2.TransportError, httpx2.DecodingError, TooLate, _Unsound))
        again = again and not isinstance(error, httpx2.UnsupportedProtocol)
        return again and left > self._longest_wait

    def _unusable(self, error: Exception, call: refusals.Call) -> TogglBadAnswer | TogglUnreachable:
        if isinstance(error, _Unsound):
            return TogglBadAnswer(call.endpoint, str(error), status=200)
        if isinstance(error, TooLarge):
            return TogglBadAnswer(call.endpoint, _("it is larger than 64 MB"), status=200)
        if isinstance(error, (httpx2.RemoteProtocolError, httpx2.DecodingError)):
            return TogglBadAnswer(call.endpoint, _("the connection ended before the answer did"))
        kind: UnreachableKind = "network"
        reason = _reason(error)
        if isinstance(error, (TooLate, httpx2.TimeoutException)):
            kind, reason = "timeout", _("it did not answer in time")
        return TogglUnreachable(
            _(
                "Toggl could not be reached at %(host)s: %(reason)s. Check this server's network, proxy and "
                "STINT_TOGGL_API_URL, then try again."
            )
            % {"host": self._host, "reason": reason},
            kind,
        )


def _reason(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return _("its TLS certificate or connection was not accepted")
        if isinstance(error, ConnectionRefusedError):
            return _("the connection was refused")
        if ("name" in str(error).lower() and "resol" in str(error).lower()) or "known" in str(error).lower():
            return _("its name could not be resolved")
        error = error.__cause__ or error.__context__
    return _("the connection failed")


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def shaped(body: bytes, kind: type[T], endpoint: str) -> T:
    """Return a body as the type it should have, or raise TogglBadAnswer that names the endpoint."""
    try:
        return msgspec.json.decode(body, type=kind, strict=False)
    except (msgspec.DecodeError, RecursionError) as error:
        raise TogglBadAnswer(endpoint, _("it has an unexpected shape"), status=200) from error
