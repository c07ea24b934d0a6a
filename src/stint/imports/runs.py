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
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from stint.database import write
from stint.imports.jobs import Counts, ImportRefused, Job, Outcome
from stint.imports.kinds import KINDS
from stint.imports.models import Answer, FilePart, Import
from stint.integrations.toggl.errors import TogglError, TogglQuotaSpent
from stint.runs import Line, Overtaken, Reporter, Status

logger = logging.getLogger("stint.imports")

SILENT_AFTER = timedelta(minutes=10)  # longer than any writing takes, during which nothing is heard
KEPT_FOR = timedelta(days=1)


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
    run = _line.claim(run_id)
    if run is None:
        return
    starter = run.started_by
    with translation.override((starter.language if starter else "") or settings.LANGUAGE_CODE):
        _finish(run)
    _line.take_up_next(run)


def tick() -> None:
    """Take up what is due, and forget what is old."""
    _line.tick(SILENT_AFTER)
    _forget(Import.objects.filter(finished_at__lt=timezone.now() - KEPT_FOR))


def recover() -> None:
    """Take up what a process that is gone left running. Only where no other process can be working."""
    _line.recover()


def _give_up(run: Import) -> None:
    died = _("Stint stopped three times during this import.")
    _line.end(run, Status.FAILED, error=died + " " + what_stays(run))


_line = Line(
    Import,
    of="account",
    enqueue=lambda run_id: run_import.enqueue(run_id),
    give_up=_give_up,
)


def _finish(run: Import) -> None:
    try:
        _carry_out(run)
    except Overtaken:
        logger.info("import %s was overtaken", run.pk)
    except TogglQuotaSpent as fault:
        resumes_at = timezone.now() + timedelta(seconds=fault.resets_in + 1)
        _line.end(run, Status.WAITING, resumes_at=resumes_at, phase=_("Waiting for Toggl's quota"))
    except (ImportRefused, TogglError) as fault:
        _line.end(run, Status.FAILED, error=str(fault))
    except Exception:
        logger.exception("import %s failed", run.pk)
        _line.end(
            run,
            Status.FAILED,
            error=_("Stint failed while importing; its log says why.") + " " + what_stays(run),
        )


def _carry_out(run: Import) -> None:
    reporter = _Reporter(run)
    kind = KINDS[run.kind]
    finish = kind.prepare(Job(run, reporter.progress, reporter.count_request, reporter.step))
    if run.dry_run:
        _note(run, finish())
        _line.end(run, Status.DONE)
        return
    reporter.progress(_("Writing"), 0, None)
    with nullcontext() if kind.in_steps else _ours_alone(run):
        outcome = finish()
        with _ours_alone(run):
            outcome.counts = reporter.in_all(outcome.counts)
            _note(run, outcome)
            _line.end(run, Status.NEEDS_CONFIRMATION if outcome.asks else Status.DONE)
            if not outcome.asks:
                _forget(Import.objects.filter(pk=run.pk))


@contextmanager
def _ours_alone(run: Import) -> Iterator[None]:
    """Open a transaction during which the import stays this worker's."""
    with write():
        if not _line.ours(run).select_for_update().exists():
            raise Overtaken
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


def _forget(runs: QuerySet[Import]) -> None:
    """Drop what imports were read from."""
    for rows in (FilePart.objects, Answer.objects):
        left = rows.filter(of__in=runs)
        if left.exists():
            left.delete()


class _Reporter(Reporter[Import]):
    """Writes down how far an import came, and what its steps wrote."""

    def __init__(self, run: Import) -> None:
        super().__init__(_line, run)
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
