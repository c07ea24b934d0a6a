"""The sandbox as one ASGI application: Toggl's API, webhooks, the control calls and the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from . import control, entries, reads, reports, webhooks, writes
from .asking import answer
from .faults import Faults
from .gate import Gate, RequestLog
from .limits import Burst, Limits
from .model import Refused
from .webhooks import Hooks
from .workplace import Workplace


def create_app(
    workplace: Workplace, *, seed: str = "", quota: int | None = None, burst: Burst | None = None
) -> Starlette:
    """Return the sandbox of a workplace; `app.state` has its place, limits, faults, log and hooks.

    Args:
        workplace: the data, changed in place.
        seed: what it was loaded from; `/sandbox/reset` loads that again when told no other.
        quota: requests an hour; None for the plan's figure, 0 for no quota.
        burst: the limit on requests at once; None for none.

    """
    limits, faults, log = Limits(workplace, quota, burst), Faults(), RequestLog()
    hooks = Hooks(workplace)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        hooks.close()

    gate = Middleware(Gate, place=workplace, limits=limits, faults=faults, log=log)
    app = Starlette(
        routes=[
            *reads.routes,
            *writes.routes,
            *entries.routes,
            *reports.routes,
            *webhooks.routes,
            *control.routes,
        ],
        middleware=[gate],
        lifespan=lifespan,
        exception_handlers={Refused: _refused, HTTPException: _unknown},
    )
    app.state.place, app.state.limits, app.state.faults = workplace, limits, faults
    app.state.log, app.state.hooks, app.state.seed = log, hooks, seed
    return app


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer(error.text, error.status)


def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(error.detail, error.status_code)
