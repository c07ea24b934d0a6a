"""`/healthz`, `/readyz` and `/metrics`, for whatever watches over Stint."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import resolve
from prometheus_client import CONTENT_TYPE_LATEST

import stint
from stint.database import on_sqlite
from stint.server.metrics import exposition
from stint.server.migrations import newer, pending

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
LEAST_ROOM = 2**20  # bytes: some writes more
_migrated = False


class ProbeMiddleware:
    """Answers the probes before hosts are checked: they come by the machine's address, not its public name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe at once, and pass everything else on."""
        if request.path_info not in PROBES:
            return self.get_response(request)
        request.resolver_match = resolve(request.path_info)
        answer: HttpResponseBase = request.resolver_match.func(request)
        return answer


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 and the version: the process lives."""
    return JsonResponse({"status": "ok", "version": stint.__version__})


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, has the shape this version expects and room to grow, else 503 and why."""
    why = _unready()
    if why:
        return JsonResponse({"status": "unavailable", "reason": why}, status=503)
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with all metrics in Prometheus' text format."""
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _unready() -> str:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        # Migrations are never taken back under a running process, and asking costs a few milliseconds.
        if not _migrated:
            if newer():
                return "a newer Stint has migrated the database: install that version"
            waiting = pending()
            if waiting:
                return f"{len(waiting)} migrations are not applied: run stint migrate"
            _migrated = True
    except (DatabaseError, InterfaceError):
        return "the database does not answer"
    # PostgreSQL's disk is its own server's; SQLite's is here, and without room nobody can track.
    if on_sqlite() and shutil.disk_usage(settings.DATA_DIR).free < LEAST_ROOM:
        return "the disk is full: nothing can be saved"
    return ""
