"""What: the task tree and who may track on it.

Projects and tasks are one thing, a Task, at any depth. `path` holds the ids from the root down to the task
itself, each followed by a slash ("1/5/9/"), so a subtree is one range of an index: see `subtree_bounds`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from stint.accounts.models import Account, User


class BytewiseTextField(models.TextField[str, str]):
    """Text that PostgreSQL compares byte by byte, as SQLite always does, so that ranges agree on both."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        options.pop("db_collation", None)
        super().__init__(*args, **options)

    def db_parameters(self, connection: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return Django's parameters with the collation where the database has one to choose."""
        parameters: dict[str, Any] = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters

    def cast_db_type(self, connection: Any) -> str | None:  # noqa: ANN401
        """Return the plain type; a cast names no collation."""
        return "text"


class Task(models.Model):
    """A node of the tree people track time on.

    `archived` is the task's own state; `in_archive` is derived: the task or an ancestor is archived.
    A task that came from an integration carries where from (`source`, `source_kind`, `source_id`) for good;
    `read_only` says that the integration still rules it. `color` (#rrggbb, empty for none of its own) and
    `billable` hold for everything below, too, until a task there says otherwise.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False
    )
    path = BytewiseTextField()
    name = models.TextField()
    sort_name = BytewiseTextField()
    archived = models.BooleanField(default=False)
    in_archive = models.BooleanField(default=False)
    read_only = models.BooleanField(default=False)
    color = models.CharField(max_length=7, default="", db_default="", blank=True)
    billable = models.BooleanField(default=False, db_default=False)
    source = models.CharField(max_length=16, null=True)  # noqa: DJ001  (null, so that the unique index skips native tasks)
    source_kind = models.CharField(max_length=16, null=True)  # noqa: DJ001
    source_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "path"], name="tasks_task_path"),
            models.Index(fields=["account", "parent", "sort_name"], name="tasks_task_children"),
            models.Index(fields=["account", "sort_name"], name="tasks_task_sort_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source", "source_kind", "source_id"], name="tasks_task_source"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="tasks_task_own_parent"),
            models.CheckConstraint(
                condition=Q(archived=False) | Q(in_archive=True), name="tasks_task_in_archive"
            ),
            models.CheckConstraint(condition=Q(path__endswith="/") | Q(path=""), name="tasks_task_path_form"),
            models.CheckConstraint(
                condition=Q(source=None, source_kind=None, source_id=None, read_only=False)
                | Q(source__isnull=False, source_kind__isnull=False, source_id__isnull=False),
                name="tasks_task_source_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


END_OF_SUBTREE = "substr({path}, 1, length({path}) - 1) || '0'"
"""The upper one of `subtree_bounds`, as SQL for a path that a query finds."""


def subtree_bounds(path: str) -> tuple[str, str]:
    """Return `(low, high)` such that `low <= path < high` holds for the task at `path` and all below it."""
    return path, path[:-1] + "0"  # "0" follows "/" in ASCII


class Assignment(models.Model):
    """A person may track on a task and all below it.

    `withdrawn` marks an assignment that was taken away by hand: the row stays so that a later sync does not
    give it back.
    """

    class Origin(models.TextChoices):
        """Why the person is assigned: by hand, as owner of the integration, or by a matching e-mail."""

        MANUAL = "manual"
        OWNER = "owner"
        EMAIL = "email"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.MANUAL)
    withdrawn = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "task"], name="tasks_assignment_once"),
            models.CheckConstraint(
                condition=Q(origin__in=["manual", "owner", "email"]), name="tasks_assignment_origin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.task} ({self.origin})"


class Favourite(models.Model):
    """A task that a person wants first in every picker."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "task"], name="tasks_favourite_once")]

    def __str__(self) -> str:
        return f"{self.task} for {self.user}"
