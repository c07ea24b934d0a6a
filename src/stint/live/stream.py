"""`GET /api/v1/events`: who may listen, and what the stream says.

`Last-Event-ID` resumes a stream; `?since=` (an instant as in `at`) begins one with what happened since a page was made.

retry: 2000                  once, with the id to resume from
id: 5f3a90c1-17
event: timer                 timer, entry, tasks, people, sync: fetch that thing again
data: {"kind":"timer","id":"0199…","at":"2026-11-23T09:00:00.123Z"}

event: refetch               events were missed: fetch everything again
event: beat                  nothing happened; who hears none for longer than 40 s opens the stream anew
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from stint.accounts.attempts import wrong_token
from stint.accounts.queries import Caller, caller_by_token, caller_of
from stint.database import trouble
from stint.errors import TooFast
from stint.live.bus import Hub, Subscriber
from stint.server.logs import HEADER, request_id

RECHECK_SECONDS = 60.0
HEARTBEAT_SECONDS = 15.0
HEARTBEAT = b": still here\r\nevent: beat\r\ndata: {}\r\n\r\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
STREAMS_A_USER = 2000
STREAMS_A_PROCESS = 10_000

Check = Callable[[], Caller | None]
"""Looks up in the database who asks; None when they may not (any more)."""
Run = Callable[[Check], Awaitable[Caller | None]]
"""Runs a check in a thread that may use the database."""


class EventStreams:
    """The view of the event streams of one process."""

    def __init__(self, hub: Hub, run: Run) -> None:
        self._hub, self._run = hub, run

    async def answer(self, request: Request) -> ASGIApp:
        """Answer with a stream, or with a problem document."""
        check = _check_of(request)
        try:
            caller = await self._run(check)
        except Exception as fault:
            told = trouble(fault)
            if told is None:
                raise
            return _problem(told.status, "Unavailable", str(told), {"Retry-After": str(told.retry_after)})
        if caller is None:
            return _unknown(request)
        if len(self._hub) >= STREAMS_A_PROCESS or self._hub.streams_of(caller.user_id) >= STREAMS_A_USER:
            return _problem(
                429,
                "Too many event streams",
                "Close some of the open streams and come back.",
                {"Retry-After": "30"},
            )
        since = request.query_params.get("since", "")
        return _Stream(self._hub, self._run, caller, check, request.headers.get("last-event-id", ""), since)


class _Stream:
    """One stream as an ASGI application.

    It costs two tasks and about 16 KB; a general event-stream response, with its five tasks, took 43 KB.
    """

    def __init__(
        self, hub: Hub, run: Run, caller: Caller, check: Check, last_event_id: str, since: str
    ) -> None:
        self._hub, self._run, self._caller, self._check = hub, run, caller, check
        self._last_event_id, self._since = last_event_id, since

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send headers, then events until the client leaves, is no longer admitted, or the server stops."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if scope["method"] != "HEAD":
            subscriber = self._hub.join(self._caller, self._last_event_id, self._since)
            watching = asyncio.ensure_future(_close_when_gone(receive, subscriber))
            try:
                await self._speak(subscriber, send)
            finally:
                self._hub.leave(subscriber)
                watching.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _speak(self, subscriber: Subscriber, send: Send) -> None:
        clock = asyncio.get_running_loop().time
        # Somebody who comes back keeps their own id until what they missed is sent.
        place = "" if self._last_event_id or self._since else f"id: {self._hub.present_id}\r\n"
        wire = f"retry: 2000\r\n{place}\r\n".encode()
        recheck_at = clock() + _recheck_pause()
        while not subscriber.closed:
            if wire:
                await send({"type": "http.response.body", "body": wire, "more_body": True})
                beat_at = clock() + HEARTBEAT_SECONDS
            await subscriber.wait(max(0.0, min(beat_at, recheck_at) - clock()))
            if clock() >= recheck_at:
                if not await self._still_admitted(subscriber):
                    return
                recheck_at = clock() + _recheck_pause()
            wire = self._next(subscriber) or (HEARTBEAT if clock() >= beat_at else b"")

    def _next(self, subscriber: Subscriber) -> bytes:
        if not subscriber.lost:
            return subscriber.take()
        subscriber.lost = False
        return f"id: {self._hub.present_id}\r\nevent: refetch\r\ndata: {{}}\r\n\r\n".encode()

    async def _still_admitted(self, subscriber: Subscriber) -> bool:
        try:
            caller = await self._run(self._check)
        except Exception as fault:
            if trouble(fault):
                return True  # nobody has said otherwise; the next check will know
            raise
        if caller is None:
            return False
        subscriber.caller = caller
        return True


async def _close_when_gone(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.close()


def _unknown(request: Request) -> Response:
    """Refuse who is not known; wrong tokens of an address are limited as they are on the API."""
    with request_id(request.headers.get(HEADER, "")) as own:
        if request.headers.get("authorization") is not None:
            try:
                wrong_token(request.client.host if request.client else None)
            except TooFast as fault:
                headers = {"Retry-After": str(fault.retry_after), HEADER: own}
                return _problem(429, "Too many wrong tokens", str(fault), headers)
    detail = "Send Authorization: Bearer TOKEN with a valid token, or sign in."
    return _problem(401, "Not signed in", detail, {"WWW-Authenticate": "Bearer", HEADER: own})


def _recheck_pause() -> float:
    return RECHECK_SECONDS * random.uniform(0.9, 1.1)  # noqa: S311  (spreads the checks)


def _check_of(request: Request) -> Check:
    """Return the question "who is it, and may they still listen?", to be asked in the pool."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return partial(_by_token, token.strip() if scheme.lower() == "bearer" else "")
    return partial(_by_session, request.cookies.get(settings.SESSION_COOKIE_NAME, ""))


def _by_token(token: str) -> Caller | None:
    close_old_connections()
    return caller_by_token(token) if token else None


def _by_session(key: str) -> Caller | None:
    close_old_connections()
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return caller_of(user.pk) if user.is_authenticated and user.pk is not None else None


def _problem(status: int, title: str, detail: str, headers: dict[str, str]) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")
