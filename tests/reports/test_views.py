"""The other answers to the same question: entries, branches, charts, what runs, saved reports."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from stint.accounts.queries import Caller
from stint.errors import Invalid, NotAllowed, NotFound
from stint.reports import saving
from stint.reports.attention import attention, running
from stint.reports.charts import chart
from stint.reports.detailed import detailed
from stint.reports.summary import summary
from stint.reports.tree import branches

from .recording import MONDAY, mirrored, query, record, task

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 11, 22)


def test_entries_come_in_pages_the_latest_first(ada: Caller, mary: Caller) -> None:
    days = (SUNDAY, MONDAY)
    made = [record(who, None, 60, day, hour) for who in (ada, mary) for day in days for hour in (9, 9, 10)]
    record(ada, None, None)
    expected = [
        str(entry.pk) for entry in sorted(made, key=lambda one: (one.day, one.start, one.pk), reverse=True)
    ]
    found: list[str] = []
    cursor = None
    while True:
        page = detailed(ada, query(), 5, cursor)
        found += [entry.id for entry in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == expected


def test_entries_follow_the_filters_and_the_rights(ada: Caller, mary: Caller) -> None:
    tree = mirrored(ada)
    wanted = record(mary, tree["design"], 60, tags=["deep"])
    record(mary, tree["office"], 60)
    record(ada, tree["design"], 60)
    page = detailed(ada, query(user_id=[mary.user_id], task_id=tree["client"].pk, tag=["deep"]))
    assert [entry.id for entry in page.items] == [str(wanted.pk)]
    assert {entry.user_id for entry in detailed(mary, query()).items} == {mary.user_id}
    with pytest.raises(NotAllowed):
        detailed(mary, query(user_id=[ada.user_id]))
    with pytest.raises(Invalid):
        detailed(ada, query(), 5, "nonsense")


def test_time_without_a_task_can_be_asked_for(ada: Caller) -> None:
    record(ada, task(ada, "Kitchen"), 1)
    record(ada, None, 2)
    assert summary(ada, query(without_task=True)).total_seconds == 2


def test_a_branch_tells_its_own_time_from_that_below(ada: Caller, mary: Caller) -> None:
    tree = mirrored(ada)
    for place, seconds in (("studio", 1), ("website", 2), ("design", 4), ("office", 8)):
        record(ada, tree[place], seconds)
    record(ada, None, 16)
    record(mary, tree["office"], 32)
    top, none = branches(ada, query())
    assert (top.name, top.seconds, top.own_seconds, top.deeper) == ("Toggl", 47, 0, True)
    assert (none.task_id, none.seconds, none.deeper) == (None, 16, False)
    assert [
        (one.name, one.seconds, one.own_seconds) for one in branches(ada, query(), tree["studio"].pk)
    ] == [
        ("Office", 40, 40),
        ("Initech", 6, 0),
    ]
    assert [one.name for one in branches(ada, query(task_id=tree["website"].pk))] == ["Website"]
    assert [one.seconds for one in branches(mary, query())] == [32]


def test_a_chart_has_the_time_of_the_table_by_day_and_project(ada: Caller) -> None:
    tree = mirrored(ada)
    record(ada, tree["design"], 100)
    record(ada, tree["website"], 10, SUNDAY)
    record(ada, tree["office"], 5, SUNDAY)
    record(ada, None, 1)
    asked = query(group_by="project")
    found = chart(ada, asked, summary(ada, asked).items)
    assert [(one.label, one.seconds) for one in found.series] == [
        ("Website", 110),
        ("Office", 5),
        ("Other", 1),
    ]
    bars = {bar.first: (bar.parts, bar.seconds) for bar in found.bars if bar.seconds}
    assert bars == {SUNDAY: ([10, 5, 0], 15), MONDAY: ([100, 0, 1], 101)}
    assert len(found.bars) == 30
    assert found.days == {SUNDAY: 15, MONDAY: 101}


def test_a_chart_of_a_filtered_question_does_not_take_in_more(ada: Caller) -> None:
    tree = mirrored(ada)
    record(ada, tree["design"], 100)
    record(ada, tree["website"], 10)
    asked = query(group_by="project", task_id=tree["design"].pk)
    found = chart(ada, asked, summary(ada, asked).items)
    assert [(one.label, one.seconds) for one in found.series] == [("Website", 100)]


@pytest.mark.parametrize(("days", "bars"), [(62, 62), (70, 10), (365, 53), (500, 17)])
def test_long_periods_have_bars_of_weeks_and_months(ada: Caller, days: int, bars: int) -> None:
    last = date(2026, 11, 29)
    asked = query(first_day=last - timedelta(days=days - 1), last_day=last)
    found = chart(ada, asked, []).bars
    assert len(found) == bars
    assert (found[0].first, found[-1].last) == tuple(asked.period)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))


def test_two_projects_of_one_name_are_told_apart(ada: Caller) -> None:
    tree = mirrored(ada)
    record(ada, tree["website"], 2)
    record(ada, task(ada, "Website", task(ada, "Globex", tree["studio"], "client"), "project"), 1)
    asked = query(group_by="project")
    labels = [one.label for one in chart(ada, asked, summary(ada, asked).items).series]
    assert labels == ["Website · Initech", "Website · Globex"]


def test_who_manages_sees_every_timer_and_others_their_own(ada: Caller, mary: Caller, eve: Caller) -> None:
    now = timezone.now()
    for person, hours in ((mary, 11), (ada, 1), (eve, 1)):
        entry = record(person, None, None)
        entry.start = now - timedelta(hours=hours)
        entry.save()
    assert [(one.person, one.long) for one in running(ada, query())] == [("Ada", False), ("Mary", True)]
    assert [one.person for one in running(mary, query())] == ["Mary"]


def test_what_wants_attention_is_counted(ada: Caller, mary: Caller) -> None:
    kitchen = task(ada, "Kitchen")
    record(ada, kitchen, 3 * 3600, hour=9)
    record(ada, kitchen, 600, hour=10)
    record(ada, kitchen, 600, hour=11)
    record(ada, kitchen, 600, hour=12)
    record(mary, kitchen, 600, hour=9)
    record(mary, None, 600, hour=14)
    found = attention(ada, query())
    assert (found.without_task, found.overlapping) == (1, 2)
    assert attention(mary, query()).overlapping == 0


def test_a_saved_report_is_its_owners_until_it_is_shared(ada: Caller, mary: Caller, eve: Caller) -> None:
    saving.save(ada, " Mine ", "summary", "range=this_month")
    saving.save(ada, "Ours", "tree", "task_id=3", shared=True)
    saving.save(mary, "alone", "weekly", "")
    assert [(one.name, one.own, one.owner) for one in saving.saved_reports(mary)] == [
        ("alone", True, "Mary"),
        ("Ours", False, "Ada"),
    ]
    assert [one.name for one in saving.saved_reports(ada)] == ["Mine", "Ours"]
    assert saving.saved_reports(eve) == []


def test_saving_under_the_same_name_replaces(ada: Caller) -> None:
    saving.save(ada, "Mine", "summary", "range=this_month")
    saving.save(ada, "Mine", "weekly", "range=this_week")
    (kept,) = saving.saved_reports(ada)
    assert (kept.view, kept.question) == ("weekly", "range=this_week")


def test_who_may_delete_a_saved_report(ada: Caller, grace: Caller, mary: Caller, eve: Caller) -> None:
    shared = saving.save(grace, "Ours", "tree", "", shared=True)
    private = saving.save(grace, "Mine", "tree", "")
    with pytest.raises(NotAllowed):
        saving.forget(mary, shared.pk)
    for stranger in (eve, mary):
        with pytest.raises(NotFound):
            saving.forget(stranger, private.pk)
    saving.forget(ada, shared.pk)
    saving.forget(grace, private.pk)
    assert saving.saved_reports(grace) == []


@pytest.mark.parametrize(
    ("name", "view", "question", "field"),
    [
        ("  ", "summary", "", "name"),
        ("x" * 191, "summary", "", "name"),
        ("x", "shoe", "", "view"),
        ("x", "tree", "y" * 2001, "question"),
    ],
)
def test_what_cannot_be_saved_is_refused_by_field(
    ada: Caller, name: str, view: str, question: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        saving.save(ada, name, view, question)
    assert refused.value.errors[0].field == field
