"""Work off the thread of the windows: what waits for the network or the disk must not freeze them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)
Result = TypeVar("Result")
FINISH_SECONDS = 15.0


class Work(QObject):
    """Runs calls in order in a few threads of its own, and tells their results in the thread that made it.

    The threads do not hold up the end of the process, as those of an executor would: one may wait for a dead network.
    """

    _came = Signal(object)

    def __init__(self, name: str, threads: int) -> None:
        super().__init__()
        self._over = False
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def do(
        self,
        call: Callable[[], Result],
        told: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run `call` there, then `told` here with what it returned, or `failed` with what it raised."""
        if not self._over:
            self._calls.put(lambda: self._run(call, told, failed))

    def later(self, act: Callable[[], None]) -> None:
        """Run `act` in the thread of the windows, from whichever thread this is called."""
        self._came.emit(act)

    def end(self) -> None:
        """Tell nothing any more, and take no more work."""
        self._over = True
        for _each in self._threads:
            self._calls.put(None)

    def finish(self) -> None:
        """End, and wait until what was begun and what waits is done."""
        self.end()
        for thread in self._threads:
            thread.join(FINISH_SECONDS)

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    def _run(
        self,
        call: Callable[[], Result],
        told: Callable[[Result], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:
        try:
            result = call()
        except Exception as fault:  # whatever it is, somebody is told
            if failed is None:
                log.exception("%s failed", call)
            else:
                self._came.emit(lambda fault=fault: failed(fault))
            return
        if told is not None:
            self._came.emit(lambda: told(result))

    @Slot(object)
    def _tell(self, act: Callable[[], None]) -> None:
        if not self._over:
            act()
