"""Toggl's webhooks: subscriptions, the signature of what arrives, and the events in it.

Source: engineering.toggl.com/docs/webhooks_start. Events only say that something changed: the mirror then reads what
it needs, so ids are left as they come (metadata has them as strings).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec

from .client import TogglClient, shaped
from .errors import TogglBadAnswer

API = "/webhooks/api/v1"
SIGNATURE_HEADER = "X-Webhook-Signature-256"
DESCRIPTION = "Stint: keep in sync"


class Subscription(msgspec.Struct):
    """A webhook of a workspace. `secret` signs its calls and must be stored encrypted; it is in no repr."""

    subscription_id: int
    description: str | None = None
    enabled: bool | None = None
    url_callback: str | None = None
    secret: str | None = None
    validated_at: str | None = None

    def __repr__(self) -> str:
        return f"Subscription({self.subscription_id})"


class WebhookEvent(msgspec.Struct):
    """A call of Toggl. A ping may carry the `validation_code` to be answered as `{"validation_code": ...}`."""

    payload: Any = None
    metadata: dict[str, Any] | None = None
    subscription_id: Any = None
    event_id: Any = None
    created_at: Any = None
    timestamp: Any = None
    validation_code: str | None = None

    @property
    def is_ping(self) -> bool:
        """Whether it only tests or validates the address."""
        return self.payload == "ping" or self.validation_code is not None

    @property
    def workspace_id(self) -> str | int | None:
        """The workspace as the metadata names it."""
        found = (self.metadata or {}).get("workspace_id")
        return found if isinstance(found, (str, int)) else None

    @property
    def model(self) -> str:
        """What changed: client, project, task, workspace_user and so on; empty when not told."""
        return str((self.metadata or {}).get("model") or "")


def event_filters(*, has_tasks: bool, most: int = 3) -> list[dict[str, str]]:
    """Return the filters that the mirror needs, within `most` (the plan's limit: Free 3, Starter 6, Premium 12).

    One filter on everything fits any plan, but each time entry would then call; it is the last resort.
    """
    needed = ["project", "client", "workspace_user", *(["task"] if has_tasks else [])]
    if len(needed) > most:
        return [{"entity": "*", "action": "*"}]
    wanted = [*needed, "workspace"][:most]
    return [{"entity": entity, "action": "*"} for entity in wanted]


def verify_signature(secret: str, body: bytes, header: str | None) -> bool:
    """Whether `header` (`sha256=<hex>`) is the HMAC of the raw body, compared in constant time."""
    if not secret or not header or not header.isascii():
        return False
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(header.strip().lower(), f"sha256={digest}")


def parse_event(body: bytes) -> WebhookEvent:
    """Return the event of a call whose signature was checked.

    Raises:
        TogglBadAnswer: the body is no event.

    """
    try:
        return msgspec.json.decode(body, type=WebhookEvent)
    except (msgspec.DecodeError, RecursionError) as error:
        raise TogglBadAnswer("a webhook", "it is not an event", status=None) from error


class TogglWebhooks:
    """The webhook subscriptions of workspaces, by the token of `client`."""

    def __init__(self, client: TogglClient) -> None:
        self._client = client

    def list(self, workspace_id: int) -> list[Subscription]:
        """Return the workspace's subscriptions that this token sees."""
        body = self._call("GET", f"/subscriptions/{workspace_id}", workspace_id)
        return [] if body.strip() == b"null" else shaped(body, list[Subscription], "/subscriptions")

    def create(
        self, workspace_id: int, callback_url: str, secret: str, *, has_tasks: bool, most_filters: int = 3
    ) -> Subscription:
        """Subscribe; Toggl calls the address at once with a ping.

        Raises:
            TogglBadAnswer: status 400: the address did not answer 200, or the plan's limit of webhooks is reached.

        """
        wanted = {
            "description": DESCRIPTION,
            "enabled": True,
            "url_callback": callback_url,
            "secret": secret,
            "event_filters": event_filters(has_tasks=has_tasks, most=most_filters),
        }
        body = self._call("POST", f"/subscriptions/{workspace_id}", workspace_id, wanted)
        return shaped(body, Subscription, "/subscriptions")

    def delete(self, workspace_id: int, subscription_id: int) -> None:
        """Unsubscribe."""
        self._call("DELETE", f"/subscriptions/{workspace_id}/{subscription_id}", workspace_id)

    def _call(self, method: str, path: str, workspace_id: int, json: object = None) -> bytes:
        answer = self._client.fetch(
            method, API + path, json=json, workspace_id=workspace_id, resource="webhooks"
        )
        return answer.body
