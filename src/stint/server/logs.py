"""How log lines look: as text or as JSON, each with the id of the request it belongs to, and no secret in any.

No code of ours logs a secret, but a fault's text may quote one: an address with a password, a header, a token.
What looks like one is masked in every line, whoever wrote it.
"""

from __future__ import annotations

import json
import logging
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stint.errors import DiskFull

HEADER = "X-Request-Id"
MASK = "***"
_GIVEN_ID = re.compile(r"[\w.:-]{8,64}", re.ASCII)
_SECRETS = re.compile(
    r"(?P<kept>"
    r"\b(?:Bearer|Basic)\s+"  # headers
    r"|://[^\s/:@]*:(?=[^\s/@]+@)"  # addresses with a sign-in
    r"|\b(?:api_?token|token|password|passwd|secret|secret_key|sessionid|stint_session|stint_csrf)\b[\"']?\s*[=:]\s*[\"']?"
    r"|/(?:setup|invitations|calendar)/(?=[\w-]{20,})"  # links that let in who has them
    r")(?P<secret>[^\s\"'&,;@]+)"
    r"|\b[0-9a-f]{32}\b(?=:api_token)",
    re.IGNORECASE,
)
_request_id: ContextVar[str] = ContextVar("request_id", default="")
logger = logging.getLogger("stint.requests")


def masked(text: str) -> str:
    """Return `text` with what looks like a secret replaced by MASK."""
    return _SECRETS.sub(lambda found: f"{found['kept'] or ''}{MASK}", text)


class FullDisk(logging.Filter):
    """Tells of a full disk in a line: where it was met says nothing, and writing that thousands of times fills it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, one about a full disk without its traceback."""
        from stint.database import trouble  # logging is set up before Django

        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None and isinstance(trouble(fault), DiskFull):
            record.msg, record.args, record.exc_info = f"{record.getMessage()}: {fault}", None, None
        return True


class Lines(logging.Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the fault behind it if there is one."""
        line = masked(super().format(record))
        request = _request_id.get()
        return f"{line} [request {request}]" if request else line


class JsonLines(logging.Formatter):
    """A JSON object a line: {"at", "level", "logger", "message", "request"?, "fault"?} and what `extra` gave."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if request := _request_id.get():
            told["request"] = request
        if record.exc_info:
            told["fault"] = masked(self.formatException(record.exc_info))
        return json.dumps(told | getattr(record, "told", {}), ensure_ascii=False)


@contextmanager
def request_id(given: str) -> Iterator[str]:
    """Give every line of the block one id: the one a proxy gave, so that it leads through both logs, or a new one."""
    # No secret, so no system call for it.
    own = given if _GIVEN_ID.fullmatch(given) else f"{random.getrandbits(64):016x}"
    token = _request_id.set(own)
    try:
        yield own
    finally:
        _request_id.reset(token)


class RequestLog:
    """Gives each request an id, told in the answer and in every line logged meanwhile, and logs the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        began = perf_counter()
        with request_id(request.META.get("HTTP_X_REQUEST_ID", "")) as own:
            response = self.get_response(request)
            response.headers[HEADER] = own
            if logger.isEnabledFor(logging.INFO):
                _log(request, response, perf_counter() - began)
        return response


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    # The pattern of the route and not the address, which may hold a token of a link.
    route = request.resolver_match.route if request.resolver_match else "-"
    told = {
        "method": request.method,
        "route": f"/{route}",
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    logger.info("%(method)s %(route)s %(status)s %(ms)s ms", told, extra={"told": told})
