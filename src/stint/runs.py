"""Work that is asked for now and carried out by a worker later: queued, claimed, heard of, taken up again, ended.

A kind of work has a table of its own, made of Run, and a Line of its runs. Of one account, integration or the like the
database lets one run be running (a unique constraint); the others follow in the order asked for. A worker wins a
run by an update that only one can win, and writes for it only as long as `Line.ours` finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Generic, TypeVar

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import Q, QuerySet
from django.utils import timezone

from stint.database import write

MOST_DEATHS = 3
STRANDED_AFTER = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=2)  # quotas are given anew each hour


class Overtaken(Exception):
    """The run is no longer this worker's to carry out: cancelled, or taken up by another."""


class Run(models.Model):
    """One run on record: who started it, how far it came, how it ended.

    `attempts` counts how often a worker took it up, `deaths` how often it was never heard of again; `RESULT` names
    what is stored when it ends.
    """

    RESULT: ClassVar[tuple[str, ...]] = (
        "status",
        "phase",
        "done",
        "total",
        "requests",
        "counts",
        "error",
        "resumes_at",
        "finished_at",
    )

    class Status(models.TextChoices):
        """Where the run stands. Waiting: for a quota to reset. Queued and running end by themselves."""

        QUEUED = "queued"
        RUNNING = "running"
        WAITING = "waiting"
        NEEDS_CONFIRMATION = "needs_confirmation"
        DONE = "done"
        FAILED = "failed"

    status = models.CharField(max_length=18, choices=Status.choices, default=Status.QUEUED)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    confirmed = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=190, default="", blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    requests = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.TextField(default="", blank=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    resumes_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


Status = Run.Status
ACTIVE = (Status.QUEUED, Status.RUNNING, Status.WAITING)
R = TypeVar("R", bound=Run)


@dataclass(frozen=True)
class Line(Generic[R]):
    """The runs of one table. `of` is the field by which they are apart: one at a time works for each.

    `enqueue` hands a run to the workers; `give_up` ends a run whose workers died again and again.
    """

    table: type[R]
    of: str
    enqueue: Callable[[int], object]
    give_up: Callable[[R], None]

    def ours(self, run: R) -> QuerySet[R]:
        """Return the run, as long as it is the worker's that claimed it."""
        return self._runs(pk=run.pk, status=Status.RUNNING, attempts=run.attempts)

    def tick(self, silent_after: timedelta) -> None:
        """Take up what is due: waiting runs, and those whose worker was silent for so long or never came.

        An instant further ahead than it can ever have been set comes from a clock that ran ahead: it is due, too.
        """
        now = timezone.now()
        silent = Q(heartbeat_at__lt=now - silent_after) | Q(heartbeat_at__gt=now + silent_after)
        self._requeue(self._runs(status=Status.RUNNING).filter(silent))
        resuming = Q(resumes_at__lte=now) | Q(resumes_at__gt=now + LONGEST_WAIT)
        due = self._runs(status=Status.WAITING).filter(resuming)
        stranded = self._runs(status=Status.QUEUED, queued_at__lt=now - STRANDED_AFTER)
        busy = self._runs(status=Status.RUNNING).values(self.of)
        for run in [*due, *stranded.exclude(**{f"{self.of}__in": busy})]:
            same = self._runs(pk=run.pk, status=run.status, queued_at=run.queued_at)
            if same.update(status=Status.QUEUED, queued_at=now):
                self.enqueue(run.pk)

    def recover(self) -> None:
        """Take up what a process that is gone left running. Only where no other process can be working."""
        self._requeue(self._runs(status=Status.RUNNING))

    def claim(self, run_id: int, phase: str = "") -> R | None:
        """Make a queued run this worker's own; None when another one is going on or was asked for before."""
        now = timezone.now()
        run = self._runs(pk=run_id, status=Status.QUEUED).first()
        if run is None or self._queued_beside(run).filter(pk__lt=run_id).exists():
            return None
        try:
            with write():
                claimed = self._runs(pk=run_id, status=Status.QUEUED).update(
                    status=Status.RUNNING,
                    started_at=run.started_at or now,
                    heartbeat_at=now,
                    attempts=run.attempts + 1,
                    phase=phase,
                )
        except IntegrityError:
            return None
        if not claimed:
            return None
        run.refresh_from_db()
        return run

    def take_up_next(self, run: R) -> None:
        """Hand the next run beside an ended one to the workers."""
        following = self._queued_beside(run).order_by("pk").first()
        if following is not None:
            self.enqueue(following.pk)

    def end(self, run: R, status: str, **fields: object) -> None:
        """Store how a run ended, or that it waits; nothing where it is another's by now."""
        run.status = status
        for name, value in fields.items():
            setattr(run, name, value)
        run.finished_at = None if status == Status.WAITING else timezone.now()
        with write():
            self.ours(run).update(**{name: getattr(run, name) for name in run.RESULT})

    def _queued_beside(self, run: R) -> QuerySet[R]:
        return self._runs(**{self.of: getattr(run, f"{self.of}_id")}, status=Status.QUEUED)

    def _requeue(self, orphans: QuerySet[R]) -> None:
        for run in orphans:
            same = self._runs(pk=run.pk, status=Status.RUNNING, heartbeat_at=run.heartbeat_at)
            with write():
                # Whoever writes what the run is for holds its row: a host cut off meanwhile, until the database
                # gives that up.
                if not same.select_for_update(skip_locked=True).exists():
                    continue
                if run.deaths + 1 >= MOST_DEATHS:
                    self.give_up(run)
                    continue
                same.update(status=Status.QUEUED, queued_at=timezone.now(), deaths=run.deaths + 1)
                self.enqueue(run.pk)

    def _runs(self, **conditions: object) -> QuerySet[R]:
        found: QuerySet[R] = self.table._default_manager.filter(**conditions)
        return found


class Reporter(Generic[R]):
    """Writes down how far a run came, which is also its sign of life."""

    def __init__(self, line: Line[R], run: R) -> None:
        self._line, self._run = line, run

    def count_request(self) -> None:
        """Count one more request."""
        self._run.requests += 1
        self._store()

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Note what is being done."""
        self._run.phase, self._run.done, self._run.total = phase[:190], done, total
        self._store()

    def stored(self) -> None:
        """Be told, within the transaction, that something was written down."""

    def _store(self) -> None:
        run = self._run
        with write():
            stored = self._line.ours(run).update(
                phase=run.phase,
                done=run.done,
                total=run.total,
                requests=run.requests,
                heartbeat_at=timezone.now(),
            )
            if not stored:
                raise Overtaken
            self.stored()
