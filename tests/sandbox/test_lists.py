from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from stint.sandbox import edits
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace, now


@pytest.fixture
def team() -> Iterator[httpx2.Client]:
    """A client whose base address is the team seed's largest workspace: 170 projects, 1,200 tasks."""
    with BackgroundSandbox("team") as running:
        wid = next(iter(running.workplace.workspaces))
        url = f"{running.url}/api/v9/workspaces/{wid}"
        with httpx2.Client(
            base_url=url, auth=(running.token, "api_token"), trust_env=False, verify=False
        ) as client:
            yield client


def test_projects_come_151_to_a_page_unless_told(team: httpx2.Client) -> None:
    assert len(team.get("/projects").json()) == 151
    pages = [team.get("/projects", params={"page": page, "per_page": 100}).json() for page in (1, 2)]
    assert [len(page) for page in pages] == [100, 70]
    assert len({row["id"] for page in pages for row in page}) == 170
    assert team.get("/projects?page=3&per_page=100").content == b"null"


@pytest.mark.parametrize("path", ["/projects", "/tasks"])
@pytest.mark.parametrize("query", ["per_page=201", "per_page=0", "page=0", "page=x", "page=" + "9" * 30])
def test_pages_out_of_bounds_are_refused(team: httpx2.Client, path: str, query: str) -> None:
    assert team.get(f"{path}?{query}").status_code == 400


def test_tasks_come_in_an_envelope_of_50(team: httpx2.Client) -> None:
    found = team.get("/tasks?active=both").json()
    assert {k: v for k, v in found.items() if k != "data"} == {
        "total_count": 1200,
        "page": 1,
        "per_page": 50,
        "sort_field": "name",
        "sort_order": "ASC",
    }
    assert len(found["data"]) == 50
    beyond = team.get("/tasks?active=both&per_page=200&page=7").json()
    assert (beyond["data"], beyond["total_count"]) == (None, 1200)


def test_every_task_is_on_one_page(team: httpx2.Client) -> None:
    pages = [team.get(f"/tasks?active=both&per_page=200&page={n}").json()["data"] for n in range(1, 7)]
    assert len({row["id"] for page in pages for row in page}) == 1200


def test_active_chooses(team: httpx2.Client) -> None:
    counts = {a: team.get(f"/tasks?active={a}").json()["total_count"] for a in ("true", "false", "both")}
    assert counts["true"] + counts["false"] == counts["both"]
    assert 0 < counts["false"] < counts["true"]
    assert not any(row["active"] for row in team.get("/projects?active=false").json())
    assert team.get("/projects?active=maybe").status_code == 400


def test_clients_are_the_active_ones_unless_told(admin: httpx2.Client, base: str) -> None:
    def names(query: str) -> set[str]:
        return {row["name"] for row in admin.get(f"{base}/clients{query}").json() or []}

    assert names("?status=archived") == {"Old & Gone Ltd"}
    assert names("") | {"Old & Gone Ltd"} == names("?status=both")
    assert names("?name=aurora") == {"Aurora Outdoor"}
    assert admin.get(f"{base}/clients?status=old").json() == "Client status is invalid"


def test_an_empty_list_is_null(admin: httpx2.Client, base: str, place: Workplace) -> None:
    for id_ in list(place.clients):
        edits.delete_client(place, id_)
    assert admin.get(f"{base}/clients?status=both").content == b"null"


def test_since_gives_what_changed_and_what_was_deleted(
    admin: httpx2.Client, base: str, place: Workplace
) -> None:
    start = now()
    assert admin.get(f"{base}/projects?since={start}").json() is None
    renamed, deleted = list(place.projects)[:2]
    task = next(iter(place.tasks))
    edits.update_project(place, renamed, name="Renamed")
    edits.update_task(place, task, active=False)
    edits.delete_project(place, deleted)
    rows = {row["id"]: row for row in admin.get(f"{base}/projects?since={start}&active=both").json()}
    assert set(rows) == {renamed, deleted}
    assert rows[renamed]["server_deleted_at"] is None
    assert rows[deleted]["server_deleted_at"]
    assert rows[deleted]["status"] == "deleted"
    tasks = admin.get(f"{base}/tasks?since={start}&active=both").json()["data"]
    gone = {t.id for t in place.tasks.values() if t.project_id == deleted}
    assert {row["id"] for row in tasks} == {task} | gone
    assert deleted not in {row["id"] for row in admin.get(f"{base}/projects?active=both").json()}


def test_people_of_an_organization_are_paged_by_headers(admin: httpx2.Client, place: Workplace) -> None:
    organization = next(iter(place.organizations))
    answer = admin.get(f"/api/v9/organizations/{organization}/users?per_page=3")
    assert len(answer.json()) == 3
    told = {name: answer.headers[name] for name in ("x-page", "x-page-size", "x-pages", "x-records")}
    assert told == {"x-page": "1", "x-page-size": "3", "x-pages": "2", "x-records": "4"}


def test_more_than_200_projects_cannot_be_asked_for_their_people(admin: httpx2.Client, base: str) -> None:
    many = ",".join(str(n) for n in range(201))
    answer = admin.get(f"{base}/project_users", params={"project_ids": many})
    assert (answer.status_code, answer.json()) == (400, "project_ids cannot exceed 200 elements.")
