"""Saved reports: questions with a name."""

from __future__ import annotations

from django.db import models

from stint.accounts.models import Account, User


class SavedReport(models.Model):
    """A question under a name: which view of it, and the query of its address.

    A shared one is seen by everybody of the account; whoever opens it gets the answer to what they may ask.
    """

    class View(models.TextChoices):
        """Which page it opens."""

        SUMMARY = "summary"
        DETAILED = "detailed"
        WEEKLY = "weekly"
        TREE = "tree"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=190)
    view = models.CharField(max_length=8, choices=View.choices)
    question = models.CharField(max_length=2000)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "owner", "name"], name="reports_saved_name"),
            models.CheckConstraint(
                condition=models.Q(view__in=["summary", "detailed", "weekly", "tree"]),
                name="reports_saved_view",
            ),
        ]

    def __str__(self) -> str:
        return self.name
