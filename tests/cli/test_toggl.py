"""`stint toggl sync`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import Result
from toggl.stand_in import Reply, StandIn
from typer.testing import CliRunner

from stint.accounts.queries import Caller, caller_of
from stint.accounts.services import create_account
from stint.cli.app import app
from stint.integrations import services
from stint.integrations.models import SourceWorkspace, SyncRun
from stint.tasks.models import Task

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "5ec2e7" + "0" * 26


def stint(*arguments: str) -> Result:
    return CliRunner().invoke(app, ("toggl", "sync", *arguments))


@pytest.fixture
def caller() -> Caller:
    found = caller_of(create_account("Acme", email="ada@example.com", name="Ada").pk)
    assert found is not None
    return found


@pytest.fixture
def toggl(settings: Any) -> Iterator[StandIn]:
    server = StandIn()
    workspace = {"id": 1, "name": "Studio", "organization_id": 9, "admin": True, "premium": False}
    server.on("/me", Reply({"id": 7, "email": "ada@example.com"}))
    server.on("/me/workspaces", Reply([workspace]))
    for name in ("clients", "tasks", "workspace_users", "users"):
        server.on(f"/workspaces/1/{name}", Reply(None))
    server.on("/workspaces/1/projects", Reply(_projects(3)))
    settings.TOGGL_API_URL = server.url
    settings.TOGGL_REQUESTS_PER_SECOND = 1000.0
    yield server
    server.close()


@pytest.fixture
def linked(caller: Caller, toggl: StandIn) -> Caller:
    services.enable(caller, TOKEN)
    SourceWorkspace.objects.update(selected=True)
    return caller


def _projects(count: int) -> list[dict[str, Any]]:
    return [{"id": 10 + n, "workspace_id": 1, "name": f"Project {n}", "active": True} for n in range(count)]


def test_without_an_integration_it_says_so(caller: Caller) -> None:
    refused = stint("--json")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "the Toggl integration is off" in refused.stderr


def test_it_carries_the_sync_out_and_answers_with_the_run(linked: Caller) -> None:
    done = stint("--json")
    assert done.exit_code == 0, done.output
    run = json.loads(done.stdout)
    assert (run["status"], run["trigger"]) == ("done", "manual")
    assert run["counts"]["create"] == 5
    assert Task.objects.filter(name="Project 2").exists()
    assert stint().stdout == "unchanged 5\n"


def test_a_dry_run_writes_nothing(linked: Caller, toggl: StandIn) -> None:
    assert stint("--json").exit_code == 0
    toggl.on("/workspaces/1/projects", Reply(_projects(4)))
    tasks, runs = Task.objects.count(), SyncRun.objects.count()
    shown = stint("--dry-run", "--json")
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["create"] == 1
    assert (Task.objects.count(), SyncRun.objects.count()) == (tasks, runs)


def test_a_refused_token_fails_with_a_sentence_and_without_the_token(linked: Caller, toggl: StandIn) -> None:
    toggl.on("/me/workspaces", Reply("Incorrect username and/or password", 403))
    failed = stint("--json")
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["status"] == "failed"
    assert failed.stderr.startswith("stint: ")
    assert TOKEN not in failed.output


def test_a_mass_archive_asks_for_confirmation(linked: Caller, toggl: StandIn) -> None:
    toggl.on("/workspaces/1/projects", Reply(_projects(60)))
    assert stint().exit_code == 0
    toggl.on("/workspaces/1/projects", Reply(_projects(2)))
    asked = stint("--json")
    assert asked.exit_code == 3, asked.output
    assert json.loads(asked.stdout)["status"] == "needs_confirmation"
    assert "must confirm" in asked.stderr


def test_an_unknown_option_is_a_usage_error() -> None:
    assert stint("--nonsense").exit_code == 2
