"""Integrations, of which there is one: Toggl Track. Administrators only."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from stint.accounts.invitations import InvitationOut
from stint.api.application import api, nothing, reply
from stint.api.auth import ApiRequest, administrators_only
from stint.api.openapi import describe
from stint.api.problems import Malformed
from stint.api.reading import Body, Id, raw_body, read_body, read_query
from stint.imports.services import ImportOut, start_history
from stint.integrations import services
from stint.integrations.coworkers import coworkers
from stint.integrations.coworkers import invite_coworkers as invite
from stint.integrations.live import Heard, receive_webhook
from stint.integrations.outcomes import IntegrationOut, PlanOut, SyncRunOut, TogglOut, TogglPerson
from stint.integrations.toggl.errors import TogglBadAnswer
from stint.integrations.toggl.webhooks import SIGNATURE_HEADER
from stint.paging import Page

LARGEST_EVENT = 256 * 1024
WorkspaceIds = Annotated[list[Id], msgspec.Meta(max_length=1000)]
# Where Toggl itself is asked: what becomes of its refusals and faults.
ASKS_TOGGL = (409, 429, 502, 503, 504)


integrations = Router(
    auth=administrators_only(_("Only Administrators may see or change integrations.")), tags=["integrations"]
)


class TokenBody(Body):
    """The API token of a Toggl Track profile. It is never answered again."""

    api_token: str


class PreviewBody(Body):
    """The workspaces to preview."""

    workspace_ids: WorkspaceIds


class SelectionBody(Body):
    """The workspaces to mirror; `confirm_mass_archive` answers a run that needs confirmation."""

    workspace_ids: WorkspaceIds
    confirm_mass_archive: bool = False


class CoworkersBody(Body):
    """Whom to ask to join."""

    emails: list[str]


class TogglEdit(Body):
    """When a sync starts by itself; live: as soon as Toggl tells of a change."""

    keep_in_sync: Literal["off", "hourly", "daily", "live"]


class HistoryBody(Body):
    """The days to bring in, both included; a dry run only tells what would happen."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    dry_run: bool = False


class UnlinkQuery(msgspec.Struct, frozen=True):
    """What becomes of the imported tasks: archived, or kept as ordinary tasks."""

    imported: Literal["archive", "keep"] = "archive"


@integrations.get("", **describe({200: Page[IntegrationOut]}, errors=(403,)))
def catalogue(request: ApiRequest) -> HttpResponse:
    """Return the integrations there are, with their state."""
    return reply(Page(services.catalogue(request.caller)))


@integrations.post("/toggl", **describe({201: TogglOut}, body=TokenBody, errors=(403, *ASKS_TOGGL)))
def enable_toggl(request: ApiRequest) -> HttpResponse:
    """Enable the Toggl mirror with an API token, which Toggl is asked about first. Nothing is selected yet."""
    return reply(services.enable(request.caller, read_body(request, TokenBody).api_token), 201)


@integrations.get("/toggl", **describe({200: TogglOut}, errors=(403,)))
def toggl(request: ApiRequest) -> HttpResponse:
    """Return the Toggl mirror: its owner, its workspaces, its last sync."""
    return reply(services.toggl(request.caller))


@integrations.patch("/toggl", **describe({200: TogglOut}, body=TogglEdit, errors=(403, *ASKS_TOGGL)))
def edit_toggl(request: ApiRequest) -> HttpResponse:
    """Say when a sync starts by itself."""
    return reply(services.set_keep_in_sync(request.caller, read_body(request, TogglEdit).keep_in_sync))


@integrations.delete("/toggl", **describe({204: None}, query=UnlinkQuery, errors=(403, 404)))
def unlink_toggl(request: ApiRequest) -> HttpResponse:
    """Erase the token, and release the imported tasks, also those of an export. Time is always kept."""
    services.unlink(request.caller, imported=read_query(request, UnlinkQuery).imported)
    return nothing()


@integrations.post("/toggl/preview", **describe({200: PlanOut}, body=PreviewBody, errors=(403, *ASKS_TOGGL)))
def preview(request: ApiRequest) -> HttpResponse:
    """Return what Save would do, without doing it."""
    return reply(services.preview(request.caller, read_body(request, PreviewBody).workspace_ids))


@integrations.put("/toggl/selection", **describe({202: SyncRunOut}, body=SelectionBody, errors=(403, 409)))
def save(request: ApiRequest) -> HttpResponse:
    """Select workspaces and sync."""
    wanted = read_body(request, SelectionBody)
    run = services.save(request.caller, wanted.workspace_ids, confirm=wanted.confirm_mass_archive)
    return reply(run, 202)


@integrations.post("/toggl/sync", **describe({202: SyncRunOut}, errors=(403, 409)))
def sync(request: ApiRequest) -> HttpResponse:
    """Sync now."""
    return reply(services.sync_now(request.caller), 202)


@integrations.get("/toggl/syncs", **describe({200: Page[SyncRunOut]}, errors=(403,)))
def syncs(request: ApiRequest) -> HttpResponse:
    """Return the syncs on record, newest first."""
    return reply(Page(services.syncs(request.caller)))


@integrations.get("/toggl/syncs/{id:run_id}", **describe({200: SyncRunOut}, errors=(403, 404)))
def sync_run(request: ApiRequest, run_id: int) -> HttpResponse:
    """Return one sync: how far it came, what it changed, why it failed."""
    return reply(services.run(request.caller, run_id))


@integrations.post("/toggl/history", **describe({202: ImportOut}, body=HistoryBody, errors=(403, 409)))
def import_history(request: ApiRequest) -> HttpResponse:
    """Import the tracked time of the selected workspaces through Toggl's API; see the import for its progress."""
    wanted = read_body(request, HistoryBody)
    started = start_history(request.caller, wanted.first, wanted.last, dry_run=wanted.dry_run)
    return reply(started, 202)


@integrations.get("/toggl/people", **describe({200: Page[TogglPerson]}, errors=(403,)))
def toggl_people(request: ApiRequest) -> HttpResponse:
    """Return the people of the selected workspaces, with the members they match."""
    return reply(Page(coworkers(request.caller)))


@integrations.post(
    "/toggl/invitations",
    **describe({201: Page[InvitationOut]}, body=CoworkersBody, errors=(403,)),
)
def invite_coworkers(request: ApiRequest) -> HttpResponse:
    """Ask people of the selected workspaces to join the account."""
    return reply(Page(invite(request.caller, read_body(request, CoworkersBody).emails)), 201)


@integrations.post("/toggl/reenable", **describe({200: TogglOut}, body=TokenBody, errors=(403, *ASKS_TOGGL)))
def reenable(request: ApiRequest) -> HttpResponse:
    """Go on with the caller's own token; the same items are found again."""
    return reply(services.reenable(request.caller, read_body(request, TokenBody).api_token))


@api.post(
    "/integrations/toggl/webhook",
    auth=None,
    tags=["integrations"],
    **describe({200: Heard}, body=dict[str, Any], errors=(403,), public=True),
)
def webhook(request: HttpRequest) -> HttpResponse:
    """Take what Toggl tells of a change. For Toggl's own calls; the signature is checked."""
    body = raw_body(request, LARGEST_EVENT)
    try:
        return reply(receive_webhook(body, request.headers.get(SIGNATURE_HEADER)))
    except TogglBadAnswer:
        raise Malformed("The body is no event of Toggl.") from None


api.add_router("/integrations", integrations)
