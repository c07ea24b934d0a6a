"""The page on which a program is allowed to act for who is signed in."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stint.accounts import connections, limits
from stint.accounts.models import Program
from stint.errors import NotFound
from stint.web.gate import PageRequest, gated, sentence

MOST_WRONG_CODES = 20
WITHIN = timedelta(minutes=10)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def connect(request: PageRequest) -> HttpResponse:
    """Show the program that waits under a code, and take the answer."""
    code = request.POST.get("code", "") or request.GET.get("code", "")
    found = connections.asking(code) if code else None
    if found is None:
        return _ask_for_code(request, code)
    if request.method == "POST" and (act := request.POST.get("answer")) in ("allow", "deny"):
        allowed = act == "allow"
        connections.answer(request.caller, code, allowed=allowed)
        return render(request, "web/connect/answered.html", {"asking": found, "allowed": allowed})
    return render(request, "web/connect/ask.html", {"asking": found, "kind": _kinds()[found.client]})


def _ask_for_code(request: PageRequest, code: str) -> HttpResponse:
    fault = ""
    if code:
        # Who tries codes out is stopped long before one fits.
        limits.count("connect-code", request.caller.user_id, most=MOST_WRONG_CODES, within=WITHIN)
        fault = sentence(
            NotFound(_("No program waits under this code. Compare it, or let the program ask again"))
        )
    seen = {"code": code[:20], "fault": fault}
    return render(request, "web/connect/code.html", seen, status=404 if fault else 200)


def _kinds() -> dict[str, str]:
    return {
        Program.EXTENSION.value: _("Browser extension"),
        Program.DESKTOP.value: _("Desktop app"),
        Program.CLI.value: _("Command line"),
        Program.MOBILE.value: _("Mobile app"),
        Program.API.value: _("Another program"),
    }
