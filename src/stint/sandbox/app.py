"""The sandbox as one ASGI application: Toggl's API, webhooks, the control calls and the page."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from . import reads
from .asking import answer
from .faults import Faults
from .gate import Gate, RequestLog
from .limits import Burst, Limits
from .model import Refused
from .workplace import Workplace


def create_app(workplace: Workplace, *, quota: int | None = None, burst: Burst | None = None) -> Starlette:
    """Return the sandbox of a workplace; `app.state` has its place, limits, faults and log.

    Args:
        workplace: the data, changed in place.
        quota: requests an hour; None for the plan's figure, 0 for no quota.
        burst: the limit on requests at once; None for none.

    """
    limits, faults, log = Limits(workplace, quota, burst), Faults(), RequestLog()
    gate = Middleware(Gate, place=workplace, limits=limits, faults=faults, log=log)
    app = Starlette(
        routes=[*reads.routes],
        middleware=[gate],
        exception_handlers={Refused: _refused, HTTPException: _unknown},
    )
    app.state.place, app.state.limits, app.state.faults, app.state.log = workplace, limits, faults, log
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer(error.text, error.status)


def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(error.detail, error.status_code)
