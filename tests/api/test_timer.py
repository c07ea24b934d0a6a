"""/api/v1/timer: one running entry, started and stopped by anybody's client, safely sent twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from .conftest import ApiClient, problem

pytestmark = pytest.mark.django_db
NINE = "2026-11-23T09:00:00Z"
ID = "0198c0de-0000-7000-8000-000000000001"


@pytest.fixture
def task_id(manager: ApiClient, member: ApiClient) -> int:
    task: dict[str, Any] = manager.post("/tasks", {"name": "Website"}).json()
    manager.put(f"/tasks/{task['id']}/people/{member.user.pk}")
    return int(task["id"])


def test_nothing_runs_at_first(member: ApiClient) -> None:
    with time_machine.travel(NINE, tick=False):
        assert member.get("/timer").json() == {"entry": None, "now": NINE}


def test_a_started_timer_runs_until_it_is_stopped(member: ApiClient, task_id: int) -> None:
    body = {"id": ID, "task_id": task_id, "note": "Draft", "tags": ["web"], "billable": True}
    with time_machine.travel(NINE, tick=False):
        started = member.post("/timer/start", body)
        entry = {
            "id": ID,
            "user_id": member.user.pk,
            "task_id": task_id,
            "note": "Draft",
            "tags": ["web"],
            "billable": True,
            "start": NINE,
            "end": None,
            "seconds": 0,
            "version": 1,
            "made_by": "api",
        }
        assert (started.status_code, started.json()) == (201, entry)
        assert member.get("/timer").json() == {"entry": entry, "now": NINE}
    with time_machine.travel("2026-11-23T10:30:00Z", tick=False):
        stopped = member.post("/timer/stop")
    assert stopped.status_code == 200
    assert stopped.json() == {**entry, "end": "2026-11-23T10:30:00Z", "seconds": 5400, "version": 2}
    assert member.get("/timer").json()["entry"] is None


def test_starting_stops_what_ran_at_the_same_instant(member: ApiClient) -> None:
    first = member.post("/timer/start", {"start": "2026-11-23T08:00:00Z"}).json()
    second = member.post("/timer/start", {"start": NINE}).json()
    assert member.get(f"/entries/{first['id']}").json()["end"] == NINE
    assert member.get("/timer").json()["entry"]["id"] == second["id"]


def test_the_same_start_sent_twice_is_one_entry(member: ApiClient) -> None:
    body = {"id": ID, "note": "Draft", "start": NINE}
    with time_machine.travel(NINE, tick=False):
        first = member.post("/timer/start", body)
        again = member.post("/timer/start", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    member.post("/timer/stop", {"end": "2026-11-23T10:00:00Z"})
    late = member.post("/timer/start", body)
    assert (late.status_code, late.json()["end"]) == (200, "2026-11-23T10:00:00Z")


def test_the_same_id_with_another_body_is_409(member: ApiClient, stranger: ApiClient) -> None:
    member.post("/timer/start", {"id": ID, "note": "Draft", "start": NINE})
    for response in (
        member.post("/timer/start", {"id": ID, "note": "Other", "start": NINE}),
        stranger.post("/timer/start", {"id": ID, "note": "Draft", "start": NINE}),
    ):
        assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")


def test_stopping_nothing_is_409(member: ApiClient) -> None:
    response = member.post("/timer/stop")
    assert response.status_code == 409
    assert response.json() == problem(409, response.json()["detail"])


def test_a_stop_before_the_start_is_refused(member: ApiClient) -> None:
    member.post("/timer/start", {"start": NINE})
    response = member.post("/timer/stop", {"end": "2026-11-23T08:00:00Z"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "end")


def test_instants_in_any_zone_are_told_in_utc(member: ApiClient) -> None:
    entry = member.post("/timer/start", {"start": "2026-11-23T10:00:00+01:00"}).json()
    assert entry["start"] == NINE


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start": "2026-11-23T09:00:00"}, "start"),
        ({"start": "2026-11-23"}, "start"),
        ({"start": "9 o'clock"}, "start"),
        ({"start": 1795424400}, "start"),
        ({"start": "0001-01-01T00:00:00+14:00"}, "start"),
        ({"start": "9999-12-31T23:59:59-14:00"}, "start"),
        ({"id": "not-a-uuid"}, "id"),
        ({"task_id": 2**63}, "task_id"),
        ({"task_id": -1}, "task_id"),
        ({"task_id": 4711}, "task_id"),
        ({"task_id": "1"}, "task_id"),
        ({"note": "a\0b"}, "note"),
        ({"note": None}, "note"),
        ({"tags": ["a\0b"]}, "tags"),
        ({"tags": "web"}, "tags"),
        ({"billable": "yes"}, "billable"),
        ({"project_id": 1}, "project_id"),
    ],
)
def test_bad_input_names_the_field(member: ApiClient, body: Any, field: str) -> None:
    response = member.post("/timer/start", body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert member.get("/timer").json()["entry"] is None


@pytest.mark.parametrize("client", ["web", "mobile", "desktop", "extension", "cli", "api"])
def test_the_surface_is_noted(member: ApiClient, client: str) -> None:
    assert member.post("/timer/start", {}, X_Stint_Client=client).json()["made_by"] == client


@pytest.mark.parametrize("client", ["import", "toaster", ""])
def test_a_surface_that_nobody_may_claim_counts_as_api(member: ApiClient, client: str) -> None:
    assert member.post("/timer/start", {}, X_Stint_Client=client).json()["made_by"] == "api"


def test_a_browser_session_makes_entries_of_the_web(member: ApiClient) -> None:
    browser = Client()
    browser.force_login(member.user)
    entry = browser.post("/api/v1/timer/start", b"{}", content_type="application/json").json()
    assert entry["made_by"] == "web"


def test_timers_of_other_people_are_not_seen(
    member: ApiClient, administrator: ApiClient, stranger: ApiClient
) -> None:
    member.post("/timer/start", {})
    assert administrator.get("/timer").json()["entry"] is None
    assert stranger.get("/timer").json()["entry"] is None
    assert administrator.post("/timer/stop").status_code == 409


def test_now_is_the_clock_of_the_server(member: ApiClient) -> None:
    now = datetime.fromisoformat(member.get("/timer").json()["now"])
    assert abs(datetime.now(now.tzinfo) - now) < timedelta(minutes=1)


def test_a_stop_that_names_its_entry_stops_no_other(member: ApiClient) -> None:
    first = member.post("/timer/start", {"start": "2026-11-23T08:00:00Z"}).json()
    second = member.post("/timer/start", {"start": NINE}).json()
    late = member.post("/timer/stop", {"id": first["id"], "end": "2026-11-23T10:00:00Z"})
    assert late.status_code == 409
    assert late.json()["entry"] == {**first, "end": NINE, "seconds": 3600, "version": 2}
    assert member.get("/timer").json()["entry"]["id"] == second["id"]
    stopped = member.post("/timer/stop", {"id": second["id"], "end": "2026-11-23T10:00:00Z"})
    assert (stopped.status_code, stopped.json()["seconds"]) == (200, 3600)
    again = member.post("/timer/stop", {"id": second["id"], "end": "2026-11-23T10:00:00Z"})
    assert (again.status_code, again.json()["entry"]) == (409, stopped.json())


def test_a_stop_tells_nothing_of_what_is_not_ones_own(member: ApiClient, stranger: ApiClient) -> None:
    theirs = stranger.post("/timer/start", {"start": NINE}).json()
    for id_ in (theirs["id"], ID):
        refused = member.post("/timer/stop", {"id": id_})
        assert refused.json() == problem(409, "No timer is running.")
    assert stranger.get("/timer").json()["entry"]["id"] == theirs["id"]


def test_a_start_before_that_of_what_runs_is_told_what_runs(member: ApiClient) -> None:
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False):
        running = member.post("/timer/start", {"start": NINE}).json()
        refused = member.post("/timer/start", {"start": "2026-11-23T08:00:00Z"})
        assert refused.status_code == 409
        assert refused.json()["entry"] == {**running, "seconds": 3600}


def test_a_request_meant_for_somebody_else_is_not_carried_out(member: ApiClient) -> None:
    assert member.post("/timer/start", {}, X_Stint_User="4711").status_code == 401
    assert member.get("/timer").json()["entry"] is None
    assert member.post("/timer/start", {}, X_Stint_User=str(member.user.pk)).status_code == 201
