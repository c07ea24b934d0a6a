"""The timesheet's day list."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stint.accounts.queries import Caller
from stint.web.days import Days
from stint.web.days import days as stretch
from stint.web.entry_forms import EntryForm
from stint.web.gate import PageRequest, gated

LONG_AGO, FAR_AHEAD = date(1970, 2, 1), date(9998, 12, 1)


@require_safe
@gated()
def timesheet(request: PageRequest) -> HttpResponse:
    """Show the last days."""
    seen = {"sheet": _sheet(request), "add": blank_form(request.caller)}
    return render(request, "web/timesheet/page.html", seen)


@require_safe
@gated()
def days(request: PageRequest) -> HttpResponse:
    """Return a stretch of days anew, after something changed here or elsewhere, or the one before with `more`."""
    template = "web/timesheet/stretch.html" if "more" in request.GET else "web/timesheet/days.html"
    return render(request, template, {"sheet": _sheet(request)})


def blank_form(caller: Caller) -> EntryForm:
    """Return the form that adds time, for today."""
    today = timezone.now().astimezone(caller.zone).date()
    return EntryForm(initial={"date": today.isoformat()}, prefix="add")


def _sheet(request: PageRequest) -> Days:
    return stretch(request.caller, _day(request, "since"), _day(request, "until"))


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return min(max(date.fromisoformat(request.GET.get(name, "")), LONG_AGO), FAR_AHEAD)
    except ValueError:
        return None
