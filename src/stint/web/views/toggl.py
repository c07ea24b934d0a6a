"""The Toggl page: enable, choose workspaces, preview, save, watch, keep in sync, unlink. Administrators only."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from stint.accounts import mail
from stint.accounts.queries import Caller
from stint.accounts.queries import people as account_people
from stint.errors import Conflict, DomainError
from stint.integrations import services
from stint.integrations.coworkers import coworkers, invite_coworkers
from stint.integrations.models import SyncRun
from stint.integrations.outcomes import PlanItem, SyncRunOut, TogglOut, TogglPerson
from stint.integrations.toggl.errors import TogglError
from stint.web.forms import TokenForm
from stint.web.gate import PageRequest, gated, is_partial, notice, put_on_form
from stint.web.plans import diff, totals
from stint.web.views.imports import history_of
from stint.web.views.people import asked

ACTIVE = ("queued", "running", "waiting")
KEEP = [
    ("off", gettext_lazy("Off"), gettext_lazy("Only when somebody presses Sync now.")),
    ("hourly", gettext_lazy("Hourly"), gettext_lazy("Looks for changes once an hour.")),
    ("daily", gettext_lazy("Daily"), gettext_lazy("Looks for changes once a day. Spares Toggl's quota.")),
    (
        "live",
        gettext_lazy("Live"),
        gettext_lazy("Toggl tells Stint at once. Needs an address Toggl can reach."),
    ),
]


@dataclass(frozen=True)
class Missing:
    """Somebody of a workspace who has no user here yet."""

    person: TogglPerson
    asked: bool
    disabled: bool
    chosen: bool

    @property
    def askable(self) -> bool:
        """Whether they can be ticked."""
        return bool(self.person.email) and not self.asked and not self.disabled


@require_safe
@gated("administrator")
def toggl(request: PageRequest) -> HttpResponse:
    """Show the integration in its present state."""
    return _page(request, TokenForm())


@require_POST
@sensitive_post_parameters("api_token")
@gated("administrator")
def enable(request: PageRequest) -> HttpResponse:
    """Check a token with Toggl and store it."""
    done = _("Toggl Track is connected. Choose workspaces, then look at the preview.")
    return _with_token(request, services.enable, done)


@require_POST
@sensitive_post_parameters("api_token")
@gated("administrator")
def reenable(request: PageRequest) -> HttpResponse:
    """Replace the token and its owner; the mirror is refreshed at once."""
    done = _("The new API token works. Everything imported before is found again.")
    return _with_token(request, services.reenable, done)


@require_POST
@gated("administrator")
def preview(request: PageRequest) -> HttpResponse:
    """Show what Save would do."""
    try:
        plan = services.preview(request.caller, _workspace_ids(request))
    except (DomainError, TogglError) as fault:
        return render(request, "web/toggl/plan.html", {"fault": str(fault)})
    seen = {"plan": plan, "totals": totals(plan), "diff": diff(plan.items, plan.left_out)}
    return render(request, "web/toggl/plan.html", seen)


@require_POST
@gated("administrator")
def save(request: PageRequest) -> HttpResponse:
    """Select the workspaces and synchronise at once."""
    run = services.save(request.caller, _workspace_ids(request))
    return _started(request, run)


@require_POST
@gated("administrator")
def sync(request: PageRequest) -> HttpResponse:
    """Synchronise what is selected."""
    return _started(request, services.sync_now(request.caller))


@require_POST
@gated("administrator")
def confirm(request: PageRequest) -> HttpResponse:
    """Go on with a run that stopped because it would archive much."""
    last = services.toggl(request.caller).last_sync
    if last is None or last.status != "needs_confirmation":
        raise Conflict(_("There is nothing to confirm any more"))
    asked = SyncRun.objects.filter(pk=last.id).values_list("selection", flat=True).get()
    if asked is None:
        asked = [space.id for space in services.toggl(request.caller).workspaces if space.selected]
    return _started(request, services.save(request.caller, asked, confirm=True))


@require_safe
@gated("administrator")
def run(request: PageRequest) -> HttpResponse:
    """Return how far the newest run is; when it has ended, the rest of the page is told to look again."""
    last = services.toggl(request.caller).last_sync
    response = render(request, "web/toggl/run.html", _run_of(last))
    if last is None or last.status not in ACTIVE:
        response.headers["HX-Trigger"] = json.dumps({"stint-sync-ended": {}})
    return response


@require_safe
@gated("administrator")
def details(request: PageRequest) -> HttpResponse:
    """Return quota and history anew."""
    return render(request, "web/toggl/details.html", _details(request.caller, services.toggl(request.caller)))


@require_safe
@gated("administrator")
def people(request: PageRequest) -> HttpResponse:
    """Return who is in the workspaces; whoever was ticked stays so."""
    seen = _coworkers(request.caller, set(_numbers(request.GET.getlist("people"))))
    return render(request, "web/toggl/coworkers.html", seen)


@require_POST
@gated("administrator")
def invite(request: PageRequest) -> HttpResponse:
    """Ask the ticked people to join."""
    chosen = set(_numbers(request.POST.getlist("people")))
    emails = [person.email for person in coworkers(request.caller) if person.external_id in chosen]
    if not emails:
        return notice(_("Tick whom to invite first."), kind="warning")
    made = invite_coworkers(request.caller, emails)
    return notice(asked(len(made)), kind="success", events=("stint-people",))


@require_safe
@gated("administrator")
def changes(request: PageRequest, run_id: int) -> HttpResponse:
    """Return what a run changed."""
    found = services.run(request.caller, run_id)
    items = msgspec.convert(services.run_changes(request.caller, run_id), list[PlanItem])
    happened = sum(number for _action, number in totals(found.counts))
    return render(
        request, "web/toggl/changes.html", {"run": found, "diff": diff(items, happened - len(items))}
    )


@require_POST
@gated("administrator")
def keep_in_sync(request: PageRequest) -> HttpResponse:
    """Choose when a sync starts by itself."""
    try:
        services.set_keep_in_sync(request.caller, request.POST.get("keep_in_sync", ""))
    except (DomainError, TogglError) as fault:
        seen = {"toggl": services.toggl(request.caller), "keep": KEEP, "fault": str(fault)}
        return render(request, "web/toggl/keep.html", seen)
    if is_partial(request):
        return render(
            request,
            "web/toggl/keep.html",
            {"toggl": services.toggl(request.caller), "keep": KEEP, "saved": True},
        )
    return redirect("toggl")


@require_POST
@gated("administrator")
def unlink(request: PageRequest) -> HttpResponse:
    """Erase the token where there is one; imported tasks are archived or kept."""
    had_token = services.toggl(request.caller).status != "off"
    services.unlink(request.caller, "keep" if request.POST.get("imported") == "keep" else "archive")
    if had_token:
        done = _("Toggl Track is unlinked and its API token erased. All time is still here.")
    else:
        done = _("The imported tasks are released. All time is still here.")
    messages.success(request, done)
    return redirect("toggl")


def _page(request: PageRequest, form: TokenForm, status: int = 200) -> HttpResponse:
    state = services.toggl(request.caller)
    seen = {"toggl": state, "form": form, "keep": KEEP, **_run_of(state.last_sync)}
    if state.status != "off":
        seen |= _details(request.caller, state) | _coworkers(request.caller, set())
        seen |= history_of(request.caller)
    return render(request, "web/toggl/page.html", seen, status=status)


def _run_of(last: SyncRunOut | None) -> dict[str, object]:
    return {
        "run": last,
        "run_active": last is not None and last.status in ACTIVE,
        "run_totals": totals(last.counts) if last else [],
    }


def _details(caller: Caller, state: TogglOut) -> dict[str, object]:
    return {
        "toggl": state,
        "runs": [(past, totals(past.counts), _seconds(past)) for past in services.syncs(caller)],
    }


def _coworkers(caller: Caller, chosen: set[int]) -> dict[str, object]:
    members = account_people(caller)
    named = {person.user_id: person.name for person in members}
    disabled = {person.email.lower() for person in members if not person.active}
    found = coworkers(caller)
    missing = [
        Missing(
            person,
            asked=person.invitation == "pending",
            disabled=person.email.lower() in disabled,
            chosen=person.external_id in chosen,
        )
        for person in found
        if not person.user_id
    ]
    return {
        "matched": [(person, named.get(person.user_id, "")) for person in found if person.user_id],
        "missing": missing,
        "askable": sum(each.askable for each in missing),
        "delivers": mail.delivers(),
    }


def _started(request: PageRequest, started: SyncRunOut) -> HttpResponse:
    if not is_partial(request):
        return redirect("toggl")
    return render(request, "web/toggl/run.html", {**_run_of(started), "started": True})


def _seconds(past: SyncRunOut) -> float | None:
    if past.started_at is None or past.finished_at is None:
        return None
    return (past.finished_at - past.started_at).total_seconds()


def _workspace_ids(request: PageRequest) -> list[int]:
    return _numbers(request.POST.getlist("workspace_ids"))


def _numbers(given: list[str]) -> list[int]:
    return [int(value) for value in given if value.isascii() and value.isdigit() and len(value) < 19]


def _with_token(request: PageRequest, act: Callable[[Caller, str], object], done: str) -> HttpResponse:
    """Do what a posted token is for; a refusal stands at its field."""
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            act(request.caller, form.cleaned_data["api_token"])
        except (DomainError, TogglError) as fault:
            put_on_form(form, fault)
        else:
            messages.success(request, done)
            return redirect("toggl")
    return _page(request, form, status=422)
