"""What time costs: rates and the budget of a task, and rates of a person, in dialogs; the account's in its settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stint.accounts.queries import Caller, people
from stint.errors import DomainError, Invalid, NotFound
from stint.rates import budgets, services
from stint.rates.money import typed
from stint.tasks import queries
from stint.web.gate import PageRequest, gated, sentence


@require_http_methods(["GET", "HEAD", "POST"])
@gated("manager")
def of_task(request: PageRequest, task_id: int) -> HttpResponse:
    """Show and change the rates and the budget of a task, mirrored or not."""
    task = queries.task(request.caller, task_id)
    fault = _changed(request.caller, request.POST, task_id)
    kept = budgets.budgets(request.caller, [task_id]).get(task_id)
    seen = {"task": task, "budget": kept, **shown_to(request.caller, task_id), **_again(request.POST, fault)}
    return render(request, "web/rates/dialog.html", seen)


@require_http_methods(["GET", "HEAD", "POST"])
@gated("administrator")
def of_account(request: PageRequest) -> HttpResponse:
    """Show and change the currency, the rate of the account, and those of people."""
    fault = _changed(request.caller, request.POST, None)
    seen = {**shown_to(request.caller, None), **_again(request.POST, fault)}
    return render(request, "web/rates/account.html", seen)


@require_http_methods(["GET", "HEAD", "POST"])
@gated("manager")
def of_person(request: PageRequest, user_id: int) -> HttpResponse:
    """Show the rates of a person, and change the one that holds wherever no task says otherwise."""
    person = next((each for each in people(request.caller) if each.user_id == user_id), None)
    if person is None:
        raise NotFound(_("There is no such person in this account."))
    fault = _changed(request.caller, request.POST, None, user_id)
    found = services.rates(request.caller, user_id=user_id)
    names = queries.names({rate.task_id for rate in found.items if rate.task_id is not None})
    everywhere = _("Where no task says otherwise")
    seen = {
        "person": person,
        "currency": found.currency,
        "rates": [(rate, names.get(rate.task_id or 0, everywhere)) for rate in found.items],
        **_again(request.POST, fault),
    }
    response = render(request, "web/rates/person.html", seen)
    if request.method == "POST" and not fault:
        response.headers["HX-Trigger"] = "stint-people"
    return response


def shown_to(caller: Caller, task_id: int | None) -> dict[str, Any]:
    """Return what lists of rates show: those of a task, or those that stand on none."""
    found = services.rates(caller, task_id=task_id)
    everybody = people(caller)
    names = {person.user_id: person.name for person in everybody}
    rates = [(rate, names.get(rate.user_id or 0, "")) for rate in found.items if rate.task_id == task_id]
    return {
        "currency": found.currency,
        "rates": rates,
        "people": [person for person in everybody if person.active],
    }


def _again(given: Mapping[str, str], fault: str) -> dict[str, Any]:
    """Return what was typed, which a fault leaves in its fields."""
    return {"fault": fault, "given": given if fault else {}}


def _changed(
    caller: Caller, given: Mapping[str, str], task_id: int | None, user_id: int | None = None
) -> str:
    """Do what a form asks for, and return why it may not be."""
    try:
        _change(caller, given, task_id, user_id)
    except DomainError as fault:
        return sentence(fault)
    return ""


def _change(caller: Caller, given: Mapping[str, str], task_id: int | None, user_id: int | None) -> None:
    match given.get("act"):
        case "rate":
            services.set_rate(
                caller,
                typed("amount", given.get("amount", "")),
                task_id=task_id,
                user_id=user_id or _id(given.get("user_id", "")),
                first_day=_day(given.get("from", "")),
            )
        case "remove":
            services.remove_rate(caller, _id(given.get("rate_id", "")) or 0)
        case "currency":
            services.set_currency(caller, given.get("currency", ""))
        case "budget" if task_id is not None:
            amount, kind = typed("amount", given.get("amount", "")), given.get("kind", "")
            budgets.set_budget(caller, task_id, kind, amount, _day(given.get("from", "")))
        case "drop" if task_id is not None:
            budgets.remove_budget(caller, task_id)


def _id(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Invalid("from", _("must be a day such as 2026-11-23")) from None
