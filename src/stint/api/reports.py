"""Questions about time."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from stint.api.application import api, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Limit, read_query
from stint.entries.queries import EntryOut
from stint.paging import Page
from stint.reports.detailed import detailed
from stint.reports.questions import Asked, ReportQuery, question
from stint.reports.summary import Summary, summary


@api.get("/reports/summary", tags=["reports"], **describe({200: Summary}, query=Asked, errors=(403, 404)))
def report_summary(request: ApiRequest) -> HttpResponse:
    """Return time added up: a Member's own; for Managers and Administrators everybody's, or that of `user_id`.

    Running entries count once they are stopped.
    """
    return reply(summary(request.caller, _question(request, read_query(request, Asked)), amounts=True))


class DetailedQuery(Asked, frozen=True, kw_only=True):
    """Which entries: the same as for a summary; `group_by` and `rounding` do nothing here."""

    limit: Limit = 100
    cursor: str | None = None


@api.get(
    "/reports/detailed",
    tags=["reports"],
    **describe({200: Page[EntryOut]}, query=DetailedQuery, errors=(403, 404)),
)
def report_detailed(request: ApiRequest) -> HttpResponse:
    """Return the finished entries that a summary is made of, the latest first."""
    asked = read_query(request, DetailedQuery)
    return reply(detailed(request.caller, _question(request, asked), asked.limit, asked.cursor))


def _question(request: ApiRequest, asked: Asked) -> ReportQuery:
    today = timezone.now().astimezone(request.caller.zone).date()
    return question(asked, today, request.caller.week_start)
