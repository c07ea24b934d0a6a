"""Imports: files with time or structure of elsewhere. Administrators only."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from stint.api.application import api, nothing, reply
from stint.api.auth import ApiRequest, administrators_only
from stint.api.openapi import describe
from stint.api.reading import Body, read_body, read_form
from stint.imports import services
from stint.imports.services import ImportOut, PersonChoice
from stint.paging import Page

imports = Router(auth=administrators_only(_("Only Administrators may import.")), tags=["imports"])
PIECE = 1024 * 1024


class ImportForm(msgspec.Struct, forbid_unknown_fields=True):
    """What to make of the uploaded `file`; a dry run only tells what would happen.

    For reports as CSV: the time zone of their times (default: each person's own), the order of day and month in their
    dates, and what becomes of time on tasks that are not here. For workspace exports: the name of the workspace, which
    they do not hold.
    """

    kind: Literal["toggl_csv", "toggl_zip", "stint"]
    dry_run: Literal["true", "false"] = "false"
    timezone: str = ""
    dates: Literal["auto", "ymd", "dmy", "mdy"] = "auto"
    unknown_tasks: Literal["no_task", "skip"] = "no_task"
    workspace_name: str = ""


class ApplyBody(Body):
    """`confirm` answers an import that needs confirmation."""

    confirm: bool = False


class PeopleBody(Body):
    """Who people of a source are here."""

    people: list[PersonChoice]


@imports.get("", **describe({200: Page[ImportOut]}, errors=(403,)))
def list_imports(request: ApiRequest) -> HttpResponse:
    """Return the imports on record, newest first."""
    return reply(Page(services.recent(request.caller)))


@imports.post("", **describe({202: ImportOut}, form=ImportForm, errors=(403,)))
def start_import(request: ApiRequest) -> HttpResponse:
    """Upload a file and import it, or with `dry_run` only look at it. What cannot be taken is named, line by line."""
    wanted, file = read_form(request, ImportForm)
    options: dict[str, Any] = msgspec.structs.asdict(wanted)
    kind, dry_run = options.pop("kind"), options.pop("dry_run") == "true"
    started = services.start_file(
        request.caller, kind, file.name or "", file.chunks(PIECE), dry_run=dry_run, options=options
    )
    return reply(started, 202)


@imports.put("/people", **describe({204: None}, body=PeopleBody, errors=(403,)))
def map_people(request: ApiRequest) -> HttpResponse:
    """Say who unmatched people are here, for later imports too; without a user their time is left out."""
    services.map_people(request.caller, read_body(request, PeopleBody).people)
    return nothing()


@imports.get("/{id:import_id}", **describe({200: ImportOut}, errors=(403, 404)))
def show_import(request: ApiRequest, import_id: int) -> HttpResponse:
    """Return one import: how far it came, what it did, what it could not take."""
    return reply(services.look(request.caller, import_id))


@imports.post("/{id:import_id}/apply", **describe({202: ImportOut}, body=ApplyBody, errors=(403, 404, 409)))
def apply_import(request: ApiRequest, import_id: int) -> HttpResponse:
    """Carry out what a dry run showed, without uploading or asking Toggl again. Within a day."""
    confirm = read_body(request, ApplyBody).confirm
    return reply(services.apply(request.caller, import_id, confirm=confirm), 202)


@imports.delete("/{id:import_id}", **describe({204: None}, errors=(403, 404, 409)))
def cancel_import(request: ApiRequest, import_id: int) -> HttpResponse:
    """Stop an import that is not done yet. Time that it has written stays, and is found by the next one."""
    services.cancel(request.caller, import_id)
    return nothing()


api.add_router("/imports", imports)
