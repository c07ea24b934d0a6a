"""The address of everything that is not an event stream."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from stint.server import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/v1/", include("stint.api.urls")),
    path("", include("stint.web.urls")),
]
handler403 = "stint.web.views.errors.forbidden"
handler404 = "stint.web.views.errors.not_found"
handler429 = "stint.web.views.errors.too_fast"
handler500 = "stint.web.views.errors.broken"
