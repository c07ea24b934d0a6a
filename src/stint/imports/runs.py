"""The life of an import: queued, carried out by a worker, waiting for quota, confirmed, done or failed.

A tree, and that it is done, is written in one transaction. Time is written in steps, each with the count of what is
written so far; an import whose worker died goes through everything again and finds that part as it is. The database
lets one import of an account run at a time; the others follow in the order asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta

import msgspec
from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from stint.database import write
from stint.imports.jobs import Counts, ImportRefused, Job, Outcome
from stint.imports.kinds import KINDS
from stint.imports.models import Answer, FilePart, Import
from stint.integrations.toggl.errors import TogglError, TogglQuotaSpent

logger = logging.getLogger("stint.imports")

Status = Import.Status
SILENT_AFTER = timedelta(minutes=10)  # longer than any writing takes, during which nothing is heard
MOST_DEATHS = 3
STRANDED_AFTER = timedelta(seconds=5)
KEPT_FOR = timedelta(days=1)
_RESULT = (
    "status",
    "phase",
    "done",
    "total",
    "requests",
    "counts",
    "problems",
    "more_problems",
    "notes",
    "unmatched",
    "error",
    "resumes_at",
    "finished_at",
)
ACTIVE = (Status.QUEUED, Status.RUNNING, Status.WAITING)


class _Overtaken(Exception):
    """The import is no longer this worker's to carry out: cancelled, or taken up by another."""


def queue(run: Import) -> None:
    """Have a worker take an import up. Inside a transaction."""
    run.status, run.queued_at, run.counts = Status.QUEUED, timezone.now(), {}
    run.finished_at = run.resumes_at = None
    run.error, run.phase = "", ""
    run.save()
    run_import.enqueue(run.pk)


@task()
def run_import(run_id: int) -> None:
    """Carry an import out, if nobody else does and none goes before it."""
    run = _claim(run_id)
    if run is None:
        return
    starter = run.started_by
    with translation.override((starter.language if starter else "") or settings.LANGUAGE_CODE):
        _finish(run)
    following = Import.objects.filter(account_id=run.account_id, status=Status.QUEUED).order_by("pk").first()
    if following is not None:
        run_import.enqueue(following.pk)


def tick() -> None:
    """Take up what is due: waiting imports, those whose worker died or never came; forget what is old."""
    now = timezone.now()
    silent = Import.objects.filter(status=Status.RUNNING, heartbeat_at__lt=now - SILENT_AFTER)
    _requeue(silent)
    due = Import.objects.filter(status=Status.WAITING, resumes_at__lte=now)
    stranded = Import.objects.filter(status=Status.QUEUED, queued_at__lt=now - STRANDED_AFTER)
    busy = Import.objects.filter(status=Status.RUNNING).values("account_id")
    for run in [*due, *stranded.exclude(account_id__in=busy)]:
        same = Import.objects.filter(pk=run.pk, status=run.status, queued_at=run.queued_at)
        if same.update(status=Status.QUEUED, queued_at=now):
            run_import.enqueue(run.pk)
    _forget(Import.objects.filter(finished_at__lt=now - KEPT_FOR))


def recover() -> None:
    """Take up what a process that is gone left running. Only where no other process can be working."""
    _requeue(Import.objects.filter(status=Status.RUNNING))


def _requeue(orphans: QuerySet[Import]) -> None:
    for run in orphans:
        if run.deaths + 1 >= MOST_DEATHS:
            _end(
                run,
                Status.FAILED,
                error=_("Stint stopped three times during this import; nothing was changed."),
            )
            continue
        with write():
            # Whoever writes an import holds its row, however long that takes.
            if not same.select_for_update(skip_locked=True).exists():
                continue
            if run.deaths + 1 >= MOST_DEATHS:
                error = _("Stint stopped three times during this import.") + " " + what_stays(run)
                _end(run, Status.FAILED, error=error)
                continue
            same.update(status=Status.QUEUED, queued_at=timezone.now(), deaths=run.deaths + 1)
            run_import.enqueue(run.pk)


def _claim(run_id: int) -> Import | None:
    """Make a queued import this worker's own; None when another one is going on or was asked for before."""
    now = timezone.now()
    run = Import.objects.filter(pk=run_id, status=Status.QUEUED).first()
    if run is None:
        return None
    before = Import.objects.filter(account_id=run.account_id, status=Status.QUEUED, pk__lt=run_id)
    if before.exists():
        return None
    try:
        with write():
            claimed = Import.objects.filter(pk=run_id, status=Status.QUEUED).update(
                status=Status.RUNNING,
                started_at=run.started_at or now,
                heartbeat_at=now,
                attempts=run.attempts + 1,
            )
    except IntegrityError:
        return None
    if not claimed:
        return None
    run.refresh_from_db()
    return run


def _finish(run: Import) -> None:
    try:
        _carry_out(run)
    except _Overtaken:
        logger.info("import %s was overtaken", run.pk)
    except TogglQuotaSpent as fault:
        resumes_at = timezone.now() + timedelta(seconds=fault.resets_in + 1)
        _end(run, Status.WAITING, resumes_at=resumes_at, phase=_("Waiting for Toggl's quota"))
    except (ImportRefused, TogglError) as fault:
        _end(run, Status.FAILED, error=str(fault))
    except Exception:
        logger.exception("import %s failed", run.pk)
        _end(
            run,
            Status.FAILED,
            error=_("Stint failed while importing; its log says why.") + " " + what_stays(run),
        )


def _carry_out(run: Import) -> None:
    reporter = _Reporter(run)
    kind = KINDS[run.kind]
    finish = kind.prepare(Job(run, reporter.progress, reporter.on_request, reporter.step))
    if run.dry_run:
        _note(run, finish())
        _end(run, Status.DONE)
        return
    reporter.progress(_("Writing"), 0, None)
    with nullcontext() if kind.in_steps else _ours_alone(run):
        outcome = finish()
        with _ours_alone(run):
            outcome.counts = reporter.in_all(outcome.counts)
            _note(run, outcome)
            _end(run, Status.NEEDS_CONFIRMATION if outcome.asks else Status.DONE)
            if not outcome.asks:
                _forget(Import.objects.filter(pk=run.pk))


@contextmanager
def _ours_alone(run: Import) -> Iterator[None]:
    """Open a transaction during which the import stays this worker's."""
    with write():
        if not Import.objects.select_for_update().filter(_ours(run)).exists():
            raise _Overtaken
        yield


def what_stays(run: Import) -> str:
    """Return what an import that ended early has written, as a sentence."""
    written = written_by(run)
    if run.dry_run or not written.created + written.updated:
        return _("Nothing was changed.")
    return ngettext(
        "%(count)d entry is written already; import the same again, and nothing is added twice.",
        "%(count)d entries are written already; import the same again, and nothing is added twice.",
        written.created + written.updated,
    ) % {"count": written.created + written.updated}


def written_by(run: Import) -> Counts:
    """Return the counts that the steps of an import put on record."""
    return msgspec.convert(run.counts, Counts)


def _note(run: Import, outcome: Outcome) -> None:
    run.counts = msgspec.to_builtins(outcome.counts)
    run.problems = msgspec.to_builtins(outcome.problems.kept)
    run.more_problems = outcome.problems.more
    run.notes = outcome.notes
    run.unmatched = msgspec.to_builtins(outcome.unmatched)
    counts = outcome.counts
    run.done = run.total = counts.created + counts.updated + counts.unchanged + counts.skipped


def _ours(run: Import) -> Q:
    return Q(pk=run.pk, status=Status.RUNNING, attempts=run.attempts)


def _end(run: Import, status: str, **fields: object) -> None:
    run.status = status
    for name, value in fields.items():
        setattr(run, name, value)
    run.finished_at = None if status == Status.WAITING else timezone.now()
    with write():
        Import.objects.filter(_ours(run)).update(**{name: getattr(run, name) for name in _RESULT})


def _forget(runs: QuerySet[Import]) -> None:
    """Drop what imports were read from."""
    for rows in (FilePart.objects, Answer.objects):
        left = rows.filter(of__in=runs)
        if left.exists():
            left.delete()


class _Reporter:
    """Writes down how far an import came, which is also its sign of life."""

    def __init__(self, run: Import) -> None:
        self._run = run
        self._before = written_by(run)  # by a worker that died

    @contextmanager
    def step(self, counts: Counts) -> Iterator[None]:
        """See `jobs.Step`."""
        with _ours_alone(self._run):
            yield
            self._run.counts = msgspec.to_builtins(self.in_all(counts))
            Import.objects.filter(pk=self._run.pk).update(
                counts=self._run.counts, heartbeat_at=timezone.now()
            )

    def in_all(self, counts: Counts) -> Counts:
        """Return the counts of an import with what it had written before, which is found unchanged now."""
        before = self._before.created + self._before.updated
        return Counts(
            counts.created + self._before.created,
            counts.updated + self._before.updated,
            max(counts.unchanged - before, 0),
            counts.skipped,
        )

    def on_request(self) -> None:
        """Count one more request."""
        self._run.requests += 1
        self._store()

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Note what is being done."""
        self._run.phase, self._run.done, self._run.total = phase[:190], done, total
        self._store()

    def _store(self) -> None:
        run = self._run
        with write():
            stored = Import.objects.filter(_ours(run)).update(
                phase=run.phase,
                done=run.done,
                total=run.total,
                requests=run.requests,
                heartbeat_at=timezone.now(),
            )
        if not stored:
            raise _Overtaken
