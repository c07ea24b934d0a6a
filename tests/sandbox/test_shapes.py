"""The sandbox's rows have the keys, and the kinds of values, of recorded answers of Toggl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2

from stint.sandbox.workplace import Workplace

# Sent by Toggl in 2024 and since gone, or known only from newer sources.
NEWER_OR_OLDER = {
    "workspace": {"profile", "only_admins_see_billable_rates", "limit_public_project_data"},
    "project": {"is_shared", "pinned", "tasks_count", "end_date"},
}


def _recorded(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _kind(value: object) -> str:
    return (
        "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__
    )


def _compare(sent: dict[str, Any], recorded: dict[str, Any], varying: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    assert set(sent) - varying == set(recorded) - varying
    for key in set(sent) & set(recorded):
        if sent[key] is not None and recorded[key] is not None:
            assert _kind(sent[key]) == _kind(recorded[key]), key


def test_me_is_as_recorded_in_keys_and_their_order(admin: httpx2.Client, toggl_fixtures: Path) -> None:
    recorded = _recorded(toggl_fixtures, "me")
    sent = admin.get("/api/v9/me").json()
    _compare(sent, recorded)
    assert list(sent) == list(recorded)


def test_me_with_related_data_is_as_recorded(admin: httpx2.Client, base: str, toggl_fixtures: Path) -> None:
    entry = {"created_with": "test", "start": "2026-11-23T08:00:00Z", "duration": 60}
    admin.post(f"{base}/time_entries", json=entry)
    recorded = _recorded(toggl_fixtures, "me_with_related_data")
    sent = admin.get("/api/v9/me?with_related_data=true").json()
    # The recorded account is on the free plan, whose answer has no tasks at all.
    _compare(sent, recorded, {"tasks"})
    for name in ("tags", "clients"):
        _compare(sent[name][0], recorded[name][0])
    _compare(sent["projects"][0], recorded["projects"][0], NEWER_OR_OLDER["project"])
    _compare(sent["workspaces"][0], recorded["workspaces"][0], NEWER_OR_OLDER["workspace"])
    _compare(sent["time_entries"][0], recorded["time_entries"][0], {"pid", "tid"})


def test_a_client_has_exactly_the_six_recorded_keys(admin: httpx2.Client, base: str) -> None:
    for row in admin.get(f"{base}/clients").json():
        assert list(row) == ["id", "wid", "archived", "name", "at", "creator_id"]


def test_a_workspace_is_as_recorded(admin: httpx2.Client, base: str, toggl_fixtures: Path) -> None:
    recorded = _recorded(toggl_fixtures, "workspace")
    _compare(admin.get(base).json(), recorded, NEWER_OR_OLDER["workspace"])


def test_a_project_is_as_recorded_and_its_end_is_left_out(
    admin: httpx2.Client, base: str, place: Workplace, toggl_fixtures: Path
) -> None:
    recorded = _recorded(toggl_fixtures, "project")
    row = next(iter(place.projects.values()))
    sent = admin.get(f"{base}/projects/{row.id}").json()
    _compare(sent, recorded, NEWER_OR_OLDER["project"])
    assert "end_date" not in sent
    row.end_date = "2027-01-31"
    assert admin.get(f"{base}/projects/{row.id}").json()["end_date"] == "2027-01-31"


def test_organizations_are_as_recorded(admin: httpx2.Client, toggl_fixtures: Path) -> None:
    recorded = _recorded(toggl_fixtures, "me_organizations")[0]
    sent = admin.get("/api/v9/me/organizations").json()[0]
    _compare(sent, recorded)
    _compare(sent["trial_info"], recorded["trial_info"])


def test_a_task_uses_the_new_names_only(admin: httpx2.Client, base: str) -> None:
    row = admin.get(f"{base}/tasks").json()["data"][0]
    assert {"workspace_id", "project_id", "user_id", "active", "server_deleted_at"} <= set(row)
    assert not {"wid", "pid", "uid"} & set(row)
    assert row["id"] > 2**31


def test_a_membership_names_itself_and_the_person(admin: httpx2.Client, base: str, place: Workplace) -> None:
    rows = admin.get(f"{base}/workspace_users").json()
    assert {(row["id"], row["uid"], row["wid"]) for row in rows} == {
        (m.id, m.uid, m.wid) for m in place.members.values()
    }
    assert not any("workspace_id" in row or "user_id" in row for row in rows)
    people = admin.get(f"{base}/users").json()
    assert {row["id"] for row in people} == set(place.people)


def test_a_running_entry_is_as_recorded(admin: httpx2.Client, base: str, toggl_fixtures: Path) -> None:
    assert admin.get("/api/v9/me/time_entries/current").json() == _recorded(
        toggl_fixtures, "me_time_entries_current_none"
    )
    project = admin.get(f"{base}/projects").json()[0]["id"]
    entry = {"created_with": "t", "start": "2026-11-23T08:00:00Z", "duration": -1, "project_id": project}
    admin.post(f"{base}/time_entries", json=entry)
    sent = admin.get("/api/v9/me/time_entries/current").json()
    _compare(sent, _recorded(toggl_fixtures, "me_time_entries_current"))
    assert sent["stop"] is None
    assert sent["duration"] < 0


def test_an_entry_without_a_project_has_no_pid(admin: httpx2.Client, base: str, toggl_fixtures: Path) -> None:
    entry = {"created_with": "t", "start": "2026-11-23T08:00:00Z", "duration": 0}
    sent = admin.post(f"{base}/time_entries", json=entry).json()
    _compare(sent, _recorded(toggl_fixtures, "time_entry_created"))
