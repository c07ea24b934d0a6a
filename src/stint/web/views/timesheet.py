"""The timesheet's day list."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stint.accounts.queries import Caller
from stint.web.days import days_since
from stint.web.entry_forms import EntryForm
from stint.web.gate import PageRequest, gated

LONG_AGO = date(1970, 2, 1)


@require_safe
@gated()
def timesheet(request: PageRequest) -> HttpResponse:
    """Show the last days."""
    seen = {"sheet": days_since(request.caller, _since(request)), "add": blank_form(request.caller)}
    return render(request, "web/timesheet/page.html", seen)


@require_safe
@gated()
def days(request: PageRequest) -> HttpResponse:
    """Return the list anew, after something changed here or elsewhere, or further back."""
    return render(request, "web/timesheet/days.html", {"sheet": days_since(request.caller, _since(request))})


def blank_form(caller: Caller) -> EntryForm:
    """Return the form that adds time, for today."""
    today = timezone.now().astimezone(caller.zone).date()
    return EntryForm(initial={"date": today.isoformat()}, prefix="add")


def _since(request: HttpRequest) -> date | None:
    try:
        return max(date.fromisoformat(request.GET.get("since", "")), LONG_AGO)
    except ValueError:
        return None
