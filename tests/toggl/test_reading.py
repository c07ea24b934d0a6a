"""A workspace's reading: which requests it makes and what it makes of their answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.integrations.toggl import bodies
from stint.integrations.toggl.bodies import ReadWorkspace, WorkspaceReading
from stint.integrations.toggl.client import TogglClient
from stint.integrations.toggl.errors import TogglBadAnswer, TogglError, TogglForbidden, TogglQuotaSpent
from stint.integrations.toggl.reading import read_workspace
from stint.integrations.toggl.rows import rows_of

from .stand_in import Memory, Reply, StandIn

Connect = Callable[..., TogglClient]
PAID = ReadWorkspace(1, "Acme", 10, True, True)
FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "toggl"


def read(client: TogglClient, workspace: ReadWorkspace = PAID, **options: Any) -> WorkspaceReading:
    options = {"previous": None, "pages": Memory(), "progress": lambda *_: None, **options}
    return read_workspace(client, workspace, **options)


def paged(
    rows: list[dict[str, Any]], envelope: bool = False, cap: int = 200
) -> Callable[[dict[str, str]], Reply]:
    def answer(query: dict[str, str]) -> Reply:
        size, page = min(int(query.get("per_page", 50)), cap), int(query.get("page", 1))
        part = rows[(page - 1) * size : page * size]
        if envelope:
            return Reply({"total_count": len(rows), "data": part or None, "page": page, "per_page": size})
        return Reply(part or None)

    return answer


def projects(number: int) -> list[dict[str, Any]]:
    return [{"id": n, "name": f"P{n}", "active": True} for n in range(1, number + 1)]


def tasks(number: int) -> list[dict[str, Any]]:
    return [{"id": n, "name": f"T{n}", "project_id": 1, "active": True} for n in range(1, number + 1)]


def test_null_lists_are_empty_and_cost_four_requests(toggl: StandIn, connect: Connect) -> None:
    reading = read(connect())
    assert (reading.clients, reading.projects, reading.tasks, reading.people) == ([], [], [], [])
    assert toggl.asked == [
        ("/workspaces/1/clients", {"status": "both"}),
        ("/workspaces/1/projects", {"active": "both", "per_page": "200", "page": "1"}),
        ("/workspaces/1/tasks", {"active": "both", "per_page": "200", "page": "1"}),
        ("/workspaces/1/workspace_users", {}),
    ]


@pytest.mark.parametrize(("number", "requests"), [(199, 1), (200, 2), (201, 2), (450, 3)])
def test_a_full_page_of_projects_is_followed(
    toggl: StandIn, connect: Connect, number: int, requests: int
) -> None:
    toggl.on("/workspaces/1/projects", paged(projects(number)))
    assert len(read(connect()).projects) == number
    assert toggl.paths().count("/workspaces/1/projects") == requests


@pytest.mark.parametrize(
    ("number", "cap", "requests"), [(200, 200, 1), (400, 200, 2), (120, 50, 3), (401, 200, 3)]
)
def test_tasks_are_paged_by_what_the_envelope_says(
    toggl: StandIn, connect: Connect, number: int, cap: int, requests: int
) -> None:
    toggl.on("/workspaces/1/projects", Reply(projects(1)))
    toggl.on("/workspaces/1/tasks", paged(tasks(number), envelope=True, cap=cap))
    assert len(read(connect()).tasks) == number
    assert toggl.paths().count("/workspaces/1/tasks") == requests


@pytest.mark.parametrize("number", [200, 450])
def test_a_server_that_ignores_paging_does_not_loop(toggl: StandIn, connect: Connect, number: int) -> None:
    toggl.on("/workspaces/1/projects", Reply(projects(number)))
    assert len(read(connect()).projects) == number
    assert toggl.paths().count("/workspaces/1/projects") == 2


def test_a_plan_without_tasks_is_not_asked_for_them(toggl: StandIn, connect: Connect) -> None:
    read(connect(), ReadWorkspace(1, "Acme", 10, True, False))
    assert "/workspaces/1/tasks" not in toggl.paths()


@pytest.mark.parametrize(
    "reply", [Reply("needs this feature enabled", 402), Reply("no", 404), Reply({"data": None})]
)
def test_tasks_that_are_not_there_are_none(toggl: StandIn, connect: Connect, reply: Reply) -> None:
    toggl.on("/workspaces/1/tasks", reply)
    assert read(connect(), ReadWorkspace(1, "Acme", 10, True, None)).tasks == []


def test_rows_become_typed_whatever_they_hold(toggl: StandIn, connect: Connect) -> None:
    big = 8_023_169_274_704_072
    toggl.on(
        "/workspaces/1/clients",
        Reply([{"id": 5, "wid": 1, "name": "A\tB\u0000", "archived": True}, None, {"id": None}]),
    )
    rows = [
        {"id": big, "name": "", "cid": 5, "active": False, "status": "active"},
        {"id": "12", "name": None, "client_id": 99.0},
        {"id": 13, "name": "old"},
        {"id": 13, "name": "new"},
        {"id": 14, "name": "gone", "server_deleted_at": "2026-01-01T00:00:00Z"},
        {"id": 15, "name": "gone", "status": "deleted"},
    ]
    toggl.on("/workspaces/1/projects", Reply(rows))
    toggl.on(
        "/workspaces/1/tasks",
        Reply([{"id": 1, "pid": 13, "name": "t", "active": False}, {"id": 2, "project_id": 77}]),
    )
    people = [
        {"id": 900, "uid": 7, "name": "Ada", "email": "ada@example.org", "active": True, "inactive": False},
        {"id": 901, "uid": 8, "name": "Bo", "email": "bo@example.org", "active": True, "inactive": True},
        {"id": 902, "uid": None, "email": "invited@example.org", "active": False},
    ]
    toggl.on("/workspaces/1/workspace_users", Reply(people))
    reading = read(connect())
    assert reading.clients == [bodies.ReadClient(5, "A B", True)]
    assert reading.projects == [
        bodies.ReadProject(big, "(no name)", 5, True),
        bodies.ReadProject(12, "(no name)", 99, False),
        bodies.ReadProject(13, "new", None, False),
    ]
    assert reading.tasks == [bodies.ReadTask(1, "t", 13, True)]
    assert reading.people is not None
    assert [(p.id, p.active) for p in reading.people] == [(7, True), (8, False)]
    assert len(reading.warnings) == 3


def test_a_member_reads_less_with_warnings_and_an_admin_fails(toggl: StandIn, connect: Connect) -> None:
    toggl.on("/workspaces/1/clients", Reply("Forbidden", 403))
    toggl.on("/workspaces/1/workspace_users", Reply("Forbidden", 403))
    reading = read(connect(), ReadWorkspace(1, "Acme", 10, False, True))
    assert (reading.clients, reading.people, len(reading.warnings)) == ([], None, 2)
    with pytest.raises(TogglForbidden):
        read(connect())


def test_an_interrupted_run_asks_nothing_twice(toggl: StandIn, connect: Connect) -> None:
    toggl.on("/workspaces/1/projects", paged(projects(250)))
    toggl.on("/workspaces/1/tasks", Reply("quota will reset in 60 seconds", 402), Reply(None))
    store = Memory()
    with pytest.raises(TogglQuotaSpent) as caught:
        read(connect(), pages=store)
    assert (caught.value.resets_in, caught.value.organization_scope) == (60, True)
    toggl.asked.clear()
    assert len(read(connect(), pages=store).projects) == 250
    assert toggl.paths() == ["/workspaces/1/tasks", "/workspaces/1/workspace_users"]


def test_a_large_list_is_read_by_what_changed(toggl: StandIn, connect: Connect) -> None:
    toggl.on("/workspaces/1/projects", paged(projects(450)))
    toggl.on("/workspaces/1/tasks", Reply(tasks(3)))
    first = read(connect())
    changed = [{"id": 2, "name": "renamed"}, {"id": 1, "server_deleted_at": "x"}, {"id": 451, "name": "new"}]
    toggl.on("/workspaces/1/projects", Reply(changed))
    toggl.on("/workspaces/1/tasks", Reply(None))
    toggl.asked.clear()
    second = read(connect(), previous=first)
    names = {project.id: project.name for project in second.projects}
    assert (len(names), names[2], names[451], 1 in names) == (450, "renamed", "new", False)
    assert dict(toggl.asked)["/workspaces/1/projects"]["since"] == str(int(first.read_at) - 300)
    assert (second.full_read_at, len(toggl.asked)) == (first.full_read_at, 4)
    toggl.on("/workspaces/1/projects", paged(projects(450)))
    assert read(connect(), previous=second, full=True).full_read_at >= second.read_at


def test_a_refused_since_falls_back_to_everything(toggl: StandIn, connect: Connect) -> None:
    toggl.on("/workspaces/1/projects", paged(projects(450)))
    first = read(connect())
    everything = paged(projects(450))
    toggl.on("/workspaces/1/projects", lambda q: Reply("bad since", 400) if "since" in q else everything(q))
    assert len(read(connect(), previous=first).projects) == 450


def test_the_watermark_is_toggls_clock(toggl: StandIn, connect: Connect) -> None:
    before = int(time.time())
    assert before <= read(connect()).read_at <= time.time()


@pytest.mark.parametrize("body", [{"error": "x"}, "text", 5, {"data": 5}])
def test_a_wrong_shape_is_no_empty_list(toggl: StandIn, connect: Connect, body: object) -> None:
    toggl.on("/workspaces/1/projects", Reply(body))
    with pytest.raises(TogglBadAnswer, match="projects"):
        read(connect())


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the recorded bodies are not here")
def test_recorded_bodies_are_accepted() -> None:
    related = json.loads((FIXTURES / "me_with_related_data.json").read_bytes())
    found = [
        bodies.read_project(row)
        for row in rows_of(json.dumps(related["projects"]).encode(), bodies.Project, "").rows
    ]
    assert len(found) == len(related["projects"])
    assert all(found)
    clients = rows_of(json.dumps(related["clients"]).encode(), bodies.Client, "").rows
    assert all(bodies.read_client(row) for row in clients)
    workspace = rows_of(b"[" + (FIXTURES / "workspace.json").read_bytes() + b"]", bodies.Workspace, "").rows[
        0
    ]
    assert bodies.read_workspace_row(workspace) == ReadWorkspace(
        43644207, "patn cizrlsicu", 8364520, True, False
    )


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = [
    "id",
    "uid",
    "name",
    "client_id",
    "cid",
    "project_id",
    "pid",
    "active",
    "status",
    "archived",
    "data",
    "email",
]
objects = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), values, max_size=8)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(objects | values, max_size=4) | objects | values)
def test_no_body_breaks_the_reader(body: object) -> None:
    convert = {
        bodies.Client: bodies.read_client,
        bodies.Project: bodies.read_project,
        bodies.TogglTask: bodies.read_task,
        bodies.WorkspaceUser: bodies.read_person,
        bodies.Workspace: bodies.read_workspace_row,
    }
    for kind, reader in convert.items():
        try:
            for row in rows_of(json.dumps(body).encode(), kind, "/x").rows:
                reader(row)  # type: ignore[operator]
        except TogglError:
            pass


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("#0b83d9", "#0b83d9"),
        (" #0B83D9 ", "#0b83d9"),
        ("0b83d9", "#0b83d9"),
        ("#0Bd", "#00bbdd"),
        ("", ""),
        (None, ""),
        ("red", ""),
        ("#0b83d", ""),
        ("#0b83d9ff", ""),
        ("rgb(1, 2, 3)", ""),
        ("#０b83d9", ""),
        (14, ""),
        (["#0b83d9"], ""),
    ],
)
def test_a_colour_is_read_as_six_digits_or_none(sent: object, read_as: str) -> None:
    assert bodies.color(sent) == read_as


@given(
    st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()), st.from_regex(r"#?[0-9a-fA-F]{3,6}"))
)
def test_any_colour_is_one_the_page_can_show_or_none(sent: object) -> None:
    found = bodies.color(sent)
    assert found == "" or (len(found) == 7 and found[0] == "#" and int(found[1:], 16) >= 0)
