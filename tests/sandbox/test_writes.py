"""Writes by the API: names stay unique, `at` moves on, archived and deleted things show as Toggl shows them."""

from __future__ import annotations

import httpx2
import pytest

from stint.sandbox.workplace import Workplace


def test_a_client_is_made_renamed_and_deleted(admin: httpx2.Client, base: str, place: Workplace) -> None:
    made = admin.post(f"{base}/clients", json={"name": "Fresh", "notes": "by phone"}).json()
    assert (made["name"], made["notes"], made["archived"]) == ("Fresh", "by phone", False)
    path = f"{base}/clients/{made['id']}"
    assert admin.put(path, json={"name": "Fresher"}).json()["name"] == "Fresher"
    project = admin.post(f"{base}/projects", json={"name": "Left alone", "client_id": made["id"]}).json()
    assert admin.delete(path).json() == made["id"]
    assert admin.get(path).status_code == 404
    left = admin.get(f"{base}/projects/{project['id']}").json()
    assert (left["client_id"], left["cid"], left["active"]) == (None, None, True)


def test_archiving_a_client_archives_its_projects(admin: httpx2.Client, base: str, place: Workplace) -> None:
    client = next(c for c in place.clients.values() if c.name == "Café Olé ☕")
    path = f"{base}/clients/{client.id}"
    archived = admin.post(f"{path}/archive").json()
    mine = {p.id for p in place.projects.values() if p.client_id == client.id}
    assert set(archived) == mine
    assert admin.get(path).json()["archived"] is True
    assert {admin.get(f"{base}/projects/{id_}").json()["status"] for id_ in mine} == {"archived"}
    first, *_ = archived
    assert admin.post(f"{path}/restore", json={"projects": [first]}).json()["archived"] is False
    assert [admin.get(f"{base}/projects/{id_}").json()["active"] for id_ in archived] == [
        id_ == first for id_ in archived
    ]
    admin.post(f"{path}/restore", json={"restore_all_projects": True})
    assert all(place.projects[id_].active for id_ in mine)


def test_a_project_is_moved_archived_and_deleted_with_its_tasks(
    admin: httpx2.Client, base: str, place: Workplace
) -> None:
    task = next(iter(place.tasks.values()))
    path = f"{base}/projects/{task.project_id}"
    before = admin.get(path).json()
    other = next(c for c in place.clients.values() if c.id != before["client_id"] and not c.archived)
    moved = admin.put(path, json={"name": "Elsewhere", "client_id": other.id}).json()
    assert (moved["client_id"], moved["cid"], moved["name"]) == (other.id, other.id, "Elsewhere")
    assert moved["at"] > before["at"]
    assert admin.put(path, json={"client_id": None}).json()["client_id"] is None
    assert admin.put(path, json={"active": False}).json()["status"] == "archived"
    assert admin.delete(path).json() == task.project_id
    assert admin.get(path).status_code == 404
    ids = {row["id"] for row in admin.get(f"{base}/tasks?active=both").json()["data"]}
    assert task.id not in ids


def test_a_task_is_made_done_and_deleted(admin: httpx2.Client, base: str, place: Workplace) -> None:
    path = f"{base}/projects/{next(iter(place.projects))}/tasks"
    made = admin.post(path, json={"name": "Polish"}).json()
    one = f"{path}/{made['id']}"
    assert admin.put(one, json={"active": False}).json()["active"] is False
    assert made["id"] not in {row["id"] for row in admin.get(f"{path}?active=true").json()}
    assert made["id"] in {row["id"] for row in admin.get(path).json()}
    assert admin.delete(one).json() == made["id"]
    assert admin.put(one, json={"active": True}).status_code == 404


def test_names_are_unique_in_their_place_only(admin: httpx2.Client, base: str, place: Workplace) -> None:
    first, second = (c for c in place.clients.values() if not c.archived)
    taken = "Name has already been taken"
    assert admin.post(f"{base}/clients", json={"name": first.name}).json() == taken
    assert admin.put(f"{base}/clients/{second.id}", json={"name": first.name}).status_code == 400
    named = {"name": "Same", "client_id": first.id}
    assert admin.post(f"{base}/projects", json=named).status_code == 200
    assert admin.post(f"{base}/projects", json=named).json() == taken
    twin = admin.post(f"{base}/projects", json=named | {"client_id": second.id}).json()
    path = f"{base}/projects/{twin['id']}"
    assert admin.put(path, json={"client_id": first.id}).json() == taken
    assert admin.get(path).json()["client_id"] == second.id
    assert admin.post(f"{path}/tasks", json={"name": "Twice"}).status_code == 200
    assert admin.post(f"{path}/tasks", json={"name": "Twice"}).json() == taken


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"name": ""}, "Name must be present"),
        ({"name": 5}, "'name' must be a string"),
        ({"name": "A", "client_id": 1}, "Client with the ID 1 isn't present in workspace"),
        ({"name": "A", "client_id": "1"}, "'client_id' must be a number"),
        ({"name": "A", "active": "yes"}, "'active' must be a boolean"),
        ({"name": "A", "color": "red"}, "#RRGGBB"),
        ([], "JSON is not valid"),
    ],
)
def test_a_wrong_body_is_refused_with_a_sentence(
    admin: httpx2.Client, base: str, body: object, text: str
) -> None:
    answer = admin.post(f"{base}/projects", json=body)
    assert answer.status_code == 400
    assert text in answer.json()


def test_what_the_plan_has_not_is_402(admin: httpx2.Client, base: str, place: Workplace) -> None:
    next(iter(place.organizations.values())).plan = "free"
    path = f"{base}/projects/{next(iter(place.projects))}/tasks"
    answer = admin.post(path, json={"name": "Paid"})
    assert answer.status_code == 402
    assert int(answer.headers["x-toggl-quota-remaining"]) > 0
    assert "plan" in answer.json()
    assert admin.post(f"{base}/clients/{next(iter(place.clients))}/archive").status_code == 402
    assert admin.get(f"{base}/tasks?active=both").json()["data"] is None


def test_starting_an_entry_stops_the_one_before(admin: httpx2.Client, base: str) -> None:
    body = {"created_with": "a test", "start": "2024-11-23T10:00:00+01:00", "duration": -1}
    first = admin.post(f"{base}/time_entries", json=body).json()
    assert (first["duration"], first["stop"], first["start"]) == (-1, None, "2024-11-23T09:00:00+00:00")
    second = admin.post(f"{base}/time_entries", json=body).json()
    assert admin.get("/api/v9/me/time_entries/current").json()["id"] == second["id"]
    assert admin.patch(f"{base}/time_entries/{first['id']}/stop").status_code == 409
    stopped = admin.patch(f"{base}/time_entries/{second['id']}/stop").json()
    assert stopped["duration"] > 0
    assert admin.get("/api/v9/me/time_entries/current").content == b"null"
    admin.delete(f"{base}/time_entries/{first['id']}")
    assert [row["id"] for row in admin.get("/api/v9/me/time_entries").json()] == [second["id"]]
    since = {
        row["id"]: row["server_deleted_at"] for row in admin.get("/api/v9/me/time_entries?since=1").json()
    }
    assert since[first["id"]]
    assert since[second["id"]] is None
    both = admin.get("/api/v9/me/time_entries?since=1&before=2024-11-23")
    assert (both.status_code, both.json()) == (
        400,
        "'since' and 'before' can not be present simultaneously",
    )
