"""Budgets of tasks: what is used of them, and when somebody is warned. Managers and Administrators may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts import audit
from stint.accounts.models import Membership, Role
from stint.accounts.queries import Caller
from stint.database import write
from stint.entries.fields import EARLIEST
from stint.errors import Invalid, NotFound
from stint.events import Event, announce
from stint.rates.book import Book
from stint.rates.models import Budget, BudgetWarning, Touched
from stint.rates.money import UNITS, places, read_amount, rounded, shown, thousandths
from stint.rates.queries import book_of, currency_of, seconds_spent, touched, units_spent
from stint.rates.services import must_manage
from stint.tasks.models import Task

Kind = Literal["hours", "money"]

MARKS_AT_ONCE = 500
LAST_DAY = date(9999, 12, 31)
LEVELS = (80, 100)  # percent at which Managers and Administrators are warned


class BudgetOut(msgspec.Struct, frozen=True):
    """A budget of a task and all below it, amounts as decimal texts: hours, or money in `currency`.

    Hours count all finished time, money the billable part at its rates; both from `from` on, null for all time.
    `percent` is the whole part of what share is used.
    """

    task_id: int
    kind: Kind
    amount: str
    used: str
    percent: int
    currency: str
    first_day: date | None = msgspec.field(name="from")


def budget(caller: Caller, task_id: int) -> BudgetOut:
    """Return the budget of a task with its progress.

    Raises:
        NotAllowed: the caller is a Member.
        NotFound: there is no such task, or it has no budget.

    """
    must_manage(caller)
    found = budgets(caller, [_task(caller, task_id).pk])
    if not found:
        raise NotFound(_("This task has no budget."))
    return found[task_id]


def budgets(caller: Caller, task_ids: Iterable[int]) -> dict[int, BudgetOut]:
    """Return the budgets of those of the given tasks that have one; for Members none."""
    if not caller.manages:
        return {}
    wanted = set(task_ids)
    found = [kept for kept in Budget.objects.filter(account_id=caller.account_id) if kept.task_id in wanted]
    if not found:
        return {}
    used, currency = used_units(found, book_of(caller.account_id)), currency_of(caller.account_id)
    return {kept.task_id: _present(kept, used[kept.task_id], currency) for kept in found}


def set_budget(
    caller: Caller, task_id: int, kind: str, amount: str | Decimal, first_day: date | None = None
) -> BudgetOut:
    """Give a task a budget, in place of the one it has. A changed one warns anew.

    Raises:
        NotAllowed: the caller is a Member.
        NotFound: there is no such task.
        Invalid: the amount is none or zero, the kind neither hours nor money, or the day too early.

    """
    must_manage(caller)
    if kind not in Budget.Kind.values:
        raise Invalid("kind", _("must be hours or money"))
    if first_day is not None and first_day < EARLIEST.date():
        raise Invalid("from", _("names a day on which no time can be tracked"))
    value = read_amount("amount", amount, zero=False)
    with write():
        task = _task(caller, task_id)
        before = Budget.objects.select_for_update(no_key=True).filter(task=task).first()
        told = _told(before, caller) if before else ""
        if before is None or (before.kind, before.amount, before.first_day) != (kind, value, first_day):
            _forget(task)
            kept = Budget.objects.create(
                task=task, account_id=caller.account_id, kind=kind, amount=value, first_day=first_day
            )
            audit.note(caller, audit.Act.BUDGET, task.name, before=told, after=_told(kept, caller))
            announce(Event("tasks", str(task.pk), caller.account_id))
    return budget(caller, task_id)


def remove_budget(caller: Caller, task_id: int) -> None:
    """Take a task's budget away.

    Raises:
        NotAllowed: the caller is a Member.
        NotFound: there is no such task, or it has no budget.

    """
    must_manage(caller)
    with write():
        task = _task(caller, task_id)
        before = Budget.objects.filter(task=task).first()
        if before is None:
            raise NotFound(_("This task has no budget."))
        audit.note(caller, audit.Act.BUDGET, task.name, before=_told(before, caller))
        _forget(task)
        announce(Event("tasks", str(task.pk), caller.account_id))


def look() -> None:
    """Look at the budgets over what changed since the last look, and note who is to be told what.

    The marks go once that is done: what happens meanwhile leaves marks of its own.
    """
    while marks := touched(MARKS_AT_ONCE):
        above: defaultdict[int, set[int]] = defaultdict(set)
        repriced = set()
        for _mark, account_id, path in marks:
            if path is None:
                repriced.add(account_id)
            else:
                above[account_id].update(int(part) for part in path.split("/")[:-1])
        for account_id in above.keys() | repriced:
            _look_at(account_id, above[account_id], repriced=account_id in repriced)
        with write():
            Touched.objects.filter(pk__in=[mark for mark, *_rest in marks]).delete()


def _look_at(account_id: int, task_ids: set[int], *, repriced: bool) -> None:
    """Look at the budgets of some tasks that may yet be warned of; with `repriced` at all in money."""
    open_ = [
        kept
        for kept in Budget.objects.filter(account_id=account_id, warned__lt=LEVELS[-1])
        if kept.task_id in task_ids or (repriced and kept.kind == Budget.Kind.MONEY)
    ]
    used = used_units(open_, book_of(account_id)) if open_ else {}
    for kept in open_:
        percent = _percent(kept, used[kept.task_id])
        reached = max((level for level in LEVELS if level <= percent), default=0)
        if reached > kept.warned:
            _warn(kept, reached)


def used_units(budgets: Sequence[Budget], book: Book) -> dict[int, int]:
    """Return `{task: what is used}` of budgets of one account, an hour or a whole unit of money counting UNITS."""
    account_id = budgets[0].account_id
    hours = [kept.task_id for kept in budgets if kept.kind == Budget.Kind.HOURS]
    money = [kept.task_id for kept in budgets if kept.kind == Budget.Kind.MONEY]
    seconds = seconds_spent(account_id, hours)
    units = units_spent(account_id, money, book, EARLIEST.date(), LAST_DAY)
    return {id_: seconds.get(id_, 0) * 1000 for id_ in hours} | {id_: units[id_] for id_ in money}


def present(kept: Budget) -> BudgetOut:
    """Return a budget with its progress, as whoever manages sees it."""
    used = used_units([kept], book_of(kept.account_id))
    return _present(kept, used[kept.task_id], currency_of(kept.account_id))


def _warn(kept: Budget, level: int) -> None:
    """Note that a level was reached, once, whoever else is looking."""
    with write():
        if not Budget.objects.filter(pk=kept.pk, warned=kept.warned).update(warned=level):
            return
        BudgetWarning.objects.filter(budget=kept).delete()
        told = Membership.objects.filter(
            account_id=kept.account_id, role__in=[Role.ADMINISTRATOR, Role.MANAGER], user__is_active=True
        )
        now = timezone.now()
        BudgetWarning.objects.bulk_create(
            BudgetWarning(budget=kept, user_id=person.user_id, level=level, next_try_at=now)
            for person in told
        )


def _percent(kept: Budget, units: int) -> int:
    return units * 100 * 1000 // (thousandths(kept.amount) * UNITS)


def _present(kept: Budget, units: int, currency: str) -> BudgetOut:
    decimals = 2 if kept.kind == Budget.Kind.HOURS else places(currency)
    kind: Kind = "hours" if kept.kind == Budget.Kind.HOURS else "money"
    return BudgetOut(
        kept.task_id,
        kind,
        shown(kept.amount, decimals),
        rounded(units, decimals),
        _percent(kept, units),
        currency,
        kept.first_day,
    )


def _forget(task: Task) -> None:
    Budget.objects.filter(task=task).delete()


def _task(caller: Caller, task_id: int) -> Task:
    task = Task.objects.filter(account_id=caller.account_id, pk=task_id).first()
    if task is None:
        raise NotFound(_("There is no such task."))
    return task


def _told(kept: Budget, caller: Caller) -> str:
    if kept.kind == Budget.Kind.HOURS:
        return _("%(hours)s hours") % {"hours": shown(kept.amount, 0)}
    currency = currency_of(caller.account_id)
    return f"{shown(kept.amount, places(currency))} {currency}"
