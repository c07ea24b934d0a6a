"""Work off the thread of the windows: what waits for the network or the disk must not freeze them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Work(QObject):
    """Runs calls in a few threads of its own, and tells their results in the thread that made it."""

    _came = Signal(object)

    def __init__(self, name: str, threads: int) -> None:
        super().__init__()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._over = False
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def do(
        self,
        call: Callable[[], Result],
        told: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run `call` there, then `told` here with what it returned, or `failed` with what it raised."""
        if not self._over:
            self._pool.submit(self._run, call, told, failed)

    def later(self, act: Callable[[], None]) -> None:
        """Run `act` in the thread of the windows, from whichever thread this is called."""
        self._came.emit(act)

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

    def end(self) -> None:
        """Tell nothing any more, and take no more work."""
        self._over = True
        self._pool.shutdown(wait=False, cancel_futures=True)
