"""What every template may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import get_resolver, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import stint
from stint.help.library import about, spoken


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the shell's navigation: `short` labels it on a phone, `keys` lead there one after the other."""

    label: str
    icon: str
    url: str
    here: bool
    keys: str = ""
    short: str = ""


def page(request: HttpRequest) -> dict[str, object]:
    """Return the version, and for somebody signed in the caller and the pages they may open."""
    caller = getattr(request, "caller", None)
    if caller is None:
        return {"version": stint.__version__}
    places = [
        _place(request, _("Timesheet"), "clock", "timesheet", "g t", pgettext("on a phone", "Time")),
        _place(request, _("Dashboard"), "gauge", "dashboard", "g d"),
        _place(request, _("Projects"), "tree", "projects", "g p"),
        _place(request, _("Reports"), "chart", "report_summary", "g r"),
        _place(request, _("People"), "users", "people", "g m"),
    ]
    if caller.administers and "integrations" in get_resolver().reverse_dict:
        short = pgettext("on a phone", "Services")
        places.append(_place(request, _("Integrations"), "plug", "integrations", "g i", short))
    return {
        "version": stint.__version__,
        "caller": caller,
        "places": places,
        "help_here": _help(request),
    }


def _help(request: HttpRequest) -> str:
    """Return where the help says most about this page."""
    name = request.resolver_match.url_name if request.resolver_match else None
    article = about(name or "", spoken())
    return reverse("help_article", args=[article.slug]) if article else reverse("help")


def _place(request: HttpRequest, label: str, icon: str, name: str, keys: str, short: str = "") -> Place:
    url = reverse(name)
    below = "/timesheet/" if name == "timesheet" else url  # the start page has its views below its name
    here = request.path == url or request.path.startswith(below)
    return Place(label, icon, url, here, keys, short)
