"""What `/metrics` counts. Labels are route names and statuses: nothing that names a person or a thing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import stint
from stint.accounts.mail import waiting_mails
from stint.database import size
from stint.entries.models import Entry
from stint.integrations.models import Integration, SyncRun
from stint.live.bus import hub

disable_created_metrics()  # type: ignore[no-untyped-call]
REQUESTS = Counter("stint_requests", "Requests answered", ["method", "route", "status"])
LATENCY = Histogram(
    "stint_request_seconds",
    "Time to make an answer",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MetricsMiddleware:
    """Counts each answer and its time by route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and count."""
        began = perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in _METHODS else "other"
        route = _route(request)
        REQUESTS.labels(method, route, response.status_code).inc()
        LATENCY.labels(method, route).observe(perf_counter() - began)
        return response


def _route(request: HttpRequest) -> str:
    # The pattern, not the path: a path may hold ids and has no end of values.
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


class _State(Collector):
    """What is read when asked. Without its database a process still tells what it counted itself."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        build = GaugeMetricFamily("stint_build_info", "The version that runs; always 1", labels=["version"])
        build.add_metric([stint.__version__], 1)
        yield build
        yield GaugeMetricFamily("stint_open_streams", "Event streams open in this process", len(hub))
        try:
            stored = list(_stored())
        except (DatabaseError, InterfaceError):
            stored = []
        yield GaugeMetricFamily("stint_database_up", "Whether the database told the rest", bool(stored))
        yield from stored


def _stored() -> Iterator[GaugeMetricFamily]:
    """Yield what the database knows: running timers, syncs, what waits, its size."""
    yield GaugeMetricFamily(
        "stint_running_timers", "Timers running now", Entry.objects.filter(end=None).count()
    )
    runs = GaugeMetricFamily("stint_sync_runs", "Syncs on record by status", labels=["status"])
    counts = dict(SyncRun.objects.order_by().values_list("status").annotate(Count("pk")))
    for status in SyncRun.Status.values:
        runs.add_metric([status], counts.get(status, 0))
    yield runs
    yield GaugeMetricFamily(
        "stint_queue_ready", "Jobs that wait for a worker", DBTaskResult.objects.ready().count()
    )
    yield GaugeMetricFamily(
        "stint_mail_waiting", "Invitations whose mail is still to go out", waiting_mails()
    )
    yield GaugeMetricFamily("stint_database_bytes", "Size of the database", size())
    yield _sync_age()


def _sync_age() -> GaugeMetricFamily:
    """Return the seconds since the last sync that worked, the longest of all that are to stay in sync."""
    age = GaugeMetricFamily(
        "stint_sync_age_seconds", "Since the last sync that worked, of the one that waits longest"
    )
    kept = Integration.objects.exclude(status=Integration.Status.OFF).exclude(
        keep_in_sync=Integration.KeepInSync.OFF
    )
    done = Max("runs__finished_at", filter=Q(runs__status=SyncRun.Status.DONE))
    ends = [end for end in kept.annotate(synced_at=done).values_list("synced_at", flat=True) if end]
    if ends:
        age.add_metric([], (timezone.now() - min(ends)).total_seconds())
    return age


def exposition() -> bytes:
    """Return all metrics in Prometheus' text format, those of all `stint web` workers added up."""
    state = CollectorRegistry()
    state.register(_State())
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    return generate_latest(counted) + generate_latest(state)
