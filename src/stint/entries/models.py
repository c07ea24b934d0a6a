"""When: time entries, the one running timer of each user, and the history of edits."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from stint.accounts.models import Account, User
from stint.tasks.models import Task


class Surface(models.TextChoices):
    """Which program made an entry."""

    WEB = "web"
    MOBILE = "mobile"
    DESKTOP = "desktop"
    EXTENSION = "extension"
    CLI = "cli"
    API = "api"
    IMPORT = "import"


class Entry(models.Model):
    """A stretch of a person's time; running while `end` is null.

    The id is a UUIDv7 made by whoever creates the entry, so an offline client can send it again safely:
    `created_as` is the digest of the creating request, by which a repeated one is known. `day` is the date of
    `start` in the user's time zone, `seconds` the length in real seconds (0 while running).
    """

    id = models.UUIDField(primary_key=True)
    # No index of its own for any of the three: those below begin with them.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="entries", db_index=False)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False
    )
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    day = models.DateField()
    seconds = models.PositiveIntegerField(default=0)
    note = models.TextField(default="", blank=True)
    tags = models.JSONField(default=list)
    billable = models.BooleanField(default=False)
    made_by = models.CharField(max_length=9, choices=Surface.choices)
    version = models.PositiveIntegerField(default=1)
    created_as = models.CharField(max_length=64, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["account", "user", "day", "task", "seconds", "billable"], name="entries_user_day"
            ),
            models.Index(
                fields=["account", "day", "task", "user", "seconds", "billable"], name="entries_day"
            ),
            models.Index(
                fields=["account", "task", "day", "user", "seconds", "billable"], name="entries_task_day"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(end=None), name="entries_one_running"),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="entries_end_after_start"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=False) | Q(seconds=0), name="entries_running_seconds"
            ),
            models.CheckConstraint(condition=Q(made_by__in=Surface.values), name="entries_made_by"),
        ]

    def __str__(self) -> str:
        return f"{self.note or 'Time entry'} of {self.user}"


class EntryChange(models.Model):
    """One edit of an entry: who, when, what it was and what it became. Outlives the entry."""

    class Action(models.TextChoices):
        """What was done."""

        EDIT = "edit"
        STOP = "stop"
        DELETE = "delete"
        RESTORE = "restore"

    entry_id = models.UUIDField(db_index=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    changed_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField()
    action = models.CharField(max_length=8, choices=Action.choices)
    before = models.JSONField()
    after = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.action} of {self.entry_id}"
