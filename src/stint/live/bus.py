"""Hands committed events to the open event streams of this process.

Everything here but `Hub.publish` runs in the server's event loop, so nothing needs a lock: a thread that
committed something costs one `call_soon_threadsafe`, however many streams are open.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Iterable
from itertools import islice

import msgspec

from stint.accounts.queries import Caller
from stint.events import Event, present

REMEMBERED = 2000
"""Events kept for clients that come back."""
QUEUED = 200
"""Events a slow client may fall behind before it is told to refetch instead."""


class Told(msgspec.Struct, frozen=True):
    """An event with the instant it was committed (RFC 3339, UTC), as processes tell each other."""

    event: Event
    at: str


class Frame(msgspec.Struct, frozen=True):
    """An event with when it was told and its bytes on the wire."""

    at: str
    event: Event
    wire: bytes


def told_now(event: Event) -> Told:
    """Return the event with the present instant."""
    return Told(event, present())


def concerns(event: Event, caller: Caller) -> bool:
    """Tell whether the caller hears of the event.

    Timers and entries: the person they belong to, and whoever may see that person's time. The task tree
    and the people: everybody of the account, but for favourites. Syncs: Administrators.
    """
    if event.account_id != caller.account_id:
        return False
    if event.kind == "sync":
        return caller.administers
    if event.kind in ("tasks", "people"):
        return event.user_id in (None, caller.user_id)
    return caller.manages or event.user_id == caller.user_id


class Subscriber:
    """One open stream: who listens, and what is waiting to be sent."""

    __slots__ = ("_frames", "_wake", "caller", "closed", "lost")

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.closed = False
        self.lost = False
        self._frames: list[bytes] = []
        self._wake: asyncio.Future[None] | None = None

    def put(self, wire: bytes) -> None:
        """Queue one frame; a full queue is given up for a `refetch`."""
        if len(self._frames) >= QUEUED:
            self.lose()
            return
        self._frames.append(wire)
        self._rouse()

    def lose(self) -> None:
        """Drop what waits: the client must fetch everything anew."""
        self._frames.clear()
        self.lost = True
        self._rouse()

    def close(self) -> None:
        """End the stream."""
        self.closed = True
        self._rouse()

    async def wait(self, seconds: float) -> None:
        """Return when something is to be sent, the stream is to end, or `seconds` are over."""
        if self._frames or self.lost or self.closed:
            return
        self._wake = asyncio.get_running_loop().create_future()
        timer = asyncio.get_running_loop().call_later(seconds, self._rouse)
        try:
            await self._wake
        finally:
            timer.cancel()
            self._wake = None

    def take(self) -> bytes:
        """Return all that waits, and forget it."""
        wire = b"".join(self._frames)
        self._frames.clear()
        return wire

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)


class Hub:
    """The event streams of one process, and the events they may still ask for."""

    def __init__(self) -> None:
        self.epoch = secrets.token_hex(4)
        self._number = 0
        self._recent: deque[Frame] = deque(maxlen=REMEMBERED)
        self._whole_from = ""
        self._subscribers: set[Subscriber] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        """Return the number of open streams."""
        return len(self._subscribers)

    def open(self) -> None:
        """Serve the streams of the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._whole_from = present()

    def close(self) -> None:
        """End all streams and take no more events."""
        self._loop = None
        for subscriber in self._subscribers:
            subscriber.close()

    def publish(self, told: Told) -> None:
        """Hand an event to the streams it concerns; from any thread, at no cost when there is no server."""
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(self._deliver, told)
        except RuntimeError:
            # The loop closed between the two lines: the streams are gone too.
            return

    def refetch(self) -> None:
        """Tell every stream that events were missed."""
        self._number += 1
        self._recent.clear()
        self._whole_from = present()
        for subscriber in self._subscribers:
            subscriber.lose()

    def join(self, caller: Caller, last_event_id: str = "", since: str = "") -> Subscriber:
        """Return a new stream for `caller`, with what was missed waiting in it: after `last_event_id`, or `since`."""
        subscriber = Subscriber(caller)
        # Between the end of the streams and the end of the server somebody may still come in.
        subscriber.closed = self._loop is None
        if last_event_id:
            self._catch_up(subscriber, last_event_id)
        elif since:
            self._catch_up_since(subscriber, since)
        self._subscribers.add(subscriber)
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Forget a stream."""
        self._subscribers.discard(subscriber)

    def streams_of(self, user_id: int) -> int:
        """Return how many streams the user has open."""
        return sum(subscriber.caller.user_id == user_id for subscriber in self._subscribers)

    @property
    def present_id(self) -> str:
        """The id of the newest event: what a client that knows everything stands at."""
        return f"{self.epoch}-{self._number}"

    def _catch_up(self, subscriber: Subscriber, last_event_id: str) -> None:
        epoch, _, number = last_event_id.partition("-")
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else -1
        missed = self._number - known
        if epoch != self.epoch or known < 0 or not 0 <= missed <= len(self._recent):
            subscriber.lose()
            return
        self._tell_again(subscriber, islice(self._recent, len(self._recent) - missed, None))

    def _catch_up_since(self, subscriber: Subscriber, since: str) -> None:
        if since < self._whole_from:
            subscriber.lose()
            return
        self._tell_again(subscriber, (frame for frame in self._recent if frame.at >= since))

    def _tell_again(self, subscriber: Subscriber, frames: Iterable[Frame]) -> None:
        for frame in frames:
            if concerns(frame.event, subscriber.caller):
                subscriber.put(frame.wire)

    def _deliver(self, told: Told) -> None:
        self._number += 1
        event = told.event
        data = msgspec.json.encode({"kind": event.kind, "id": event.id, "at": told.at}).decode()
        wire = f"id: {self.present_id}\r\nevent: {event.kind}\r\ndata: {data}\r\n\r\n".encode()
        if len(self._recent) == REMEMBERED:
            self._whole_from = max(self._whole_from, self._recent[0].at)
        self._recent.append(Frame(told.at, event, wire))
        for subscriber in self._subscribers:
            if concerns(event, subscriber.caller):
                subscriber.put(wire)


hub = Hub()
"""The streams of this process."""
