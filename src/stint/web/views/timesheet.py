"""The timesheet: the timer, and the last days' entries."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from stint.entries import editing, queries, services
from stint.entries.models import Surface
from stint.entries.services import StartTimer
from stint.web.days import last_days
from stint.web.gate import PageRequest, gated, is_partial, notice


@require_safe
@gated()
def timesheet(request: PageRequest) -> HttpResponse:
    """Show the last days."""
    return render(request, "web/timesheet/page.html", {"sheet": last_days(request.caller)})


@require_safe
@gated()
def days(request: PageRequest) -> HttpResponse:
    """Return the list anew, after something changed here or elsewhere."""
    return render(request, "web/timesheet/days.html", {"sheet": last_days(request.caller)})


@require_POST
@gated()
def go_on(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Start a timer with what an entry says."""
    entry = queries.entry(request.caller, entry_id)
    wanted = StartTimer(task_id=entry.task_id, note=entry.note, tags=entry.tags, billable=entry.billable)
    services.start_timer(request.caller, wanted, Surface.WEB)
    return _changed(request)


@require_POST
@gated()
def delete(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Delete an entry."""
    editing.delete_entry(request.caller, entry_id)
    return _changed(request)


def _changed(request: PageRequest) -> HttpResponse:
    return notice(events=("stint-timer", "stint-entry")) if is_partial(request) else redirect("timesheet")
