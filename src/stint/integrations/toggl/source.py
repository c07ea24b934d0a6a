"""Toggl Track as a source of the mirror: what the token sees, read with the fewest requests."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection
from datetime import timedelta

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.integrations.models import Integration, SourceWorkspace
from stint.integrations.pages import StoredPages
from stint.integrations.secrets import SecretUnreadable, decrypt
from stint.integrations.toggl.bodies import READING_FORM, Quota, ReadWorkspace, WorkspaceReading
from stint.integrations.toggl.client import API, TogglClient
from stint.integrations.toggl.errors import TogglError, TogglForbidden, TogglRefused
from stint.integrations.toggl.reading import Progress, read_workspace

KIND = "toggl"
_WORKSPACES_KEY = "/me/workspaces"

Reading = tuple[ReadWorkspace, WorkspaceReading]


class WorkspacesGone(TogglError):
    """Selected workspaces that the token does not see any more."""

    code = "workspaces_gone"

    def __init__(self, names: list[str]) -> None:
        named = ", ".join(f"“{name}”" for name in names)
        super().__init__(
            _(
                "The API token does not see %(names)s any more. Deselect what was left or deleted, "
                "or enable again with the token of somebody who is a member there."
            )
            % {"names": named}
        )


def client_with(token: str, on_request: Callable[[Quota | None], None] | None = None) -> TogglClient:
    """Return a client for the configured Toggl with this token."""
    return TogglClient(
        settings.TOGGL_API_URL,
        token,
        on_request=on_request,
        rate=settings.TOGGL_REQUESTS_PER_SECOND,
        retry_seconds=settings.TOGGL_RETRY_SECONDS,
    )


def client_of(
    integration: Integration, on_request: Callable[[Quota | None], None] | None = None
) -> TogglClient:
    """Return a client with the stored token.

    Raises:
        TogglRefused: none is stored, or it cannot be decrypted any more.

    """
    try:
        token = decrypt(integration.token_encrypted)
    except SecretUnreadable:
        raise TogglRefused(
            _(
                "The stored API token cannot be read, since Stint's secret key has changed. "
                "Restore the key, or enable again with the token."
            )
        ) from None
    return client_with(token, on_request)


def read_selected(
    client: TogglClient,
    integration: Integration,
    selection: Collection[int],
    pages: StoredPages,
    progress: Progress,
    *,
    only: Collection[int] | None = None,
) -> tuple[list[ReadWorkspace], list[Reading]]:
    """Return every workspace the token sees, and the readings of the selected ones.

    With `only`, the workspaces not named there keep their last reading where there is one. A selected workspace
    that was deleted in Toggl has no reading, so the plan archives it.

    Raises:
        TogglError: one of its family; WorkspacesGone when a selected one is there, but not for this token.

    """
    progress(_("workspaces"), 0, None)
    listed = _workspaces(client, pages)
    known = {row.external_id: row for row in integration.workspaces.all()}
    seen = {workspace.id for workspace in listed}
    lost = [id_ for id_ in selection if id_ not in seen and not _is_deleted(client, id_)]
    if lost:
        raise WorkspacesGone([known[id_].name if id_ in known else str(id_) for id_ in lost])
    readings: list[Reading] = []
    for workspace in listed:
        if workspace.id not in selection:
            continue
        stored = known.get(workspace.id)
        previous = stored_reading(stored) if stored and stored.selected else None
        if only is None or previous is None or workspace.id in only:
            previous = read_workspace(
                client, workspace, previous=previous, pages=pages, progress=_named(progress, workspace)
            )
        readings.append((workspace, previous))
    return listed, readings


def stored_reading(row: SourceWorkspace) -> WorkspaceReading | None:
    """Return the last reading of a workspace, which an incremental one builds on; None for one of an older form."""
    if row.reading is None:
        return None
    reading = msgspec.msgpack.decode(zlib.decompress(row.reading), type=WorkspaceReading)
    return reading if reading.form == READING_FORM else None


def store_workspaces(integration: Integration, listed: list[ReadWorkspace]) -> None:
    """Remember the workspaces the token sees; those it lost stay, as not listed, with their selection."""
    known = {row.external_id: row for row in integration.workspaces.defer("reading")}
    for workspace in listed:
        row = known.pop(workspace.id, None) or SourceWorkspace(
            integration=integration, external_id=workspace.id
        )
        now = (workspace.name, workspace.organization_id, workspace.admin, workspace.premium, True)
        if row.pk is None or now != (row.name, row.organization_id, row.admin, row.premium, row.listed):
            row.name, row.organization_id, row.admin, row.premium, row.listed = now
            row.save()
    lost = [row.pk for row in known.values() if row.listed]
    SourceWorkspace.objects.filter(pk__in=lost).update(listed=False)


def store_readings(integration: Integration, readings: list[Reading]) -> None:
    """Remember what was read, for the next incremental reading and for the people panel."""
    selected = {workspace.id: reading for workspace, reading in readings}
    for row in integration.workspaces.defer("reading"):
        reading = selected.get(row.external_id)
        row.selected = reading is not None
        row.change_heard_at = None
        row.people = (
            None if reading is None or reading.people is None else msgspec.to_builtins(reading.people)
        )
        row.reading = None if reading is None else zlib.compress(msgspec.msgpack.encode(reading), 1)
        row.save()


def note_quota(integration_id: int, quota: Quota | None) -> None:
    """Remember what Toggl last said of the quota."""
    if quota is None:
        return
    resets_at = None
    if quota.resets_in is not None:
        resets_at = timezone.now() + timedelta(seconds=quota.resets_in)
    Integration.objects.filter(pk=integration_id).update(
        quota_remaining=quota.remaining, quota_resets_at=resets_at
    )


def _workspaces(client: TogglClient, pages: StoredPages) -> list[ReadWorkspace]:
    kept = pages.get(_WORKSPACES_KEY)
    if kept is not None:
        return msgspec.json.decode(kept, type=list[ReadWorkspace])
    listed = client.workspaces()
    pages.put(_WORKSPACES_KEY, msgspec.json.encode(listed))
    return listed


def _is_deleted(client: TogglClient, workspace_id: int) -> bool:
    """Tell a workspace deleted in Toggl (404) from one that the token only sees no more. One request."""
    try:
        client.fetch(
            "GET", f"{API}/workspaces/{workspace_id}", workspace_id=workspace_id, resource="workspace"
        )
    except TogglForbidden as fault:
        return fault.status == 404
    return False


def _named(progress: Progress, workspace: ReadWorkspace) -> Progress:
    def named(phase: str, done: int, total: int | None) -> None:
        progress(f"{workspace.name}: {_(phase)}", done, total)

    return named
