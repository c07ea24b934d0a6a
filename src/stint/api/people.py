"""The members of the caller's account."""

from __future__ import annotations

from django.http import HttpResponse
from msgspec import UNSET, UnsetType

from stint.accounts import people as domain
from stint.accounts import queries
from stint.accounts.queries import Person
from stint.api.application import api, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Body, read_body
from stint.paging import Page


class PersonEdit(Body):
    """What to change of somebody: administrator, manager or member; whether they may come in."""

    role: str | UnsetType = UNSET
    active: bool | UnsetType = UNSET


@api.get("/people", tags=["people"], **describe({200: Page[Person]}))
def people(request: ApiRequest) -> HttpResponse:
    """Return the members of the account by name."""
    return reply(Page(queries.people(request.caller)))


@api.patch(
    "/people/{id:user_id}",
    tags=["people"],
    **describe({200: Person}, body=PersonEdit, errors=(403, 404, 409)),
)
def edit_person(request: ApiRequest, user_id: int) -> HttpResponse:
    """Change somebody's role, shut them out, or let them in again. Administrators may."""
    edit = read_body(request, PersonEdit)
    return reply(domain.change_person(request.caller, user_id, role=edit.role, active=edit.active))
