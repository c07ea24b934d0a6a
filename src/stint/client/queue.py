"""The offline queue: what a person does is kept on the device, sent in order as soon as it can be, and shown as if
it had arrived.

The rules are docs/offline.md; this is the part that sends and tells.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from stint.client import acts, answers
from stint.client.server import Reply, Request
from stint.client.state import Act, Entry, Fields, Notice, Problem, State, moment, overlay, running
from stint.client.store import NotKept, Store

FRESH_SECONDS = 30.0  # so long after an answer the server is taken to be there
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
LONGEST_TOLD = 3600.0
TURN_SECONDS = 20.0
SECOND = 1000  # milliseconds: what a Date header leaves out


class Sender(Protocol):
    """What the queue needs of a server."""

    @property
    def whose(self) -> str:
        """A name for the server and the person."""

    def send(self, request: Request) -> Reply:
        """Send one request."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a surface shows.

    `entry` is what runs once everything queued has arrived, `ahead` how far the server's clock is ahead of this
    device's in milliseconds, `queued` how many acts wait. `unkept` says why the device did not keep what waits: it is
    lost when this process ends.
    """

    entry: Entry | None
    ahead: int
    queued: int
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]
    signed_out: bool
    offline: bool
    unkept: str


class Queue:
    """The queue of one person on one server, in the SQLite file at `path`, which other processes may share.

    Acts store and tell; `flush` sends, in whatever thread calls it. `now` is this device's clock in milliseconds.
    `arrived` are the entries that the server answered in the last flush, by id.
    """

    def __init__(
        self,
        path: Path,
        server: Sender,
        *,
        now: Callable[[], float] = lambda: time.time() * 1000,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        self._store, self._server, self._now = Store(path, server.whose), server, now
        self._new_id = new_id or _uuid7
        self._listeners: list[Callable[[Shown], None]] = []
        self._lock, self._sending = threading.RLock(), threading.Lock()
        self._heard_at, self._failures = float("-inf"), 0
        self._unkept = ""
        self.arrived: dict[str, Entry] = {}
        self._state = State()
        try:
            self._state = self._store.read()
        except NotKept as fault:
            self._unkept = str(fault)

    @property
    def state(self) -> Shown:
        """What there is to show now."""
        held = self._state
        return Shown(
            running(held),
            held.ahead or 0,
            len(held.acts),
            held.problems,
            held.notices,
            held.signed_out,
            held.offline,
            self._unkept,
        )

    @property
    def waiting(self) -> tuple[Act, ...]:
        """The acts that wait, in the order in which they are sent."""
        return self._state.acts

    def subscribe(self, listener: Callable[[Shown], None]) -> Callable[[], None]:
        """Call `listener` at every change, in the thread that made it; return what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def start(self, draft: Fields | None = None) -> str:
        """Start a timer and return the id of its entry."""
        id_ = self._new_id()
        self._change(lambda state: acts.start(state, id_, draft or {}, self._server_now(state)))
        return id_

    def stop(self, end: str | None = None) -> None:
        """Stop what runs, now or at an earlier `end`."""
        self._change(lambda state: acts.stop(state, self._server_now(state), end))

    def add(self, entry: Fields) -> str:
        """Add time and return the id of its entry."""
        id_ = self._new_id()
        self._change(lambda state: acts.add(state, id_, entry))
        return id_

    def edit(self, id_: str, change: Fields, seen: Entry | None = None) -> None:
        """Change an entry; `seen` is the entry as it was shown, by which changes made elsewhere are noticed."""
        self._change(lambda state: acts.edit(state, id_, change, seen))

    def remove(self, id_: str) -> None:
        """Delete an entry."""
        self._change(lambda state: acts.remove(state, id_))

    def retry(self, problem: int) -> None:
        """Queue the acts of a problem again, over what was changed elsewhere."""
        self._change(lambda state: answers.retry(state, problem, self._new_id))

    def discard(self, problem: int) -> None:
        """Give the acts of a problem up."""
        self._change(lambda state: answers.discard(state, problem))

    def dismiss(self, *notices: int) -> None:
        """Forget notices that were read."""
        self._change(
            lambda state: replace(
                state, notices=tuple(notice for notice in state.notices if notice.no not in notices)
            )
        )

    def overlay(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return a list of entries as it will be once everything queued has arrived."""
        return overlay(self._state, entries)

    def refresh(self) -> float | None:
        """Ask what runs, after a sign-in, a `timer` event or a return of the network; then as `flush`."""
        self._heard_at = float("-inf")
        return self.flush()

    def flush(self) -> float | None:
        """Send what waits, in order, until nothing does or the server cannot be had.

        Returns the seconds after which to try again: never all devices at once, and ever later. None where nothing
        waits, or where the person has to sign in first.
        """
        with self._sending, self._store.turn(TURN_SECONDS) as ours:
            if not ours:
                return FIRST_WAIT
            self.arrived = {}
            self._change(lambda state: state)  # what other processes did meanwhile
            return self._send_all()

    def _send_all(self) -> float | None:
        fresh = self._now() - self._heard_at < FRESH_SECONDS * 1000
        # Before anything is risked: is the server there, what runs, how late is it?
        if self._state.offline or self._state.signed_out or not fresh:
            reply = self._look()
            if reply.status != 200:
                return self._wait(reply)
        while waiting := self._change(answers.trying).acts:
            reply = self._tried(waiting[0])
            if answers.unsettled(reply):
                return self._wait(reply)
        return None

    def _tried(self, act: Act) -> Reply:
        asked = self._now()
        reply = self._asked(answers.request_of(act))

        def heard(state: State) -> State:
            if reply.date is not None and not answers.unsettled(reply):
                state = answers.learn(state, reply.date + SECOND / 2, asked, self._heard_at, SECOND)
            now = self._server_now(state) if reply.date is None else reply.date
            return answers.answered(state, act, reply, now)

        self._change(heard)
        if reply.status in (200, 201):
            self.arrived[act.id] = reply.body
        return reply

    def _look(self) -> Reply:
        asked = self._now()
        reply = self._asked(Request("GET", "/timer"))

        def heard(state: State) -> State:
            if reply.status == 401:
                return answers.away(replace(state, signed_out=True))
            if reply.status != 200:
                return answers.away(replace(state, offline=True))
            known = replace(state, known=reply.body["entry"], offline=False, signed_out=False)
            return answers.learn(known, _milliseconds(reply.body["now"]), asked, self._heard_at)

        self._change(heard)
        return reply

    def _asked(self, request: Request) -> Reply:
        reply = self._server.send(request)
        if reply.status != 0:
            self._heard_at = self._now()
        if not answers.unsettled(reply):
            self._failures = 0
        return reply

    def _wait(self, reply: Reply) -> float | None:
        if reply.status == 401:
            return None
        told = min(reply.retry_after or 0, LONGEST_TOLD)
        own = min(FIRST_WAIT * 2.0**self._failures, LONGEST_WAIT)
        self._failures += 1
        return max(told, own) * random.uniform(1, 1.5)  # noqa: S311  (spreads the tries)

    def _change(self, what: Callable[[State], State]) -> State:
        with self._lock:
            try:
                # What could not be kept before is in this process alone.
                kept = self._store.change(lambda state: what(self._state if self._unkept else state))
                self._unkept = ""
            except NotKept as fault:
                kept, self._unkept = what(self._state), str(fault)
            self._state = kept
        for listener in self._listeners:
            listener(self.state)
        return kept

    def _server_now(self, state: State) -> float:
        return self._now() + (state.ahead or 0)


def _milliseconds(instant: str) -> float:
    return moment(instant).timestamp() * 1000


def _uuid7() -> str:
    import uuid_utils

    return str(uuid_utils.uuid7())
