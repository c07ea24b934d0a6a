"""What Django answers when no view does."""

from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from stint.database import trouble
from stint.errors import DatabaseAway
from stint.web.gate import is_partial, notice

logger = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for an address that is none of ours."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for what Django itself refuses."""
    return render(request, "403.html", status=403)


def too_fast(request: HttpRequest) -> HttpResponse:
    """Answer for what allauth's limits refuse, such as one more attempt to sign in."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours, without the database; and where the templates or assets fail, without them.

    A database in trouble is no fault of ours: it is told as what it is.
    """
    fault = sys.exception()
    told = None if fault is None else trouble(fault)
    if told:
        return _unavailable(request, told)
    try:
        return HttpResponse(render_to_string("500.html"), status=500)
    except Exception:
        logger.exception("The page for faults could not be rendered")
        return HttpResponse(_("Something went wrong in Stint. Try again later."), "text/plain", 500)


def _unavailable(request: HttpRequest, told: DatabaseAway) -> HttpResponse:
    if is_partial(request):
        response = notice(str(told), kind="error", status=told.status)
    else:
        page = render_to_string("503.html", {"status": told.status, "reason": str(told)})
        response = HttpResponse(page, status=told.status)
    response.headers["Retry-After"] = str(told.retry_after)
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer for a form without the token that our pages carry."""
    if is_partial(request):
        return notice(
            _("This page was open for too long. Reload it and try again."), kind="error", status=403
        )
    return render(request, "403_csrf.html", status=403)
