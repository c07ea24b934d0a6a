"""Every refusal as `application/problem+json` (RFC 9457), each kind of fault mapped once."""

from __future__ import annotations

import http
import logging
import math
from collections.abc import Callable
from functools import wraps

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from msgspec import UNSET, UnsetType
from ninja.errors import ValidationError

from stint.database import trouble
from stint.entries.queries import EntryOut
from stint.errors import Conflict, DomainError, FieldError, Invalid, Stale, TooFast
from stint.help.remedies import remedy
from stint.integrations.toggl.errors import (
    TogglError,
    TogglForbidden,
    TogglPlanRequired,
    TogglQuotaSpent,
    TogglRefused,
    TogglUnreachable,
)
from stint.integrations.toggl.source import WorkspacesGone

CONTENT_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every refusal. `errors` comes with bad input; `entry` with a stale edit (what it is now), with a
    start before that of a running timer (what runs), and with a stop of an entry that has ended (how it ended).
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] | UnsetType = UNSET
    entry: EntryOut | UnsetType = UNSET


class Unauthenticated(DomainError):
    """Nobody is signed in, or the token stands for nobody."""

    status = 401


class Malformed(DomainError):
    """The body is not JSON."""

    status = 400


class TooLarge(DomainError):
    """The body is larger than the call takes."""

    status = 413


def problem(
    status: int,
    detail: str,
    *,
    errors: list[FieldError] | UnsetType = UNSET,
    entry: EntryOut | UnsetType = UNSET,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """Return a refusal; `detail` is a sentence for the person who asked."""
    body = Problem(
        title=http.HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=errors,
        entry=entry,
    )
    return HttpResponse(
        msgspec.json.encode(body), status=status, content_type=CONTENT_TYPE, headers=headers or {}
    )


def problem_of(fault: Exception) -> HttpResponse:
    """Return the refusal that tells `fault`; one that nobody foresaw is logged and told without its inside."""
    match fault:
        case Invalid():
            return problem(422, f"{fault.errors[0].field}: {fault}", errors=fault.errors)
        case Stale() | Conflict():
            present = fault.present if isinstance(fault.present, EntryOut) else UNSET
            return problem(fault.status, str(fault), entry=present)
        case Unauthenticated():
            return problem(401, str(fault), headers={"WWW-Authenticate": 'Bearer realm="Stint"'})
        case TooFast():
            return problem(429, str(fault), headers={"Retry-After": str(fault.retry_after)})
        case DomainError():
            return problem(fault.status, str(fault))
        case Http404() | ValidationError():  # ninja validates nothing but what stands in the path
            return problem(404, "There is nothing at this address.")
        case TogglError():
            return _toggl_problem(fault)
        case RequestDataTooBig():
            return problem(413, "The request body is too large.")
        case OverflowError() | DataError():  # what no type caught, such as a forged cursor
            logger.warning("An API request named what the database cannot hold", exc_info=fault)
            detail = "A value lies outside what can be stored; check numbers, dates and the cursor."
            return problem(422, detail, errors=[FieldError("request", detail)])
    if told := trouble(fault):
        logger.error("The database could not serve an API request", exc_info=fault)
        return problem(told.status, str(told), headers={"Retry-After": str(told.retry_after)})
    logger.error("An API request failed", exc_info=fault)
    return problem(500, "Something went wrong in Stint. The server's log tells what; try again later.")


def _toggl_problem(fault: TogglError) -> HttpResponse:
    """Tell what went wrong between Stint and Toggl, as a gateway would; each sentence has its remedy."""
    match fault:
        case TogglRefused():
            return problem(422, str(fault), errors=[FieldError("api_token", str(fault))])
        case TogglForbidden() | TogglPlanRequired() | WorkspacesGone():
            return problem(422, str(fault), errors=[FieldError("workspace_ids", str(fault))])
        case TogglQuotaSpent():
            return problem(429, str(fault), headers={"Retry-After": str(max(1, fault.resets_in))})
        case TogglUnreachable():
            status = {"network": 502, "timeout": 504, "server": 503, "rate_limited": 503}[fault.kind]
            wait = math.ceil(fault.retry_after or 0)
            return problem(status, str(fault), headers={"Retry-After": str(wait)} if wait > 0 else None)
    return problem(502, str(fault))


def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return `view` with every refusal told as a problem, whoever raised it."""

    @wraps(view)
    def guarded_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Exception as fault:
            response = problem_of(fault)
            if address := remedy(fault):
                response.headers["Link"] = f'<{address}>; rel="help"'
        if response.status_code == http.HTTPStatus.METHOD_NOT_ALLOWED:
            allow = ", ".join(sorted(response.headers["Allow"].split(", ")))
            response = problem(405, f"This address takes {allow}.", headers={"Allow": allow})
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    # The API checks CSRF itself, for requests that come with a session cookie only: see `auth`.
    guarded_view.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded_view


def unknown_route(request: HttpRequest, **_: object) -> HttpResponse:
    """Answer for every address under /api/v1 that is none of its routes."""
    return problem(404, "There is nothing at this address.")
