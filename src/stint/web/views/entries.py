"""What people do to entries in the day list: add, edit in place, continue, duplicate, split, delete, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stint.entries import editing, queries, services
from stint.entries.editing import ManyEdit
from stint.entries.models import Surface
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer
from stint.entries.typed import read_time
from stint.entries.zones import instant_of
from stint.errors import DomainError, Invalid, Stale
from stint.tasks.queries import looks
from stint.web.days import day_of, line_of
from stint.web.entry_forms import EntryForm, initial
from stint.web.gate import PageRequest, gated, is_partial, notice, put_on_form
from stint.web.many_form import ManyForm, SplitForm
from stint.web.views.timesheet import blank_form

CHANGED = ("stint-entry",)


@require_POST
@gated()
def add(request: PageRequest) -> HttpResponse:
    """Add time by hand."""
    form = EntryForm(request.POST, prefix="add")
    if form.is_valid():
        try:
            services.add_entry(request.caller, form.new(request.caller), Surface.WEB)
        except DomainError as fault:
            put_on_form(form, fault)
        else:
            return _after(request, "web/timesheet/add.html", {"form": blank_form(request.caller)})
    status = 200 if is_partial(request) else 422
    seen = {"form": form, "look": _look(form), "open": True}
    return _part(request, "web/timesheet/add.html", seen, status)


@require_POST
@gated()
def times(request: PageRequest) -> HttpResponse:
    """Read the times of a form that is being filled in, and work out the ones that follow from them."""
    form = EntryForm(request.POST, prefix=request.GET.get("prefix") or None)
    try:
        return JsonResponse(form.times(request.caller) if form.is_valid() else {})
    except Invalid:
        return JsonResponse({})  # the answer to saving says what is wrong, once typing is over


@require_safe
@gated()
def row(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Return an entry as a row."""
    return _row(request, queries.entry(request.caller, entry_id))


@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def edit(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Return a row's editor, or save what it holds. Of two windows the second is told, and keeps its text."""
    entry = queries.entry(request.caller, entry_id)
    if entry.end is None:
        raise Invalid("entry", _("is running; change it in the bar above"))
    if request.method != "POST":
        form = EntryForm(initial=initial(request.caller, entry), auto_id=f"{entry.id}-%s")
        return _editor(request, entry, form)
    form = EntryForm(request.POST, initial=initial(request.caller, entry), auto_id=f"{entry.id}-%s")
    if not form.is_valid():
        return _editor(request, entry, form)
    try:
        wanted = form.edit(request.caller, entry)
        saved = editing.edit_entry(request.caller, entry_id, wanted, form.cleaned_data["version"])
    except Stale:
        return _editor(request, entry, form, stale=True)
    except DomainError as fault:
        put_on_form(form, fault)
        return _editor(request, entry, form)
    return _row(request, saved, CHANGED)


@require_POST
@gated()
def go_on(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Start a timer with what an entry says."""
    entry = queries.entry(request.caller, entry_id)
    wanted = StartTimer(task_id=entry.task_id, note=entry.note, tags=entry.tags, billable=entry.billable)
    services.start_timer(request.caller, wanted, Surface.WEB)
    return _told(request, events=("stint-timer", "stint-entry"))


@require_POST
@gated()
def duplicate(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Add the same time again."""
    entry = queries.entry(request.caller, entry_id)
    copied, _new = services.add_entry(
        request.caller,
        NewEntry(
            task_id=entry.task_id,
            start=entry.start,
            end=entry.end,
            note=entry.note,
            tags=entry.tags,
            billable=entry.billable,
        ),
        Surface.WEB,
    )
    undo = _address("delete_entries", [copied.id])
    return _told(request, _("Duplicated. Both now lie on top of each other."), undo=undo)


@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def split(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Ask where to cut an entry in two, and do so."""
    entry = queries.entry(request.caller, entry_id)
    zone = request.caller.zone
    middle = entry.start + ((entry.end or entry.start) - entry.start) / 2
    form = SplitForm(request.POST or None, initial={"at": f"{middle.astimezone(zone):%H:%M}"})
    if request.method == "POST" and form.is_valid():
        try:
            at = _inside(request, entry, form.cleaned_data["at"])
            editing.split_entry(request.caller, entry_id, at)
        except DomainError as fault:
            put_on_form(form, fault)
        else:
            return _told(request, events=("stint-entry", "stint-close-dialog"))
    seen = {"form": form, "entry": entry, "url": request.get_full_path()}
    return _part(request, "web/timesheet/split.html", seen)


@require_POST
@gated()
def delete(request: PageRequest, entry_id: UUID) -> HttpResponse:
    """Delete an entry."""
    return _delete(request, [entry_id])


@require_POST
@gated()
def delete_many(request: PageRequest) -> HttpResponse:
    """Delete several entries."""
    return _delete(request, _ids(request.GET) or _ids(request.POST))


@require_POST
@gated()
def restore_many(request: PageRequest) -> HttpResponse:
    """Take the deletion of several entries back."""
    editing.restore_entries(request.caller, _ids(request.GET))
    return _told(request, events=("stint-timer", "stint-entry"))


@require_POST
@gated()
def edit_many(request: PageRequest) -> HttpResponse:
    """Change several entries at once."""
    ids = _ids(request.POST)
    form = ManyForm(request.POST)
    if not form.is_valid():
        raise Invalid("date", _("is not a date"))
    changed = editing.edit_entries(request.caller, ids, ManyEdit(**form.wanted()))
    said = ngettext("%(count)d entry changed.", "%(count)d entries changed.", len(changed))
    return _told(request, said % {"count": len(changed)}, events=("stint-entry", "stint-chosen-done"))


def _delete(request: PageRequest, ids: Sequence[UUID]) -> HttpResponse:
    editing.delete_entries(request.caller, ids)
    said = ngettext("Deleted.", "%(count)d entries deleted.", len(ids)) % {"count": len(ids)}
    undo = _address("restore_entries", [str(id_) for id_ in ids])
    return _told(request, said, undo=undo, events=("stint-entry", "stint-chosen-done"))


def _inside(request: PageRequest, entry: EntryOut, typed: str) -> Any:  # noqa: ANN401
    """Return the instant inside an entry that a typed time of day means."""
    zone, at = request.caller.zone, read_time("at", typed)
    first = instant_of("at", day_of(request.caller, entry.start), at, zone)
    if first <= entry.start and entry.end is not None:
        return instant_of("at", day_of(request.caller, entry.end), at, zone)
    return first


def _editor(request: PageRequest, entry: EntryOut, form: EntryForm, *, stale: bool = False) -> HttpResponse:
    seen = {
        "entry": entry,
        "form": form,
        "look": _look(form),
        "stale": stale,
        "line": line_of(request.caller, entry),
        "focus": request.GET.get("field", "note"),
    }
    return _part(request, "web/timesheet/editor.html", seen)


def _look(form: EntryForm) -> Any:  # noqa: ANN401
    """Return how the task that the form holds is shown."""
    given = str(form["task_id"].value() or "")
    return looks([int(given)]).get(int(given)) if given.isdigit() and len(given) < 19 else None


def _row(request: PageRequest, entry: EntryOut, events: Sequence[str] = ()) -> HttpResponse:
    if not is_partial(request):
        return redirect("timesheet")
    line = line_of(request.caller, entry)
    response = render(request, "web/timesheet/line.html", {"line": line, "entry": entry})
    if events:
        response.headers["HX-Trigger-After-Settle"] = ", ".join(events)
    return response


def _after(request: PageRequest, template: str, seen: dict[str, Any]) -> HttpResponse:
    if not is_partial(request):
        return redirect("timesheet")
    response = render(request, template, seen)
    response.headers["HX-Trigger"] = ", ".join(CHANGED)
    return response


def _part(request: HttpRequest, template: str, seen: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return a part for htmx; without scripts a page around it."""
    if is_partial(request):
        return render(request, template, seen)
    return render(request, "web/timesheet/alone.html", {**seen, "part": template}, status=status)


def _told(
    request: PageRequest, message: str = "", *, undo: str = "", events: Sequence[str] = CHANGED
) -> HttpResponse:
    if not is_partial(request):
        return redirect("timesheet")
    return notice(message, kind="success", events=events, undo=undo)


def _address(name: str, ids: Sequence[str]) -> str:
    return f"{reverse(name)}?ids={','.join(ids)}"


def _ids(given: QueryDict) -> list[UUID]:
    try:
        return [UUID(part) for value in given.getlist("ids") for part in value.split(",")]
    except ValueError:
        raise Invalid("ids", _("must be ids of entries")) from None
