"""What an Administrator may do with the Toggl integration. Everybody else is refused here, whatever the surface."""

from __future__ import annotations

import logging
from typing import Any, Literal

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts import audit
from stint.accounts.queries import Caller
from stint.database import write
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.events import Event, announce
from stint.integrations import applying, runs
from stint.integrations.live import subscribe, unsubscribe
from stint.integrations.mirror import plan
from stint.integrations.models import Integration, SyncRun
from stint.integrations.outcomes import (
    MOST_ITEMS,
    Explainer,
    IntegrationOut,
    PlanItem,
    PlanOut,
    SyncRunOut,
    TogglOut,
    present_run,
    present_toggl,
)
from stint.integrations.pages import StoredPages
from stint.integrations.secrets import encrypt
from stint.integrations.toggl.bodies import Quota, ReadWorkspace, text
from stint.integrations.toggl.client import check_token_shape
from stint.integrations.toggl.snapshot import snapshot
from stint.integrations.toggl.source import (
    KIND,
    client_of,
    client_with,
    note_quota,
    read_selected,
    store_workspaces,
)
from stint.runs import ACTIVE
from stint.tasks.bulk import mirrored_rows, rederive
from stint.tasks.models import Assignment, Task
from stint.tasks.services import lock_tree

logger = logging.getLogger("stint.integrations")

MOST_RUNS = 50


def catalogue(caller: Caller) -> list[IntegrationOut]:
    """Return the integrations there are, with their state in this account."""
    _must_administer(caller)
    found = Integration.objects.filter(account_id=caller.account_id, kind=KIND).first()
    return [IntegrationOut(KIND, "Toggl Track", found.status if found else "off")]  # type: ignore[arg-type]


def toggl(caller: Caller) -> TogglOut:
    """Return the Toggl integration; one that was never enabled is off."""
    _must_administer(caller)
    found = (
        Integration.objects.filter(account_id=caller.account_id, kind=KIND).select_related("owner").first()
    )
    return present_toggl(found, timezone.now(), imported=_imported(caller).exists())


def enable(caller: Caller, api_token: str) -> TogglOut:
    """Store a token that Toggl accepts, with the workspaces it sees; nothing is selected yet. Two requests.

    Raises:
        NotAllowed: the caller is no Administrator.
        Conflict: it is on already.
        TogglError: the token is refused, or Toggl cannot be asked; nothing is stored then.

    """
    _must_administer(caller)
    _must_be_off(caller)
    token = check_token_shape(api_token)
    email, listed, quota = _ask(token)
    with write():
        integration, _created = Integration.objects.select_for_update().get_or_create(
            account_id=caller.account_id, kind=KIND
        )
        if integration.status != Integration.Status.OFF:
            raise Conflict(_("Toggl is enabled already."))
        _take_token(integration, caller, token, email)
        store_workspaces(integration, listed)
        audit.note(caller, audit.Act.TOGGL_ENABLE, email)
        _announce(integration)
    note_quota(integration.pk, quota)
    return toggl(caller)


def reenable(caller: Caller, api_token: str) -> TogglOut:
    """Replace token and owner, then refresh the mirror at once; the same items are found again by their ids.

    Raises:
        NotAllowed, TogglError: as `enable`.
        Conflict: it is off; enable it instead.

    """
    _must_administer(caller)
    _linked(caller)
    token = check_token_shape(api_token)
    email, listed, quota = _ask(token)
    with write():
        integration = _linked(caller)
        _take_token(integration, caller, token, email)
        store_workspaces(integration, listed)
        Assignment.objects.filter(
            task__account_id=caller.account_id,
            task__source=KIND,
            task__source_kind="root",
            user_id=caller.user_id,
            withdrawn=True,
        ).delete()
        selected = integration.workspaces.filter(selected=True).exists()
        if selected or _next_selection(integration):
            runs.queue(integration, SyncRun.Trigger.REENABLE, started_by_id=caller.user_id)
        audit.note(caller, audit.Act.TOGGL_REENABLE, email)
        _announce(integration)
    note_quota(integration.pk, quota)
    return toggl(caller)


def preview(caller: Caller, workspace_ids: list[int]) -> PlanOut:
    """Return what Save would do with these workspaces. Reads Toggl afresh; writes nothing to the tree.

    Raises:
        NotAllowed, Conflict (off), Invalid (unknown workspace), TogglError.

    """
    _must_administer(caller)
    integration = _linked(caller)
    selection = _selection(integration, workspace_ids)
    pages = StoredPages(integration)
    pages.forget()
    try:
        with client_of(integration, lambda quota: note_quota(integration.pk, quota)) as client:
            _, readings = read_selected(client, integration, selection, pages, _no_progress)
            requests = client.requests
    except Exception:
        pages.forget()
        raise
    wanted = snapshot(readings)
    known = applying.mirrored(mirrored_rows(caller.account_id, KIND))
    people = applying.people(caller.account_id, KIND, integration.owner_id)
    deselected = [("workspace", row) for row in _known_ids(integration) if row not in selection]
    decided = plan(wanted, known, people, deselected=deselected)
    items: list[PlanItem] = []
    left_out = 0
    for item in Explainer(wanted, known).items(decided):
        if len(items) < MOST_ITEMS:
            items.append(item)
        else:
            left_out += 1
    return PlanOut(
        **decided.counts(),
        requests=requests,
        items=items,
        left_out=left_out,
        needs_confirmation=decided.mass_archive,
        warnings=[warning for _, reading in readings for warning in reading.warnings],
    )


def save(caller: Caller, workspace_ids: list[int], confirm: bool = False) -> SyncRunOut:
    """Select these workspaces and synchronise at once. The selection counts when the run is done.

    Raises:
        NotAllowed, Conflict (off), Invalid (unknown workspace).

    """
    _must_administer(caller)
    integration = _linked(caller)
    selection = sorted(_selection(integration, workspace_ids))
    names = dict(integration.workspaces.values_list("external_id", "name"))
    with write():
        run = runs.queue(
            integration,
            SyncRun.Trigger.SAVE,
            started_by_id=caller.user_id,
            selection=selection,
            confirmed=confirm,
        )
        audit.note(caller, audit.Act.TOGGL_SELECT, after=", ".join(names[row] for row in selection))
    return present_run(run)


def sync_now(caller: Caller) -> SyncRunOut:
    """Synchronise the selected workspaces at once.

    Raises:
        NotAllowed; Conflict: it is off, or no workspace is selected.

    """
    _must_administer(caller)
    integration = _linked(caller)
    if not integration.workspaces.filter(selected=True).exists() and not _next_selection(integration):
        raise Conflict(_("No workspace is selected; choose some and save."))
    run = runs.queue(integration, SyncRun.Trigger.MANUAL, started_by_id=caller.user_id)
    return present_run(run)


def set_keep_in_sync(caller: Caller, value: str) -> TogglOut:
    """Choose when a sync starts by itself. Live subscribes to Toggl's webhooks for the selected workspaces.

    Raises:
        NotAllowed, Conflict (off), Invalid (no such choice), TogglError (webhooks cannot be set up).

    """
    _must_administer(caller)
    if value not in Integration.KeepInSync.values:
        raise Invalid(
            "keep_in_sync",
            _("must be one of %(choices)s") % {"choices": ", ".join(Integration.KeepInSync.values)},
        )
    integration = _linked(caller)
    if value == Integration.KeepInSync.LIVE:
        with client_of(integration) as client:
            subscribe(integration, client)
    elif integration.keep_in_sync == Integration.KeepInSync.LIVE:
        _quietly_unsubscribe(integration)
    interval = runs.INTERVALS.get(Integration.KeepInSync(value))
    with write():
        Integration.objects.filter(pk=integration.pk).update(
            keep_in_sync=value, next_sync_at=timezone.now() + interval if interval else None
        )
        audit.note(caller, audit.Act.TOGGL_KEEP, before=integration.keep_in_sync, after=value)
        _announce(integration)
    return toggl(caller)


def unlink(caller: Caller, imported: Literal["archive", "keep"] = "archive") -> None:
    """Erase the token and end the mirror. Its tasks are archived, or kept as ordinary ones; time stays.

    A tree that an export brought, without a token, is released the same way.

    Raises:
        NotAllowed; NotFound: it is off already, and nothing of it is here; Invalid: `imported` is neither.

    """
    _must_administer(caller)
    if imported not in ("archive", "keep"):
        raise Invalid("imported", _("must be archive or keep"))
    linked = _found(caller)
    if linked is None and not _imported(caller).exists():
        raise NotFound(_("Toggl is not enabled."))
    if linked is not None and linked.keep_in_sync == Integration.KeepInSync.LIVE:
        _quietly_unsubscribe(linked)
    with write():
        if linked is not None:
            _disconnect(Integration.objects.select_for_update().get(pk=linked.pk))
        lock_tree(caller.account_id)
        tasks = Task.objects.filter(account_id=caller.account_id, source=KIND)
        if imported == "archive":
            tasks.update(read_only=False, archived=True, in_archive=True)
            rederive(caller.account_id)
        else:
            tasks.update(read_only=False)
        audit.note(caller, audit.Act.TOGGL_UNLINK, after=imported)
        announce(Event("tasks", "", caller.account_id))


def syncs(caller: Caller) -> list[SyncRunOut]:
    """Return the newest runs, newest first."""
    _must_administer(caller)
    found = SyncRun.objects.filter(integration__account_id=caller.account_id, integration__kind=KIND)
    return [present_run(run) for run in found.select_related("started_by").order_by("-pk")[:MOST_RUNS]]


def run(caller: Caller, run_id: int) -> SyncRunOut:
    """Return one run.

    Raises:
        NotFound: there is none in this account.

    """
    return present_run(_run(caller, run_id))


def run_changes(caller: Caller, run_id: int) -> list[dict[str, Any]]:
    """Return the first items that a run changed, as PlanItem's fields.

    Raises:
        NotFound: as `run`.

    """
    changes: list[dict[str, Any]] = _run(caller, run_id).changes
    return changes


def _ask(token: str) -> tuple[str, list[ReadWorkspace], Quota | None]:
    with client_with(token) as client:
        me = client.me()
        return text(me.email), client.workspaces(), client.quota


def _take_token(integration: Integration, caller: Caller, token: str, email: str) -> None:
    integration.status = Integration.Status.ON
    integration.owner_id = caller.user_id
    integration.token_encrypted = encrypt(token)
    integration.token_hint = token[-4:] if len(token) >= 16 else ""
    integration.external_email = email
    integration.save()


def _disconnect(integration: Integration) -> None:
    """End what goes on, and forget the token and all that was read with it."""
    integration.runs.filter(status__in=ACTIVE).update(
        status=SyncRun.Status.FAILED, error=_("Toggl was unlinked."), finished_at=timezone.now()
    )
    integration.workspaces.all().delete()
    StoredPages(integration).forget()
    integration.status = Integration.Status.OFF
    integration.owner = None
    integration.token_encrypted = integration.token_hint = integration.external_email = ""
    integration.keep_in_sync = Integration.KeepInSync.OFF
    integration.next_sync_at = integration.quota_remaining = integration.quota_resets_at = None
    integration.save()
    _announce(integration)


def _quietly_unsubscribe(integration: Integration) -> None:
    """Take the webhooks back at Toggl if it can be reached; what is left there finds nobody who listens."""
    try:
        with client_of(integration) as client:
            unsubscribe(integration, client)
    except Exception:
        logger.warning("webhooks of integration %s could not be removed at Toggl", integration.pk)


def _selection(integration: Integration, workspace_ids: list[int]) -> set[int]:
    selectable = set(integration.workspaces.filter(listed=True).values_list("external_id", flat=True))
    unknown = sorted(set(workspace_ids) - selectable)
    if unknown:
        raise Invalid(
            "workspace_ids",
            _("%(ids)s: the API token sees no such Toggl workspace") % {"ids": ", ".join(map(str, unknown))},
        )
    return set(workspace_ids)


def _next_selection(integration: Integration) -> list[int] | None:
    """Return the selection of a Save that is not done yet."""
    saves = integration.runs.filter(status__in=ACTIVE).exclude(selection=None)
    return saves.values_list("selection", flat=True).first()


def _known_ids(integration: Integration) -> list[int]:
    return list(integration.workspaces.values_list("external_id", flat=True))


def _run(caller: Caller, run_id: int) -> SyncRun:
    _must_administer(caller)
    found = (
        SyncRun.objects.filter(integration__account_id=caller.account_id, integration__kind=KIND, pk=run_id)
        .select_related("started_by")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such sync."))
    return found


def _must_administer(caller: Caller) -> None:
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may see or change integrations."))


def _found(caller: Caller) -> Integration | None:
    """Return the integration unless it is off."""
    linked = Integration.objects.exclude(status=Integration.Status.OFF)
    return linked.filter(account_id=caller.account_id, kind=KIND).first()


def _imported(caller: Caller) -> QuerySet[Task]:
    """Return the tasks that Toggl rules here, by a token or by an export."""
    return Task.objects.filter(account_id=caller.account_id, source=KIND, read_only=True)


def _must_be_off(caller: Caller) -> None:
    if _found(caller) is not None:
        raise Conflict(
            _("Toggl is enabled already. Use re-enable to replace the API token, or unlink it first.")
        )


def _linked(caller: Caller) -> Integration:
    found = _found(caller)
    if found is None:
        raise Conflict(_("Toggl is not enabled; paste an API token first."))
    return found


def _no_progress(phase: str, done: int, total: int | None) -> None:
    return


def _announce(integration: Integration) -> None:
    newest = integration.runs.aggregate(newest=Max("pk"))["newest"]
    announce(Event("sync", str(newest or ""), integration.account_id))
