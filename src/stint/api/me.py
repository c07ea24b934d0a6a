"""The caller: who they are, what they set, their tokens; and the account, which Administrators set."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from msgspec import UNSET, UnsetType

from stint.accounts import profile
from stint.accounts import tokens as domain
from stint.accounts.queries import Caller
from stint.accounts.tokens import TokenOut
from stint.api.application import api, nothing, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Body, read_body
from stint.paging import Page


class AccountOut(msgspec.Struct, frozen=True):
    """The account of the caller."""

    id: int
    name: str


class Me(msgspec.Struct, frozen=True):
    """The caller. `week_start` is 0 for Sunday, 1 for Monday, to 6 for Saturday.

    `language` is empty where the browser decides.
    """

    id: int
    name: str
    email: str
    role: str
    timezone: str
    week_start: int
    account: AccountOut
    language: str


class MeEdit(Body):
    """What to change of oneself. Another time zone moves the days, and every entry with them."""

    name: str | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    language: str | UnsetType = UNSET


class AccountEdit(Body):
    """What to change of the account. `week_start` is 0 for Sunday, 1 for Monday, to 6 for Saturday."""

    name: str | UnsetType = UNSET
    week_start: int | UnsetType = UNSET


class AccountSettings(msgspec.Struct, frozen=True):
    """The account with what Administrators set."""

    id: int
    name: str
    week_start: int


class NewToken(Body):
    """The name of a token, which tells its owner what it is for."""

    name: str


class IssuedToken(msgspec.Struct, frozen=True):
    """A token just made: the only time that `token` can be read."""

    id: int
    name: str
    token: str


@api.get("/me", tags=["people"], **describe({200: Me}))
def me(request: ApiRequest) -> HttpResponse:
    """Return the caller."""
    return reply(_present(request.caller))


@api.patch("/me", tags=["people"], **describe({200: Me}, body=MeEdit))
def edit_me(request: ApiRequest) -> HttpResponse:
    """Change the caller's own name, time zone or language."""
    edit = read_body(request, MeEdit)
    changed = profile.update_profile(
        request.caller, name=edit.name, timezone_name=edit.timezone, language=edit.language
    )
    return reply(_present(changed))


@api.patch("/account", tags=["people"], **describe({200: AccountSettings}, body=AccountEdit, errors=(403,)))
def edit_account(request: ApiRequest) -> HttpResponse:
    """Change the name of the organisation, or the day its weeks begin on. Administrators may."""
    edit = read_body(request, AccountEdit)
    account = profile.update_account(request.caller, name=edit.name, week_start=edit.week_start)
    return reply(AccountSettings(account.pk, account.name, account.week_start))


@api.get("/me/tokens", tags=["people"], **describe({200: Page[TokenOut]}))
def tokens(request: ApiRequest) -> HttpResponse:
    """Return the caller's tokens, newest first, by their names and last four characters."""
    return reply(Page(domain.tokens(request.caller)))


@api.post("/me/tokens", tags=["people"], **describe({201: IssuedToken}, body=NewToken, errors=(409,)))
def create_token(request: ApiRequest) -> HttpResponse:
    """Make a token. It is told here and never again."""
    made, token = domain.create_token(request.caller, read_body(request, NewToken).name)
    return reply(IssuedToken(made.id, made.name, token), 201)


@api.delete("/me/tokens/{id:token_id}", tags=["people"], **describe({204: None}, errors=(404,)))
def revoke_token(request: ApiRequest, token_id: int) -> HttpResponse:
    """Make one of the caller's tokens void."""
    domain.revoke_token(request.caller, token_id)
    return nothing()


def _present(caller: Caller) -> Me:
    return Me(
        id=caller.user_id,
        name=caller.name,
        email=caller.email,
        role=caller.role,
        timezone=caller.timezone,
        week_start=caller.week_start,
        account=AccountOut(caller.account_id, caller.account_name),
        language=caller.language,
    )
