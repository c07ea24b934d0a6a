"""/api/v1/integrations: the Toggl mirror by API, against a Toggl that answers over real HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from toggl.stand_in import Reply, StandIn

from stint.integrations.models import Integration, SourceWorkspace
from stint.integrations.secrets import encrypt

from .conftest import ApiClient, problem

pytestmark = pytest.mark.django_db
TOKEN = "5ec2e7c0ffee5ec2e7c0ffee5ec2beef"
WORKSPACES = [{"id": 1, "name": "Studio", "organization_id": 9, "admin": True, "premium": False}]
ADMINISTRATORS = problem(403, "Only Administrators may see or change integrations.")
WEBHOOK = "/api/v1/integrations/toggl/webhook"


@pytest.fixture
def enabled(track: StandIn, administrator: ApiClient) -> dict[str, Any]:
    response = administrator.post("/integrations/toggl", {"api_token": TOKEN})
    assert response.status_code == 201, response.content
    shown: dict[str, Any] = response.json()
    return shown


def test_the_catalogue_tells_the_state(administrator: ApiClient, track: StandIn) -> None:
    item = {"key": "toggl", "name": "Toggl Track", "status": "off"}
    assert administrator.get("/integrations").json() == {"items": [item], "next": None}
    administrator.post("/integrations/toggl", {"api_token": TOKEN})
    assert administrator.get("/integrations").json()["items"] == [{**item, "status": "on"}]


def test_enabling_selects_nothing_and_shows_no_token(
    enabled: dict[str, Any], administrator: ApiClient
) -> None:
    assert enabled == {
        "status": "on",
        "owner": {
            "user_id": administrator.user.pk,
            "email": "ada@example.com",
            "toggl_email": "ada@toggl.example",
        },
        "token_hint": "beef",
        "keep_in_sync": "off",
        "workspaces": [{"id": 1, "name": "Studio", "selected": False}],
        "last_sync": None,
        "quota": None,
        "imported": False,
    }
    assert administrator.get("/integrations/toggl").json() == enabled
    again = administrator.post("/integrations/toggl", {"api_token": TOKEN})
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")


def test_a_refused_token_is_422_and_nothing_is_stored(administrator: ApiClient, track: StandIn) -> None:
    track.on("/me", Reply("Incorrect username and/or password", 403))
    response = administrator.post("/integrations/toggl", {"api_token": TOKEN})
    body = response.json()
    assert response.status_code == 422
    assert body == problem(422, body["detail"], errors=[{"field": "api_token", "message": body["detail"]}])
    assert administrator.get("/integrations/toggl").json()["status"] == "off"
    assert not Integration.objects.exclude(token_encrypted="").exists()


def test_a_spent_quota_is_429_and_says_when_to_come_back(administrator: ApiClient, track: StandIn) -> None:
    headers = {"X-Toggl-Quota-Remaining": "0", "X-Toggl-Quota-Resets-In": "1838"}
    text = "You have hit your hourly limit for API calls. Your quota will reset in 1838 seconds."
    track.on("/me", Reply(text, 402, headers))
    response = administrator.post("/integrations/toggl", {"api_token": TOKEN})
    assert (response.status_code, response["Retry-After"]) == (429, "1838")


def test_preview_save_and_what_became_of_it(
    enabled: dict[str, Any], administrator: ApiClient, member: ApiClient
) -> None:
    plan = administrator.post("/integrations/toggl/preview", {"workspace_ids": [1]}).json()
    assert plan["create"] == 3
    assert [item["name"] for item in plan["items"] if item["action"] == "create"] == [
        "Toggl",
        "Studio",
        "Website",
    ]
    assert administrator.get("/tasks").json()["items"] == []

    saved = administrator.put("/integrations/toggl/selection", {"workspace_ids": [1]})
    assert saved.status_code == 202
    run = administrator.get(f"/integrations/toggl/syncs/{saved.json()['id']}").json()
    assert (run["status"], run["trigger"], run["counts"]["create"], run["error"]) == ("done", "save", 3, None)
    assert administrator.get("/integrations/toggl/syncs").json() == {"items": [run], "next": None}
    shown = administrator.get("/integrations/toggl").json()
    assert (shown["workspaces"][0]["selected"], shown["last_sync"]) == (True, run)

    person = {
        "external_id": 7,
        "name": "Mary",
        "email": "mary@example.com",
        "workspace_ids": [1],
        "active": True,
        "user_id": member.user.pk,
        "invitation": None,
    }
    assert administrator.get("/integrations/toggl/people").json()["items"] == [person]
    found = member.get("/tasks?q=website").json()["items"][0]
    assert (found["path"], found["trackable"], found["read_only"]) == (
        ["Toggl", "Studio", "Website"],
        True,
        True,
    )
    assert member.post("/timer/start", {"task_id": found["id"]}).status_code == 201

    again = administrator.post("/integrations/toggl/sync")
    assert again.status_code == 202
    counts = administrator.get(f"/integrations/toggl/syncs/{again.json()['id']}").json()["counts"]
    assert (counts["create"], counts["unchanged"]) == (0, 3)


def test_an_unknown_workspace_is_named(enabled: dict[str, Any], administrator: ApiClient) -> None:
    for method, path in [("POST", "preview"), ("PUT", "selection")]:
        response = administrator.call(method, f"/integrations/toggl/{path}", {"workspace_ids": [1, 99]})
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "workspace_ids")
        assert "99" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "workspace_ids"),
        ({"workspace_ids": "all"}, "workspace_ids"),
        ({"workspace_ids": [2**63]}, "workspace_ids"),
        ({"workspace_ids": [1], "confirm": True}, "confirm"),
    ],
)
def test_bad_input_names_the_field(administrator: ApiClient, body: Any, field: str) -> None:
    response = administrator.put("/integrations/toggl/selection", body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)


def test_keep_in_sync(enabled: dict[str, Any], administrator: ApiClient) -> None:
    response = administrator.patch("/integrations/toggl", {"keep_in_sync": "hourly"})
    assert (response.status_code, response.json()) == (200, {**enabled, "keep_in_sync": "hourly"})
    wrong = administrator.patch("/integrations/toggl", {"keep_in_sync": "weekly"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "keep_in_sync")


def test_reenable_takes_the_callers_own_token(enabled: dict[str, Any], administrator: ApiClient) -> None:
    response = administrator.post("/integrations/toggl/reenable", {"api_token": "f" * 32})
    assert (response.status_code, response.json()["token_hint"]) == (200, "ffff")


@pytest.mark.parametrize(("imported", "status"), [("archive", "archived"), ("keep", "active")])
def test_unlink_archives_or_keeps_what_was_imported(
    enabled: dict[str, Any], administrator: ApiClient, imported: str, status: str
) -> None:
    administrator.put("/integrations/toggl/selection", {"workspace_ids": [1]})
    unlinked = administrator.delete(f"/integrations/toggl?imported={imported}")
    assert (unlinked.status_code, unlinked.content) == (204, b"")
    assert administrator.get("/integrations/toggl").json()["status"] == "off"
    tasks = administrator.get("/tasks?status=all").json()["items"]
    assert {(task["status"], task["read_only"]) for task in tasks} == {(status, False)}
    assert administrator.delete("/integrations/toggl").status_code == 404


def test_unlink_wants_to_know_only_what_it_can_do(administrator: ApiClient) -> None:
    response = administrator.delete("/integrations/toggl?imported=burn")
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "imported")


def test_others_reach_no_endpoint(member: ApiClient, manager: ApiClient, enabled: dict[str, Any]) -> None:
    for client in (member, manager):
        assert client.get("/integrations").json() == ADMINISTRATORS
        assert client.get("/integrations/toggl").json() == ADMINISTRATORS
        # Refused before the body is looked at.
        assert client.post("/integrations/toggl/preview", {"nonsense": 1}).json() == ADMINISTRATORS


def test_another_account_has_its_own(
    enabled: dict[str, Any], administrator: ApiClient, stranger: ApiClient
) -> None:
    run = administrator.put("/integrations/toggl/selection", {"workspace_ids": [1]}).json()
    assert stranger.get("/integrations/toggl").json()["status"] == "off"
    assert stranger.get("/integrations/toggl/syncs").json()["items"] == []
    assert stranger.get(f"/integrations/toggl/syncs/{run['id']}").status_code == 404
    assert stranger.get("/integrations/toggl/people").json()["items"] == []
    assert stranger.delete("/integrations/toggl").status_code == 404
    assert stranger.post("/integrations/toggl", {"api_token": TOKEN}).status_code == 201


def test_the_token_is_nowhere(
    administrator: ApiClient, track: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = [administrator.post("/integrations/toggl", {"api_token": TOKEN})]
        answers.append(administrator.put("/integrations/toggl/selection", {"workspace_ids": [1]}))
        track.on("/me/workspaces", Reply("Incorrect username and/or password", 403))
        answers.append(administrator.post("/integrations/toggl/preview", {"workspace_ids": [1]}))
        answers.append(administrator.post("/integrations/toggl/reenable", {"api_token": TOKEN}))
        answers += [administrator.get(f"/integrations/toggl{path}") for path in ("", "/syncs", "/people")]
    assert [answer.status_code for answer in answers] == [201, 202, 422, 422, 200, 200, 200]
    for answer in answers:
        assert TOKEN not in answer.content.decode()
        assert TOKEN not in str(answer.headers)
    assert TOKEN not in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_encrypted FROM integrations_integration")
        assert TOKEN not in str(cursor.fetchall())


def signed(secret: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Webhook-Signature-256": f"sha256={digest}"}


@pytest.fixture
def subscribed(enabled: dict[str, Any]) -> SourceWorkspace:
    row = SourceWorkspace.objects.get()
    row.selected, row.webhook_id, row.webhook_secret_encrypted = True, 5, encrypt("shared secret")
    row.save()
    return row


def call(body: bytes, headers: dict[str, str]) -> Any:
    return Client(enforce_csrf_checks=True).post(
        WEBHOOK, body, content_type="application/json", headers=headers
    )


def test_a_signed_event_is_heard(subscribed: SourceWorkspace) -> None:
    body = json.dumps({"payload": {"id": 11}, "metadata": {"workspace_id": "1", "model": "project"}}).encode()
    response = call(body, signed("shared secret", body))
    assert (response.status_code, response.json()) == (200, {})
    subscribed.refresh_from_db()
    assert subscribed.change_heard_at is not None


def test_a_ping_gets_its_code_back(subscribed: SourceWorkspace) -> None:
    body = b'{"payload": "ping", "validation_code": "abc"}'
    response = call(body, signed("shared secret", body))
    assert (response.status_code, response.json()) == (200, {"validation_code": "abc"})


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Webhook-Signature-256": "sha256=00"}, signed("another secret", b"{}"), signed("", b"{}")],
)
def test_what_is_not_signed_is_refused(subscribed: SourceWorkspace, headers: dict[str, str]) -> None:
    response = call(b"{}", headers)
    assert response.json() == problem(403, "The signature is not that of a subscription.")
    subscribed.refresh_from_db()
    assert subscribed.change_heard_at is None


def test_what_is_signed_but_no_event_is_400(subscribed: SourceWorkspace) -> None:
    response = call(b"nonsense", signed("shared secret", b"nonsense"))
    assert response.json() == problem(400, "The body is no event of Toggl.")


def test_too_large_an_event_is_not_read(subscribed: SourceWorkspace) -> None:
    body = b" " * (256 * 1024 + 1)
    assert call(body, signed("shared secret", body)).status_code == 413
