from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stint.accounts.queries import Caller
from stint.errors import Invalid, NotAllowed, NotFound
from stint.reports.summary import summary

from .recording import MONDAY, labelled, mirrored, query, record, task, told

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


def test_time_is_added_up_by_task(ada: Caller) -> None:
    tree = mirrored(ada)
    record(ada, tree["design"], 600)
    record(ada, tree["design"], 300, TUESDAY)
    record(ada, None, 60)
    answer = summary(ada, query(group_by="task"))
    assert answer.total_seconds == 960
    assert [(item.key, item.label, item.seconds) for item in answer.items] == [
        (tree["design"].pk, "Design", 900),
        (None, "No task", 60),
    ]


@pytest.mark.parametrize(
    ("group_by", "expected"),
    [
        ("project", {"Website": 30, "Office": 4, "No project": 72, "Kitchen": 128}),
        ("client", {"Initech": 62, "No client": 172}),
        ("workspace", {"Studio": 74, "No workspace": 160}),
        ("level1", {"Toggl": 74, "Kitchen": 128, "No task": 32}),
        ("level2", {"Studio": 74, "Sink": 128, "No task": 32}),
        ("level4", {"Website": 30, "Initech": 32, "Office": 4, "Studio": 8, "Sink": 128, "No task": 32}),
    ],
)
def test_time_is_added_up_by_places_of_the_tree(ada: Caller, group_by: str, expected: dict[str, int]) -> None:
    tree = mirrored(ada)
    sink = task(ada, "Sink", task(ada, "Kitchen"))
    for place, seconds in (("website", 10), ("design", 20), ("office", 4), ("studio", 8), ("client", 32)):
        record(ada, tree[place], seconds)
    record(ada, sink, 128)
    record(ada, None, 32)
    assert told(ada, group_by=group_by) == expected


def test_two_groupings_nest(ada: Caller, mary: Caller) -> None:
    tree = mirrored(ada)
    record(ada, tree["design"], 100)
    record(mary, tree["design"], 10)
    record(mary, tree["office"], 1, TUESDAY)
    assert told(ada, group_by="user,project") == {
        "Ada": {"Website": 100},
        "Mary": {"Website": 10, "Office": 1},
    }
    assert told(ada, group_by="day,user") == {
        "2026-11-23": {"Ada": 100, "Mary": 10},
        "2026-11-24": {"Mary": 1},
    }


@pytest.mark.parametrize(
    ("group_by", "expected"),
    [
        ("day", {"2026-11-01": 1, "2026-11-08": 2, "2026-11-30": 4}),
        ("week", {"2026-10-26": 1, "2026-11-02": 2, "2026-11-30": 4}),
        ("month", {"2026-11": 7}),
    ],
)
def test_days_weeks_and_months_go_by_date(ada: Caller, group_by: str, expected: dict[str, int]) -> None:
    for day, seconds in ((30, 4), (1, 1), (8, 2)):
        record(ada, None, seconds, date(2026, 11, day))
    found = told(ada, group_by=group_by)
    assert found == expected
    assert list(found) == sorted(expected)


def test_weeks_begin_as_the_account_says(ada: Caller) -> None:
    record(ada, None, 5, date(2026, 11, 22))  # a Sunday
    sunday = Caller(*[getattr(ada, name) for name in ada.__struct_fields__[:-2]], week_start=0, role=ada.role)
    assert labelled(summary(sunday, query(group_by="week"))) == {"2026-11-22": 5}


def test_an_entry_counts_under_each_of_its_tags_and_once_in_the_sum(ada: Caller) -> None:
    record(ada, None, 10, tags=["deep", "büro, links"])
    record(ada, None, 5, tags=["deep"])
    record(ada, None, 1)
    answer = summary(ada, query(group_by="tag"))
    assert answer.total_seconds == 16
    assert labelled(answer) == {"deep": 15, "büro, links": 10, "No tag": 1}
    assert told(ada, group_by="tag,day")["deep"] == {"2026-11-23": 15}


def test_billable_time_is_told_apart(ada: Caller) -> None:
    record(ada, None, 10, billable=True)
    record(ada, None, 4)
    answer = summary(ada, query(group_by="billable"))
    assert (answer.total_seconds, answer.billable_seconds) == (14, 10)
    assert labelled(answer) == {"Billable": 10, "Not billable": 4}
    assert summary(ada, query(group_by="day")).items[0].billable_seconds == 10


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"tag": ["deep"]}, 1),
        ({"tag": ["deep", "call"]}, 3),
        ({"billable": True}, 1),
        ({"billable": False}, 14),
        ({"text": "ÜBER das"}, 2),
        ({"text": "100%"}, 4),
        ({"text": "_"}, 0),
        ({"made_by": ["mobile"]}, 4),
        ({"made_by": ["mobile", "web"]}, 15),
        ({"text": "das", "billable": True}, 0),
    ],
)
def test_filters_narrow_what_counts(ada: Caller, filters: dict[str, Any], expected: int) -> None:
    record(ada, None, 1, tags=["deep"], billable=True)
    record(ada, None, 2, tags=["call"], note="Über DAS Dach")
    record(ada, None, 4, note="100% done", made_by="mobile")
    record(ada, None, 8)
    assert summary(ada, query(**filters)).total_seconds == expected


def test_a_task_stands_for_all_below_it(ada: Caller) -> None:
    tree = mirrored(ada)
    for seconds, place in ((1, "studio"), (2, "client"), (4, "design"), (8, "office")):
        record(ada, tree[place], seconds)
    record(ada, None, 16)
    assert summary(ada, query(task_id=tree["client"].pk)).total_seconds == 6


def test_days_are_both_included_and_others_left_out(ada: Caller) -> None:
    for day in (22, 23, 24, 25):
        record(ada, None, 1, date(2026, 11, day))
    days = {"first_day": MONDAY, "last_day": TUESDAY}
    assert told(ada, group_by="day", **days) == {"2026-11-23": 1, "2026-11-24": 1}


def test_a_running_entry_counts_once_it_is_stopped(ada: Caller) -> None:
    entry = record(ada, None, None)
    assert summary(ada, query()).items == []
    entry.end, entry.seconds = entry.start.replace(hour=10), 3600
    entry.save()
    assert summary(ada, query()).total_seconds == 3600


@pytest.mark.parametrize(
    ("rounding", "minutes", "expected"),
    [
        ("none", 15, 450 + 449 + 900 + 1),
        ("up", 15, 4 * 900),
        ("nearest", 15, 900 + 0 + 900 + 0),
        ("up", 6, 720 + 720 + 1080 + 360),
        ("nearest", 5, 600 + 300 + 900 + 0),
    ],
)
def test_each_entry_is_rounded_before_it_is_added(
    ada: Caller, rounding: Any, minutes: int, expected: int
) -> None:
    for seconds in (450, 449, 900, 1):
        record(ada, None, seconds)
    record(ada, None, None)
    answer = summary(ada, query(rounding=rounding, rounding_minutes=minutes, group_by="user"))
    assert answer.total_seconds == expected


def test_members_see_their_own_time_and_managers_everybodys(ada: Caller, grace: Caller, mary: Caller) -> None:
    for person, seconds in ((ada, 1), (grace, 2), (mary, 4)):
        record(person, None, seconds)
    assert told(mary, group_by="user") == {"Mary": 4}
    assert told(grace, group_by="user") == told(ada, group_by="user") == {"Mary": 4, "Grace": 2, "Ada": 1}
    assert told(grace, group_by="user", user_id=[mary.user_id, ada.user_id]) == {"Mary": 4, "Ada": 1}
    assert told(mary, group_by="user", user_id=[mary.user_id]) == {"Mary": 4}


def test_a_member_may_not_ask_about_others(mary: Caller, grace: Caller) -> None:
    with pytest.raises(NotAllowed):
        summary(mary, query(user_id=[mary.user_id, grace.user_id]))


def test_other_accounts_stay_apart(ada: Caller, eve: Caller) -> None:
    theirs = task(eve, "Secret")
    record(eve, theirs, 5)
    record(ada, None, 1)
    assert summary(ada, query(group_by="user")).total_seconds == 1
    with pytest.raises(NotFound):
        summary(ada, query(user_id=[eve.user_id]))
    with pytest.raises(NotFound):
        summary(ada, query(task_id=theirs.pk))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"group_by": "shoe"}, "group_by"),
        ({"group_by": "level"}, "group_by"),
        ({"group_by": "task2"}, "group_by"),
        ({"group_by": "task,task"}, "group_by"),
        ({"group_by": "task,user,day"}, "group_by"),
        ({"group_by": ""}, "group_by"),
        ({"last_day": date(2026, 10, 31)}, "to"),
        ({"last_day": None}, "to"),
        ({"first_day": None}, "from"),
        ({"first_day": date(1, 1, 1)}, "from"),
        ({"last_day": date(9999, 12, 31)}, "from"),
        ({"rounding": "up", "rounding_minutes": 7}, "rounding_minutes"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_field(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        query(**asked)
    assert refused.value.errors[0].field == field
