from __future__ import annotations

import httpx2
import pytest

from stint.sandbox import edits
from stint.sandbox.seeds import MEMBER_TOKEN, PARTIAL_TOKEN
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace


def test_a_private_project_is_seen_by_its_people_and_admins(
    admin: httpx2.Client, member: httpx2.Client, base: str, place: Workplace
) -> None:
    secret = edits.create_project(place, next(iter(place.workspaces)), "Hush", is_private=True)
    task = edits.create_task(place, secret.id, "Whisper")
    assert admin.get(f"{base}/projects/{secret.id}").status_code == 200
    assert member.get(f"{base}/projects/{secret.id}").status_code == 404
    assert secret.id not in {row["id"] for row in member.get(f"{base}/projects").json()}
    assert task.id not in {row["id"] for row in member.get(f"{base}/tasks").json()["data"]}


def test_where_only_admins_create_clients_only_they_see_them(
    admin: httpx2.Client, member: httpx2.Client, base: str, place: Workplace
) -> None:
    assert member.get(f"{base}/clients").status_code == 200
    next(iter(place.workspaces.values())).only_admins_may_create_projects = True
    assert (member.get(f"{base}/clients").status_code, admin.get(f"{base}/clients").status_code) == (403, 200)
    assert member.post(f"{base}/projects", json={"name": "Mine"}).status_code == 403
    assert admin.post(f"{base}/projects", json={"name": "Mine"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["", "/clients", "/projects", "/tasks", "/users", "/workspace_users", "/tags", "/project_users"]
)
def test_a_workspace_of_others_is_refused(path: str) -> None:
    with BackgroundSandbox("team") as running:
        last = list(running.workplace.workspaces)[-1]
        url = f"{running.url}/api/v9/workspaces/{last}{path}"
        answers = {
            token: httpx2.get(url, auth=(token, "api_token"), trust_env=False).status_code
            for token in (running.token, MEMBER_TOKEN, PARTIAL_TOKEN)
        }
    assert answers == {running.token: 200, MEMBER_TOKEN: 200, PARTIAL_TOKEN: 403}


def test_each_token_sees_its_own_workspaces() -> None:
    with BackgroundSandbox("team") as running:
        seen = {}
        for token in (running.token, MEMBER_TOKEN, PARTIAL_TOKEN):
            url = f"{running.url}/api/v9/me/workspaces"
            rows = httpx2.get(url, auth=(token, "api_token"), trust_env=False).json()
            seen[token] = [row["admin"] for row in rows]
    assert seen == {running.token: [True] * 3, MEMBER_TOKEN: [False] * 3, PARTIAL_TOKEN: [False] * 2}


def test_who_was_deactivated_sees_nothing_more(member: httpx2.Client, base: str, place: Workplace) -> None:
    me = member.get("/api/v9/me/id").json()
    row = next(m for m in place.members.values() if m.uid == me)
    edits.update_member(place, row.id, inactive=True)
    assert member.get(base).status_code == 403
    assert member.get("/api/v9/me/workspaces").json() is None


def test_members_are_changed_by_admins_only(
    admin: httpx2.Client, member: httpx2.Client, base: str, place: Workplace
) -> None:
    row = list(place.members)[-1]
    path = f"{base}/workspace_users/{row}"
    assert member.put(path, json={"inactive": True}).status_code == 403
    assert admin.put(path, json={"inactive": True}).json()["inactive"] is True
    assert admin.delete(path).status_code == 200
    assert row not in {r["id"] for r in admin.get(f"{base}/workspace_users").json()}


def test_people_of_an_organization_are_for_admins(member: httpx2.Client, place: Workplace) -> None:
    answer = member.get(f"/api/v9/organizations/{next(iter(place.organizations))}/users")
    assert answer.json() == "User is not authorized to list the organization users"


def test_unknown_things_are_404(admin: httpx2.Client, base: str) -> None:
    for path in ("/api/v9/workspaces/1", f"{base}/projects/1", f"{base}/clients/1", "/api/v9/nothing"):
        assert admin.get(path).status_code == 404, path
