"""Time entries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext as _

from stint.api.application import api, hot, nothing, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import CLIENT_HEADER, describe
from stint.api.reading import Body, Id, Limit, read_body, read_query, version_in
from stint.entries import editing, queries, services
from stint.entries.editing import EntryEdit, ManyEdit
from stint.entries.queries import Change, EntryOut, Suggestion
from stint.entries.services import NewEntry
from stint.errors import Invalid
from stint.paging import Page

IF_MATCH = {"If-Match": "The `version` the caller knows; if the entry has another by now the answer is 412."}


class EntriesQuery(msgspec.Struct, frozen=True):
    """Which entries: of the days `from` to `to`, both included, in each person's own time zone.

    An entry is of the day on which it begins; with `reaching` also those that reach into the days.
    """

    first_day: date | None = msgspec.field(default=None, name="from")
    last_day: date | None = msgspec.field(default=None, name="to")
    reaching: bool = False
    user_id: Id | None = None
    task_id: Id | None = None
    limit: Limit = 100
    cursor: str | None = None


class ManyEdited(Body):
    """What to change of the entries `ids`: the fields that `change` names."""

    ids: list[UUID]
    change: ManyEdit


class Ids(Body):
    """Several entries."""

    ids: list[UUID]


class IdsQuery(msgspec.Struct, frozen=True):
    """Several entries, their ids separated by commas."""

    ids: str


class Split(Body):
    """Where to cut an entry in two."""

    at: datetime


class SuggestionsQuery(msgspec.Struct, frozen=True):
    """Words that must stand in the note or in the task's path."""

    q: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 8


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
            reaching=wanted.reaching,
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


@api.patch("/entries", tags=["entries"], **describe({200: Page[EntryOut]}, body=ManyEdited, errors=(404,)))
def edit_entries(request: ApiRequest) -> HttpResponse:
    """Change several entries, all or none."""
    wanted = read_body(request, ManyEdited)
    return reply(Page(editing.edit_entries(request.caller, wanted.ids, wanted.change)))


@api.delete("/entries", tags=["entries"], **describe({204: None}, query=IdsQuery, errors=(404,)))
def delete_entries(request: ApiRequest) -> HttpResponse:
    """Delete several entries, all or none; their history stays."""
    editing.delete_entries(request.caller, _ids(read_query(request, IdsQuery).ids))
    return nothing()


@api.post(
    "/entries/restore", tags=["entries"], **describe({200: Page[EntryOut]}, body=Ids, errors=(404, 409))
)
def restore_entries(request: ApiRequest) -> HttpResponse:
    """Take the deletion of several entries back, all or none."""
    return reply(Page(editing.restore_entries(request.caller, read_body(request, Ids).ids)))


@api.get(
    "/entries/suggestions", tags=["entries"], **describe({200: Page[Suggestion]}, query=SuggestionsQuery)
)
def suggestions(request: ApiRequest) -> HttpResponse:
    """Return what the caller did lately and may do again, latest first."""
    wanted = read_query(request, SuggestionsQuery)
    return reply(Page(queries.suggestions(request.caller, wanted.q, wanted.limit)))


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
    return _versioned(editing.edit_entry(request.caller, entry_id, edit, version_in(request)))


@api.delete("/entries/{entry_id:entry_id}", tags=["entries"], **describe({204: None}, errors=(403, 404)))
def delete_entry(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Delete an entry; its history stays."""
    editing.delete_entry(request.caller, entry_id)
    return nothing()


@api.post(
    "/entries/{entry_id:entry_id}/split",
    tags=["entries"],
    **describe({200: Page[EntryOut]}, body=Split, errors=(404, 412), headers=IF_MATCH),
)
def split_entry(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Cut an entry in two; the second part of a running one runs on."""
    at = read_body(request, Split).at
    return reply(Page(list(editing.split_entry(request.caller, entry_id, at, version_in(request)))))


@api.post(
    "/entries/{entry_id:entry_id}/restore", tags=["entries"], **describe({200: EntryOut}, errors=(404, 409))
)
def restore_entry(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Take the deletion of an entry back."""
    return _versioned(editing.restore_entry(request.caller, entry_id))


@api.get(
    "/entries/{entry_id:entry_id}/history", tags=["entries"], **describe({200: Page[Change]}, errors=(404,))
)
def entry_history(request: ApiRequest, entry_id: UUID) -> HttpResponse:
    """Return the edits of an entry: who, when, what it was and what it became."""
    return reply(Page(queries.history(request.caller, entry_id)))


def _versioned(entry_: EntryOut) -> HttpResponse:
    return reply(entry_, headers={"ETag": f'"{entry_.version}"'})


def _ids(given: str) -> list[UUID]:
    try:
        return [UUID(part) for part in given.split(",")]
    except ValueError:
        raise Invalid("ids", _("must be ids of entries, separated by commas")) from None
