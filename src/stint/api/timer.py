"""The one running timer of the caller."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.http import HttpResponse

from stint.api.application import api, hot, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import CLIENT_HEADER, describe
from stint.api.reading import Body, read_body
from stint.entries import queries, services
from stint.entries.queries import EntryOut
from stint.entries.services import StartTimer


class Timer(msgspec.Struct, frozen=True):
    """The running entry, and the server's clock to count its seconds by."""

    entry: EntryOut | None
    now: datetime


class StopTimer(Body):
    """When the timer ended; now without `end`. With `id` no other entry than that is stopped."""

    id: UUID | None = None
    end: datetime | None = None


@hot("GET", "/timer")
@api.get("/timer", tags=["timer"], **describe({200: Timer}))
def timer(request: ApiRequest) -> HttpResponse:
    """Return what runs, if anything."""
    return reply(Timer(queries.running(request.caller), datetime.now(UTC)))


@hot("POST", "/timer/start")
@api.post(
    "/timer/start",
    tags=["timer"],
    **describe({201: EntryOut, 200: EntryOut}, body=StartTimer, errors=(409,), headers=CLIENT_HEADER),
)
def start_timer(request: ApiRequest) -> HttpResponse:
    """Start a timer; what ran is stopped at the same instant. The same `id` and body again answer 200.

    A start before that of what runs is 409, with the running entry.
    """
    entry, created = services.start_timer(request.caller, read_body(request, StartTimer), request.made_by)
    return reply(entry, 201 if created else 200)


@hot("POST", "/timer/stop")
@api.post("/timer/stop", tags=["timer"], **describe({200: EntryOut}, body=StopTimer, errors=(409,)))
def stop_timer(request: ApiRequest) -> HttpResponse:
    """Stop the timer that runs. Where `id` names another entry, that one as it ended comes with the 409."""
    wanted = read_body(request, StopTimer)
    return reply(services.stop_timer(request.caller, wanted.end, wanted.id))
