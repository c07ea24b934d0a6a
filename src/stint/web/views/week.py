"""The timesheet as a week grid: rows of tasks, seven days, hours typed into the cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from stint.entries import grid as grids
from stint.entries.grid import CellChange
from stint.entries.models import Surface
from stint.entries.typed import read_duration
from stint.errors import Invalid, NotFound, Stale
from stint.web.gate import PageRequest, gated, notice, sentence
from stint.web.templatetags.stint import hours
from stint.web.weeks import Sheet, sheet, task_of

SIGNS = {"+": 1, "-": -1, "−": -1}


class CellForm(forms.Form):
    """A cell: whose it is, what was typed, and the seconds it had when the page was read."""

    task = forms.CharField(max_length=20)
    day = forms.DateField()
    was = forms.IntegerField(min_value=0, required=False)
    typed = forms.CharField(max_length=60, required=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a cell."""

    task_id: int | None
    day: date
    text: str
    was: int | None


@require_safe
@gated()
def week(request: PageRequest) -> HttpResponse:
    """Show the week of a day."""
    return render(request, "web/timesheet/week/page.html", {"sheet": _sheet(request)})


@require_safe
@gated()
def grid(request: PageRequest) -> HttpResponse:
    """Return the grid anew, after something changed here or elsewhere."""
    return _grid(request)


@require_POST
@gated()
def cell(request: PageRequest) -> HttpResponse:
    """Write what was typed into one cell and return the grid as it is then, or say why not."""
    form = CellForm(request.POST)
    if not form.is_valid():
        return _refused(_("This cell is none of this week. Reload the page."), 422)
    given = form.cleaned_data
    try:
        typed = Typed(task_of(given["task"]), given["day"], given["typed"], given["was"])
        change = _write(request, typed)
    except Stale as fault:
        now = int(str(fault.present))
        said = _("Changed elsewhere to %(time)s. Enter saves yours, Escape takes theirs.") % {
            "time": hours(now)
        }
        return _refused(said, fault.status, was=now, text=hours(now) if now else "")
    except Invalid as fault:
        return _refused(sentence(_about_the_cell(fault)), fault.status)
    # Its row is asked for from now on: it stays to be typed in, though its last time may have gone.
    answer = _grid(request, given["task"])
    if change.deleted:
        told = notice(_said(change), undo=_undo_url(change))
        answer.headers["HX-Trigger"] = told.headers["HX-Trigger"]
    return answer


@require_POST
@gated()
def save(request: PageRequest) -> HttpResponse:
    """Write every cell whose text differs from what it holds: how the grid is saved without scripts."""
    for row in _sheet(request).rows:
        for cell_ in row.cells:
            text = request.POST.get(f"cell-{row.key}-{cell_.day.isoformat()}", cell_.text)
            if text.strip() == cell_.text:
                continue
            try:
                _write(request, Typed(row.task_id, cell_.day, text, cell_.seconds))
            except (Invalid, Stale) as fault:
                reason = sentence(_about_the_cell(fault) if isinstance(fault, Invalid) else fault)
                messages.error(request, f"{cell_.label}: {reason}")
    return redirect(f"{reverse('timesheet_week')}?{request.GET.urlencode()}")


@require_POST
@gated()
def undo(request: PageRequest) -> HttpResponse:
    """Give back what a smaller number in a cell took away."""
    grids.give_back(request.caller, _taken(request.GET))
    return notice(events=("stint-entry",))


def _sheet(request: PageRequest, *more: str) -> Sheet:
    return sheet(request.caller, request.GET.get("of", ""), [*request.GET.getlist("row"), *more])


def _grid(request: PageRequest, *more: str) -> HttpResponse:
    return render(request, "web/timesheet/week/grid.html", {"sheet": _sheet(request, *more)})


def _write(request: PageRequest, typed: Typed) -> CellChange:
    text, sign = typed.text.strip(), 0
    if text[:1] in SIGNS and typed.was is not None:
        text, sign = text[1:], SIGNS[text[0]]
    seconds = read_duration("seconds", text) if text else 0
    if sign:
        seconds = max(0, (typed.was or 0) + sign * seconds)
    return grids.set_cell(request.caller, typed.task_id, typed.day, seconds, Surface.WEB, typed.was)


def _about_the_cell(fault: Invalid) -> Invalid:
    """Return a refusal without the name of the field: the message stands at the cell."""
    names = {"seconds": _("That"), "day": _("That day")}
    error = fault.errors[0]
    return Invalid(names.get(error.field, error.field), error.message)


def _refused(message: str, status: int, **more: Any) -> HttpResponse:  # noqa: ANN401  (whatever JSON holds)
    return JsonResponse({"message": message, **more}, status=status)


def _said(change: CellChange) -> str:
    count = len(change.deleted)
    return ngettext("%(count)d entry deleted.", "%(count)d entries deleted.", count) % {"count": count}


def _taken(given: QueryDict) -> CellChange:
    """Return what an address of `_undo_url` says was taken away.

    Raises:
        NotFound: it says nothing.

    """
    try:
        deleted = [str(UUID(id_)) for id_ in given.getlist("id")]
        if "shortened" not in given:
            if not deleted:
                raise NotFound(_("There is nothing to take back."))
            return CellChange(deleted)
        return CellChange(
            deleted, str(UUID(given.get("shortened", ""))), datetime.fromisoformat(given.get("end", ""))
        )
    except ValueError:
        raise NotFound(_("There is nothing to take back.")) from None


def _undo_url(change: CellChange) -> str:
    given: list[tuple[str, str]] = [("id", id_) for id_ in change.deleted]
    if change.shortened and change.end:
        given += [("shortened", change.shortened), ("end", change.end.isoformat())]
    return f"{reverse('week_undo')}?{urlencode(given)}"
