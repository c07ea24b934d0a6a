"""A person's calendar: the settings of its link, and what the link answers."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stint.transfer import calendars
from stint.web.gate import PageRequest, gated, is_partial, notice


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def calendar_link(request: PageRequest) -> HttpResponse:
    """Show the link, or make one: the answer to that is the only page that has it."""
    made = calendars.make_link(request.caller) if request.method == "POST" else ""
    template = "calendar_body" if is_partial(request) else "calendar"
    seen = {"made": made, "link": calendars.link(request.caller)}
    return render(request, f"web/settings/{template}.html", seen)


@require_POST
@gated()
def revoke_calendar_link(request: PageRequest) -> HttpResponse:
    """Make the link void."""
    calendars.revoke_link(request.caller)
    return notice(_("Calendar link revoked."), kind="success", events=("stint-people",))


@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer with the calendar that a link stands for; the link is all the permission it takes."""
    owner = calendars.owner_of(token)
    if owner is None:
        raise Http404
    with translation.override(owner.language or translation.get_language()):
        content = calendars.own_time(owner)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="stint.ics"'
    # Links leak; what they lead to should not be found by searching.
    response.headers["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response
