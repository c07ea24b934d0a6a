"""Work beside the requests, in threads: the workers that run queued tasks, and the scheduler."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.core.management import call_command
from django.db import close_old_connections, connections
from django.db.models import QuerySet
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger("stint.background")

WORKERS = 2
POLL_SECONDS = 0.25
TICK_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 24 * 60 * 60
AFTER_FAULT_SECONDS = 2.0
MAIL = "mail"


class Background:
    """Worker threads and the scheduler thread of one process."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._stop = threading.Event()
        self._threads = [
            _Repeating("worker", QueueRunner(without=MAIL), POLL_SECONDS, self._stop) for _ in range(workers)
        ]
        # One at a time waits for a mail server, and no sync or import behind it.
        self._threads.append(_Repeating("mail", QueueRunner(only=MAIL), POLL_SECONDS, self._stop))
        self._threads.append(_Repeating("scheduler", _tick, TICK_SECONDS, self._stop))
        self._threads.append(_Repeating("housekeeping", _keep_house, HOUSEKEEPING_SECONDS, self._stop))

    def start(self) -> None:
        """Start all threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 3) -> None:
        """Ask all to end and wait at most `seconds`.

        A task still running then dies with the process; the next scheduler finds its sync by its silent
        heartbeat and takes it up again.
        """
        self._stop.set()
        until = monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))

    def wait(self) -> None:
        """Return once `stop` was asked for."""
        self._stop.wait()

    def ask_to_stop(self) -> None:
        """Ask all to end, from a signal handler."""
        self._stop.set()


class _Repeating(threading.Thread):
    """Calls `work` again and again; a fault is logged and does not end the thread."""

    def __init__(self, name: str, work: Callable[[], None], seconds: float, stop: threading.Event) -> None:
        super().__init__(name=f"stint-{name}", daemon=True)
        self._work, self._seconds, self._ended = work, seconds, stop

    def run(self) -> None:
        pause = 0.0
        while not self._ended.wait(pause):
            pause = self._seconds
            try:
                close_old_connections()
                self._work()
            except BaseException:
                logger.exception("%s failed; it goes on in a moment", self.name)
                pause = max(self._seconds, AFTER_FAULT_SECONDS)
        connections.close_all()


class QueueRunner:
    """Runs the queued tasks that are ready, one after the other: of all queues, `only` one, or `without` one."""

    def __init__(self, *, only: str = "", without: str = "") -> None:
        self._worker_id = get_random_string(32)
        self._queues, self._excluded = [only or "*"], [without] if without else []

    def __call__(self) -> None:
        """Return once no task is ready."""
        # A look before taking the lock: an idle worker must not hold up the writers four times a second.
        while self._ready().exists():
            Worker(
                queue_names=self._queues,
                excluded_queue_names=self._excluded,
                interval=0,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=1,
                worker_id=self._worker_id,
            ).run()

    def _ready(self) -> QuerySet[Any]:
        ready = DBTaskResult.objects.ready().exclude(queue_name__in=self._excluded)
        return ready if self._queues == ["*"] else ready.filter(queue_name__in=self._queues)


def _tick() -> None:
    importlib.import_module("stint.integrations.runs").tick()
    importlib.import_module("stint.imports.runs").tick()
    importlib.import_module("stint.accounts.mail").send_due()
    importlib.import_module("stint.rates.mail").tick()


def _keep_house() -> None:
    call_command("clearsessions")
    importlib.import_module("stint.accounts.limits").forget_expired()
    call_command("prune_db_task_results", verbosity=0)
