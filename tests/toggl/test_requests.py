"""One request: what is retried, what is refused, and that the token shows nowhere."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable

import pytest

from stint.integrations.toggl.client import TogglClient, check_token_shape
from stint.integrations.toggl.errors import (
    TogglBadAnswer,
    TogglError,
    TogglForbidden,
    TogglPlanRequired,
    TogglQuotaSpent,
    TogglRefused,
    TogglUnreachable,
)

from .conftest import TOKEN
from .stand_in import Reply, StandIn

Connect = Callable[..., TogglClient]
ME = {"id": 7, "email": "ada@example.org", "api_token": "x", "novel": [1]}


@pytest.mark.parametrize(
    "first",
    [
        Reply("oops", 500),
        Reply(b"<html>busy</html>", 503, {"Content-Type": "text/html"}),
        Reply("slow down", 429, {"Retry-After": "0"}),
        Reply(b'{"id": 7', 200),
        Reply(b'{"id": 7', 200, cut=True),
        Reply(b"", 200),
        Reply(b"<html>login</html>", 200, {"Content-Type": "text/html"}),
    ],
)
def test_a_passing_fault_is_tried_again(toggl: StandIn, connect: Connect, first: Reply) -> None:
    toggl.on("/me", first, Reply(ME))
    client = connect()
    assert client.me().id == 7
    assert client.requests == 2


@pytest.mark.parametrize(
    ("reply", "kind", "attempts"),
    [
        (Reply("", 401), TogglRefused, 1),
        (Reply("Incorrect username and/or password", 403), TogglRefused, 1),
        (Reply("gone", 410), TogglBadAnswer, 1),
        (Reply("teapot", 418), TogglBadAnswer, 1),
        (Reply([1], 200), TogglBadAnswer, 1),
        (Reply(b"[" * 100_000, 200), TogglBadAnswer, 6),
        (Reply(b"<html>", 200), TogglBadAnswer, 6),
        (Reply("down", 502), TogglUnreachable, 6),
        (Reply("wait", 429, {"Retry-After": "600"}), TogglUnreachable, 1),
        (Reply("", 302, {"Location": "http://127.0.0.2:9/"}), TogglBadAnswer, 1),
    ],
)
def test_a_lasting_fault_has_its_error(
    toggl: StandIn, connect: Connect, reply: Reply, kind: type[TogglError], attempts: int
) -> None:
    toggl.on("/me", reply)
    client = connect()
    with pytest.raises(kind):
        client.me()
    assert client.requests == attempts


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (
            Reply(
                "You have hit your hourly limit for API calls. Your quota will reset in 1838 seconds.", 402
            ),
            1838,
        ),
        (Reply("", 402, {"X-Toggl-Quota-Remaining": "0", "X-Toggl-Quota-Resets-In": "90"}), 90),
        (Reply("", 402, {"X-Toggl-Quota-Remaining": "-3"}), 3600),
    ],
)
def test_a_spent_quota_tells_when_it_resets(
    toggl: StandIn, connect: Connect, reply: Reply, seconds: int
) -> None:
    toggl.on("/me", reply)
    with pytest.raises(TogglQuotaSpent) as caught:
        connect().me()
    assert (caught.value.resets_in, caught.value.organization_scope) == (seconds, False)


def test_402_for_a_feature_is_the_plan(toggl: StandIn, connect: Connect) -> None:
    toggl.on("/workspaces/1/tasks", Reply("Workspace needs to have this feature enabled", 402))
    with pytest.raises(TogglPlanRequired):
        connect().fetch("GET", "/api/v9/workspaces/1/tasks", workspace_id=1, resource="tasks")


def test_403_of_a_workspace_is_not_the_token_unless_it_says_so(toggl: StandIn, connect: Connect) -> None:
    toggl.on("/w", Reply("Forbidden", 403), Reply("Incorrect username and/or password", 403))
    client = connect()
    with pytest.raises(TogglForbidden) as caught:
        client.fetch("GET", "/api/v9/w", workspace_id=1, resource="projects")
    assert (caught.value.workspace_id, caught.value.resource) == (1, "projects")
    with pytest.raises(TogglRefused):
        client.fetch("GET", "/api/v9/w", workspace_id=1, resource="projects")


@pytest.mark.parametrize("reply", [Reply(ME, delay=3), Reply(ME, drip=0.2)])
def test_a_slow_server_ends_within_the_limit(toggl: StandIn, connect: Connect, reply: Reply) -> None:
    toggl.on("/me", reply)
    began = time.monotonic()
    with pytest.raises(TogglUnreachable) as caught:
        connect(retry_seconds=0.6).me()
    assert caught.value.kind == "timeout"
    assert time.monotonic() - began < 1.5


def test_nobody_there_is_the_network() -> None:
    client = TogglClient("http://127.0.0.1:1", TOKEN, rate=0, retry_seconds=1, first_wait=0.01)
    with client, pytest.raises(TogglUnreachable) as caught:
        client.me()
    assert caught.value.kind == "network"
    assert "refused" in str(caught.value)


def test_the_quota_headers_are_kept(toggl: StandIn, connect: Connect) -> None:
    toggl.on("/me", Reply(ME, headers={"X-Toggl-Quota-Remaining": "29", "X-Toggl-Quota-Resets-In": "3600"}))
    told: list[object] = []
    client = connect(on_request=told.append)
    client.me()
    assert client.quota is not None
    assert (client.quota.remaining, client.quota.resets_in) == (29, 3600)
    assert told == [client.quota]
    assert toggl.sent_headers[0]["User-Agent"].startswith("Stint/")


def test_clients_of_one_token_share_the_pace(toggl: StandIn, connect: Connect) -> None:
    waited: list[float] = []
    options = {"rate": 1.0, "clock": lambda: 100.0, "sleep": waited.append}
    connect(token="shared", **options).me()
    connect(token="shared", **options).me()
    connect(token="shared", **options).me()
    assert waited == [1.0, 2.0]


@pytest.mark.parametrize("token", ["", "  ", "a b", "a\nb", "a:b", "x" * 201, "tökén"])
def test_what_no_server_accepts_is_refused_at_once(token: str) -> None:
    with pytest.raises(TogglRefused):
        check_token_shape(token)


def test_an_odd_token_is_left_to_toggl_which_then_names_the_shape(toggl: StandIn, connect: Connect) -> None:
    assert connect(token=" sandbox-token ").me().id == 7
    toggl.on("/me", Reply("", 403))
    with pytest.raises(TogglRefused, match="32 letters"):
        connect(token="eyJhbGciOi.x.y").me()


@pytest.mark.parametrize(
    "reply", [Reply("", 403), Reply("x", 500), Reply(b"<html>"), Reply("", 402), Reply(b"1", cut=True)]
)
def test_the_token_shows_nowhere(
    toggl: StandIn, connect: Connect, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    toggl.on("/me", reply)
    client = connect()
    with pytest.raises(TogglError) as caught:
        client.me()
    shown = (
        "".join(traceback.format_exception(caught.value))
        + repr(client)
        + repr(caught.value)
        + repr(vars(caught.value))
    )
    shown += caplog.text + "".join(repr(vars(record)) for record in caplog.records)
    assert TOKEN not in shown
    assert "Authorization: Basic" not in shown
    assert "NWVjMmU3" not in shown
