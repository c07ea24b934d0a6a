"""The record of what Administrators did."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from stint.accounts import audit as domain
from stint.accounts.audit import AuditOut
from stint.api.application import api, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Limit, read_query
from stint.paging import Page


class AuditQuery(msgspec.Struct, frozen=True):
    """A stretch of the record."""

    limit: Limit = 100
    cursor: str | None = None


@api.get("/audit", tags=["account"], **describe({200: Page[AuditOut]}, query=AuditQuery, errors=(403,)))
def audit(request: ApiRequest) -> HttpResponse:
    """Return what Administrators did in the account, newest first. Administrators may."""
    wanted = read_query(request, AuditQuery)
    return reply(domain.trail(request.caller, limit=wanted.limit, cursor=wanted.cursor))
