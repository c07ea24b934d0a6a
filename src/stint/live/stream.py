"""`GET /api/v1/events`: who may listen, and what the stream says.

retry: 2000                  once, with the id to resume from
id: 5f3a90c1-17
event: timer                 timer, entry, tasks, sync: fetch that thing again
data: {"kind":"timer","id":"0199…","at":"2026-11-23T09:00:00.123Z"}

event: refetch               events were missed: fetch everything again
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stint.accounts.queries import Caller, caller_by_token, caller_of
from stint.live.bus import Hub, Subscriber

RECHECK_SECONDS = 60.0
HEARTBEAT_SECONDS = 15
STREAMS_A_USER = 2000
STREAMS_A_PROCESS = 10_000

Check = Callable[[], Caller | None]
"""Looks up in the database who asks; None when they may not (any more)."""


class EventStreams:
    """The view of the event stream; `run` runs a check in a thread that may use the database."""

    def __init__(self, hub: Hub, run: Callable[[Check], Awaitable[Caller | None]]) -> None:
        self._hub, self._run = hub, run

    async def answer(self, request: Request) -> Response:
        """Answer with a stream, or with a problem document."""
        check = _check_of(request)
        caller = await self._run(check)
        if caller is None:
            return _problem(
                401,
                "Not signed in",
                "Send Authorization: Bearer TOKEN with a valid token, or sign in.",
                {"WWW-Authenticate": "Bearer"},
            )
        if len(self._hub) >= STREAMS_A_PROCESS or self._hub.streams_of(caller.user_id) >= STREAMS_A_USER:
            return _problem(
                429,
                "Too many event streams",
                "Close some of the open streams and come back.",
                {"Retry-After": "30"},
            )
        content = self._frames(caller, check, request.headers.get("last-event-id", ""))
        return EventSourceResponse(content, ping=HEARTBEAT_SECONDS, headers={"X-Accel-Buffering": "no"})

    async def _frames(self, caller: Caller, check: Check, last_event_id: str) -> AsyncIterator[bytes]:
        hub = self._hub
        subscriber = hub.join(caller, last_event_id)
        try:
            # Somebody who comes back keeps their own id until what they missed is sent.
            place = "" if last_event_id else f"id: {hub.present_id}\r\n"
            yield f"retry: 2000\r\n{place}\r\n".encode()
            checked = _now()
            pause = RECHECK_SECONDS * random.uniform(0.9, 1.1)  # noqa: S311  (spreads the checks)
            while True:
                await subscriber.wait(max(0.0, checked + pause - _now()))
                if subscriber.closed:
                    return
                if _now() >= checked + pause:
                    if not await self._still_admitted(subscriber, check):
                        return
                    checked = _now()
                wire = self._next(subscriber)
                if wire:
                    yield wire
        finally:
            hub.leave(subscriber)

    def _next(self, subscriber: Subscriber) -> bytes:
        if not subscriber.lost:
            return subscriber.take()
        subscriber.lost = False
        return f"id: {self._hub.present_id}\r\nevent: refetch\r\ndata: {{}}\r\n\r\n".encode()

    async def _still_admitted(self, subscriber: Subscriber, check: Check) -> bool:
        caller = await self._run(check)
        if caller is None:
            return False
        subscriber.caller = caller
        return True


def _now() -> float:
    return asyncio.get_running_loop().time()


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
