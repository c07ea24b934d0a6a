"""The calendar of the timesheet: a day or a week, hours down and days across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.zones import pieces
from stint.tasks.queries import looks
from stint.web.gate import PageRequest, gated

Span = Literal["day", "week"]
WEEK = 7
MOST_ENTRIES = 1000
FIRST_DAY, LAST_DAY = date(1970, 2, 1), date(9998, 12, 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """The days from `first` to `last`, and where its links lead."""

    span: Span
    first: date
    last: date
    has_today: bool
    previous: str
    following: str
    today: str
    day: str
    week: str


@require_safe
@gated()
def calendar(request: PageRequest) -> HttpResponse:
    """Show the day or the week of a day.

    Where the address says neither, the page holds both: the week, and on a phone the day alone.
    """
    today = datetime.now(request.caller.zone).date()
    of = _day_in(request.GET.get("of", ""), today)
    given = request.GET.get("span", "")
    spans: list[Span] = ["day"] if given == "day" else ["week"] if given == "week" else ["week", "day"]
    shown = [_shown(request.caller, span, of, today) for span in spans]
    first, last = shown[0].first, shown[0].last
    state = {"of": of.isoformat(), "narrow": len(spans) > 1, **_state(request.caller, first, last)}
    return render(request, "web/timesheet/calendar/page.html", {"shown": shown, "state": state})


def _day_in(given: str, today: date) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today
    return day if FIRST_DAY <= day <= LAST_DAY else today


def _shown(caller: Caller, span: Span, of: date, today: date) -> Shown:
    length = 1 if span == "day" else WEEK
    first = of if span == "day" else of - timedelta(days=(of.isoweekday() - caller.week_start) % WEEK)
    last = first + timedelta(days=length - 1)
    has_today = first <= today <= last
    return Shown(
        span=span,
        first=first,
        last=last,
        has_today=has_today,
        previous=_url(first - timedelta(days=length), span),
        following=_url(first + timedelta(days=length), span),
        today=_url(today, span),
        day=_url(today if has_today else of, "day"),
        week=_url(of, "week"),
    )


def _url(of: date, span: Span) -> str:
    return f"{reverse('timesheet_calendar')}?of={of.isoformat()}&span={span}"


def _state(caller: Caller, first: date, last: date) -> dict[str, Any]:
    """Return what `<stint-calendar>` shows first; see clients/kit/src/calendar-entries.ts."""
    found = queries.entries(caller, first_day=first, last_day=last, reaching=True, limit=MOST_ENTRIES).items
    seen = looks({entry.task_id for entry in found if entry.task_id is not None})
    days = [_day(caller, first + timedelta(days=offset)) for offset in range((last - first).days + 1)]
    known: dict[str, Any] = msgspec.to_builtins(
        {"entries": found, "looks": seen, "days": days}, str_keys=True
    )
    return {"zone": caller.timezone, "now": datetime.now(UTC).isoformat(), **known}


def _day(caller: Caller, day: date) -> dict[str, Any]:
    return {
        "date": day,
        "name": date_format(day, "D"),
        "number": day.day,
        "label": date_format(day, "DAY_FORMAT"),
        "url": _url(day, "day"),
        "pieces": pieces(day, caller.zone),
    }
