"""The API: its operations are registered here by the modules beside this one, and routed by `urls`.

Every operation is a function of one request that returns a response. ninja routes it, checks who asks and
documents it. Those that a client calls all day are marked `@hot` as well: they are called straight from the
route, because ninja's passage through pydantic costs as much as the answer itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.operation import Operation

import stint
from stint.api import converters  # noqa: F401  (ninja reads them from the routes)
from stint.api.auth import authenticate
from stint.api.problems import guarded

View = TypeVar("View", bound=Callable[..., HttpResponse])


class StintAPI(NinjaAPI):
    """ninja's API, with every fault left to `guarded`."""

    def on_exception(self, request: HttpRequest, exc: Any) -> NoReturn:  # noqa: ANN401
        """Raise the fault again instead of answering in ninja's own format."""
        raise exc

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the function's name: clients generated from the document call it so."""
        return operation.view_func.__name__


api = StintAPI(
    title="Stint API",
    version=stint.__version__,
    description="Time, tasks and integrations of an account. Refusals are application/problem+json.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=authenticate,
)
_hot: dict[tuple[str, str], Callable[..., HttpResponse]] = {}


def hot(method: str, route: str) -> Callable[[View], View]:
    """Have requests of `method` to `route` (without parameters) answered without ninja's machinery."""

    def register(view: View) -> View:
        _hot[route.lstrip("/"), method] = view
        return view

    return register


def reply(value: object, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return `value` as JSON."""
    return HttpResponse(
        msgspec.json.encode(value), status=status, content_type="application/json", headers=headers
    )


def nothing() -> HttpResponse:
    """Return the empty answer of status 204."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response


def routes() -> list[URLPattern]:
    """Return the routes of all operations, the hot ones in front of ninja's."""
    patterns, _, _ = api.urls
    return [
        path(
            str(pattern.pattern),
            guarded(_with_hot(str(pattern.pattern), pattern.callback)),
            name=pattern.name,
        )
        for pattern in patterns
        if isinstance(pattern, URLPattern) and str(pattern.pattern)
    ]


def _with_hot(route: str, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    shortcuts = {method: hot_view for (hot_route, method), hot_view in _hot.items() if hot_route == route}
    if not shortcuts:
        return view

    def answer(request: HttpRequest) -> HttpResponseBase:
        shortcut = shortcuts.get(request.method or "")
        if shortcut is None:
            return view(request)
        authenticate(request)
        return shortcut(request)

    return answer
