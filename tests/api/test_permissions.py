"""Who may do what: every operation of the document, as every kind of caller.

The table is the rule. An operation that it does not list fails the first test, so a new route cannot be
forgotten. Each cell starts from the same world: tasks and time of one account, and a stranger, who is the
Administrator of another one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from .conftest import ApiClient

pytestmark = pytest.mark.django_db

CALLERS = ("anonymous", "member", "manager", "administrator", "stranger")
ENTRY = "0198c0de-0000-7000-8000-000000000001"
DAY = {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T10:00:00Z"}
# Integrations of an account where none was ever enabled: an Administrator passes the gate and hears just that.
NOT_ENABLED = (401, 403, 403, 409, 409)
TABLE: dict[str, tuple[int, int, int, int, int]] = {
    #                                       anonymous, member, manager, administrator, stranger
    "GET /me": (401, 200, 200, 200, 200),
    "PATCH /me": (401, 200, 200, 200, 200),
    "PATCH /account": (401, 403, 403, 200, 200),
    "GET /me/tokens": (401, 200, 200, 200, 200),
    "POST /me/tokens": (401, 201, 201, 201, 201),
    # The token is the member's: nobody else's to revoke.
    "DELETE /me/tokens/{token_id}": (401, 204, 404, 404, 404),
    # Whoever asks is nobody yet; the secret is the permission, and this one is no connection's.
    "POST /connections": (201, 201, 201, 201, 201),
    "POST /connections/token": (404, 404, 404, 404, 404),
    "GET /people": (401, 200, 200, 200, 200),
    "PATCH /people/{user_id}": (401, 403, 403, 200, 404),
    "GET /invitations": (401, 403, 403, 200, 200),
    "POST /invitations": (401, 403, 403, 201, 201),
    "POST /invitations/{invitation_id}/resend": (401, 403, 403, 200, 404),
    "DELETE /invitations/{invitation_id}": (401, 403, 403, 204, 404),
    # The token of the link is the permission; this one is no invitation's.
    "POST /invitations/accept": (404, 404, 404, 404, 404),
    "GET /tasks": (401, 200, 200, 200, 200),
    "POST /tasks": (401, 403, 201, 201, 201),
    "GET /tasks/{task_id}": (401, 200, 200, 200, 404),
    "PATCH /tasks/{task_id}": (401, 403, 200, 200, 404),
    "POST /tasks/{task_id}/archive": (401, 403, 200, 200, 404),
    "POST /tasks/{task_id}/restore": (401, 403, 200, 200, 404),
    "GET /tasks/shortlist": (401, 200, 200, 200, 200),
    "PUT /tasks/{task_id}/favourite": (401, 204, 204, 204, 404),
    "DELETE /tasks/{task_id}/favourite": (401, 204, 204, 204, 404),
    "GET /tasks/{task_id}/people": (401, 200, 200, 200, 404),
    "PUT /tasks/{task_id}/people/{user_id}": (401, 403, 204, 204, 404),
    "DELETE /tasks/{task_id}/people/{user_id}": (401, 403, 204, 204, 404),
    "GET /rates": (401, 403, 200, 200, 200),
    "PUT /rates": (401, 403, 200, 200, 200),  # that of their own account
    "PUT /rates/currency": (401, 403, 403, 200, 200),
    "DELETE /rates/{rate_id}": (401, 403, 204, 204, 404),
    "GET /tasks/{task_id}/budget": (401, 403, 200, 200, 404),
    "PUT /tasks/{task_id}/budget": (401, 403, 200, 200, 404),
    "DELETE /tasks/{task_id}/budget": (401, 403, 204, 204, 404),
    "GET /timer": (401, 200, 200, 200, 200),
    "POST /timer/start": (401, 201, 201, 201, 201),
    "POST /timer/stop": (401, 409, 409, 409, 409),
    "GET /entries": (401, 200, 200, 200, 200),
    "POST /entries": (401, 201, 201, 201, 201),
    # The entry is the member's; who manages may correct it.
    "PATCH /entries": (401, 200, 200, 200, 404),
    "DELETE /entries": (401, 204, 204, 204, 404),
    "POST /entries/restore": (401, 200, 200, 200, 404),
    "GET /entries/suggestions": (401, 200, 200, 200, 200),
    "POST /entries/{entry_id}/split": (401, 200, 200, 200, 404),
    "POST /entries/{entry_id}/restore": (401, 200, 200, 200, 404),
    "GET /tags": (401, 200, 200, 200, 200),
    "GET /times": (401, 200, 200, 200, 200),
    "GET /entries/{entry_id}": (401, 200, 200, 200, 404),
    "PATCH /entries/{entry_id}": (401, 200, 200, 200, 404),
    "DELETE /entries/{entry_id}": (401, 204, 204, 204, 404),
    "GET /entries/{entry_id}/history": (401, 200, 200, 200, 404),
    "GET /exports/account": (401, 403, 403, 200, 200),
    "GET /audit": (401, 403, 403, 200, 200),
    "GET /reports/detailed": (401, 200, 200, 200, 200),
    "GET /reports/export.csv": (401, 200, 200, 200, 200),
    "GET /reports/export.xlsx": (401, 200, 200, 200, 200),
    "GET /reports/export.pdf": (401, 200, 200, 200, 200),
    "GET /reports/summary": (401, 200, 200, 200, 200),
    "GET /integrations": (401, 403, 403, 200, 200),
    "POST /integrations/toggl": (401, 403, 403, 422, 422),  # the token is empty
    "GET /integrations/toggl": (401, 403, 403, 200, 200),
    "PATCH /integrations/toggl": NOT_ENABLED,
    "DELETE /integrations/toggl": (401, 403, 403, 404, 404),
    "POST /integrations/toggl/preview": NOT_ENABLED,
    "PUT /integrations/toggl/selection": NOT_ENABLED,
    "POST /integrations/toggl/sync": NOT_ENABLED,
    "GET /integrations/toggl/syncs": (401, 403, 403, 200, 200),
    "GET /integrations/toggl/syncs/{run_id}": (401, 403, 403, 404, 404),
    "POST /integrations/toggl/history": NOT_ENABLED,
    "GET /integrations/toggl/people": (401, 403, 403, 200, 200),
    "POST /integrations/toggl/invitations": (401, 403, 403, 422, 422),  # nobody is in a selected workspace
    "POST /integrations/toggl/reenable": NOT_ENABLED,
    "GET /imports": (401, 403, 403, 200, 200),
    "POST /imports": (401, 403, 403, 422, 422),  # there is no file
    "PUT /imports/people": (401, 403, 403, 204, 204),
    "GET /imports/{import_id}": (401, 403, 403, 404, 404),
    "POST /imports/{import_id}/apply": (401, 403, 403, 404, 404),
    "DELETE /imports/{import_id}": (401, 403, 403, 404, 404),
    # Toggl calls without signing in; what is not signed is refused.
    "POST /integrations/toggl/webhook": (403, 403, 403, 403, 403),
}
# Answered by the event streams beside Django: see tests/live.
ELSEWHERE = {"GET /events"}
BODIES: dict[str, Any] = {
    "PATCH /me": {"name": "Renamed"},
    "PATCH /account": {"week_start": 0},
    "POST /me/tokens": {"name": "Laptop"},
    "POST /connections": {"client": "cli", "name": "Laptop"},
    "POST /connections/token": {"secret": "none"},
    "PATCH /people/{user_id}": {"role": "manager"},
    "POST /invitations": {"emails": ["hedy@example.com"]},
    "POST /invitations/accept": {"token": "none", "name": "Hedy", "password": "correct horse 42"},
    "POST /integrations/toggl/invitations": {"emails": ["hedy@example.com"]},
    "POST /tasks": {"name": "New"},
    "PATCH /tasks/{task_id}": {"name": "Renamed"},
    "PUT /rates": {"amount": "95.50"},
    "PUT /rates/currency": {"currency": "CHF"},
    "PUT /tasks/{task_id}/budget": {"kind": "hours", "amount": "40"},
    "POST /timer/start": {"note": "Reading"},
    "POST /entries": DAY,
    "PATCH /entries/{entry_id}": {"note": "Changed"},
    "PATCH /entries": {"ids": [ENTRY], "change": {"note": "Changed"}},
    "POST /entries/restore": {"ids": [ENTRY]},
    "POST /entries/{entry_id}/split": {"at": "2026-11-23T09:30:00Z"},
    "POST /integrations/toggl": {"api_token": ""},
    "POST /integrations/toggl/preview": {"workspace_ids": [1]},
    "PUT /integrations/toggl/selection": {"workspace_ids": [1]},
    "POST /integrations/toggl/reenable": {"api_token": ""},
    "PATCH /integrations/toggl": {"keep_in_sync": "off"},
    "POST /integrations/toggl/history": {"from": "2024-01-01", "to": "2024-12-31"},
    "PUT /imports/people": {"people": []},
}


QUERIES = {
    "DELETE /entries": f"?ids={ENTRY}",
    "GET /times": "?text=9.30am&day=2026-11-23",
}


@dataclass
class World:
    """One account with a task that the member may track on, an entry of theirs, and everybody's token."""

    tokens: dict[str, str | None]
    ids: dict[str, object]

    def call(self, operation: str, caller: str) -> int:
        method, path = operation.split(" ")
        headers = {"Authorization": f"Bearer {self.tokens[caller]}"} if self.tokens[caller] else {}
        body = BODIES.get(operation)
        response = Client().generic(
            method,
            f"/api/v1{path.format(**self.ids)}{QUERIES.get(operation, '')}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers=headers,
        )
        return response.status_code


@pytest.fixture
def world(administrator: ApiClient, manager: ApiClient, member: ApiClient, stranger: ApiClient) -> World:
    task = manager.post("/tasks", {"name": "Website"}).json()
    manager.put(f"/tasks/{task['id']}/people/{member.user.pk}")
    asked = administrator.post("/invitations", {"emails": ["ida@example.com"]}).json()
    entry = member.post("/entries", {"id": ENTRY, "task_id": task["id"], **DAY})
    assert entry.status_code == 201, entry.content
    rate = manager.put("/rates", {"task_id": task["id"], "amount": "80"}).json()
    manager.put(f"/tasks/{task['id']}/budget", {"kind": "money", "amount": "1000"})
    return World(
        tokens={
            "anonymous": None,
            "member": member.token,
            "manager": manager.token,
            "administrator": administrator.token,
            "stranger": stranger.token,
        },
        ids={
            "task_id": task["id"],
            "user_id": member.user.pk,
            "entry_id": ENTRY,
            "rate_id": rate["id"],
            "run_id": 1,
            "import_id": 1,
            "token_id": member.post("/me/tokens", {"name": "Phone"}).json()["id"],
            "invitation_id": asked["items"][0]["id"],
        },
    )


def test_the_table_lists_every_operation() -> None:
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    operations = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert operations == TABLE.keys() | ELSEWHERE


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation", TABLE)
def test_each_caller_is_answered_as_the_table_says(world: World, operation: str, caller: str) -> None:
    assert world.call(operation, caller) == TABLE[operation][CALLERS.index(caller)]


@pytest.mark.parametrize("caller", CALLERS)
def test_what_is_no_operation_tells_nobody_anything(world: World, caller: str) -> None:
    for operation in (
        "GET /nowhere",
        "POST /tasks/{task_id}/nowhere",
        "DELETE /me/tokens",
        "GET /../admin",
        "PUT /",
    ):
        assert world.call(operation, caller) in (404, 405), operation
