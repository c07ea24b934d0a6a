"""The help centre: for everybody, signed in or not."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stint.help.library import SHELF, library, spoken
from stint.help.search import search
from stint.web.gate import is_partial, known_caller


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the articles by group, or those that answer `q`."""
    asked = request.GET.get("q", "")[:200].strip()
    if is_partial(request):
        return render(request, "web/help/results.html", _answers(asked))
    return _shown(request, "index", _answers(asked))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one article."""
    found = library(spoken()).get(slug)
    if found is None:
        raise Http404
    beside = next(slugs for slugs in SHELF.values() if slug in slugs)
    more = [library(spoken())[other] for other in beside if other != slug]
    return _shown(request, "article", {"article": found, "more": more})


def _answers(asked: str) -> dict[str, object]:
    language = spoken()
    groups = [
        (title, [library(language)[slug] for slug in SHELF[group]])
        for group, title in _group_titles().items()
    ]
    return {"asked": asked, "found": search(asked, language), "groups": groups}


def _shown(request: HttpRequest, name: str, seen: dict[str, object]) -> HttpResponse:
    """Show the page in the shell of the app to who is signed in, else in one of its own."""
    shell = "web/base.html" if known_caller(request) else "web/help/alone.html"
    return render(request, f"web/help/{name}.html", {**seen, "shell": shell})


def _group_titles() -> dict[str, str]:
    return {
        "start": _("Tracking time"),
        "organise": _("Projects, people and reports"),
        "toggl": _("Toggl Track"),
        "everywhere": _("On every device"),
        "run": _("Settings and running Stint"),
    }
