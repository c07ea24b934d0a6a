"""The mirror of a real account, from the bodies that Toggl sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stint.integrations import services
from stint.integrations.models import SourceWorkspace
from stint.tasks.models import Task
from tests.mirror.conftest import Mirror
from tests.mirror.toggl import Row


def replay(mirror: Mirror, folder: Path) -> tuple[Row, dict[str, Any]]:
    """Have the stand-in answer as recorded; return the workspace and the lists of the account."""
    recorded = json.loads((folder / "me_with_related_data.json").read_text())
    toggl = mirror.toggl
    workspace: Row = recorded["workspaces"][0]
    toggl.add_workspace(workspace["id"])
    toggl.workspaces = {row["id"]: row for row in recorded["workspaces"]}
    toggl.lists[workspace["id"], "clients"] = recorded["clients"]
    toggl.lists[workspace["id"], "projects"] = recorded["projects"]
    toggl.on("/me", toggl.guarded(lambda _: json.loads((folder / "me.json").read_text())))
    return workspace, recorded


def test_a_recorded_account_arrives_as_it_was(mirror: Mirror, toggl_fixtures: Path) -> None:
    workspace, recorded = replay(mirror, toggl_fixtures)
    mirror.enable()
    run = mirror.save(workspace["id"])
    assert (run.status, run.warnings) == ("done", [])
    assert run.counts.create == 2 + len(recorded["clients"]) + len(recorded["projects"])
    clients = {client["id"] for client in recorded["clients"]}
    for project in recorded["projects"]:
        task = mirror.task("project", project["id"])
        assert (task.name, task.archived) == (project["name"], not project["active"])
        assert (task.color, task.billable) == (project["color"], bool(project["billable"]))
        parent = task.parent
        assert parent is not None
        expected = project["client_id"] if project["client_id"] in clients else workspace["id"]
        assert parent.source_id == expected
    assert mirror.sync().counts.unchanged == Task.objects.count()


def test_no_secret_of_a_recorded_account_is_kept(mirror: Mirror, toggl_fixtures: Path) -> None:
    workspace, _ = replay(mirror, toggl_fixtures)
    mirror.toggl.workspaces[workspace["id"]] |= {"api_token": "leaked-secret", "ical_url": "https://leaked"}
    mirror.enable()
    mirror.save(workspace["id"])
    shown = repr([services.toggl(mirror.caller), services.syncs(mirror.caller)])
    stored = repr(list(SourceWorkspace.objects.values()))
    assert "leaked" not in shown + stored
