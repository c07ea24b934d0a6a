"""Warnings of budgets: looked for once a minute, sent by a worker, tried again while the mail server is away."""

from __future__ import annotations

import logging
import smtplib
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task

from stint.accounts.mail import LOST_AFTER, PAUSES, is_due
from stint.accounts.post import QUEUE, jittered
from stint.database import write
from stint.rates import budgets
from stint.rates.models import BudgetWarning
from stint.rates.money import written

logger = logging.getLogger("stint.rates")

LOOK_SECONDS = 60.0
_looked = -LOOK_SECONDS


def tick() -> None:
    """Look at the budgets once a minute, and have the warnings sent whose time has come."""
    global _looked
    if monotonic() - _looked >= LOOK_SECONDS:
        _looked = monotonic()
        budgets.look()
    send_due()


def send_due() -> None:
    """Have those warnings sent whose time has come."""
    now = timezone.now()
    for warning in BudgetWarning.objects.filter(is_due(now)):
        claimed = BudgetWarning.objects.filter(pk=warning.pk, next_try_at=warning.next_try_at)
        if claimed.update(next_try_at=now + LOST_AFTER):
            send_warning.enqueue(warning.pk)


@task(queue_name=QUEUE)
def send_warning(warning_id: int) -> None:
    """Send a warning, unless the budget was changed meanwhile."""
    found = BudgetWarning.objects.filter(pk=warning_id).select_related(
        "user", "budget__task", "budget__account"
    )
    warning = found.first()
    if warning is None:
        return
    try:
        _message(warning).send()
    except (OSError, smtplib.SMTPException) as fault:
        logger.warning(
            "a warning of budget %s could not be sent: %s", warning.budget_id, type(fault).__name__
        )
        _again(warning)
    else:
        warning.delete()


def _again(warning: BudgetWarning) -> None:
    """Have a warning tried again after a pause, until there have been too many."""
    with write():
        if warning.tries >= len(PAUSES):
            warning.delete()
            return
        following = timezone.now() + jittered(PAUSES[warning.tries])
        BudgetWarning.objects.filter(pk=warning.pk).update(tries=warning.tries + 1, next_try_at=following)


def _message(warning: BudgetWarning) -> EmailMessage:
    with translation.override(warning.user.language or settings.LANGUAGE_CODE):
        budget = budgets.present(warning.budget)
        seen = {
            "level": warning.level,
            "task": warning.budget.task.name,
            "account": warning.budget.account,
            "budget": budget,
            "used": written(budget.used),
            "amount": written(budget.amount),
            "link": f"{settings.PUBLIC_URL}/projects",
        }
        return EmailMessage(
            subject=" ".join(render_to_string("rates/mail/warning_subject.txt", seen).split()),
            body=render_to_string("rates/mail/warning.txt", seen),
            to=[warning.user.email],
        )
