"""One account never sees or changes anything of another, whatever ids a caller names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.accounts.models import Account
from stint.accounts.services import create_user, issue_token
from stint.imports.models import Import
from stint.integrations.models import Integration, SourceWorkspace, SyncRun

from .conftest import ApiClient
from .test_permissions import BODIES, DAY, ELSEWHERE, TABLE

pytestmark = pytest.mark.django_db

MARK = "Zanzibar"  # stands in every text of the other account
# Exports are read over a connection of their own, which does not see this transaction: see tests/transfer.
ELSEWHERE_TOO = {"POST /connections", "POST /connections/token", "GET /exports/account"}
OPERATIONS = sorted(TABLE.keys() - ELSEWHERE - ELSEWHERE_TOO)
# How each table leads to its account; those of nobody's account are None.
TO_ACCOUNT = {
    "Account": "pk",
    "User": "membership__account",
    "Membership": "account",
    "ApiToken": "user__membership__account",
    "SetupLink": None,
    "Invitation": "account",
    "Connection": None,
    "CalendarLink": "user__membership__account",
    "CacheRow": None,
    "AuditEntry": "account",
    "Task": "account",
    "Assignment": "task__account",
    "Favourite": "task__account",
    "Entry": "account",
    "EntryChange": "account",
    "Integration": "account",
    "SourceWorkspace": "integration__account",
    "SyncRun": "integration__account",
    "SavedReport": "account",
    "AccountCurrency": "account",
    "Rate": "account",
    "Budget": "account",
    "BudgetWarning": "budget__account",
    "Touched": "account_id",
    "Import": "account",
    "FilePart": "of__account",
    "Answer": "of__account",
    "KnownAs": "account",
    "MappedPerson": "account",
    "FetchedPage": "integration__account",
}


def models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("stint.")]


@dataclass
class Worlds:
    """The callers of one account, and what there is of the other."""

    tokens: dict[str, str]
    own: dict[str, Any]
    foreign: dict[str, Any]
    account_id: int
    client: Client

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return all that there is of the other account."""
        found = {}
        for model in models():
            if path := TO_ACCOUNT[model.__name__]:
                of_theirs = model._default_manager.filter(**{path: self.account_id})
                found[model.__name__] = list(of_theirs.order_by("pk").values())
        return found


def furnish(administrator: ApiClient, member: ApiClient, mark: str) -> dict[str, Any]:
    """Fill an account and return the ids of what is in it."""
    task = administrator.post("/tasks", {"name": f"{mark} works"}).json()["id"]
    administrator.put(f"/tasks/{task}/people/{member.user.pk}")
    member.put(f"/tasks/{task}/favourite")
    entry = member.post("/entries", {"task_id": task, "note": f"{mark} note", "tags": [f"{mark} tag"], **DAY})
    member.patch(f"/entries/{entry.json()['id']}", {"note": f"{mark} changed"})
    member.post("/timer/start", {"task_id": task, "note": f"{mark} running"})
    asked = administrator.post("/invitations", {"emails": [f"{mark.lower()}@example.com"]}).json()
    integration = Integration.objects.create(
        account_id=administrator.caller.account_id,
        kind="toggl",
        status="broken",
        external_email=f"{mark}@toggl.example",
    )
    SourceWorkspace.objects.create(
        integration=integration, external_id=1, name=f"{mark} place", selected=True
    )
    run = SyncRun.objects.create(
        integration=integration, status="done", trigger="manual", queued_at=timezone.now()
    )
    brought = Import.objects.create(
        account_id=administrator.caller.account_id,
        kind="toggl_csv",
        status="failed",
        file_name=f"{mark}.csv",
        queued_at=timezone.now(),
    )
    rate = administrator.put("/rates", {"task_id": task, "amount": "95.50"}).json()
    administrator.put(f"/tasks/{task}/budget", {"kind": "hours", "amount": "40"})
    return {
        "rate_id": rate["id"],
        "import_id": brought.pk,
        "task_id": task,
        "user_id": member.user.pk,
        "entry_id": entry.json()["id"],
        "invitation_id": asked["items"][0]["id"],
        "token_id": member.post("/me/tokens", {"name": f"{mark} phone"}).json()["id"],
        "run_id": run.pk,
    }


@pytest.fixture
def worlds(administrator: ApiClient, manager: ApiClient, member: ApiClient, stranger: ApiClient) -> Worlds:
    theirs = Account.objects.get(pk=stranger.caller.account_id)
    colleague = create_user(theirs, email="zoe@example.com", name=f"{MARK} Zoe")
    own = furnish(administrator, member, "Own")
    foreign = furnish(stranger, ApiClient(colleague, issue_token(colleague, "tests")), MARK)
    tokens = {"administrator": administrator.token, "manager": manager.token, "member": member.token}
    return Worlds(tokens, own, foreign, theirs.pk, Client())


def test_every_table_is_watched() -> None:
    assert {model.__name__ for model in models()} == TO_ACCOUNT.keys()


IDS = ("task_id", "user_id", "entry_id", "invitation_id", "token_id", "run_id", "import_id", "rate_id")


def _bodies(operation: str, named: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Bodies as the operation takes them, with ids of the other account wherever one may stand."""
    fields = {
        "id": named["entry_id"],
        "task_id": named["task_id"],
        "parent_id": named["task_id"],
        "ids": [named["entry_id"]],
        "emails": [f"{MARK.lower()}@example.com", "zoe@example.com"],
        "workspace_ids": [1],
        "change": {"task_id": named["task_id"]},
    }
    extra = st.dictionaries(st.sampled_from(sorted(fields)), st.none(), max_size=2)
    return extra.map(lambda chosen: {**BODIES.get(operation, {}), **{name: fields[name] for name in chosen}})


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_of_another_account_is_seen_or_changed(worlds: Worlds, data: st.DataObject) -> None:
    before = worlds.rows()
    assert before["Task"]
    assert before["Entry"]
    caller = data.draw(st.sampled_from(sorted(worlds.tokens)), "caller")
    method, path = data.draw(st.sampled_from(OPERATIONS), "operation").split(" ")
    named = {name: data.draw(st.sampled_from([worlds.foreign[name], worlds.own[name]]), name) for name in IDS}
    body = data.draw(_bodies(f"{method} {path}", worlds.foreign), "body")
    query = data.draw(
        st.sampled_from(
            [
                "",
                f"user_id={worlds.foreign['user_id']}",
                f"task_id={worlds.foreign['task_id']}",
                f"parent_id={worlds.foreign['task_id']}&status=all",
                f"ids={worlds.foreign['entry_id']}",
                f"q={MARK}&status=all",
                "from=2026-01-01&to=2027-12-31&group_by=task,user",
            ]
        ),
        "query",
    )

    with transaction.atomic():
        answer = worlds.client.generic(
            method,
            f"/api/v1{path.format(**named)}?{query}",
            json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {worlds.tokens[caller]}"},
        )
        shown = b"".join(answer) if answer.streaming else answer.content
        after = worlds.rows()
        transaction.set_rollback(True)

    assert after == before
    assert answer.status_code < 500
    assert MARK not in shown.decode(errors="replace")
