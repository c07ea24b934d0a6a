"""Keeping the mirror live by Toggl's webhooks: subscribing, and hearing that something changed."""

from __future__ import annotations

import secrets

import msgspec
from django.conf import settings
from django.utils import timezone

from stint.database import write
from stint.errors import NotAllowed
from stint.integrations.models import Integration, SourceWorkspace
from stint.integrations.secrets import SecretUnreadable, decrypt, encrypt
from stint.integrations.toggl.client import TogglClient
from stint.integrations.toggl.errors import TogglError
from stint.integrations.toggl.webhooks import TogglWebhooks, parse_event, verify_signature

CALLBACK_PATH = "/api/v1/integrations/toggl/webhook"


class Heard(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a call of Toggl; a validating ping wants its code back."""

    validation_code: str | None = None


def subscribe(integration: Integration, client: TogglClient) -> None:
    """Have Toggl call Stint when a selected workspace changes. One request a workspace not subscribed yet.

    Raises:
        TogglError: Toggl refuses: this Stint cannot be reached from there, or the plan's webhooks are used up.

    """
    webhooks = TogglWebhooks(client)
    for row in integration.workspaces.filter(selected=True, webhook_id=None).defer("reading"):
        # Toggl pings the address before it answers, so the secret must be known by then.
        secret = secrets.token_urlsafe(32)
        SourceWorkspace.objects.filter(pk=row.pk).update(webhook_secret_encrypted=encrypt(secret))
        subscription = webhooks.create(
            row.external_id,
            settings.PUBLIC_URL + CALLBACK_PATH,
            secret,
            has_tasks=row.premium is not False,
            most_filters=6 if row.premium else 3,
        )
        SourceWorkspace.objects.filter(pk=row.pk).update(webhook_id=subscription.subscription_id)


def unsubscribe(integration: Integration, client: TogglClient) -> None:
    """Take the subscriptions back, at Toggl and here."""
    webhooks = TogglWebhooks(client)
    for row in integration.workspaces.exclude(webhook_id=None).defer("reading"):
        SourceWorkspace.objects.filter(pk=row.pk).update(webhook_id=None, webhook_secret_encrypted="")
        try:
            webhooks.delete(row.external_id, row.webhook_id or 0)
        except TogglError as fault:
            if fault.status not in (403, 404):
                raise


def receive_webhook(body: bytes, signature: str | None) -> Heard:
    """Note that a workspace changed; the scheduler synchronises it in a moment.

    Raises:
        NotAllowed: the signature is no subscription's.
        TogglBadAnswer: signed, but no event.

    """
    row = _signed_by(body, signature)
    event = parse_event(body)
    if event.is_ping:
        return Heard(event.validation_code)
    with write():
        SourceWorkspace.objects.filter(pk=row.pk, change_heard_at=None).update(change_heard_at=timezone.now())
    return Heard()


def _signed_by(body: bytes, signature: str | None) -> SourceWorkspace:
    subscribed = SourceWorkspace.objects.exclude(webhook_secret_encrypted="").exclude(
        integration__status=Integration.Status.OFF
    )
    for row in subscribed.defer("reading", "people").iterator():
        try:
            secret = decrypt(row.webhook_secret_encrypted)
        except SecretUnreadable:
            continue
        if verify_signature(secret, body, signature):
            return row
    raise NotAllowed("The signature is not that of a subscription.")
