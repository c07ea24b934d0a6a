"""Toggl's webhooks: who may call, what a call says, and how one is subscribed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from stint.integrations.toggl.client import TogglClient
from stint.integrations.toggl.errors import TogglBadAnswer
from stint.integrations.toggl.webhooks import TogglWebhooks, event_filters, parse_event, verify_signature

from .stand_in import Reply, StandIn


def test_only_the_right_signature_is_accepted() -> None:
    good = "sha256=" + hmac.new(b"key", b"body", hashlib.sha256).hexdigest()
    assert verify_signature("key", b"body", good)
    assert not verify_signature("key", b"bodY", good)
    assert not verify_signature("", b"body", good)
    assert not any(verify_signature("key", b"body", bad) for bad in (None, "", good[7:], "sha256=é"))


def test_a_ping_and_an_event_are_told_apart() -> None:
    ping = parse_event(b'{"payload": "ping", "validation_code": "abc", "metadata": {"event_user_id": 1}}')
    assert (ping.is_ping, ping.validation_code) == (True, "abc")
    event = parse_event(
        json.dumps({"payload": {"id": 1}, "metadata": {"model": "project", "workspace_id": "1"}}).encode()
    )
    assert (event.is_ping, event.model, event.workspace_id) == (False, "project", "1")
    with pytest.raises(TogglBadAnswer):
        parse_event(b"[]")


def test_filters_fit_the_plan() -> None:
    assert len(event_filters(has_tasks=False, most=3)) == 3
    assert len(event_filters(has_tasks=True, most=6)) == 5
    assert event_filters(has_tasks=True, most=3) == [{"entity": "*", "action": "*"}]


def test_subscriptions_come_and_go(toggl: StandIn, connect: Callable[..., TogglClient]) -> None:
    made = {"subscription_id": 5, "secret": "hush", "url_callback": "https://stint.example.org/hook"}
    path = "/webhooks/api/v1/subscriptions/1"
    toggl.on(path, Reply(None), Reply(made), Reply("already reached the limit", 400))
    toggl.on(path + "/5", Reply(b""))
    webhooks = TogglWebhooks(connect())
    assert webhooks.list(1) == []
    subscription = webhooks.create(1, "https://stint.example.org/hook", "hush", has_tasks=False)
    assert subscription.subscription_id == 5
    assert "hush" not in repr(subscription)
    webhooks.delete(1, 5)
    with pytest.raises(TogglBadAnswer):
        webhooks.create(1, "https://stint.example.org/hook", "hush", has_tasks=False)
    assert len(toggl.asked) == 4
