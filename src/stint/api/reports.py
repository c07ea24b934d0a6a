"""Questions about time."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from stint.api.application import api, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import read_query
from stint.reports.questions import Asked, question
from stint.reports.summary import Summary, summary


@api.get("/reports/summary", tags=["reports"], **describe({200: Summary}, query=Asked, errors=(403, 404)))
def report_summary(request: ApiRequest) -> HttpResponse:
    """Return time added up: a Member's own; for Managers and Administrators everybody's, or that of `user_id`.

    Running entries count once they are stopped.
    """
    today = timezone.now().astimezone(request.caller.zone).date()
    asked = read_query(request, Asked)
    return reply(summary(request.caller, question(asked, today, request.caller.week_start)))
