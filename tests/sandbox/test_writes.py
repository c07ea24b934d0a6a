from __future__ import annotations

from typing import Any

import httpx2
import pytest

from stint.sandbox.workplace import Workplace


def _at_moves(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return bool(before["at"] < after["at"])


def test_a_client_is_made_renamed_and_deleted(admin: httpx2.Client, base: str) -> None:
    made = admin.post(f"{base}/clients", json={"name": "Nørd 🧁", "notes": "sweet"}).json()
    assert (made["name"], made["notes"], made["archived"]) == ("Nørd 🧁", "sweet", False)
    path = f"{base}/clients/{made['id']}"
    assert admin.put(path, json={"name": "Other"}).json()["name"] == "Other"
    assert admin.delete(path).json() == made["id"]
    assert admin.get(path).status_code == 404
    assert admin.delete(path).status_code == 404


def test_an_old_row_moves_on_when_it_is_changed(admin: httpx2.Client, base: str) -> None:
    for kind, body in (("clients", {"name": "New"}), ("projects", {"name": "New"})):
        row = admin.get(f"{base}/{kind}").json()[0]
        assert _at_moves(row, admin.put(f"{base}/{kind}/{row['id']}", json=body).json())
    row = admin.get(f"{base}/tasks").json()["data"][0]
    path = f"{base}/projects/{row['project_id']}/tasks/{row['id']}"
    assert _at_moves(row, admin.put(path, json={"active": False}).json())


def test_deleting_a_client_leaves_its_projects(admin: httpx2.Client, base: str, place: Workplace) -> None:
    project = next(p for p in place.projects.values() if p.client_id)
    admin.delete(f"{base}/clients/{project.client_id}")
    sent = admin.get(f"{base}/projects/{project.id}").json()
    assert (sent["client_id"], sent["cid"]) == (None, None)


def test_archiving_a_client_takes_its_projects_and_restoring_brings_them_back(
    admin: httpx2.Client, base: str, place: Workplace
) -> None:
    client = next(iter(place.clients))
    mine = [p.id for p in place.projects.values() if p.client_id == client and p.active]
    assert admin.post(f"{base}/clients/{client}/archive").json() == mine
    assert [admin.get(f"{base}/projects/{id_}").json()["status"] for id_ in mine] == ["archived"] * len(mine)
    assert admin.post(f"{base}/clients/{client}/restore", json={}).json()["archived"] is False
    assert not place.projects[mine[0]].active
    admin.post(f"{base}/clients/{client}/restore", json={"restore_all_projects": True})
    assert place.projects[mine[0]].active


def test_a_project_is_made_private_unless_told(admin: httpx2.Client, base: str) -> None:
    assert admin.post(f"{base}/projects", json={"name": "One"}).json()["is_private"] is True
    body = {"name": "Two", "is_private": False, "color": "#aabbcc", "active": True}
    made = admin.post(f"{base}/projects", json=body).json()
    assert (made["is_private"], made["color"], made["status"]) == (False, "#aabbcc", "active")


def test_a_project_changes_its_colour_and_whether_it_is_billable(admin: httpx2.Client, base: str) -> None:
    made = admin.post(f"{base}/projects", json={"name": "One", "billable": True}).json()
    assert (made["color"], made["billable"]) == ("#0b83d9", True)
    path = f"{base}/projects/{made['id']}"
    assert admin.put(path, json={"color": "#d92b2b"}).json()["billable"] is True
    changed = admin.put(path, json={"billable": False}).json()
    assert (changed["color"], changed["billable"]) == ("#d92b2b", False)


def test_a_project_moves_between_clients_and_to_none(
    admin: httpx2.Client, base: str, place: Workplace
) -> None:
    first, second = list(place.clients)[:2]
    made = admin.post(f"{base}/projects", json={"name": "Mover", "cid": first}).json()
    path = f"{base}/projects/{made['id']}"
    assert admin.put(path, json={"client_id": second}).json()["client_id"] == second
    assert admin.put(path, json={"name": "Still"}).json()["client_id"] == second
    assert admin.put(path, json={"client_id": None}).json()["client_id"] is None


def test_names_are_unique_where_toggl_says(admin: httpx2.Client, base: str, place: Workplace) -> None:
    first, second = list(place.clients)[:2]
    # The seed has a project of this name under both clients already.
    assert {p.client_id for p in place.projects.values() if p.name == "Website relaunch"} == {first, second}
    taken = [
        admin.post(f"{base}/clients", json={"name": "Aurora Outdoor"}),
        admin.post(f"{base}/projects", json={"name": "Website relaunch", "client_id": first}),
        admin.post(f"{base}/projects/{next(iter(place.projects))}/tasks", json={"name": "Testing"}),
    ]
    assert [(a.status_code, a.json()) for a in taken] == [(400, "Name has already been taken")] * 3
    assert admin.post(f"{base}/projects", json={"name": "Website relaunch"}).status_code == 200


def test_a_refused_move_changes_nothing(admin: httpx2.Client, base: str, place: Workplace) -> None:
    first, second = list(place.clients)[:2]
    project = next(p for p in place.projects.values() if p.client_id == first)
    for body in (
        {"client_id": second, "name": "Website relaunch"},
        {"client_id": 1, "name": "X"},
        {"client_id": second, "color": "red"},
        {"client_id": second, "active": "no"},
    ):
        before = admin.get(f"{base}/projects/{project.id}").json()
        assert admin.put(f"{base}/projects/{project.id}", json=body).status_code == 400, body
        assert admin.get(f"{base}/projects/{project.id}").json() == before


def test_a_client_of_elsewhere_is_refused_in_toggls_words(admin: httpx2.Client, base: str) -> None:
    answer = admin.post(f"{base}/projects", json={"name": "X", "client_id": 5})
    wid = base.rsplit("/", 1)[1]
    assert answer.json() == f"Client with the ID 5 isn't present in workspace {wid}"


def test_a_task_is_made_done_and_deleted(admin: httpx2.Client, base: str, place: Workplace) -> None:
    project = next(iter(place.projects))
    made = admin.post(f"{base}/projects/{project}/tasks", json={"name": "Dig"}).json()
    path = f"{base}/projects/{project}/tasks/{made['id']}"
    assert admin.put(path, json={"active": False, "name": "Dug"}).json()["active"] is False
    assert made["id"] in {row["id"] for row in admin.get(f"{base}/projects/{project}/tasks").json()}
    assert admin.delete(path).status_code == 200
    assert made["id"] not in {row["id"] for row in admin.get(f"{base}/projects/{project}/tasks").json()}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b'{"name": 5}', b'{"name": "  "}', b"\xff"]
)
@pytest.mark.parametrize("path", ["/clients", "/projects"])
def test_a_body_that_makes_no_sense_is_refused(
    admin: httpx2.Client, base: str, path: str, body: bytes
) -> None:
    answer = admin.post(base + path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert isinstance(answer.json(), str)


def test_a_method_that_is_not_there_is_405(admin: httpx2.Client, base: str) -> None:
    assert admin.patch(f"{base}/clients").status_code == 405


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
