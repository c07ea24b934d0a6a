"""Imports: files on a page of their own, time through Toggl's API on the Toggl page. Administrators only."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stint.accounts.invitations import invite
from stint.accounts.queries import Caller, people
from stint.errors import DomainError
from stint.imports import services
from stint.imports.services import HISTORY, ImportOut, PersonChoice
from stint.runs import ACTIVE
from stint.web.gate import PageRequest, gated, is_partial, put_on_form
from stint.web.import_forms import FileForm, RangeForm, ReadingForm

PIECE = 1024 * 1024
FIRST_SHOWN = 25
INVITE, LEAVE_OUT = "invite", "out"


@require_http_methods(["GET", "HEAD", "POST"])
@gated("administrator")
def imports(request: PageRequest) -> HttpResponse:
    """Show the form for a file and the imports on record; a posted file is looked at, not yet imported."""
    posted = request.POST if request.method == "POST" else None
    form, reading = FileForm(posted, request.FILES or None), ReadingForm(posted)
    if posted is not None and form.is_valid() and reading.is_valid():
        file = form.cleaned_data["file"]
        try:
            started = services.start_file(
                request.caller,
                form.cleaned_data["kind"],
                file.name,
                file.chunks(PIECE),
                dry_run=True,
                options=reading.cleaned_data,
            )
            return redirect("import", started.id)
        except DomainError as fault:
            put_on_form(form, fault)
    seen = {"form": form, "reading": reading, "imports": services.recent(request.caller)}
    return render(
        request, "web/imports/page.html", seen, status=422 if form.errors or reading.errors else 200
    )


@require_safe
@gated("administrator")
def one(request: PageRequest, import_id: int) -> HttpResponse:
    """Show one import; to a partial request just its state."""
    return _shown(request, services.look(request.caller, import_id))


@require_POST
@gated("administrator")
def apply(request: PageRequest, import_id: int) -> HttpResponse:
    """Carry out what was looked at, or confirm it."""
    confirm = request.POST.get("confirm") == "yes"
    return _shown(request, services.apply(request.caller, import_id, confirm=confirm))


@require_POST
@gated("administrator")
def cancel(request: PageRequest, import_id: int) -> HttpResponse:
    """Stop an import."""
    services.cancel(request.caller, import_id)
    return _shown(request, services.look(request.caller, import_id))


@require_POST
@gated("administrator")
def choose_people(request: PageRequest, import_id: int) -> HttpResponse:
    """Say who people are here, invite some, and look at the import anew."""
    choices, emails = [], []
    found = services.look(request.caller, import_id).unmatched_people
    for number, person in enumerate(found):
        said = request.POST.get(f"person-{number}", "")
        if said == INVITE:
            emails.append(person.email)
        elif said == LEAVE_OUT or said.isdecimal():
            user_id = int(said[:18]) if said.isdecimal() else None
            choices.append(PersonChoice(person.name, person.email, user_id))
    if emails:
        invite(request.caller, emails)
    services.map_people(request.caller, choices)
    return _shown(request, services.look_again(request.caller, import_id))


@require_POST
@gated("administrator")
def history(request: PageRequest) -> HttpResponse:
    """Look at the tracked time of the selected workspaces of some days."""
    form = RangeForm(request.POST)
    if not form.is_valid():
        return render(request, "web/imports/history.html", {"range": form}, status=422)
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    try:
        services.start_history(request.caller, first, last, dry_run=True)
    except DomainError as fault:
        put_on_form(form, fault)
    return render(request, "web/imports/history.html", history_of(request.caller, form))


def history_of(caller: Caller, form: RangeForm | None = None) -> dict[str, object]:
    """Return what the Toggl page shows of its history: the last import, and the days to ask for next."""
    last = next(iter(services.recent(caller, HISTORY)), None)
    today = timezone.now().astimezone(caller.zone).date()
    start = {"first": today - timedelta(days=365), "last": today}
    return {"range": form or RangeForm(initial=start), **_details(caller, last)}


def _shown(request: PageRequest, run: ImportOut) -> HttpResponse:
    template = "web/imports/run.html" if is_partial(request) else "web/imports/one.html"
    return render(request, template, _details(request.caller, run))


def _details(caller: Caller, run: ImportOut | None) -> dict[str, object]:
    if run is None:
        return {"import": None}
    counts = run.counts
    tiles = [
        (_("New"), counts.created),
        (_("Updated"), counts.updated),
        (_("Here already"), counts.unchanged),
        (_("Left out"), counts.skipped),
    ]
    return {
        "import": run,
        "import_active": run.status in ACTIVE,
        "changes": counts.created + counts.updated,
        "tiles": tiles,
        "first_problems": run.problems[:FIRST_SHOWN],
        "other_problems": run.problems[FIRST_SHOWN:],
        "members": people(caller) if run.unmatched_people else [],
    }
