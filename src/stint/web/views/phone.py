"""The phone app: its page, its manifest and its service worker. What it shows it asks the API for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from stint.web import phone
from stint.web.gate import PageRequest, gated
from stint.web.words import phone_words


@require_safe
@ensure_csrf_cookie
@gated()
def app(request: PageRequest) -> HttpResponse:
    """Show the app to who is signed in."""
    return _page(request)


@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """Return the same page to anybody, for a service worker to keep: nothing in it is anybody's own."""
    return _page(request)


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Return the web app manifest."""
    return JsonResponse(phone.manifest(), content_type="application/manifest+json")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker's script, which browsers look at again and again to see whether it changed."""
    script = phone.service_worker(_page(request).content)
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )


def _page(request: HttpRequest) -> HttpResponse:
    told = {"script": phone.SCRIPT, "styles": phone.STYLES, "paper": phone.PAPER, "ink": phone.INK}
    return render(request, "web/phone.html", {**told, "app_words": phone_words()})
