"""Several entries at once, splitting, taking deletions back, and help for who types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from .conftest import ApiClient
from .test_entries import NINE, TEN, add

pytestmark = pytest.mark.django_db
HALF = "2026-11-23T09:30:00Z"


def test_several_change_at_once(member: ApiClient) -> None:
    ids = [add(member, note="One")["id"], add(member, note="Two", tags=["x"])["id"]]
    response = member.patch("/entries", {"ids": ids, "change": {"billable": True, "add_tags": ["y"]}})
    assert response.status_code == 200
    items = response.json()["items"]
    assert sorted((item["note"], item["tags"], item["billable"]) for item in items) == [
        ("One", ["y"], True),
        ("Two", ["x", "y"], True),
    ]


def test_several_go_and_come_back(member: ApiClient) -> None:
    ids = [add(member)["id"], add(member)["id"]]
    assert member.delete(f"/entries?ids={','.join(ids)}").status_code == 204
    assert member.get("/entries").json()["items"] == []
    restored = member.post("/entries/restore", {"ids": ids})
    assert restored.status_code == 200
    assert {item["id"] for item in member.get("/entries").json()["items"]} == set(ids)


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PATCH", "/entries", {"ids": [], "change": {}}, "ids"),
        ("PATCH", "/entries", {"ids": ["x"], "change": {}}, "ids"),
        ("PATCH", "/entries", {"change": {}}, "ids"),
        ("DELETE", "/entries?ids=1,2", None, "ids"),
        ("DELETE", "/entries", None, "ids"),
        ("POST", "/entries/restore", {"ids": []}, "ids"),
        ("GET", "/times?text=noon&day=2026-11-23", None, "text"),
        ("GET", "/times?day=2026-11-23", None, "text"),
        ("GET", "/entries/suggestions?limit=0", None, "limit"),
    ],
)
def test_bad_input_names_the_field(member: ApiClient, method: str, path: str, body: Any, field: str) -> None:
    response = member.call(method, path, body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_an_entry_is_cut_in_two(member: ApiClient) -> None:
    whole = add(member)
    first, second = member.post(f"/entries/{whole['id']}/split", {"at": HALF}).json()["items"]
    assert (first["id"], first["start"], first["end"]) == (whole["id"], NINE, HALF)
    assert (second["start"], second["end"]) == (HALF, TEN)


def test_a_stale_entry_is_not_cut(member: ApiClient) -> None:
    whole = add(member)
    response = member.post(f"/entries/{whole['id']}/split", {"at": HALF}, If_Match='"9"')
    assert response.status_code == 412
    assert response.json()["entry"]["id"] == whole["id"]


def test_a_deletion_is_taken_back(member: ApiClient) -> None:
    gone = add(member, note="Draft")
    member.delete(f"/entries/{gone['id']}")
    restored = member.post(f"/entries/{gone['id']}/restore")
    assert (restored.status_code, restored["ETag"]) == (200, '"2"')
    assert restored.json() == {**gone, "version": 2}


def test_what_was_done_before_is_suggested(member: ApiClient) -> None:
    add(member, note="Draft of the page", tags=["web"])
    (found,) = member.get("/entries/suggestions?q=draft").json()["items"]
    assert (found["note"], found["tags"], found["task_id"], found["path"]) == (
        "Draft of the page",
        ["web"],
        None,
        [],
    )
    assert member.get("/tags?q=we").json()["items"] == ["web"]


def test_a_typed_time_is_of_the_callers_zone(administrator: ApiClient) -> None:
    found = administrator.get("/times?text=9.30am&day=2026-07-01")
    assert found.json() == {"instant": "2026-07-01T08:30:00Z"}


def test_a_typed_time_that_clocks_skip_is_refused(administrator: ApiClient) -> None:
    response = administrator.get("/times?text=1:30&day=2026-03-29")
    assert response.status_code == 422
    assert "01:30 does not exist" in response.json()["errors"][0]["message"]


def test_a_typed_time_without_a_day_is_the_last_such_time(administrator: ApiClient) -> None:
    with time_machine.travel(datetime(2026, 7, 1, 0, 30, tzinfo=UTC)):  # half past one in Lisbon
        assert administrator.get("/times?text=1").json() == {"instant": "2026-07-01T00:00:00Z"}
        assert administrator.get("/times?text=22").json() == {"instant": "2026-06-30T21:00:00Z"}


def test_a_typed_end_before_its_start_is_of_the_next_day(administrator: ApiClient) -> None:
    found = administrator.get("/times?text=6&after=2026-07-01T21:00:00Z")
    assert found.json() == {"instant": "2026-07-02T05:00:00Z"}
    refused = administrator.get("/times?text=8:30&after=2026-07-01T08:00:00Z")
    assert refused.json()["errors"][0]["message"].startswith("lies before the start")
