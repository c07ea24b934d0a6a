"""How the API refuses: always problem+json, never more than the caller needs to know."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import OperationalError
from django.test import Client

from stint.accounts import queries
from stint.api.problems import problem_of
from stint.integrations.toggl.errors import (
    TogglBadAnswer,
    TogglError,
    TogglForbidden,
    TogglPlanRequired,
    TogglQuotaSpent,
    TogglRefused,
    TogglUnreachable,
)
from stint.integrations.toggl.source import WorkspacesGone

from .conftest import ApiClient, problem

pytestmark = pytest.mark.django_db
NOWHERE = problem(404, "There is nothing at this address.")


@pytest.mark.parametrize(
    "path", ["/api/v1/", "/api/v1/nothing", "/api/v1/tasks/", "/api/v1/tasks/1/nothing", "/api/v1/a%0Ab"]
)
def test_unknown_addresses_are_404(db: None, administrator: ApiClient, path: str) -> None:
    for headers in ({}, {"Authorization": f"Bearer {administrator.token}"}):
        response = Client().get(f"/api/v1{path}", headers=headers)
        assert response["Content-Type"] == "application/problem+json"
        assert response.json() == NOWHERE


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/me", "GET, PATCH"),
        ("PUT", "/tasks", "GET, POST"),
        ("HEAD", "/me", "GET, PATCH"),
        ("OPTIONS", "/timer", "GET"),
        ("GET", "/timer/start", "POST"),
    ],
)
def test_other_methods_are_405_and_say_what_is_allowed(
    administrator: ApiClient, method: str, path: str, allow: str
) -> None:
    response = administrator.call(method, path)
    assert response.status_code == 405
    assert response["Allow"] == allow
    assert response["Content-Type"] == "application/problem+json"
    if method != "HEAD":
        assert response.json() == problem(405, f"This address takes {allow}.")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": NaN}',
    ],
)
def test_what_is_not_json_is_400(administrator: ApiClient, body: bytes) -> None:
    response = Client().post(
        "/api/v1/tasks",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {administrator.token}"},
    )
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"].startswith("The body is not JSON that can be read: ")


def test_too_large_a_body_is_413(administrator: ApiClient) -> None:
    response = administrator.post("/tasks", {"name": "x" * 2**20})
    assert response.json() == problem(413, "The body is larger than 1024 KiB.")


def test_an_unforeseen_fault_is_500_without_its_inside(
    administrator: ApiClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(caller: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(queries, "people", fail)
    with caplog.at_level(logging.ERROR):
        response = administrator.get("/people")
    assert response.json() == problem(
        500, "Something went wrong in Stint. The server's log tells what; try again later."
    )
    assert "the inside" in caplog.text
    assert administrator.token not in caplog.text


def test_a_database_that_does_not_answer_is_503(
    administrator: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(caller: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(queries, "people", fail)
    response = administrator.get("/people")
    assert response["Retry-After"] == "2"
    assert response.json() == problem(503, "The database does not answer at present; try again in a moment.")


def test_a_session_needs_the_csrf_token_to_write(manager: ApiClient) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(manager.user)
    body = json.dumps({"name": "By browser"})
    refused = browser.post("/api/v1/tasks", body, content_type="application/json")
    assert refused.json() == problem(
        403, "The CSRF token is missing or wrong: send it as X-CSRFToken, or reload the page."
    )
    token = "a" * 32
    browser.cookies["stint_csrf"] = token
    made = browser.post(
        "/api/v1/tasks", body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert made.status_code == 201
    assert browser.get("/api/v1/tasks").json()["items"][0]["name"] == "By browser"


def test_a_bearer_needs_no_csrf_token(manager: ApiClient) -> None:
    response = Client(enforce_csrf_checks=True).post(
        "/api/v1/tasks",
        b'{"name": "By program"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {manager.token}"},
    )
    assert response.status_code == 201


def test_answers_are_neither_kept_nor_guessed_at(member: ApiClient) -> None:
    for path in ("/me", "/nothing"):
        response = member.get(path)
        assert response["Cache-Control"] == "no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize(
    ("fault", "status", "headers", "fields"),
    [
        (TogglRefused("Toggl refused it."), 422, {}, ["api_token"]),
        (TogglForbidden(7, "projects"), 422, {}, ["workspace_ids"]),
        (TogglPlanRequired("tasks"), 422, {}, ["workspace_ids"]),
        (WorkspacesGone(["Studio"]), 422, {}, ["workspace_ids"]),
        (TogglQuotaSpent(1838, organization_scope=True), 429, {"Retry-After": "1838"}, None),
        (TogglUnreachable("No network.", "network"), 502, {}, None),
        (TogglUnreachable("Down.", "server"), 503, {}, None),
        (TogglUnreachable("Busy.", "rate_limited", retry_after=1.2), 503, {"Retry-After": "2"}, None),
        (TogglUnreachable("Slow.", "timeout"), 504, {}, None),
        (TogglBadAnswer("/me", "not JSON"), 502, {}, None),
    ],
)
def test_faults_of_toggl_are_told_as_a_gateway_would(
    fault: TogglError, status: int, headers: dict[str, str], fields: list[str] | None
) -> None:
    response = problem_of(fault)
    body = json.loads(response.content)
    assert response.status_code == body["status"] == status
    assert body["detail"] == str(fault)
    assert {name: response[name] for name in response.headers if name != "Content-Type"} == headers
    assert ([error["field"] for error in body["errors"]] if "errors" in body else None) == fields
