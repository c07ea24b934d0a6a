"""The sandbox's own calls: everything as JSON, edits by hand, reset, the request log; and its page."""

from __future__ import annotations

from pathlib import Path

import httpx2
import msgspec
import pytest
from playwright.sync_api import Page, expect

from stint.sandbox import seeds
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace


@pytest.fixture
def control(sandbox: BackgroundSandbox, place: Workplace) -> httpx2.Client:
    return httpx2.Client(base_url=f"{sandbox.url}/sandbox", timeout=5, trust_env=False)


def test_everything_is_shown_as_json(control: httpx2.Client, sandbox: BackgroundSandbox) -> None:
    state = control.get("/state").json()
    counts = {name: len(state[name]) for name in ("workspaces", "clients", "projects", "members")}
    assert counts == {"workspaces": 1, "clients": 3, "projects": 6, "members": 4}
    assert sum(row["tasks"] for row in state["projects"]) == 8
    assert state["token"] == sandbox.token


def test_rows_are_made_changed_and_deleted_by_hand(
    control: httpx2.Client, admin: httpx2.Client, base: str, place: Workplace
) -> None:
    wid = next(iter(place.workspaces))
    client = control.post("/clients", json={"wid": wid, "name": "By hand"}).json()["id"]
    project = control.post("/projects", json={"wid": wid, "name": "Own", "client_id": client}).json()["id"]
    task = control.post("/tasks", json={"project_id": project, "name": "Do"}).json()["id"]
    assert control.get(f"/projects/{project}/tasks").json() == [{"id": task, "name": "Do", "active": True}]
    control.patch(f"/tasks/{task}", json={"name": "Done", "active": False})
    control.patch(f"/projects/{project}", json={"name": "Moved", "client_id": None, "is_private": True})
    sent = admin.get(f"{base}/projects/{project}").json()
    assert (sent["name"], sent["client_id"], sent["is_private"]) == ("Moved", None, True)
    assert admin.get(f"{base}/projects/{project}/tasks").json()[0]["active"] is False
    control.delete(f"/projects/{project}")
    assert admin.get(f"{base}/projects/{project}").status_code == 404
    control.patch(f"/clients/{client}", json={"archived": True, "name": "Old"})
    assert admin.get(f"{base}/clients/{client}").json()["archived"] is True


def test_people_come_and_go_by_hand(
    control: httpx2.Client, admin: httpx2.Client, base: str, place: Workplace
) -> None:
    wid = next(iter(place.workspaces))
    made = {"wid": wid, "email": "new@example.com", "name": "New", "joined": False}
    member = control.post("/members", json=made).json()["id"]

    def shown() -> dict[int, tuple[object, ...]]:
        rows = admin.get(f"{base}/workspace_users").json()
        return {row["id"]: (row["email"], row["active"], row["inactive"]) for row in rows}

    assert shown()[member] == ("new@example.com", False, False)
    control.patch(f"/members/{member}", json={"joined": True, "inactive": True, "email": "NEW@example.com"})
    assert shown()[member] == ("NEW@example.com", True, True)
    control.delete(f"/members/{member}")
    assert member not in shown()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/clients", {"name": "No workspace"}, 400),
        ("/clients", {"wid": 1, "name": "Unknown workspace"}, 404),
        ("/cats", {"name": "Tom"}, 404),
        ("/members", {"wid": 6_296_488, "email": "not an address"}, 400),
        ("/members", {"wid": 6_296_488, "email": "x@example.com", "role": "king"}, 400),
        ("/projects", {"wid": 6_296_488, "name": " "}, 400),
        ("/projects", {"wid": 6_296_488, "name": ["a"]}, 400),
        ("/faults", {"kind": "earthquake"}, 400),
        ("/faults", {"kind": "500", "path": "("}, 400),
        ("/reset", {"seed": "/etc/passwd"}, 400),
    ],
)
def test_a_wrong_edit_says_why(
    control: httpx2.Client, path: str, body: dict[str, object], status: int
) -> None:
    answer = control.post(path, json=body)
    assert answer.status_code == status
    assert isinstance(answer.json(), str)


def test_a_foreign_page_cannot_write(control: httpx2.Client) -> None:
    """A form or a simple request of another site cannot send this content type."""
    answer = control.post("/reset", content=b'{"seed": "small"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_reset_begins_again(
    control: httpx2.Client, admin: httpx2.Client, sandbox: BackgroundSandbox, place: Workplace
) -> None:
    control.delete(f"/projects/{next(iter(place.projects))}")
    control.post("/faults", json={"kind": "500"})
    assert admin.get("/api/v9/me").status_code == 500
    assert control.post("/reset", json={}).json() == {"seed": "small"}
    assert admin.get("/api/v9/me").status_code == 200
    assert len(control.get("/state").json()["projects"]) == 6
    assert sandbox.requests == [("GET", "/api/v9/me")]
    control.post("/reset", json={"seed": "team"})
    assert len(admin.get("/api/v9/me/workspaces").json()) == 3
    made = control.post("/workspaces", json={"name": "A fourth"}).json()["id"]
    assert admin.get(f"/api/v9/workspaces/{made}").json()["name"] == "A fourth"


def test_requests_are_logged_and_counted(control: httpx2.Client, admin: httpx2.Client) -> None:
    admin.get("/api/v9/me")
    admin.get("/api/v9/me?with_related_data=true")
    log = control.get("/requests?most=1").json()
    assert (log["total"], log["counts"]) == (2, {"GET /api/v9/me": 2})
    assert [(row["query"], row["status"], row["user"]) for row in log["rows"]] == [
        ("with_related_data=true", 200, "ada@example.com")
    ]
    control.delete("/requests")
    assert control.get("/requests").json() == {"total": 0, "counts": {}, "rows": []}


def test_the_state_is_a_seed(control: httpx2.Client, place: Workplace, tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_bytes(control.get("/dump").content)
    again = seeds.load(str(file))
    assert seeds.dump(again) == seeds.dump(place)
    assert again.owner_token == place.owner_token


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"organizations": 5}'])
def test_an_unusable_seed_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "seed.json"
    file.write_bytes(content)
    with pytest.raises(ValueError, match="not a sandbox seed"):
        seeds.load(str(file))
    with pytest.raises(ValueError, match="no seed"):
        seeds.load(str(tmp_path / "absent.json"))


def test_seeds_are_the_same_each_time_and_as_large_as_told() -> None:
    def names(place: Workplace) -> bytes:
        return msgspec.json.encode([[row.name for row in place.projects.values()], list(place.tasks)])

    first, again = seeds.load("team"), seeds.load("team")
    assert names(first) == names(again)
    assert [len(t) for t in (first.workspaces, first.clients, first.projects, first.tasks, first.people)] == [
        3,
        40,
        300,
        2_000,
        25,
    ]
    by_name: dict[str, set[int | None]] = {}
    for row in first.projects.values():
        by_name.setdefault(row.name, set()).add(row.client_id)
    assert max(len(found) for found in by_name.values()) > 1
    assert None in {row.client_id for row in first.projects.values()}
    large = seeds.load("large")
    assert len(large.clients) + len(large.projects) + len(large.tasks) == 100_000


def test_the_page_edits_the_tree_and_switches_faults(
    page: Page, sandbox: BackgroundSandbox, admin: httpx2.Client, base: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(sandbox.url)
    page.get_by_role("button", name="Edit Aurora Outdoor").click()
    page.get_by_label("Name").fill("Aurora <b>Indoor</b> 🏠")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Aurora <b>Indoor</b> 🏠")).to_be_visible()
    assert "Aurora <b>Indoor</b> 🏠" in {row["name"] for row in admin.get(f"{base}/clients").json()}
    page.get_by_role("button", name="Edit Café Olé ☕").click()
    page.get_by_label("Archived").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".row", has_text="Café Olé").get_by_text("archived")).to_be_visible()
    page.get_by_label("What goes wrong").select_option("500")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults")).to_contain_text("500 server error")
    assert admin.get("/api/v9/me").status_code == 500
    page.get_by_role("button", name="All off").click()
    expect(page.locator("#faults li")).to_have_count(0)
    page.get_by_role("tab", name="People").click()
    expect(page.get_by_text("grace@example.com")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert complaints == []
