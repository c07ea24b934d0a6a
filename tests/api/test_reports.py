from __future__ import annotations

from datetime import date

import pytest

from .conftest import ApiClient, problem

pytestmark = pytest.mark.django_db
NOVEMBER = "from=2026-11-01&to=2026-11-30"


@pytest.fixture
def website(manager: ApiClient, member: ApiClient) -> int:
    """A task that the Member and the Manager tracked an hour each on, and the Member another without a task."""
    task: int = manager.post("/tasks", {"name": "Website"}).json()["id"]
    for person in (manager, member):
        manager.put(f"/tasks/{task}/people/{person.user.pk}")
        hour = {"start": "2026-11-23T09:00:00Z", "end": "2026-11-23T10:00:00Z"}
        assert person.post("/entries", {"task_id": task, **hour}).status_code == 201
    member.post(
        "/entries", {"start": "2026-11-24T09:00:00Z", "end": "2026-11-24T09:30:00Z", "tags": ["call"]}
    )
    return task


def test_time_is_told_by_one_grouping(manager: ApiClient, website: int) -> None:
    assert manager.get(f"/reports/summary?{NOVEMBER}&group_by=task").json() == {
        "from": "2026-11-01",
        "to": "2026-11-30",
        "total_seconds": 9000,
        "billable_seconds": 0,
        "items": [
            {"key": website, "label": "Website", "seconds": 7200, "billable_seconds": 0},
            {"key": None, "label": "No task", "seconds": 1800, "billable_seconds": 0},
        ],
    }


def test_time_is_told_by_two_groupings(manager: ApiClient, member: ApiClient, website: int) -> None:
    answer = manager.get(f"/reports/summary?{NOVEMBER}&group_by=user,day&user_id={member.user.pk}").json()
    assert [(item["key"], item["label"], item["seconds"]) for item in answer["items"]] == [
        (member.user.pk, "Mary", 5400)
    ]
    assert [(item["key"], item["seconds"]) for item in answer["items"][0]["items"]] == [
        ("2026-11-23", 3600),
        ("2026-11-24", 1800),
    ]


def test_filters_may_be_repeated(manager: ApiClient, member: ApiClient, website: int) -> None:
    people = f"user_id={member.user.pk}&user_id={manager.user.pk}"
    answer = manager.get(
        f"/reports/summary?{NOVEMBER}&group_by=tag&{people}&tag=call&tag=none&billable=false"
    )
    assert [(item["key"], item["seconds"]) for item in answer.json()["items"]] == [("call", 1800)]


def test_without_days_this_week_is_meant(member: ApiClient) -> None:
    answer = member.get("/reports/summary").json()
    first, last = date.fromisoformat(answer["from"]), date.fromisoformat(answer["to"])
    assert (first.weekday(), (last - first).days) == (0, 6)


def test_a_member_hears_that_others_time_is_not_theirs(member: ApiClient, manager: ApiClient) -> None:
    answer = member.get(f"/reports/summary?{NOVEMBER}&user_id={manager.user.pk}")
    detail = "Only Managers and Administrators may see other people's time."
    assert answer.json() == problem(403, detail)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=tomorrow&to=2026-11-30", "from"),
        ("from=2026-11-01", "to"),
        (f"{NOVEMBER}&group_by=colour", "group_by"),
        (f"{NOVEMBER}&user_id=0", "user_id"),
        (f"{NOVEMBER}&billable=perhaps", "billable"),
        (f"{NOVEMBER}&rounding=down", "rounding"),
        (f"{NOVEMBER}&range=this_week", "range"),
        (f"{NOVEMBER}&made_by=pager", "made_by"),
        (f"{NOVEMBER}&text=a%00b", "text"),
    ],
)
def test_bad_questions_are_refused_by_field(member: ApiClient, query: str, field: str) -> None:
    answer = member.get(f"/reports/summary?{query}")
    assert answer.status_code == 422, answer.content
    assert [error["field"] for error in answer.json()["errors"]] == [field]
