"""The people of the account, and those asked to join it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import UNSET, UnsetType

from stint.accounts import invitations, mail, queries
from stint.accounts import people as domain
from stint.accounts.models import Role
from stint.accounts.queries import Caller, Person
from stint.errors import DomainError
from stint.rates.queries import currency_of
from stint.rates.services import people_rates
from stint.web.gate import PageRequest, gated, is_partial, notice, put_on_form, sentence
from stint.web.people_forms import ROLE_NAMES, ROLES, InviteForm

MOST_SHOWN = 200
SEARCHED_FROM = 12


@require_safe
@gated()
def people(request: PageRequest) -> HttpResponse:
    """Show who is in the account; Administrators also see who was asked to join."""
    found = queries.people(request.caller)
    q = request.GET.get("q", "").strip()
    costs = people_rates(request.caller, timezone.localdate(timezone=request.caller.zone))
    shown = sorted(_matching(found, q), key=lambda person: not person.active)
    seen = {
        "q": q,
        "searched": len(found) >= SEARCHED_FROM or q,
        "active": sum(person.active for person in found),
        "people": [
            (person, ROLES[person.role][0], costs.get(person.user_id, "")) for person in shown[:MOST_SHOWN]
        ],
        "currency": currency_of(request.caller.account_id) if costs else "",
        "left_out": len(shown[MOST_SHOWN:]),
        "roles": ROLE_NAMES,
        **(_for_administrators(request.caller, found) if request.caller.administers else {}),
    }
    return render(request, f"web/people/{'lists' if is_partial(request) else 'page'}.html", seen)


@require_http_methods(["GET", "HEAD", "POST"])
@gated("administrator")
def invite(request: PageRequest) -> HttpResponse:
    """Ask people to join by e-mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = invitations.invite(request.caller, form.cleaned_data["emails"], form.cleaned_data["role"])
        except DomainError as fault:
            put_on_form(form, fault)
        else:
            return notice(asked(len(made)), kind="success", events=("stint-people", "stint-close-dialog"))
    return render(request, "web/people/invite.html", {"form": form, "delivers": mail.delivers()})


@require_POST
@gated("administrator")
def resend(request: PageRequest, invitation_id: int) -> HttpResponse:
    """Send an invitation again, with a fresh link."""
    again = invitations.resend(request.caller, invitation_id)
    text = _("A fresh link is on its way to %(email)s; the one before is void.")
    if not mail.delivers():
        text = _("There is a fresh link for %(email)s; the one before is void.")
    return notice(text % {"email": again.email}, kind="success", events=("stint-people",))


@require_POST
@gated("administrator")
def revoke(request: PageRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitations.revoke(request.caller, invitation_id)
    return notice(_("The invitation is taken back."), kind="success", events=("stint-people",))


@require_POST
@gated("administrator")
def change_role(request: PageRequest, user_id: int) -> HttpResponse:
    """Give somebody another role."""
    answer = _change(request, user_id, role=request.POST.get("role", ""))
    if user_id == request.caller.user_id and answer.status_code == 200:
        answer.headers["HX-Refresh"] = "true"  # the whole page is another one now
    return answer


@require_POST
@gated("administrator")
def disable(request: PageRequest, user_id: int) -> HttpResponse:
    """Shut somebody out."""
    return _change(request, user_id, active=False)


@require_POST
@gated("administrator")
def enable(request: PageRequest, user_id: int) -> HttpResponse:
    """Let somebody in again."""
    return _change(request, user_id, active=True)


def asked(number: int) -> str:
    """Return what is said when so many people were asked to join."""
    if mail.delivers():
        text = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", number
        )
    else:
        text = ngettext(
            "%(count)d invitation is made. Copy its link and hand it over.",
            "%(count)d invitations are made. Copy their links and hand them over.",
            number,
        )
    return text % {"count": number}


def _change(
    request: PageRequest, user_id: int, *, role: str | UnsetType = UNSET, active: bool | UnsetType = UNSET
) -> HttpResponse:
    # A refusal too has the list look again: it may show what was chosen, not what is.
    try:
        person = domain.change_person(request.caller, user_id, role=role, active=active)
    except DomainError as fault:
        return notice(sentence(fault), kind="error", status=fault.status, events=("stint-people",))
    named = {"name": person.name, "role": ROLES[person.role][0]}
    if active is UNSET:
        text = _("%(name)s: %(role)s from now on.") % named
    elif active:
        text = _("%(name)s may come in again.") % named
    else:
        text = _("%(name)s is shut out. Their time is still here.") % named
    if user_id == request.caller.user_id:
        messages.success(request, text)
        return notice()
    return notice(text, kind="success", events=("stint-people",))


def _matching(people: list[Person], q: str) -> list[Person]:
    words = q.casefold().split()
    return [
        person
        for person in people
        if all(word in f"{person.name} {person.email}".casefold() for word in words)
    ]


def _for_administrators(caller: Caller, found: list[Person]) -> dict[str, object]:
    administrators = [
        person.user_id for person in found if person.active and person.role == Role.ADMINISTRATOR
    ]
    made = invitations.invitations(caller)
    return {
        "last_administrator": administrators[0] if len(administrators) == 1 else None,
        "invitations": [(each, ROLES[each.role][0]) for each in made if each.status != "accepted"],
        "delivers": mail.delivers(),
        "outbox": mail.outbox(),
    }
