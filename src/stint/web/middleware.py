"""What every page has: its language, and the headers that keep it safe."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from stint.accounts.models import User

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
JSON, LONG = "application/json", 20_000


class ContentSecurityPolicyMiddleware:
    """Allows a page to load from Stint itself and nowhere else, and no inline script."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the policy unless the view set its own."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages and long lists: a day list of 100 rows is half a megabyte before and 20 KB after.

    Django pads each answer at random, so that its length tells nothing of the secrets in it. Other answers go
    out as they are: as a rule the API's are small and their ETags strong, and a streamed one is sent as it comes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Answer compressed where the browser takes it."""
        kind = response.headers.get("Content-Type", "")
        page = kind.startswith("text/html") and not response.streaming
        # A phone's list of 1,000 tasks is 330 KB; what is answered all day fits into a few packets as it is.
        long = isinstance(response, HttpResponse) and kind.startswith(JSON) and len(response.content) > LONG
        return super().process_response(request, response) if page or long else response


class LanguageMiddleware:
    """Speaks the language that the signed-in person chose; Django's LocaleMiddleware chose for all others.

    A cookie keeps the choice for the pages before the next signing in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the person's language."""
        chosen = request.user.language if isinstance(request.user, User) else ""
        if chosen not in dict(settings.LANGUAGES):
            return self.get_response(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        name = settings.LANGUAGE_COOKIE_NAME
        if request.COOKIES.get(name) != chosen and isinstance(response, HttpResponse):
            response.set_cookie(
                name,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
