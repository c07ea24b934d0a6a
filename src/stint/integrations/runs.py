"""The life of a sync run: queued, carried out by a worker, waiting for quota, confirmed, done or failed.

A run reads everything, plans, then applies in one transaction, so a fault at any point leaves the tree as it
was. The database lets one run per integration be running and one be next; whoever takes a run up does so by an
update that only one worker can win. Queued runs go in the order in which they were asked for.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from stint.database import write
from stint.events import Event, announce
from stint.integrations import applying
from stint.integrations.live import subscribe
from stint.integrations.mirror import Key, plan
from stint.integrations.models import Integration, SourceWorkspace, SyncRun
from stint.integrations.outcomes import Explainer, stored_items
from stint.integrations.pages import StoredPages
from stint.integrations.toggl.bodies import Quota, ReadWorkspace
from stint.integrations.toggl.errors import TogglError, TogglQuotaSpent, TogglRefused
from stint.integrations.toggl.snapshot import snapshot
from stint.integrations.toggl.source import (
    KIND,
    Reading,
    client_of,
    note_quota,
    read_selected,
    store_readings,
    store_workspaces,
)
from stint.runs import ACTIVE, Line, Overtaken, Reporter, Status
from stint.tasks.bulk import mirrored_rows
from stint.tasks.services import lock_tree

logger = logging.getLogger("stint.integrations")

Trigger = SyncRun.Trigger
SILENT_AFTER = timedelta(seconds=90)  # longer than one request is ever tried
INTERVALS = {
    Integration.KeepInSync.HOURLY: timedelta(hours=1),
    Integration.KeepInSync.DAILY: timedelta(days=1),
    # Events can be lost, so what is kept live is looked through once a day as well.
    Integration.KeepInSync.LIVE: timedelta(days=1),
}
CLOCK_SLACK = timedelta(minutes=5)
EVENT_REST = timedelta(seconds=3)  # several changes often come together
EVENT_GAP = timedelta(minutes=1)


def queue(
    integration: Integration,
    trigger: str,
    *,
    started_by_id: int | None = None,
    selection: list[int] | None = None,
    confirmed: bool = False,
    only: list[int] | None = None,
) -> SyncRun:
    """Store a run to be taken up by a worker, after those asked for before; it replaces one that waits.

    The same asked for twice, before it began, is one run.
    """
    now = timezone.now()
    with write():
        Integration.objects.select_for_update().get(pk=integration.pk)
        waiting = integration.runs.filter(status=Status.WAITING)
        if selection is None:
            # A Save that waits is not forgotten because something else starts a sync.
            selection = waiting.exclude(selection=None).values_list("selection", flat=True).first()
        waiting.update(status=Status.FAILED, error=_("Replaced by a newer run."), finished_at=now)
        asked = (trigger, selection, confirmed, only)
        last = integration.runs.filter(status=Status.QUEUED).order_by("-pk").first()
        if last is not None and (last.trigger, last.selection, last.confirmed, last.only) == asked:
            return last
        run = SyncRun.objects.create(
            integration=integration,
            trigger=trigger,
            started_by_id=started_by_id,
            selection=selection,
            confirmed=confirmed,
            only=only,
            queued_at=now,
        )
        _announce(run)
        run_sync.enqueue(run.pk)
    return run


@task()
def run_sync(run_id: int) -> None:
    """Carry a run out, if nobody else does; a run that has to stand back is taken up after the present one."""
    run = _line.claim(run_id, _("Reading"))
    if run is None:
        return
    # What is told of a run is kept with it, so in the language of the person whose token it is.
    with translation.override(_language(run)):
        _finish(run)
    _line.take_up_next(run)


def _language(run: SyncRun) -> str:
    owner = run.integration.owner
    return (owner.language if owner else "") or settings.LANGUAGE_CODE


def _finish(run: SyncRun) -> None:
    try:
        _carry_out(run)
    except Overtaken:
        logger.info("sync %s was overtaken", run.pk)
    except TogglQuotaSpent as fault:
        resumes_at = timezone.now() + timedelta(seconds=fault.resets_in + 1)
        _end(run, Status.WAITING, resumes_at=resumes_at, phase=_("Waiting for Toggl's quota"))
    except TogglError as fault:
        if isinstance(fault, TogglRefused):
            Integration.objects.filter(pk=run.integration_id, status=Integration.Status.ON).update(
                status=Integration.Status.BROKEN
            )
        _end(run, Status.FAILED, error=str(fault))
    except Exception:
        logger.exception("sync %s failed", run.pk)
        _end(
            run,
            Status.FAILED,
            error=_("Stint failed while synchronising; nothing was changed. Its log says why."),
        )


def tick() -> None:
    """Start what is due: waiting runs, scheduled ones, changes heard of, and runs whose worker died."""
    _line.tick(SILENT_AFTER)
    now = timezone.now()
    _queue_scheduled(now)
    _queue_heard(now)


def recover() -> None:
    """Take up what a process that is gone left running. Only where no other process can be working."""
    _line.recover()


def _queue_scheduled(now: datetime) -> None:
    due = Q(next_sync_at__lte=now)
    for kept, pause in INTERVALS.items():
        # Further ahead than it can have been set: by a clock that was put back since.
        due |= Q(keep_in_sync=kept, next_sync_at__gt=now + pause + CLOCK_SLACK)
    scheduled = Integration.objects.filter(due, status=Integration.Status.ON)
    for integration in scheduled.exclude(runs__status__in=ACTIVE):
        interval = INTERVALS.get(Integration.KeepInSync(integration.keep_in_sync))
        same = Integration.objects.filter(pk=integration.pk, next_sync_at=integration.next_sync_at)
        with write():
            claimed = same.update(next_sync_at=now + interval if interval else None)
            if claimed and interval:
                hourly = integration.keep_in_sync == Integration.KeepInSync.HOURLY
                queue(integration, Trigger.HOURLY if hourly else Trigger.DAILY)


def _queue_heard(now: datetime) -> None:
    heard = Integration.objects.filter(
        Q(webhook_run_at=None)
        | Q(webhook_run_at__lt=now - EVENT_GAP)
        | Q(webhook_run_at__gt=now + EVENT_GAP),
        status=Integration.Status.ON,
        workspaces__selected=True,
        workspaces__change_heard_at__lte=now - EVENT_REST,
    ).distinct()
    for integration in heard.exclude(runs__status__in=ACTIVE):
        same = Integration.objects.filter(pk=integration.pk, webhook_run_at=integration.webhook_run_at)
        with write():
            if same.update(webhook_run_at=now):
                changed = integration.workspaces.filter(selected=True, change_heard_at__isnull=False)
                only = list(changed.values_list("external_id", flat=True))
                changed.update(change_heard_at=None)
                queue(integration, Trigger.WEBHOOK, only=only)


def _carry_out(run: SyncRun) -> None:
    integration = run.integration
    pages = StoredPages(integration)
    if run.attempts == 1 and run.requests == 0:
        pages.forget(keep_fresh=run.trigger == Trigger.SAVE)
    reporter = _Reporter(run)
    selection = _selection(run)
    with client_of(integration, reporter.on_request) as client:
        listed, readings = read_selected(
            client, integration, selection, pages, reporter.progress, only=run.only
        )
    reporter.progress(_("Applying"), 0, None)
    _apply(run, listed, readings)
    if run.status == Status.DONE:
        pages.forget()
        _keep_subscribed(run)


def _keep_subscribed(run: SyncRun) -> None:
    """Hear of workspaces selected just now, too, where the mirror is kept live; a refusal is only told."""
    integration = Integration.objects.get(pk=run.integration_id)
    if integration.keep_in_sync != Integration.KeepInSync.LIVE:
        return
    try:
        with client_of(integration) as client:
            subscribe(integration, client)
    except TogglError as fault:
        SyncRun.objects.filter(pk=run.pk).update(
            warnings=[*run.warnings, _("Not kept live: %(reason)s") % {"reason": fault}]
        )


def _apply(run: SyncRun, listed: list[ReadWorkspace], readings: list[Reading]) -> None:
    """Plan and write, all in one transaction, or ask for an Administrator's word."""
    now_wanted = snapshot(readings)
    with write():
        integration = _still_ours(run)
        lock_tree(integration.account_id)
        rows = mirrored_rows(integration.account_id, KIND)
        known = applying.mirrored(rows)
        people = applying.people(integration.account_id, KIND, integration.owner_id)
        decided = plan(now_wanted, known, people, deselected=_deselected(run, integration))
        run.counts = decided.counts()
        run.changes = stored_items(Explainer(now_wanted, known).items(decided))
        run.warnings = [warning for _, reading in readings for warning in reading.warnings]
        if decided.mass_archive and not run.confirmed:
            _end(run, Status.NEEDS_CONFIRMATION)
            return
        store_workspaces(integration, listed)
        store_readings(integration, readings)
        if applying.apply(integration.account_id, KIND, now_wanted, decided, rows):
            announce(Event("tasks", "", integration.account_id))
        run.total = run.done = len(now_wanted.nodes)
        _end(run, Status.DONE, phase=_("Done"))


def _selection(run: SyncRun) -> set[int]:
    if run.selection is not None:
        return set(run.selection)
    return set(run.integration.workspaces.filter(selected=True).values_list("external_id", flat=True))


def _deselected(run: SyncRun, integration: Integration) -> list[Key]:
    """Return the workspaces whose boxes are clear: an Administrator asked for their archiving."""
    selection = _selection(run)
    known = SourceWorkspace.objects.filter(integration=integration).values_list("external_id", flat=True)
    return [("workspace", id_) for id_ in known if id_ not in selection]


def _still_ours(run: SyncRun) -> Integration:
    """Return the integration, locked as the run is, unless it was unlinked or the run taken over meanwhile.

    Raises:
        Overtaken: it was.

    """
    integration = Integration.objects.select_for_update().get(pk=run.integration_id)
    if not _line.ours(run).select_for_update().exists() or integration.status == Integration.Status.OFF:
        raise Overtaken
    return integration


def _end(run: SyncRun, status: str, **fields: object) -> None:
    with write():
        queued = SyncRun.objects.filter(integration_id=run.integration_id, status=Status.QUEUED)
        if status == Status.WAITING and queued.exists():
            status, fields["error"] = Status.FAILED, _("Replaced by a newer run.")
        _line.end(run, status, **fields)
        _announce(run)


def _give_up(run: SyncRun) -> None:
    _end(run, Status.FAILED, error=_("Stint stopped three times during this sync; nothing was changed."))


_line = Line(
    SyncRun,
    of="integration",
    enqueue=lambda run_id: run_sync.enqueue(run_id),
    give_up=_give_up,
)


def _announce(run: SyncRun) -> None:
    announce(Event("sync", str(run.pk), run.integration.account_id))


class _Reporter(Reporter[SyncRun]):
    """Writes down how far a run came, at each request, and tells open windows."""

    def __init__(self, run: SyncRun) -> None:
        super().__init__(_line, run)

    def on_request(self, quota: Quota | None) -> None:
        """Count one more request."""
        note_quota(self._run.integration_id, quota)
        self.count_request()

    def stored(self) -> None:
        """Let open windows ask anew."""
        _announce(self._run)
