"""Imports of an account: what was asked for, how far each came, and what it is read from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stint.accounts.models import Account, User
from stint.runs import Run


class Import(Run):
    """One import on record. A finished dry run keeps what it read for a day, so that it can be carried out.

    `kind` is one of `kinds.KINDS`, `options` what was asked of it.
    """

    RESULT = (*Run.RESULT, "problems", "more_problems", "notes", "unmatched")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=16)
    dry_run = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    file_name = models.CharField(max_length=190, default="", blank=True)
    problems = models.JSONField(default=list)
    more_problems = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    unmatched = models.JSONField(default=list)

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
