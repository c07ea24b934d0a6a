"""The ASGI applications: all of Stint in one process, and the event streams alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import stint
from stint.live.bus import hub
from stint.live.delivery import receiving
from stint.live.stream import EventStreams
from stint.server.handler import PooledHandler
from stint.server.metrics import exposition
from stint.server.pool import RequestPool

EVENTS_PATH = "/api/v1/events"
THREADS = 2


class Front:
    """Sends event streams to one application and every other request to the other."""

    def __init__(self, streams: ASGIApp, pages: ASGIApp) -> None:
        self._streams, self._pages = streams, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        is_page = scope["type"] == "http" and scope["path"] != EVENTS_PATH
        await (self._pages if is_page else self._streams)(scope, receive, send)


def streams_application(pool: RequestPool | None = None, *others: RequestPool) -> Starlette:
    """Return the application of the event streams, with `/healthz` and `/metrics`; it closes all pools at its end."""
    pool = pool or RequestPool(THREADS)
    streams = EventStreams(hub, pool.run)

    async def metrics(request: Request) -> Response:
        return Response(await pool.run(exposition), media_type=CONTENT_TYPE_LATEST)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with receiving(hub):
                yield
        finally:
            for ending in (pool, *others):
                ending.close()

    return Starlette(
        routes=[
            Route(EVENTS_PATH, streams.answer, methods=["GET"]),
            Route("/healthz", _healthz, methods=["GET"]),
            Route("/metrics", metrics, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _problem},
        lifespan=lifespan,
    )


def application() -> Front:
    """Return all of Stint: pages, API and event streams, on one pool of threads; what waits for Toggl on another."""
    # Loads every view now: a fault in one stops the start, and the first visitor does not wait for it.
    import_module(settings.ROOT_URLCONF)
    pool, waiting_pool = RequestPool(THREADS), RequestPool(THREADS)
    return Front(streams_application(pool, waiting_pool), PooledHandler(pool, waiting_pool))


async def _healthz(request: Request) -> Response:
    return JSONResponse({"status": "ok", "version": stint.__version__})


async def _problem(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    body = {"type": "about:blank", "title": fault.detail, "status": fault.status_code, "detail": fault.detail}
    return JSONResponse(body, fault.status_code, fault.headers, media_type="application/problem+json")
