"""What time costs: rates, the currency, and budgets of tasks."""

from __future__ import annotations

from datetime import date

import msgspec
from django.http import HttpResponse

from stint.api.application import api, nothing, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Body, Id, read_body, read_query
from stint.rates import budgets, services
from stint.rates.budgets import BudgetOut, Kind
from stint.rates.services import RateOut, Rates


class RatesQuery(msgspec.Struct, frozen=True):
    """Whose rates: those entered for a task, for a person, or all."""

    task_id: Id | None = None
    user_id: Id | None = None


class NewRate(Body):
    """A rate an hour ("95.50") from a day on; without `from`, from the beginning.

    It is that of a task and all below it, of a person, of a person there, or with neither of the account.
    """

    amount: str
    task_id: Id | None = None
    user_id: Id | None = None
    first_day: date | None = msgspec.field(default=None, name="from")


class CurrencyBody(Body):
    """A currency of ISO 4217, such as EUR."""

    currency: str


class NewBudget(Body):
    """A budget in hours, or in money of the account's currency; with `from`, time counts from that day on."""

    kind: Kind
    amount: str
    first_day: date | None = msgspec.field(default=None, name="from")


@api.get("/rates", tags=["rates"], **describe({200: Rates}, query=RatesQuery, errors=(403,)))
def rates(request: ApiRequest) -> HttpResponse:
    """Return the billable rates of the account. Managers and Administrators may."""
    wanted = read_query(request, RatesQuery)
    return reply(services.rates(request.caller, task_id=wanted.task_id, user_id=wanted.user_id))


@api.put("/rates", tags=["rates"], **describe({200: RateOut}, body=NewRate, errors=(403,)))
def set_rate(request: ApiRequest) -> HttpResponse:
    """Have a rate hold from a day on, in place of one of the same day. Managers and Administrators may.

    The most specific rate counts: of the person on the task or the nearest above it, of the task or the nearest
    above it, of the person, of the account.
    """
    new = read_body(request, NewRate)
    return reply(
        services.set_rate(
            request.caller, new.amount, task_id=new.task_id, user_id=new.user_id, first_day=new.first_day
        )
    )


@api.put("/rates/currency", tags=["rates"], **describe({200: CurrencyBody}, body=CurrencyBody, errors=(403,)))
def set_currency(request: ApiRequest) -> HttpResponse:
    """Name the currency of the account; nothing is converted. Administrators may."""
    given = read_body(request, CurrencyBody)
    return reply(CurrencyBody(services.set_currency(request.caller, given.currency)))


@api.delete("/rates/{id:rate_id}", tags=["rates"], **describe({204: None}, errors=(403, 404)))
def remove_rate(request: ApiRequest, rate_id: int) -> HttpResponse:
    """Take a rate away. Managers and Administrators may."""
    services.remove_rate(request.caller, rate_id)
    return nothing()


@api.get("/tasks/{id:task_id}/budget", tags=["rates"], **describe({200: BudgetOut}, errors=(403, 404)))
def budget(request: ApiRequest, task_id: int) -> HttpResponse:
    """Return the budget of a task with its progress. Managers and Administrators may."""
    return reply(budgets.budget(request.caller, task_id))


@api.put(
    "/tasks/{id:task_id}/budget",
    tags=["rates"],
    **describe({200: BudgetOut}, body=NewBudget, errors=(403, 404)),
)
def set_budget(request: ApiRequest, task_id: int) -> HttpResponse:
    """Give a task a budget; at 80 and 100 % who manages is warned by mail. Managers and Administrators may."""
    new = read_body(request, NewBudget)
    return reply(budgets.set_budget(request.caller, task_id, new.kind, new.amount, new.first_day))


@api.delete("/tasks/{id:task_id}/budget", tags=["rates"], **describe({204: None}, errors=(403, 404)))
def remove_budget(request: ApiRequest, task_id: int) -> HttpResponse:
    """Take a task's budget away. Managers and Administrators may."""
    budgets.remove_budget(request.caller, task_id)
    return nothing()
