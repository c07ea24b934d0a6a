"""/api/v1/entries: time added, read, changed and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from stint.paging import cursor_of

from .conftest import ApiClient, problem

pytestmark = pytest.mark.django_db
ID = "0198c0de-0000-7000-8000-000000000001"
NINE, TEN = "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"


@pytest.fixture
def task_id(manager: ApiClient, member: ApiClient) -> int:
    task: dict[str, Any] = manager.post("/tasks", {"name": "Website"}).json()
    manager.put(f"/tasks/{task['id']}/people/{member.user.pk}")
    return int(task["id"])


def add(client: ApiClient, **body: Any) -> dict[str, Any]:
    response = client.post("/entries", {"start": NINE, "end": TEN, **body})
    assert response.status_code == 201, response.content
    made: dict[str, Any] = response.json()
    return made


def test_an_added_entry_is_answered_whole(member: ApiClient, task_id: int) -> None:
    entry = add(member, id=ID, task_id=task_id, note="Draft", tags=["web"], billable=True)
    assert entry == {
        "id": ID,
        "user_id": member.user.pk,
        "task_id": task_id,
        "note": "Draft",
        "tags": ["web"],
        "billable": True,
        "start": NINE,
        "end": TEN,
        "seconds": 3600,
        "version": 1,
        "made_by": "api",
    }
    one = member.get(f"/entries/{ID}")
    assert (one.json(), one["ETag"]) == (entry, '"1"')
    assert member.get("/entries?from=2026-11-23&to=2026-11-23").json() == {"items": [entry], "next": None}


def test_time_is_added_by_day_and_seconds(member: ApiClient) -> None:
    response = member.post("/entries", {"day": "2026-11-20", "seconds": 5400})
    assert response.status_code == 201
    assert response.json()["seconds"] == 5400
    assert member.get("/entries?from=2026-11-20&to=2026-11-20").json()["items"] == [response.json()]


def test_the_same_entry_sent_twice_is_one(member: ApiClient) -> None:
    body = {"id": ID, "start": NINE, "end": TEN, "note": "Draft"}
    first, again = member.post("/entries", body), member.post("/entries", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = member.post("/entries", {**body, "note": "Other"})
    assert (other.status_code, other["Content-Type"]) == (409, "application/problem+json")
    assert len(member.get("/entries?from=2026-11-23&to=2026-11-23").json()["items"]) == 1


def test_the_list_is_newest_first_and_pages_by_cursor(member: ApiClient) -> None:
    made = [
        add(member, start=f"2026-11-23T{hour:02}:00:00Z", end=f"2026-11-23T{hour:02}:30:00Z")
        for hour in range(5)
    ]
    seen: list[str] = []
    query = "/entries?from=2026-11-01&to=2026-11-30&limit=2"
    cursor = ""
    while cursor is not None:
        page = member.get(query + (f"&cursor={cursor}" if cursor else "")).json()
        assert len(page["items"]) <= 2
        seen += [entry["id"] for entry in page["items"]]
        cursor = page["next"]
    assert seen == [entry["id"] for entry in reversed(made)]


def test_the_list_is_narrowed_by_day_and_task(member: ApiClient, task_id: int) -> None:
    with_task = add(member, task_id=task_id)
    without = add(member, start="2026-11-24T09:00:00Z", end="2026-11-24T10:00:00Z")
    ids = lambda query: [e["id"] for e in member.get(f"/entries?{query}").json()["items"]]  # noqa: E731
    assert ids("from=2026-11-23&to=2026-11-24") == [without["id"], with_task["id"]]
    assert ids("from=2026-11-24&to=2026-11-24") == [without["id"]]
    assert ids(f"from=2026-11-01&to=2026-11-30&task_id={task_id}") == [with_task["id"]]


def test_entries_that_began_earlier_are_listed_where_they_reach_into_the_days(member: ApiClient) -> None:
    weekend = add(member, start="2026-11-20T16:00:00Z", end="2026-11-23T08:00:00Z")
    add(member, start="2026-11-22T09:00:00Z", end="2026-11-22T10:00:00Z")
    today = add(member)

    def ids(query: str) -> list[str]:
        return [entry["id"] for entry in member.get(f"/entries?{query}").json()["items"]]

    assert ids("from=2026-11-23&to=2026-11-23&reaching=true") == [today["id"], weekend["id"]]
    assert ids("from=2026-11-23&to=2026-11-23") == [today["id"]]
    assert ids("from=2026-11-24&to=2026-11-24&reaching=true") == []


def test_an_edit_changes_what_it_names_and_is_kept(member: ApiClient) -> None:
    entry = add(member, note="Draft", tags=["web"])
    edited = member.patch(f"/entries/{entry['id']}", {"note": "Final", "end": "2026-11-23T11:00:00Z"})
    assert edited.status_code == 200
    assert edited["ETag"] == '"2"'
    assert edited.json() == {
        **entry,
        "note": "Final",
        "end": "2026-11-23T11:00:00Z",
        "seconds": 7200,
        "version": 2,
    }
    history = member.get(f"/entries/{entry['id']}/history").json()
    assert len(history["items"]) == 1
    assert history["next"] is None


@pytest.mark.parametrize("header", ["1", '"1"', 'W/"1"', "*"])
def test_an_edit_of_the_present_version_is_taken(member: ApiClient, header: str) -> None:
    entry = add(member)
    assert member.patch(f"/entries/{entry['id']}", {"note": "x"}, If_Match=header).status_code == 200


def test_an_edit_of_a_stale_version_is_412_with_the_present_entry(member: ApiClient) -> None:
    entry = add(member)
    present = member.patch(f"/entries/{entry['id']}", {"note": "First"}).json()
    response = member.patch(f"/entries/{entry['id']}", {"note": "Second"}, If_Match='"1"')
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body == problem(412, body["detail"], entry=present)
    assert member.get(f"/entries/{entry['id']}").json() == present


@pytest.mark.parametrize("header", ["one", '"1', "-1", "1.5"])
def test_an_unreadable_version_is_422(member: ApiClient, header: str) -> None:
    entry = add(member)
    response = member.patch(f"/entries/{entry['id']}", {"note": "x"}, If_Match=header)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "If-Match")


def test_a_deleted_entry_is_gone(member: ApiClient) -> None:
    entry = add(member)
    deleted = member.delete(f"/entries/{entry['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert member.get(f"/entries/{entry['id']}").status_code == 404
    assert member.delete(f"/entries/{entry['id']}").status_code == 404


def test_another_account_sees_nothing(member: ApiClient, stranger: ApiClient) -> None:
    entry = add(member, note="Secret")
    assert stranger.get("/entries?from=2026-11-01&to=2026-11-30").json()["items"] == []
    for_user = stranger.get(f"/entries?from=2026-11-01&to=2026-11-30&user_id={member.user.pk}")
    assert "Secret" not in for_user.content.decode()
    for method, path in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/history")]:
        response = stranger.call(
            method, f"/entries/{entry['id']}{path}", {"note": "x"} if method == "PATCH" else None
        )
        assert response.status_code == 404
        assert "Secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "start"),
        ({"start": NINE}, "start"),
        ({"start": TEN, "end": NINE}, "end"),
        ({"start": NINE, "end": "2026-11-23T10:00:00"}, "end"),
        ({"day": "2026-11-31", "seconds": 60}, "day"),
        ({"day": "23.11.2026", "seconds": 60}, "day"),
        ({"day": "2026-11-23"}, "start"),
        ({"day": "2026-11-23", "seconds": -1}, "seconds"),
        ({"day": "2026-11-23", "seconds": 10**30}, "seconds"),
        ({"start": NINE, "end": TEN, "tags": [1]}, "tags"),
        ({"start": NINE, "end": TEN, "user_id": 1}, "user_id"),
        ({"start": NINE, "end": TEN, "version": 1}, "version"),
    ],
)
def test_bad_input_names_the_field(member: ApiClient, body: Any, field: str) -> None:
    response = member.post("/entries", body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("user_id=x", "user_id"),
        ("task_id=99999999999999999999", "task_id"),
        ("limit=0", "limit"),
        ("cursor=%FF", "cursor"),
    ],
)
def test_bad_parameters_are_named(member: ApiClient, query: str, field: str) -> None:
    response = member.get(f"/entries?{query}")
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "cursor",
    [
        cursor_of("nonsense", "x"),
        cursor_of("2026-11-23T00:00:00Z", "x"),
        cursor_of("0001-01-01T00:00:00+14:00", ID),
        cursor_of(1, 2),
    ],
)
def test_a_forged_cursor_never_fails(member: ApiClient, cursor: str) -> None:
    response = member.get(f"/entries?cursor={cursor}")
    assert response.status_code in (200, 422)  # as the database takes it


@pytest.mark.parametrize("id_", ["x", "1", "0198c0de-0000-7000-8000-00000000000", "-" * 36])
def test_ids_that_no_entry_can_have_are_404(member: ApiClient, id_: str) -> None:
    assert member.get(f"/entries/{id_}").status_code == 404


def test_an_id_is_read_in_any_spelling(member: ApiClient) -> None:
    add(member, id=ID)
    assert member.get(f"/entries/{ID.upper()}").status_code == 200
    assert member.get(f"/entries/{ID.replace('-', '')}").status_code == 200
