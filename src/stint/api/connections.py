"""Programs that are connected by signing in with a browser."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from stint.accounts import connections as domain
from stint.accounts import limits
from stint.accounts.connections import POLL_SECONDS, Outcome
from stint.api.application import api, reply
from stint.api.openapi import describe
from stint.api.reading import Body, read_body

# A whole office may stand behind one address.
MOST_AN_ADDRESS = 60
WITHIN = timedelta(minutes=10)


class NewConnection(Body):
    """What asks: extension, desktop, cli, mobile or api; and the name that its token is to have."""

    client: str
    name: str


class ConnectionBegun(msgspec.Struct, frozen=True):
    """Show `code`, open `page` in a browser, and ask with `secret` every `interval` seconds."""

    secret: str
    code: str
    page: str
    interval: int
    expires_at: datetime


class ConnectionSecret(Body):
    """The secret of a connection."""

    secret: str


@api.post(
    "/connections",
    auth=None,
    tags=["people"],
    **describe({201: ConnectionBegun}, body=NewConnection, errors=(429,), public=True),
)
def begin_connection(request: HttpRequest) -> HttpResponse:
    """Ask to act for whoever allows it on `page`, in the manner of RFC 8628."""
    wanted = read_body(request, NewConnection)
    address = get_adapter().get_client_ip(request)
    limits.count("connect", address, most=MOST_AN_ADDRESS, within=WITHIN)
    begun = domain.begin(wanted.client, wanted.name)
    page = request.build_absolute_uri(f"{reverse('connect')}?code={begun.code}")
    return reply(ConnectionBegun(begun.secret, begun.code, page, POLL_SECONDS, begun.expires_at), 201)


@api.post(
    "/connections/token",
    auth=None,
    tags=["people"],
    **describe({200: Outcome}, body=ConnectionSecret, errors=(404, 409), public=True),
)
def redeem_connection(request: HttpRequest) -> HttpResponse:
    """Tell how the connection stands. Once it is allowed its token is told here, and never again."""
    return reply(domain.redeem(read_body(request, ConnectionSecret).secret))
