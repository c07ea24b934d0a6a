"""Imports of an account: what was asked for, how far each came, and what it is read from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stint.accounts.models import Account, User


class Import(models.Model):
    """One import on record. A finished dry run keeps what it read for a day, so that it can be carried out.

    `kind` is one of `kinds.KINDS`, `options` what was asked of it. `attempts` counts how often a worker took it
    up, `deaths` how often it was never heard of again.
    """

    class Status(models.TextChoices):
        """Where the import stands. Waiting: for Toggl's quota. Queued and running end by themselves."""

        QUEUED = "queued"
        RUNNING = "running"
        WAITING = "waiting"
        NEEDS_CONFIRMATION = "needs_confirmation"
        DONE = "done"
        FAILED = "failed"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=18, choices=Status.choices, default=Status.QUEUED)
    dry_run = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    file_name = models.CharField(max_length=190, default="", blank=True)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=190, default="", blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    requests = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    more_problems = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    unmatched = models.JSONField(default=list)
    error = models.TextField(default="", blank=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    resumes_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="imports_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(status="running"), name="imports_one_running"
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.kind} ({self.status})"


class FilePart(models.Model):
    """A compressed piece of an uploaded file: in the database, where every worker finds it."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="imports_part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of {self.of}"


class Answer(models.Model):
    """One compressed answer of the source, kept so that an import that waits for hours asks nothing twice."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=190)
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "key"], name="imports_answer_once")]

    def __str__(self) -> str:
        return self.key


class KnownAs(models.Model):
    """An entry under another id: what works out to `id` where it comes from is the entry `entry_id` here.

    It outlives the entry, so that what was deleted here stays deleted.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    entry_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.pk} is {self.entry_id}"


class MappedPerson(models.Model):
    """Who somebody of a source is here, as an Administrator said it; without a user their time is left out.

    `key` is the person's lower-case e-mail over there, or the name where there is none.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=320)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="imports_person_once")]

    def __str__(self) -> str:
        return f"{self.key} is {self.user}"
