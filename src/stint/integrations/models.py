"""Integrations of an account, what was read from them, and the record of every sync."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stint.accounts.models import Account, User
from stint.runs import Run


class Integration(models.Model):
    """A connection of an account to an outside source. One of each kind; kept, tokenless, after an unlink."""

    class Status(models.TextChoices):
        """Off: unlinked. On: works. Broken: the token was refused and somebody must act."""

        OFF = "off"
        ON = "on"
        BROKEN = "broken"

    class KeepInSync(models.TextChoices):
        """When a sync starts by itself."""

        OFF = "off"
        HOURLY = "hourly"
        DAILY = "daily"
        LIVE = "live"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="integrations")
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OFF)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    token_encrypted = models.TextField(default="", blank=True)
    token_hint = models.CharField(max_length=4, default="", blank=True)
    external_email = models.CharField(max_length=254, default="", blank=True)
    keep_in_sync = models.CharField(max_length=8, choices=KeepInSync.choices, default=KeepInSync.OFF)
    next_sync_at = models.DateTimeField(null=True)
    webhook_run_at = models.DateTimeField(null=True)
    quota_remaining = models.IntegerField(null=True)
    quota_resets_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="integrations_one_of_a_kind"),
            models.CheckConstraint(
                condition=Q(status="off", token_encrypted="") | ~Q(status="off"),
                name="integrations_off_has_no_token",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account}"


class SourceWorkspace(models.Model):
    """A workspace of the source as the owner sees it, selected or not, with what was last read of it.

    `reading` is the compressed reading that the next incremental sync builds on; `people` a JSON list of
    {id, name, email, active}, or null when the token may not read them; `listed` is false once the token no
    longer shows the workspace.
    """

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="workspaces")
    external_id = models.BigIntegerField()
    name = models.TextField()
    organization_id = models.BigIntegerField(null=True)
    admin = models.BooleanField(default=True)
    premium = models.BooleanField(null=True)
    listed = models.BooleanField(default=True)
    selected = models.BooleanField(default=False)
    change_heard_at = models.DateTimeField(null=True)
    people = models.JSONField(null=True)
    reading = models.BinaryField(null=True)
    webhook_id = models.BigIntegerField(null=True)
    webhook_secret_encrypted = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["integration", "external_id"], name="integrations_workspace_once")
        ]

    def __str__(self) -> str:
        return self.name


class FetchedPage(models.Model):
    """One raw answer of the source, kept so that an interrupted or previewed read asks nothing twice."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=300)
    body = models.BinaryField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["integration", "key"], name="integrations_page_once")]

    def __str__(self) -> str:
        return self.key


class SyncRun(Run):
    """One sync on record: who or what started it, how far it came, what it changed, why it failed.

    `selection` holds the workspace ids that a Save asks for; `only` those a webhook told of, the others keep
    their last reading.
    """

    RESULT = (*Run.RESULT, "changes", "warnings")

    class Trigger(models.TextChoices):
        """What started the run."""

        SAVE = "save"
        MANUAL = "manual"
        REENABLE = "reenable"
        HOURLY = "hourly"
        DAILY = "daily"
        WEBHOOK = "webhook"

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="runs")
    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    selection = models.JSONField(null=True)
    only = models.JSONField(null=True)
    changes = models.JSONField(default=list)
    warnings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["integration", "-id"], name="integrations_run_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["integration"], condition=Q(status="running"), name="integrations_one_running"
            ),
            models.UniqueConstraint(
                fields=["integration"],
                condition=Q(status="waiting"),
                name="integrations_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"sync {self.pk} ({self.status})"
