from __future__ import annotations

from typing import Any

import httpx2
import pytest

from stint.sandbox.workplace import Workplace, now

START = {"created_with": "test", "start": "2026-11-23T08:00:00+01:00"}


def _add(admin: httpx2.Client, base: str, **fields: object) -> dict[str, Any]:
    answer = admin.post(f"{base}/time_entries", json=START | fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_entry_is_stopped_after_its_duration_in_utc(admin: httpx2.Client, base: str) -> None:
    made = _add(admin, base, duration=3600, description="Dig", tags=["deep"])
    assert (made["start"], made["stop"]) == ("2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z")
    later = admin.get(f"/api/v9/me/time_entries?since={now() - 60}").json()
    assert [(row["id"], row["start"], row["tags"]) for row in later] == [
        (made["id"], "2026-11-23T07:00:00+00:00", ["deep"])
    ]


def test_starting_stops_the_one_before(admin: httpx2.Client, base: str, place: Workplace) -> None:
    project = next(iter(place.projects))
    first = _add(admin, base, duration=-1, project_id=project)
    second = _add(admin, base, duration=-1)
    assert admin.get("/api/v9/me/time_entries/current").json()["id"] == second["id"]
    latest = admin.get(f"/api/v9/me/time_entries?since={now() - 60}").json()
    rows = {row["id"]: row for row in latest}
    assert rows[first["id"]]["stop"]
    assert rows[first["id"]]["duration"] > 0


def test_stopping_twice_is_a_conflict(admin: httpx2.Client, base: str) -> None:
    path = f"{base}/time_entries/{_add(admin, base, duration=-1)['id']}/stop"
    assert [admin.patch(path).status_code for _ in range(2)] == [200, 409]
    assert admin.get("/api/v9/me/time_entries/current").content == b"null"


def test_since_shows_deleted_entries(admin: httpx2.Client, base: str) -> None:
    made = _add(admin, base, duration=60)
    assert admin.delete(f"{base}/time_entries/{made['id']}").status_code == 200
    assert made["id"] not in {row["id"] for row in admin.get("/api/v9/me/time_entries").json()}
    found = admin.get(f"/api/v9/me/time_entries?since={now() - 60}").json()
    assert found[0]["server_deleted_at"]


def test_since_and_before_are_refused_together(admin: httpx2.Client) -> None:
    answer = admin.get("/api/v9/me/time_entries?since=1&before=2026-01-01")
    assert answer.json() == "'since' and 'before' can not be present simultaneously"


@pytest.mark.parametrize(
    "wrong",
    [{"created_with": ""}, {"start": "soon"}, {"duration": "long"}, {"project_id": 5}, {"stop": "2026"}],
)
def test_an_entry_that_makes_no_sense_is_refused(
    admin: httpx2.Client, base: str, wrong: dict[str, object]
) -> None:
    assert admin.post(f"{base}/time_entries", json=START | wrong).status_code == 400


def test_an_entry_is_only_its_owners(admin: httpx2.Client, member: httpx2.Client, base: str) -> None:
    path = f"{base}/time_entries/{_add(admin, base, duration=-1)['id']}"
    assert member.patch(f"{path}/stop").status_code == 404
    assert member.delete(path).status_code == 404
