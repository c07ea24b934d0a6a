"""Stint's own client reads whole workspaces from the sandbox: the two were made from the same documentation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stint.integrations.toggl.bodies import ReadWorkspace, WorkspaceReading
from stint.integrations.toggl.client import TogglClient
from stint.integrations.toggl.errors import TogglError, TogglPlanRequired, TogglQuotaSpent, TogglRefused
from stint.integrations.toggl.reading import read_workspace
from stint.sandbox import edits
from stint.sandbox.faults import Fault
from stint.sandbox.seeds import MEMBER_TOKEN
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace, alive


class Kept(dict[str, bytes]):
    """Answers of one run, kept in memory."""

    def put(self, key: str, body: bytes) -> None:
        self[key] = body


@pytest.fixture
def team() -> Iterator[BackgroundSandbox]:
    with BackgroundSandbox("team") as running:
        yield running


def _client(sandbox: BackgroundSandbox, token: str = "") -> TogglClient:
    return TogglClient(sandbox.url, token or sandbox.token, rate=0, retry_seconds=1, first_wait=0.01)


def _read(
    client: TogglClient,
    workspace: ReadWorkspace,
    previous: WorkspaceReading | None = None,
    kept: Kept | None = None,
) -> WorkspaceReading:
    return read_workspace(
        client, workspace, previous=previous, pages=Kept() if kept is None else kept, progress=lambda *_: None
    )


def _compare(reading: WorkspaceReading, place: Workplace) -> None:
    wid = reading.workspace_id
    assert {c.id: c.archived for c in reading.clients} == {c.id: c.archived for c in place.clients_in(wid)}
    assert {p.id: (p.client_id, p.archived, p.color, p.billable) for p in reading.projects} == {
        p.id: (p.client_id, not p.active, p.color, p.billable)
        for p in alive(place.projects.values())
        if p.workspace_id == wid
    }
    assert {t.id: (t.project_id, t.archived) for t in reading.tasks} == {
        t.id: (t.project_id, not t.active) for t in alive(place.tasks.values()) if t.workspace_id == wid
    }
    assert {p.id for p in reading.people or []} == {m.uid for m in place.members.values() if m.wid == wid}


def test_every_workspace_is_read_whole_in_few_requests(team: BackgroundSandbox) -> None:
    with _client(team) as client:
        workspaces = client.workspaces()
        for workspace in workspaces:
            reading = _read(client, workspace)
            _compare(reading, team.workplace)
            assert reading.warnings == []
    # The list of workspaces; then clients, members, 170 + 90 + 40 projects and 1,200 + 600 + 200 tasks by 200.
    assert len(team.requests) == client.requests == 1 + 3 * 2 + 3 * 1 + (6 + 3 + 1)


def test_a_change_is_read_by_since(team: BackgroundSandbox) -> None:
    place = team.workplace
    with _client(team) as client:
        studio = next(w for w in client.workspaces() if w.name == "Northwind Studio")
        first = _read(client, studio)
        tasks = [t.id for t in place.tasks.values() if t.workspace_id == studio.id]
        edits.update_task(place, tasks[0], name="Renamed 🦄")
        edits.delete_task(place, tasks[1])
        before = client.requests
        second = _read(client, studio, first)
        _compare(second, place)
    assert {t.name for t in second.tasks if t.id == tasks[0]} == {"Renamed 🦄"}
    assert client.requests - before < first.pages


def test_an_ordinary_member_reads_what_they_may(team: BackgroundSandbox) -> None:
    with _client(team, MEMBER_TOKEN) as client:
        for workspace in client.workspaces():
            assert not workspace.admin
            seen = {p.id for p in _read(client, workspace).projects}
            rows = alive(team.workplace.projects.values())
            everything = {p.id for p in rows if p.workspace_id == workspace.id}
            assert seen < everything


def test_a_wrong_token_is_refused(team: BackgroundSandbox) -> None:
    with _client(team, "0" * 32) as client, pytest.raises(TogglRefused):
        client.me()


def test_a_quota_spent_in_the_middle_is_resumed_without_asking_twice(team: BackgroundSandbox) -> None:
    kept = Kept()
    with _client(team) as client:
        studio = next(w for w in client.workspaces() if w.name == "Northwind Studio")
        team.limits.leave(4)
        with pytest.raises(TogglQuotaSpent):
            _read(client, studio, kept=kept)
        team.limits.forget()
        before = len(team.requests)
        reading = _read(client, studio, kept=kept)
    _compare(reading, team.workplace)
    assert len(team.requests) - before == reading.pages - 4


@pytest.mark.parametrize(
    "kind", ["401", "402", "402plan", "403", "429", "500", "cut", "badjson", "wrongshape", "html"]
)
def test_every_fault_is_an_error_that_stint_knows(team: BackgroundSandbox, kind: str) -> None:
    team.faults.add(Fault(kind))  # type: ignore[arg-type]
    with _client(team) as client, pytest.raises(TogglError) as caught:
        client.workspaces()
    assert team.token not in str(caught.value)
    assert isinstance(caught.value, TogglPlanRequired) == (kind == "402plan")


@pytest.mark.parametrize("kind", ["429", "500", "cut", "badjson", "html"])
def test_a_passing_fault_is_overcome(team: BackgroundSandbox, kind: str) -> None:
    team.faults.add(Fault(kind, times=1))  # type: ignore[arg-type]
    with _client(team) as client:
        assert len(client.workspaces()) == 3
