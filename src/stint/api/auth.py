"""Who asks: by a bearer token, or by the session cookie of a signed-in browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from stint.accounts import attempts
from stint.accounts.queries import Caller, caller_by_token, caller_of
from stint.api.problems import Unauthenticated
from stint.entries.models import Surface
from stint.errors import NotAllowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# An entry made by an import is written by the importer alone; nobody may claim to be it.
CLIENTS = frozenset(Surface.values) - {Surface.IMPORT}


class ApiRequest(HttpRequest):
    """A request whose caller is known."""

    caller: Caller
    made_by: str


def authenticate(request: HttpRequest) -> Caller:
    """Return the caller and note them, with the surface they use, on the request.

    Raises:
        Unauthenticated: no credentials, unknown ones, those of a disabled user, or of another than `X-Stint-User`.
        NotAllowed: an unsafe request came by cookie without the CSRF token.
        TooFast: too many unknown tokens came from this address.

    """
    known = cast(ApiRequest, request)
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        caller, surface = _caller_by_bearer(request, token.strip()), Surface.API
    else:
        caller, surface = _caller_by_session(request), Surface.WEB
    if caller is None:
        raise Unauthenticated(_("Sign in, or send a valid token as “Authorization: Bearer TOKEN”."))
    expected = request.META.get("HTTP_X_STINT_USER")
    if expected and expected != str(caller.user_id):
        raise Unauthenticated(_("Somebody else is signed in here by now; sign in again."))
    client = request.META.get("HTTP_X_STINT_CLIENT")
    known.caller = caller
    known.made_by = client if client in CLIENTS else surface.value
    return caller


def _caller_by_bearer(request: HttpRequest, token: str) -> Caller | None:
    caller = caller_by_token(token)
    if caller is None:
        # Only wrong ones are counted: a good token costs nothing, and works beside a neighbour who guesses.
        attempts.wrong_token(request.META.get("REMOTE_ADDR"))
    return caller


def _caller_by_session(request: HttpRequest) -> Caller | None:
    if not request.user.is_authenticated:
        return None
    if request.method not in SAFE_METHODS and check_csrf(request) is not None:
        raise NotAllowed(_("The CSRF token is missing or wrong: send it as X-CSRFToken, or reload the page."))
    return caller_of(request.user.pk)


def administrators_only(refusal: Promise) -> Callable[[HttpRequest], Caller]:
    """Return what does as `authenticate` for Administrators, and raises NotAllowed with this sentence for others."""

    def administrators(request: HttpRequest) -> Caller:
        caller = authenticate(request)
        if not caller.administers:
            raise NotAllowed(str(refusal))
        return caller

    return administrators
