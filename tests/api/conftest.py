"""Ready accounts, people and clients."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from toggl.stand_in import Reply, StandIn

from stint.accounts.models import Account, User
from stint.accounts.queries import Caller, caller_of
from stint.accounts.services import create_account, create_user, issue_token


@dataclass
class ApiClient:
    """Calls the API as one person."""

    user: User
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        caller = caller_of(self.user.pk)
        assert caller is not None
        return caller

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send `body` as JSON; header names have underscores for dashes."""
        sent = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        return Client().generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **sent},
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.call("DELETE", path, **headers)


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """Return the whole body of a refusal."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def _signed_in(user: User) -> ApiClient:
    return ApiClient(user, issue_token(user, "tests"))


@pytest.fixture
def administrator(db: None) -> ApiClient:
    """Ada, Administrator of Analytical Engines, in Lisbon."""
    return _signed_in(
        create_account(
            "Analytical Engines", email="ada@example.com", name="Ada", timezone_name="Europe/Lisbon"
        )
    )


@pytest.fixture
def account(administrator: ApiClient) -> Account:
    return Account.objects.get(pk=administrator.caller.account_id)


@pytest.fixture
def manager(account: Account) -> ApiClient:
    """Grace, Manager of the same account."""
    return _signed_in(create_user(account, email="grace@example.com", name="Grace", role="manager"))


@pytest.fixture
def member(account: Account) -> ApiClient:
    """Mary, Member of the same account."""
    return _signed_in(create_user(account, email="mary@example.com", name="Mary", role="member"))


@pytest.fixture
def stranger(db: None) -> ApiClient:
    """Eve, Administrator of another account."""
    return _signed_in(create_account("Elsewhere", email="eve@example.com", name="Eve"))


@pytest.fixture
def anonymous() -> Iterator[Client]:
    return Client()


@pytest.fixture
def track(settings: Any) -> Iterator[StandIn]:
    """A Toggl whose token sees one workspace, with one project and one person; syncs are done at once."""
    server = StandIn()
    server.on("/me", Reply({"id": 7, "email": "ada@toggl.example"}))
    workspace = {"id": 1, "name": "Studio", "organization_id": 9, "admin": True, "premium": False}
    server.on("/me/workspaces", Reply([workspace]))
    project = {"id": 11, "workspace_id": 1, "name": "Website", "active": True}
    server.on("/workspaces/1/projects", Reply([project]))
    person = {"id": 70, "uid": 7, "wid": 1, "name": "Mary", "email": "mary@example.com", "active": True}
    server.on("/workspaces/1/workspace_users", Reply([person]))
    for name in ("clients", "tasks"):
        server.on(f"/workspaces/1/{name}", Reply(None))
    settings.TOGGL_API_URL = server.url
    settings.TOGGL_REQUESTS_PER_SECOND = 1000.0
    backend = "django_tasks.backends.immediate.ImmediateBackend"
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": backend, "ENQUEUE_ON_COMMIT": False}}
    yield server
    server.close()
