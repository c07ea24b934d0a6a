"""The few threads that run all requests of a process, each with its own lasting database connection.

`ThreadPoolExecutor` cannot send a job to one certain thread. A streamed response needs that: its pieces must
come from the thread whose database connection its rows are read over, or they would mix with the queries of
another request on that connection.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")
_Job = Callable[[], None]


class RequestPool:
    """A fixed number of threads that take jobs from one queue, or from their own when a job names them."""

    def __init__(self, size: int = 2) -> None:
        self._change = threading.Condition()
        self._shared: deque[_Job] = deque()
        self._own: list[deque[_Job]] = [deque() for _ in range(size)]
        self._here = threading.local()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._serve, args=(number,), name=f"stint-request-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def here(self) -> int:
        """The number of the pool's thread that asks."""
        number: int = self._here.number
        return number

    async def run(self, call: Callable[[], T], *, on: int | None = None) -> T:
        """Return what `call` returns, run in thread number `on`, or in the first free one."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            try:
                outcome: tuple[Any, BaseException | None] = (call(), None)
            except BaseException as fault:
                outcome = (None, fault)
            try:
                loop.call_soon_threadsafe(_settle, future, *outcome)
            except RuntimeError:
                # The loop was closed meanwhile: nobody waits any more.
                return

        with self._change:
            if on is None:
                self._shared.append(job)
                self._change.notify()
            else:
                self._own[on].append(job)
                self._change.notify_all()
        return await future

    def close(self, seconds: float = 2) -> None:
        """End the threads after the jobs already given, waiting at most `seconds` for each."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join(seconds)

    def _serve(self, number: int) -> None:
        self._here.number = number
        while (job := self._next(number)) is not None:
            job()
        connections.close_all()

    def _next(self, number: int) -> _Job | None:
        own = self._own[number]
        with self._change:
            while not own and not self._shared:
                if self._closing:
                    return None
                self._change.wait()
            return own.popleft() if own else self._shared.popleft()


def _settle(future: asyncio.Future[Any], result: object, fault: BaseException | None) -> None:
    if future.cancelled():
        return
    if fault is None:
        future.set_result(result)
    else:
        future.set_exception(fault)
