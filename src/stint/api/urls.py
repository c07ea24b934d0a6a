"""The addresses below /api/v1."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from stint.api import (  # noqa: F401  (each registers its operations)
    audit,
    connections,
    entries,
    exports,
    imports,
    invitations,
    me,
    people,
    rates,
    reports,
    tasks,
    timer,
    toggl,
    typed,
)
from stint.api.application import api, routes
from stint.api.openapi import docs_page, document
from stint.api.problems import guarded, unknown_route


def openapi(request: HttpRequest) -> HttpResponse:
    """Answer with the OpenAPI document."""
    return HttpResponse(document(api), content_type="application/json")


urlpatterns: list[URLPattern] = [
    *routes(),
    path("openapi.json", guarded(openapi), name="api-openapi"),
    path("docs", docs_page, name="api-docs"),
    re_path(r"^[\s\S]*$", guarded(unknown_route)),
]
