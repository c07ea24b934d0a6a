"""Stint's own code subscribes at the sandbox, and trusts what it is then told."""

from __future__ import annotations

import pytest

from stint.integrations.toggl.client import TogglClient
from stint.integrations.toggl.errors import TogglBadAnswer
from stint.integrations.toggl.webhooks import (
    SIGNATURE_HEADER,
    TogglWebhooks,
    parse_event,
    verify_signature,
)
from stint.sandbox import edits
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace

from .conftest import SECRET, Receiver


def test_stint_subscribes_hears_and_leaves(
    sandbox: BackgroundSandbox,
    place: Workplace,
    receiver: Receiver,
) -> None:
    wid = next(iter(place.workspaces))
    with TogglClient(sandbox.url, sandbox.token, rate=0) as client:
        webhooks = TogglWebhooks(client)
        assert webhooks.list(wid) == []
        made = webhooks.create(wid, receiver.url, SECRET, has_tasks=True, most_filters=6)
        assert made.validated_at
        headers, body = receiver.calls.get(timeout=10)
        assert parse_event(body).is_ping
        edits.create_project(place, wid, "Heard")
        headers, body = receiver.calls.get(timeout=10)
        assert verify_signature(SECRET, body, headers[SIGNATURE_HEADER.lower()])
        event = parse_event(body)
        assert (event.model, event.workspace_id, event.is_ping) == ("project", str(wid), False)
        webhooks.delete(wid, made.subscription_id)
        assert webhooks.list(wid) == []


def test_an_address_that_answers_badly_is_told(
    sandbox: BackgroundSandbox,
    place: Workplace,
    receiver: Receiver,
) -> None:
    receiver.answers = [500]
    wid = next(iter(place.workspaces))
    with TogglClient(sandbox.url, sandbox.token, rate=0) as client, pytest.raises(TogglBadAnswer):
        TogglWebhooks(client).create(wid, receiver.url, SECRET, has_tasks=True)
