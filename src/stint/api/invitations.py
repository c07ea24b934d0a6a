"""Asking people to join the account."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse

from stint.accounts import invitations as domain
from stint.accounts.invitations import InvitationOut
from stint.accounts.models import Role
from stint.api.application import api, nothing, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Body, read_body
from stint.paging import Page


class Invite(Body):
    """Whom to ask to join, and as what: administrator, manager or member."""

    emails: list[str]
    role: str = Role.MEMBER.value


class Acceptance(Body):
    """The token of an invitation's link, with what the new user is to have."""

    token: str
    name: str
    password: str
    timezone: str = "UTC"


class Joined(msgspec.Struct, frozen=True):
    """The user that an invitation made."""

    user_id: int


@api.get("/invitations", tags=["people"], **describe({200: Page[InvitationOut]}, errors=(403,)))
def invitations(request: ApiRequest) -> HttpResponse:
    """Return the invitations of the account, newest first. Administrators may."""
    return reply(Page(domain.invitations(request.caller)))


@api.post("/invitations", tags=["people"], **describe({201: Page[InvitationOut]}, body=Invite, errors=(403,)))
def invite(request: ApiRequest) -> HttpResponse:
    """Ask people to join by e-mail; who is asked already is asked anew. Administrators may."""
    wanted = read_body(request, Invite)
    return reply(Page(domain.invite(request.caller, wanted.emails, wanted.role)), 201)


@api.post(
    "/invitations/{id:invitation_id}/resend",
    tags=["people"],
    **describe({200: InvitationOut}, errors=(403, 404)),
)
def resend_invitation(request: ApiRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation again with a fresh link; the one sent before is void. Administrators may."""
    return reply(domain.resend(request.caller, invitation_id))


@api.delete("/invitations/{id:invitation_id}", tags=["people"], **describe({204: None}, errors=(403, 404)))
def revoke_invitation(request: ApiRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back. Administrators may."""
    domain.revoke(request.caller, invitation_id)
    return nothing()


@api.post(
    "/invitations/accept",
    auth=None,
    tags=["people"],
    **describe({201: Joined}, body=Acceptance, errors=(404, 409), public=True),
)
def accept_invitation(request: HttpRequest) -> HttpResponse:
    """Make the user whom an invitation asked for. Its link is then spent."""
    given = read_body(request, Acceptance)
    user = domain.accept(given.token, name=given.name, password=given.password, timezone_name=given.timezone)
    return reply(Joined(user.pk), 201)
