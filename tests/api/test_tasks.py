"""/api/v1/tasks and the people on them."""

from __future__ import annotations

from typing import Any

import pytest

from stint.paging import cursor_of
from stint.tasks.models import Task

from .conftest import ApiClient, problem

pytestmark = pytest.mark.django_db


def make(client: ApiClient, name: str, parent_id: int | None = None) -> dict[str, Any]:
    response = client.post("/tasks", {"name": name, "parent_id": parent_id})
    assert response.status_code == 201, response.content
    made: dict[str, Any] = response.json()
    return made


def test_a_created_task_is_answered_whole(manager: ApiClient) -> None:
    root = make(manager, "Website")
    response = manager.post("/tasks", {"name": "Launch", "parent_id": root["id"]})
    assert response.status_code == 201
    made = response.json()
    assert response["Location"] == f"/api/v1/tasks/{made['id']}"
    assert made == {
        "id": made["id"],
        "parent_id": root["id"],
        "name": "Launch",
        "path": ["Website", "Launch"],
        "status": "active",
        "trackable": False,
        "read_only": False,
        "children": 0,
        "source": None,
        "color": made["color"],
        "billable": False,
        "favourite": False,
        "in_archive": False,
    }
    assert manager.get(f"/tasks/{made['id']}").json() == made


def test_the_list_is_by_name_and_pages_by_cursor(manager: ApiClient) -> None:
    for name in ("Zebra", "apple", "Mango"):
        make(manager, name)
    first = manager.get("/tasks?limit=2").json()
    assert [task["name"] for task in first["items"]] == ["apple", "Mango"]
    second = manager.get(f"/tasks?limit=2&cursor={first['next']}").json()
    assert ([task["name"] for task in second["items"]], second["next"]) == (["Zebra"], None)


def test_one_level_of_the_tree(manager: ApiClient) -> None:
    root = make(manager, "Root")
    child = make(manager, "Child", root["id"])
    make(manager, "Grandchild", child["id"])
    assert [t["name"] for t in manager.get("/tasks?parent_id=null").json()["items"]] == ["Root"]
    below = manager.get(f"/tasks?parent_id={root['id']}").json()["items"]
    assert [t["name"] for t in below] == ["Child"]
    assert len(manager.get("/tasks?q=&parent_id=&status=active").json()["items"]) == 3


def test_search_finds_by_any_part_of_the_path(manager: ApiClient) -> None:
    website = make(manager, "Website")
    launch = make(manager, "Launch", website["id"])
    make(manager, "Relaunch")
    found = manager.get("/tasks?q=web+launch").json()
    assert ([t["id"] for t in found["items"]], found["next"]) == ([launch["id"]], None)
    below = manager.get(f"/tasks?q=launch&parent_id={website['id']}").json()["items"]
    assert [t["id"] for t in below] == [launch["id"]]


def test_archive_and_restore(manager: ApiClient) -> None:
    task = make(manager, "Old")
    assert manager.post(f"/tasks/{task['id']}/archive").json()["status"] == "archived"
    assert manager.get("/tasks").json()["items"] == []
    assert [t["id"] for t in manager.get("/tasks?status=archived").json()["items"]] == [task["id"]]
    assert manager.post(f"/tasks/{task['id']}/restore").json() == task


def test_rename_and_move(manager: ApiClient) -> None:
    first, second = make(manager, "First"), make(manager, "Second")
    moved = manager.patch(f"/tasks/{second['id']}", {"name": "Inner", "parent_id": first["id"]}).json()
    assert moved["path"] == ["First", "Inner"]
    renamed = manager.patch(f"/tasks/{second['id']}", {"name": "Renamed"}).json()
    assert renamed["path"] == ["First", "Renamed"]
    back = manager.patch(f"/tasks/{second['id']}", {"parent_id": None}).json()
    assert (back["parent_id"], back["path"]) == (None, ["Renamed"])


def test_people_of_a_task(manager: ApiClient, member: ApiClient) -> None:
    root = make(manager, "Root")
    child = make(manager, "Child", root["id"])
    assert manager.put(f"/tasks/{root['id']}/people/{member.user.pk}").status_code == 204
    person = {"user_id": member.user.pk, "name": "Mary", "email": "mary@example.com", "origin": "manual"}
    direct = {"items": [{**person, "inherited_from": None}], "next": None}
    assert manager.get(f"/tasks/{root['id']}/people").json() == direct
    inherited = manager.get(f"/tasks/{child['id']}/people").json()["items"]
    assert inherited == [{**person, "inherited_from": root["id"]}]
    assert member.get("/tasks?trackable=true").json()["items"][0]["trackable"] is True
    removed = manager.delete(f"/tasks/{root['id']}/people/{member.user.pk}")
    assert (removed.status_code, removed.content) == (204, b"")
    assert manager.get(f"/tasks/{root['id']}/people").json()["items"] == []


def test_an_inherited_assignment_is_removed_above(manager: ApiClient, member: ApiClient) -> None:
    root = make(manager, "Root")
    child = make(manager, "Child", root["id"])
    manager.put(f"/tasks/{root['id']}/people/{member.user.pk}")
    response = manager.delete(f"/tasks/{child['id']}/people/{member.user.pk}")
    assert response.json() == problem(409, "The assignment comes from a task above; remove it there.")


def test_a_member_sees_only_what_is_assigned(manager: ApiClient, member: ApiClient) -> None:
    task = make(manager, "Hidden")
    assert member.get("/tasks").json() == {"items": [], "next": None}
    detail = "There is no such task, or it is not assigned to you."
    assert member.get(f"/tasks/{task['id']}").json() == problem(404, detail)
    assert member.get(f"/tasks/{task['id']}/people").status_code == 404


def test_a_member_may_not_change_the_tree(manager: ApiClient, member: ApiClient) -> None:
    task = make(manager, "Root")
    refused = problem(403, "Only Managers and Administrators may change the task tree.")
    assert member.post("/tasks", {"name": "Mine"}).json() == refused
    assert member.patch(f"/tasks/{task['id']}", {"name": "Mine"}).json() == refused
    assert member.post(f"/tasks/{task['id']}/archive").json() == refused
    assert member.put(f"/tasks/{task['id']}/people/{member.user.pk}").json() == refused


def test_another_account_sees_nothing(manager: ApiClient, stranger: ApiClient) -> None:
    task = make(manager, "Secret")
    assert stranger.get("/tasks").json()["items"] == []
    assert stranger.get("/tasks?q=secret").json()["items"] == []
    for method, path in [
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "/archive"),
        ("POST", "/restore"),
        ("GET", "/people"),
        ("PUT", f"/people/{stranger.user.pk}"),
        ("DELETE", f"/people/{stranger.user.pk}"),
    ]:
        body = {"name": "x"} if method == "PATCH" else None
        assert stranger.call(method, f"/tasks/{task['id']}{path}", body).status_code == 404
    below = stranger.post("/tasks", {"name": "x", "parent_id": task["id"]})
    assert below.status_code == 422
    assert manager.put(f"/tasks/{task['id']}/people/{stranger.user.pk}").status_code == 404


def test_mirrored_tasks_are_read_only(manager: ApiClient, member: ApiClient) -> None:
    task = Task.objects.create(
        account_id=manager.caller.account_id,
        path="",
        name="Toggl",
        sort_name="toggl",
        read_only=True,
        source="toggl",
        source_kind="root",
        source_id=0,
    )
    Task.objects.filter(pk=task.pk).update(path=f"{task.pk}/")
    shown = manager.get(f"/tasks/{task.pk}").json()
    assert shown["read_only"] is True
    assert shown["source"] == {"integration": "toggl", "kind": "root", "external_id": "0"}
    for response in (
        manager.patch(f"/tasks/{task.pk}", {"name": "Mine"}),
        manager.post(f"/tasks/{task.pk}/archive"),
        manager.post("/tasks", {"name": "Below", "parent_id": task.pk}),
    ):
        assert response.status_code == 403
        assert "Toggl" in response.json()["detail"]
    assert manager.put(f"/tasks/{task.pk}/people/{member.user.pk}").status_code == 204


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "name", "is required"),
        ({"name": " "}, "name", "must have 1 to 10000 characters"),
        ({"name": 7}, "name", "must be a text"),
        ({"name": "a\0b"}, "name", "must not contain the character NUL"),
        ({"name": "x", "nmae": "y"}, "nmae", "is no field of this call"),
        ({"name": "x", "parent_id": 2**63}, "parent_id", "must be at most 9223372036854775807"),
        ({"name": "x", "parent_id": 10**30}, "parent_id", "must be at most 9223372036854775807"),
        ({"name": "x", "parent_id": 0}, "parent_id", "must be at least 1"),
        ({"name": "x", "parent_id": 2**63 - 1}, "parent_id", "names no task of this account"),
        ([], "body", "must be an object with fields"),
    ],
)
def test_bad_input_names_the_field(manager: ApiClient, body: Any, field: str, message: str) -> None:
    response = manager.post("/tasks", body)
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == problem(
        422, f"{field}: {message}", errors=[{"field": field, "message": message}]
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("cursor=nonsense", "cursor"),
        ("status=deleted", "status"),
        ("trackable=perhaps", "trackable"),
        ("parent_id=99999999999999999999", "parent_id"),
        ("q=%00", "q"),
    ],
)
def test_bad_parameters_are_named(manager: ApiClient, query: str, field: str) -> None:
    response = manager.get(f"/tasks?{query}")
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize("cursor", [cursor_of("a", 10**30), cursor_of("a", 2**63), cursor_of(1, "a")])
def test_a_forged_cursor_never_fails(manager: ApiClient, cursor: str) -> None:
    response = manager.get(f"/tasks?cursor={cursor}")
    assert response.status_code in (200, 422)  # as the database takes it


@pytest.mark.parametrize(
    "path", ["/tasks/0", "/tasks/9223372036854775808", "/tasks/99999999999999999999", "/tasks/x"]
)
def test_ids_that_no_task_can_have_are_404(manager: ApiClient, path: str) -> None:
    response = manager.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_colour_billable_and_favourite_are_set_and_shown(manager: ApiClient) -> None:
    made = manager.post("/tasks", {"name": "Website"}).json()
    edited = manager.patch(f"/tasks/{made['id']}", {"color": "#2F7FD3", "billable": True}).json()
    assert (edited["color"], edited["billable"], edited["favourite"]) == ("#2f7fd3", True, False)
    assert manager.put(f"/tasks/{made['id']}/favourite").status_code == 204
    assert manager.get(f"/tasks/{made['id']}").json()["favourite"] is True
    refused = manager.patch(f"/tasks/{made['id']}", {"color": "blue"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "color")


def test_the_shortlist_holds_favourites_and_what_was_done_lately(manager: ApiClient) -> None:
    ids = [
        manager.post("/tasks", {"name": name}).json()["id"] for name in ("Zebra", "apple", "Done", "Never")
    ]
    for id_ in ids[:3]:
        manager.put(f"/tasks/{id_}/people/{manager.user.pk}")
    for id_ in [*ids[:2], ids[3]]:
        manager.put(f"/tasks/{id_}/favourite")
    day = {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T10:00:00Z"}
    for id_ in (ids[0], ids[2]):
        assert manager.post("/entries", {"task_id": id_, **day}).status_code == 201
    found = manager.get("/tasks/shortlist").json()
    assert [task["name"] for task in found["favourites"]] == ["apple", "Zebra"]
    assert [task["name"] for task in found["recent"]] == ["Done"]
