"""What may happen to rates and the currency, one transaction each. Managers and Administrators may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stint.accounts import audit
from stint.accounts.models import Membership
from stint.accounts.queries import Caller
from stint.database import write
from stint.entries.fields import EARLIEST
from stint.errors import Invalid, NotAllowed, NotFound
from stint.rates.models import AccountCurrency, Rate
from stint.rates.money import check_currency, places, read_amount, shown
from stint.rates.queries import currency_of
from stint.tasks.models import Task

ALWAYS = EARLIEST.date()  # what a rate without a first day begins on


class RateOut(msgspec.Struct, frozen=True):
    """A rate an hour as a decimal text; `from` is null where it holds from the beginning.

    `task_id` stands for the task and all below it, `user_id` for a person, both for that person there, neither
    for the account.
    """

    id: int
    task_id: int | None
    user_id: int | None
    first_day: date | None = msgspec.field(name="from")
    amount: str


class Rates(msgspec.Struct, frozen=True):
    """The rates of an account, all in its one currency (ISO 4217)."""

    currency: str
    items: list[RateOut]


def rates(caller: Caller, *, task_id: int | None = None, user_id: int | None = None) -> Rates:
    """Return the rates of the account, or those of a task or person, each place's in the order of its days.

    Raises:
        NotAllowed: the caller is a Member.

    """
    must_manage(caller)
    found = Rate.objects.filter(account_id=caller.account_id).order_by("task_id", "user_id", "first_day")
    if task_id is not None:
        found = found.filter(task_id=task_id)
    if user_id is not None:
        found = found.filter(user_id=user_id)
    currency = currency_of(caller.account_id)
    return Rates(currency, [_present(rate, currency) for rate in found])


def people_rates(caller: Caller, day: date) -> dict[int, str]:
    """Return `{person: amount}`, the rates of people's own that hold on a day; for Members none."""
    if not caller.manages:
        return {}
    kept = Rate.objects.filter(
        account_id=caller.account_id, task=None, user__isnull=False, first_day__lte=day
    ).order_by("first_day")
    decimals = places(currency_of(caller.account_id))
    return {rate.user_id: shown(rate.amount, decimals) for rate in kept if rate.user_id is not None}


def set_rate(
    caller: Caller,
    amount: str | Decimal,
    *,
    task_id: int | None = None,
    user_id: int | None = None,
    first_day: date | None = None,
) -> RateOut:
    """Have a rate hold at a place from a day on (None: from the beginning), in place of one that began that day.

    Raises:
        NotAllowed: the caller is a Member.
        Invalid: the amount is none, there is no such task or person, or no time can be tracked on the day.

    """
    must_manage(caller)
    value = read_amount("amount", amount, zero=True)
    day = first_day or ALWAYS
    if day < ALWAYS:
        raise Invalid("from", _("names a day on which no time can be tracked"))
    with write():
        about = _place(caller, task_id, user_id)
        at: dict[str, Any] = {
            "account_id": caller.account_id,
            "task_id": task_id,
            "user_id": user_id,
            "first_day": day,
        }
        before = Rate.objects.filter(**at).first()
        rate, _new = Rate.objects.update_or_create(**at, defaults={"amount": value})
        currency = currency_of(caller.account_id)
        told = _told(before, currency) if before else ""
        audit.note(caller, audit.Act.RATE, about, before=told, after=_told(rate, currency))
    return _present(rate, currency)


def remove_rate(caller: Caller, rate_id: int) -> None:
    """Take a rate away; what held before it at its place holds on.

    Raises:
        NotAllowed: the caller is a Member.
        NotFound: there is no such rate.

    """
    must_manage(caller)
    with write():
        rate = Rate.objects.filter(account_id=caller.account_id, pk=rate_id).first()
        if rate is None:
            raise NotFound(_("There is no such rate."))
        about = _place(caller, rate.task_id, rate.user_id)
        audit.note(caller, audit.Act.RATE, about, before=_told(rate, currency_of(caller.account_id)))
        rate.delete()


def set_currency(caller: Caller, code: str) -> str:
    """Name the currency of the account, and return it. Amounts keep their numbers; nothing is converted.

    Raises:
        NotAllowed: the caller is no Administrator.
        Invalid: it is no currency.

    """
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may change the account."))
    code = check_currency(code)
    with write():
        before = currency_of(caller.account_id)
        AccountCurrency.objects.update_or_create(account_id=caller.account_id, defaults={"code": code})
        audit.note(caller, audit.Act.RATE, caller.account_name, before=before, after=code)
    return code


def must_manage(caller: Caller) -> None:
    """Refuse Members: what time is worth is not theirs to see.

    Raises:
        NotAllowed: the caller is a Member.

    """
    if not caller.manages:
        raise NotAllowed(_("Only Managers and Administrators may see and change rates and budgets."))


def _place(caller: Caller, task_id: int | None, user_id: int | None) -> str:
    """Return what a place is called."""
    names = []
    if user_id is not None:
        member = Membership.objects.filter(account_id=caller.account_id, user_id=user_id)
        person = member.select_related("user").first()
        if person is None:
            raise Invalid("user_id", _("names no person of this account"))
        names.append(str(person.user))
    if task_id is not None:
        task = Task.objects.filter(account_id=caller.account_id, pk=task_id).first()
        if task is None:
            raise Invalid("task_id", _("names no task of this account"))
        names.append(task.name)
    return ", ".join(names) or caller.account_name


def _present(rate: Rate, currency: str) -> RateOut:
    day = None if rate.first_day == ALWAYS else rate.first_day
    return RateOut(rate.pk, rate.task_id, rate.user_id, day, shown(rate.amount, places(currency)))


def _told(rate: Rate, currency: str) -> str:
    amount = f"{shown(rate.amount, places(currency))} {currency}"
    if rate.first_day == ALWAYS:
        return amount
    return _("%(amount)s from %(day)s") % {
        "amount": amount,
        "day": date_format(rate.first_day, "DATE_FORMAT"),
    }
