"""Time entries."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from django.http import HttpResponse

from stint.api.application import api, hot, nothing, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import CLIENT_HEADER, describe
from stint.api.reading import Id, Limit, read_body, read_query, version_in
from stint.entries import queries, services
from stint.entries.queries import Change, EntryOut
from stint.entries.services import EntryEdit, NewEntry
from stint.paging import Page

IF_MATCH = {"If-Match": "The `version` the caller knows; if the entry has another by now the answer is 412."}


class EntriesQuery(msgspec.Struct, frozen=True):
    """Which entries: of the days `from` to `to`, both included, in each person's own time zone."""

    first_day: date | None = msgspec.field(default=None, name="from")
    last_day: date | None = msgspec.field(default=None, name="to")
    user_id: Id | None = None
    task_id: Id | None = None
    limit: Limit = 100
    cursor: str | None = None


@hot("GET", "/entries")
@api.get("/entries", tags=["entries"], **describe({200: Page[EntryOut]}, query=EntriesQuery))
def entries(request: ApiRequest) -> HttpResponse:
    """Return entries, newest first: the caller's own without `user_id`."""
    wanted = read_query(request, EntriesQuery)
    return reply(
        queries.entries(
            request.caller,
            first_day=wanted.first_day,
            last_day=wanted.last_day,
            user_id=wanted.user_id,
            task_id=wanted.task_id,
            limit=wanted.limit,
            cursor=wanted.cursor,
        )
    )


@hot("POST", "/entries")
@api.post(
    "/entries",
    tags=["entries"],
    **describe({201: EntryOut, 200: EntryOut}, body=NewEntry, errors=(409,), headers=CLIENT_HEADER),
)
def add_entry(request: ApiRequest) -> HttpResponse:
    """Add time: `start` and `end`, or `day` and `seconds`. The same `id` and body again answer 200."""
    entry, created = services.add_entry(request.caller, read_body(request, NewEntry), request.made_by)
    return reply(entry, 201 if created else 200)


@api.get("/entries/{entry_id:entry_id}", tags=["entries"], **describe({200: EntryOut}, errors=(404,)))
def entry(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Return one entry."""
    return _versioned(queries.entry(request.caller, entry_id))


@api.patch(
    "/entries/{entry_id:entry_id}",
    tags=["entries"],
    **describe({200: EntryOut}, body=EntryEdit, errors=(403, 404, 409, 412), headers=IF_MATCH),
)
def edit_entry(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Change the fields that the body names."""
    edit = read_body(request, EntryEdit)
    return _versioned(services.edit_entry(request.caller, entry_id, edit, version_in(request)))


@api.delete("/entries/{entry_id:entry_id}", tags=["entries"], **describe({204: None}, errors=(403, 404)))
def delete_entry(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Delete an entry; its history stays."""
    services.delete_entry(request.caller, entry_id)
    return nothing()


@api.get(
    "/entries/{entry_id:entry_id}/history", tags=["entries"], **describe({200: Page[Change]}, errors=(404,))
)
def entry_history(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Return the edits of an entry: who, when, what it was and what it became."""
    return reply(Page(queries.history(request.caller, entry_id)))


def _versioned(entry_: EntryOut) -> HttpResponse:
    return reply(entry_, headers={"ETag": f'"{entry_.version}"'})
