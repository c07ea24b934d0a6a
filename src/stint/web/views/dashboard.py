"""The dashboard: today and this week, who works on what, and what wants to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from stint.accounts.queries import Caller
from stint.entries import queries as entries
from stint.integrations import services as integrations
from stint.reports.attention import Running, attention
from stint.reports.attention import running as timers
from stint.reports.charts import chart
from stint.reports.periods import DAY, WEEK, Period, preset
from stint.reports.questions import Grouping, ReportQuery
from stint.reports.summary import summary
from stint.tasks.queries import looks
from stint.web import drawing
from stint.web.days import lines_of
from stint.web.gate import PageRequest, gated, is_partial

CHART_DAYS = 14
RECENT = 6


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that wants to be looked at, and where."""

    text: str
    address: str


@require_safe
@gated()
def dashboard(request: PageRequest) -> HttpResponse:
    """Show the whole, or to a partial request what of it follows from time."""
    seen = _figures(request) | {"timers": _timers(request, _whose(request))}
    return render(request, f"web/dashboard/{'figures' if is_partial(request) else 'page'}.html", seen)


@require_safe
@gated()
def running(request: PageRequest) -> HttpResponse:
    """Return the timers that run now."""
    return render(request, "web/dashboard/running.html", {"timers": _timers(request, _whose(request))})


def _whose(request: PageRequest) -> tuple[int, ...]:
    """Return whose time is shown: everybody's to who manages, unless they ask for their own."""
    everybody = request.caller.manages and request.GET.get("whose") != "me"
    return () if everybody else (request.caller.user_id,)


def _figures(request: PageRequest) -> dict[str, Any]:
    caller, whose = request.caller, _whose(request)
    today = timezone.now().astimezone(caller.zone).date()
    week = preset("this_week", today, caller.week_start)
    by_project = summary(caller, _query(whose, week, "project"))
    recently = _query(whose, Period(today - (CHART_DAYS - 1) * DAY, today), "project")
    drawn = chart(caller, recently, summary(caller, recently).items)
    days = chart(caller, _query(whose, week, "project"), by_project.items)
    latest = entries.entries(caller, limit=RECENT + 1).items
    return {
        "asked": {"decimal": False},
        "everybody": not whose,
        "whose": "" if not whose else "me",
        "today": _seconds(caller, whose, Period(today, today)),
        "same_day": _seconds(caller, whose, Period(today - WEEK, today - WEEK)),
        "week": by_project,
        "week_before": _seconds(caller, whose, Period(week.first - WEEK, today - WEEK)),
        "bars": drawing.bars(drawn),
        "ring": drawing.ring(days.series),
        "recent": lines_of(caller, latest)[:RECENT],
        "concerns": _concerns(caller, whose, Period(today - timedelta(days=6), today)),
    }


def _query(whose: tuple[int, ...], period: Period, axis: str = "") -> ReportQuery:
    groupings = (Grouping(axis),) if axis else ()  # type: ignore[arg-type]
    return ReportQuery(period=period, user_ids=whose, groupings=groupings)


def _seconds(caller: Caller, whose: tuple[int, ...], period: Period) -> int:
    return summary(caller, _query(whose, period)).total_seconds


def _timers(request: PageRequest, whose: tuple[int, ...]) -> list[dict[str, Any]]:
    day = timezone.now().astimezone(request.caller.zone).date()
    found = timers(request.caller, _query(whose, Period(day, day)))
    seen = looks({timer.entry.task_id for timer in found if timer.entry.task_id is not None})
    return [{"timer": timer, "look": seen.get(timer.entry.task_id or 0)} for timer in found]


def _concerns(caller: Caller, whose: tuple[int, ...], days: Period) -> list[Concern]:
    """Return what of the last seven days, and of the mirror, wants to be looked at."""
    query = _query(whose, days)
    found = attention(caller, query)
    concerns = []
    if found.without_task:
        text = ngettext(
            "%(count)d entry without a task", "%(count)d entries without a task", found.without_task
        )
        concerns.append(
            Concern(text % {"count": found.without_task}, _detailed(days, whose, "&without_task=true"))
        )
    if found.overlapping:
        text = ngettext(
            "%(count)d entry begins before another ends",
            "%(count)d entries begin before another ends",
            found.overlapping,
        )
        concerns.append(Concern(text % {"count": found.overlapping}, _detailed(days, whose)))
    long = [timer for timer in timers(caller, query) if timer.long]
    concerns += [_too_long(caller, timer) for timer in long]
    return concerns + _of_mirror(caller)


def _too_long(caller: Caller, timer: Running) -> Concern:
    hours = timer.entry.seconds // 3600
    if timer.entry.user_id == caller.user_id:
        text = ngettext("Your timer runs for %(hours)d hour", "Your timer runs for %(hours)d hours", hours)
    else:
        text = ngettext(
            "The timer of %(name)s runs for %(hours)d hour",
            "The timer of %(name)s runs for %(hours)d hours",
            hours,
        )
    return Concern(text % {"hours": hours, "name": timer.person}, "")


def _of_mirror(caller: Caller) -> list[Concern]:
    """Return what is wrong with the Toggl mirror, to those who can mend it."""
    if not caller.administers:
        return []
    toggl = integrations.toggl(caller)
    if toggl.status == "broken":
        return [Concern(_("The connection to Toggl is broken"), reverse("toggl"))]
    status = toggl.last_sync.status if toggl.last_sync and toggl.status == "on" else ""
    texts = {
        "failed": _("The last sync with Toggl failed"),
        "needs_confirmation": _("A sync with Toggl waits for you to confirm it"),
    }
    return [Concern(texts[status], reverse("toggl"))] if status in texts else []


def _detailed(days: Period, whose: tuple[int, ...], more: str = "") -> str:
    person = "".join(f"&user_id={user_id}" for user_id in whose)
    return f"{reverse('report_detailed')}?from={days.first}&to={days.last}{person}{more}"
