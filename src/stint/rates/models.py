"""How much: billable rates, budgets, and the currency of an account. Stint's own, on mirrored tasks, too."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from stint.accounts.models import Account, User
from stint.rates.money import DEFAULT_CURRENCY
from stint.tasks.models import Task


class AccountCurrency(models.Model):
    """The currency of an account; without a row it is the default one."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="+")
    code = models.CharField(max_length=3, default=DEFAULT_CURRENCY)

    def __str__(self) -> str:
        return self.code


class Rate(models.Model):
    """What an hour of billable time costs at a place, from `first_day` until the next rate of the same place.

    The place is a task with all below it, a person, that person on that task, or with neither the account.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    first_day = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("account"),
                Coalesce("task", Value(0)),
                Coalesce("user", Value(0)),
                F("first_day"),
                name="rates_rate_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="rates_rate_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} from {self.first_day}"


class Budget(models.Model):
    """What a task and all below it may take, in hours or money, counted from `first_day` where there is one.

    `warned` is the share in percent that was last warned of, so that each warning is given once.
    """

    class Kind(models.TextChoices):
        """What the amount counts: hours of all time, or money for the billable time."""

        HOURS = "hours"
        MONEY = "money"

    task = models.OneToOneField(Task, on_delete=models.CASCADE, primary_key=True, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    first_day = models.DateField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="rates_budget_amount"),
            models.CheckConstraint(condition=Q(kind__in=["hours", "money"]), name="rates_budget_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.kind} for {self.task_id}"


class BudgetWarning(models.Model):
    """A warning that has yet to reach a person by mail; gone once it is sent."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="warnings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["budget", "user", "level"], name="rates_warning_once")]

    def __str__(self) -> str:
        return f"{self.level} % of {self.budget_id}"


class Touched(models.Model):
    """A task on which time, rates or a budget came to be different since budgets were last looked at.

    Triggers of the database write it, whoever changed what: see the migration. Without a task the rates of the account
    changed.
    """

    account_id = models.BigIntegerField()
    task_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.task_id or 'rates'} of {self.account_id}"
