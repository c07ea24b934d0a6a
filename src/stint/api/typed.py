"""Help for who types: the tags they use, and what a typed time means."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from django.http import HttpResponse
from django.utils import timezone

from stint.api.application import api, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Limit, read_query
from stint.entries import queries
from stint.entries.fields import instant
from stint.entries.typed import read_time
from stint.entries.zones import ending, instant_of, latest
from stint.paging import Page


class TagsQuery(msgspec.Struct, frozen=True):
    """Text that must stand in the tag."""

    q: str = ""
    limit: Limit = 50


class TimesQuery(msgspec.Struct, frozen=True):
    """A time of day as people type it (9, 930, 9:30, 9.30am), on a day of the caller's time zone.

    With `after` the time at which something ends that began then. With neither, the last time that it was so late.
    """

    text: str
    day: date | None = None
    after: datetime | None = None


class TypedTime(msgspec.Struct, frozen=True):
    """The instant that a typed time means."""

    instant: datetime


@api.get("/tags", tags=["entries"], **describe({200: Page[str]}, query=TagsQuery))
def tags(request: ApiRequest) -> HttpResponse:
    """Return the tags the caller used lately, the most used first."""
    wanted = read_query(request, TagsQuery)
    return reply(Page(queries.tags(request.caller, wanted.q, wanted.limit)))


@api.get("/times", tags=["entries"], **describe({200: TypedTime}, query=TimesQuery))
def typed_time(request: ApiRequest) -> HttpResponse:
    """Return the instant that a typed time of day means."""
    wanted = read_query(request, TimesQuery)
    at, zone = read_time("text", wanted.text), request.caller.zone
    if wanted.after is not None:
        return reply(TypedTime(ending("text", at, instant("after", wanted.after), zone)))
    if wanted.day is None:
        return reply(TypedTime(latest("text", at, timezone.now(), zone)))
    return reply(TypedTime(instant_of("text", wanted.day, at, zone)))
