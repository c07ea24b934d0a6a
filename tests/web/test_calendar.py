"""The calendar: a day or a week of the caller's time, created, moved and resized with the pointer or the keyboard."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from stint.accounts.models import Account, User
from stint.entries import services as entries
from stint.entries.services import NewEntry
from stint.tasks import services as tasks
from tests.web.conftest import caller


def state(client: Client, query: str) -> dict[str, Any]:
    """Return what the page gives to its component."""
    page = client.get(f"/timesheet/calendar?{query}").content.decode()
    found = re.search(r'<script id="calendar" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    given: dict[str, Any] = json.loads(found[1])
    return given


def dates(client: Client, query: str) -> list[str]:
    return [day["date"] for day in state(client, query)["days"]]


def track(user: User, start: datetime, end: datetime, **fields: Any) -> str:
    return entries.add_entry(caller(user), NewEntry(start=start, end=end, **fields), "web")[0].id


@pytest.mark.parametrize(("week_start", "first"), [(1, "2026-11-23"), (0, "2026-11-22"), (6, "2026-11-21")])
def test_a_week_begins_on_the_day_the_account_chose(
    administrator: Client, account: Account, week_start: int, first: str
) -> None:
    Account.objects.filter(pk=account.pk).update(week_start=week_start)

    shown = dates(administrator, "of=2026-11-25&span=week")

    assert (len(shown), shown[0]) == (7, first)


def test_a_day_stands_alone(administrator: Client) -> None:
    assert dates(administrator, "of=2026-11-25&span=day") == ["2026-11-25"]


@pytest.mark.parametrize("of", ["", "yesterday", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_means_today(administrator: Client, ada: User, of: str) -> None:
    today = datetime.now(caller(ada).zone).date().isoformat()

    assert dates(administrator, f"of={of}&span=day") == [today]


def test_the_days_are_those_of_the_reader_with_their_changes_of_clocks(administrator: Client) -> None:
    days = state(administrator, "of=2026-10-25&span=week")["days"]

    pieces = {day["date"]: day["pieces"] for day in days}
    assert pieces["2026-10-24"] == [{"wall": 0, "at": "2026-10-23T23:00:00Z", "length": 1440}]
    assert pieces["2026-10-25"] == [
        {"wall": 0, "at": "2026-10-24T23:00:00Z", "length": 120},
        {"wall": 60, "at": "2026-10-25T01:00:00Z", "length": 1380},
    ]


def test_an_entry_of_the_day_before_that_reaches_into_the_days_is_there(
    administrator: Client, ada: User
) -> None:
    night = track(ada, datetime(2026, 11, 24, 22, tzinfo=UTC), datetime(2026, 11, 25, 2, tzinfo=UTC))
    track(ada, datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))

    shown = state(administrator, "of=2026-11-25&span=day")["entries"]

    assert [entry["id"] for entry in shown] == [night]


def test_tasks_come_with_their_path_and_colour(administrator: Client, ada: User) -> None:
    task_id = tasks.create_task(caller(ada), "Website", None)
    tasks.assign(caller(ada), task_id, ada.pk)
    nine = datetime(2026, 11, 25, 9, tzinfo=UTC)
    track(ada, nine, nine.replace(hour=10), task_id=task_id)

    look = state(administrator, "of=2026-11-25&span=week")["looks"][str(task_id)]

    assert look["path"] == ["Website"]
    assert re.fullmatch("#[0-9a-f]{6}", look["color"])


def test_others_see_none_of_it(administrator: Client, manager: Client, ada: User) -> None:
    nine = datetime(2026, 11, 25, 9, tzinfo=UTC)
    track(ada, nine, nine.replace(hour=10))

    assert state(manager, "of=2026-11-25&span=week")["entries"] == []


def test_without_a_span_the_page_holds_the_links_of_both(administrator: Client) -> None:
    page = administrator.get("/timesheet/calendar?of=2026-11-25").content.decode()

    assert "?of=2026-11-24&amp;span=day" in page
    assert "?of=2026-11-16&amp;span=week" in page
    assert state(administrator, "of=2026-11-25")["narrow"] is True
