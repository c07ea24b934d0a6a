"""What people do to entries in the day list, without a browser: each act, and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from stint.accounts.models import User
from stint.entries import editing, queries
from stint.entries.editing import EntryEdit
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.tasks import services as tasks
from stint.web.days import days
from tests.web.conftest import caller

HTMX = {"HX-Request": "true"}
DAY = date(2026, 6, 10)  # Lisbon is an hour ahead of UTC


@pytest.fixture
def entry(ada: User) -> EntryOut:
    """Nine to half past ten in Lisbon."""
    nine = datetime(2026, 6, 10, 8, tzinfo=UTC)
    wanted = NewEntry(start=nine, end=nine + timedelta(minutes=90), note="Draft", tags=["a"])
    return add_entry(caller(ada), wanted, "web")[0]


def typed(entry: EntryOut, **changed: str) -> dict[str, Any]:
    shown = {
        "note": entry.note,
        "task_id": "",
        "tags": "a",
        "date": "2026-06-10",
        "start": "09:00",
        "end": "10:30",
        "duration": "1:30",
        "version": str(entry.version),
    }
    return {**shown, **changed}


def save(client: Client, entry: EntryOut, **changed: str) -> Any:
    return client.post(f"/timesheet/{entry.id}/edit", typed(entry, **changed), headers=HTMX)


def now(ada: User, entry: EntryOut) -> EntryOut:
    return queries.entry(caller(ada), UUID(entry.id))


@pytest.mark.parametrize(
    ("changed", "start", "end"),
    [
        ({"start": "930"}, "08:30", "09:30"),
        ({"start": "8.15am", "end": "9h"}, "07:15", "08:00"),
        ({"end": "11"}, "08:00", "10:00"),
        ({"duration": "1h20"}, "08:00", "09:20"),
        ({"start": "10", "duration": "90m"}, "09:00", "10:30"),
        ({"start": "10", "duration": "1.5h", "end": "10:30"}, "09:00", "10:30"),
    ],
)
def test_times_are_read_as_people_type_them(
    ada: User, administrator: Client, entry: EntryOut, changed: dict[str, str], start: str, end: str
) -> None:
    answer = save(administrator, entry, **changed)
    assert "stint-entry" in answer["HX-Trigger-After-Settle"], answer.content
    saved = now(ada, entry)
    assert saved.end is not None
    assert (f"{saved.start:%H:%M}", f"{saved.end:%H:%M}") == (start, end)


def test_everything_else_is_edited_with_it(ada: User, administrator: Client, entry: EntryOut) -> None:
    task_id = tasks.create_task(caller(ada), "Website")
    tasks.assign(caller(ada), task_id, ada.pk)
    save(administrator, entry, note="Final", task_id=str(task_id), tags="b, c", billable="on")
    saved = now(ada, entry)
    assert (saved.note, saved.task_id, saved.tags, saved.billable) == ("Final", task_id, ["b", "c"], True)
    assert (saved.start, saved.end) == (entry.start, entry.end)


def test_seconds_stay_where_times_were_not_touched(ada: User, administrator: Client) -> None:
    start = datetime(2026, 6, 10, 8, 0, 17, tzinfo=UTC)
    odd = add_entry(caller(ada), NewEntry(start=start, end=start + timedelta(seconds=61)), "web")[0]
    form = {"start": "09:00", "end": "09:01", "duration": "0:01:01", "date": "2026-06-10", "note": "Odd"}
    assert save(administrator, odd, **form).status_code == 200
    assert (now(ada, odd).note, now(ada, odd).seconds) == ("Odd", 61)


def test_another_date_moves_both_ends(ada: User, administrator: Client, entry: EntryOut) -> None:
    save(administrator, entry, date="2026-12-10")  # in winter Lisbon is at UTC
    saved = now(ada, entry)
    assert (saved.start, saved.seconds) == (datetime(2026, 12, 10, 9, tzinfo=UTC), 5400)


def test_a_late_shift_ends_on_the_next_day(ada: User, administrator: Client, entry: EntryOut) -> None:
    save(administrator, entry, start="22", end="1:30")
    assert now(ada, entry).seconds == 3.5 * 3600
    assert b"+1" in administrator.get(f"/timesheet/{entry.id}", headers=HTMX).content


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"end": "8:30"}, "Lies before the start;"),
        ({"start": "half nine"}, "9, 930, 9:30"),
        ({"duration": "long"}, "1h20, 90m"),
        ({"start": "11"}, "Lies before the start"),
        ({"date": "2026-03-29", "start": "1:30"}, "01:30 does not exist on that day"),
        ({"date": "soon"}, "Enter a valid date."),
        ({"tags": ",".join(f"t{number}" for number in range(51))}, "at most 50 texts"),
        ({"task_id": "999"}, "Names no task that you may track on"),
    ],
)
def test_bad_input_is_told_at_its_field_and_the_text_stays(
    ada: User, administrator: Client, entry: EntryOut, changed: dict[str, str], said: str
) -> None:
    page = save(administrator, entry, note="Typed a lot", **changed).content.decode()
    assert said in page
    assert "Typed a lot" in page
    assert "data-editing" in page
    assert now(ada, entry) == entry


def test_an_archived_task_is_refused_by_name(ada: User, administrator: Client, entry: EntryOut) -> None:
    task_id = tasks.create_task(caller(ada), "Website")
    tasks.assign(caller(ada), task_id, ada.pk)
    tasks.archive_task(caller(ada), task_id)
    assert "“Website” is archived" in save(administrator, entry, task_id=str(task_id)).content.decode()


def test_of_two_windows_the_second_is_told_and_loses_nothing(
    ada: User, administrator: Client, entry: EntryOut
) -> None:
    editing.edit_entry(caller(ada), UUID(entry.id), EntryEdit(note="Theirs"))
    page = save(administrator, entry, note="Mine").content.decode()
    assert "changed in another window" in page
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert now(ada, entry).note == "Theirs"

    save(administrator, entry, note="Mine", version="2")
    assert now(ada, entry).note == "Mine"


def test_nobody_edits_somebody_elses_time(member: Client, entry: EntryOut) -> None:
    assert save(member, entry, note="Mine").status_code == 404
    assert member.get(f"/timesheet/{entry.id}/edit", headers=HTMX).status_code == 404


def test_a_running_entry_is_edited_in_the_bar(ada: User, administrator: Client) -> None:
    running, _ = start_timer(caller(ada), StartTimer(), "web")
    answer = administrator.get(f"/timesheet/{running.id}/edit", headers=HTMX)
    assert answer.status_code == 422
    assert "bar above" in answer["HX-Trigger"]


def added(ada: User) -> list[EntryOut]:
    return queries.entries(caller(ada), first_day=DAY, last_day=DAY).items


@pytest.mark.parametrize(
    ("typed", "start", "seconds"),
    [
        ({"start": "9", "end": "10.30"}, "08:00", 5400),
        ({"start": "9", "duration": "1h20"}, "08:00", 4800),
        ({"duration": "2"}, "08:00", 7200),
        ({"start": "23", "end": "1"}, "22:00", 7200),
    ],
)
def test_time_is_added_by_hand(
    ada: User, administrator: Client, typed: dict[str, str], start: str, seconds: int
) -> None:
    form = {
        f"add-{name}": value for name, value in {"date": "2026-06-10", "note": "By hand", **typed}.items()
    }
    answer = administrator.post("/timesheet/add", form, headers=HTMX)
    assert answer["HX-Trigger"] == "stint-entry"
    (made,) = added(ada)
    assert (made.note, f"{made.start:%H:%M}", made.seconds) == ("By hand", start, seconds)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Is needed, or a start and an end."),
        ({"start": "9"}, "Is needed, or a duration."),
        ({"start": "9", "end": "8"}, "Lies before the start;"),
        ({"duration": "30h"}, "must be at least 1 and fit into the day"),
    ],
)
def test_what_makes_no_time_is_not_added(
    ada: User, administrator: Client, typed: dict[str, str], said: str
) -> None:
    form = {f"add-{name}": value for name, value in {"date": "2026-06-10", "note": "Kept", **typed}.items()}
    page = administrator.post("/timesheet/add", form, headers=HTMX).content.decode()
    assert said in page
    assert "Kept" in page
    assert added(ada) == []


def test_a_duplicate_can_be_undone(ada: User, administrator: Client, entry: EntryOut) -> None:
    answer = administrator.post(f"/timesheet/{entry.id}/duplicate", headers=HTMX)
    assert len(added(ada)) == 2
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    administrator.post(undo, headers=HTMX)
    assert added(ada) == [entry]


def test_splitting_is_offered_in_the_middle(ada: User, administrator: Client, entry: EntryOut) -> None:
    assert b'value="09:45"' in administrator.get(f"/timesheet/{entry.id}/split", headers=HTMX).content
    bad = administrator.post(f"/timesheet/{entry.id}/split", {"at": "11"}, headers=HTMX).content.decode()
    assert "between the start and the end" in bad
    administrator.post(f"/timesheet/{entry.id}/split", {"at": "9.30"}, headers=HTMX)
    assert [each.seconds for each in added(ada)] == [3600, 1800]


def test_a_deletion_is_undone_by_what_the_notice_names(
    ada: User, administrator: Client, entry: EntryOut
) -> None:
    answer = administrator.post(f"/timesheet/{entry.id}/delete", headers=HTMX)
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    assert added(ada) == []
    administrator.post(undo, headers=HTMX)
    assert [each.id for each in added(ada)] == [entry.id]


def test_several_change_at_once(ada: User, administrator: Client, entry: EntryOut) -> None:
    other = add_entry(caller(ada), NewEntry(start=entry.start, end=entry.end, note="Other"), "web")[0]
    form = {"ids": [entry.id, other.id], "add_tags": "b", "billable": "yes", "date": "2026-06-11"}
    answer = administrator.post("/timesheet/edit", form, headers=HTMX)
    assert "2 entries changed." in answer["HX-Trigger"]
    for each in (now(ada, entry), now(ada, other)):
        assert (each.billable, each.tags[-1], each.start.date()) == (True, "b", date(2026, 6, 11))


def test_several_are_deleted_and_come_back(ada: User, administrator: Client, entry: EntryOut) -> None:
    other = add_entry(caller(ada), NewEntry(start=entry.start, end=entry.end), "web")[0]
    answer = administrator.post("/timesheet/delete", {"ids": [entry.id, other.id]}, headers=HTMX)
    assert added(ada) == []
    undo = answer.headers["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    administrator.post(undo, headers=HTMX)
    assert len(added(ada)) == 2


def test_acts_work_without_scripts(ada: User, administrator: Client, entry: EntryOut) -> None:
    assert b"<form" in administrator.get(f"/timesheet/{entry.id}/edit").content
    assert administrator.post(f"/timesheet/{entry.id}/edit", typed(entry, note="Plain"))["Location"] == "/"
    assert now(ada, entry).note == "Plain"


def test_older_days_are_reached_over_any_gap(ada: User, administrator: Client, entry: EntryOut) -> None:
    long_ago = datetime(2019, 1, 2, 9, tzinfo=UTC)
    add_entry(caller(ada), NewEntry(start=long_ago, end=long_ago, note="Long ago"), "web")
    page = administrator.get("/").content.decode()
    seen = []
    while "Show earlier days" in page and len(seen) < 9:
        seen.append(page.split("/timesheet/days?until=")[1][:10])
        page = administrator.get(f"/timesheet/days?until={seen[-1]}&more=1").content.decode()
    assert "Long ago" in page
    assert "Wednesday, 2 January 2019" in page
    assert len(seen) == 2


def test_a_stretch_of_days_is_had_anew_with_its_own_days_alone(
    ada: User, administrator: Client, entry: EntryOut
) -> None:
    add_entry(caller(ada), NewEntry(day=DAY - timedelta(days=1), seconds=60, note="Before"), "web")
    add_entry(caller(ada), NewEntry(day=DAY + timedelta(days=1), seconds=60, note="After"), "web")
    page = administrator.get(f"/timesheet/days?since={DAY}&until={DAY}").content.decode()
    assert "Draft" in page
    assert "Before" not in page
    assert "After" not in page


def test_more_entries_than_a_stretch_holds_are_still_reached(
    ada: User, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stint.web.days.MOST_ENTRIES", 4)
    for number in range(9):
        wanted = NewEntry(day=DAY + timedelta(days=number // 2), seconds=60, note=f"Number {number}.")
        add_entry(caller(ada), wanted, "web")
    found, page = "", administrator.get("/").content.decode()
    for _stretch in range(6):
        found += page
        if "Show earlier days" not in page:
            break
        until = page.split("/timesheet/days?until=")[1][:10]
        page = administrator.get(f"/timesheet/days?until={until}&more=1").content.decode()
    assert all(found.count(f">Number {number}.</a>") == 1 for number in range(9))


def test_very_full_days_come_few_at_a_time_and_never_in_pieces(
    ada: User, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stint.web.days.FIRST_ENTRIES", 3)
    today = timezone.now().astimezone(caller(ada).zone).date()
    for number in range(10):  # four of today, six of yesterday
        wanted = NewEntry(day=today - timedelta(days=number // 4 and 1), seconds=60, note=f"Number {number}.")
        add_entry(caller(ada), wanted, "web")
    page = administrator.get("/").content.decode()
    assert [f"Number {number}." in page for number in range(10)] == [True] * 4 + [False] * 6
    assert "Show earlier days" in page
    sheet = days(caller(ada))
    assert sheet.today_seconds == 240
    assert sheet.week_seconds in {240, 600}  # yesterday may have been of the week before
    assert (
        administrator.get(f"/timesheet/days?until={sheet.earlier}&more=1").content.decode().count("Number")
        >= 6
    )


@pytest.mark.parametrize("query", ["since=soon", "until=soon", "since=0001-01-01", "until=9999-12-31&more=1"])
def test_days_that_are_none_do_no_harm(administrator: Client, entry: EntryOut, query: str) -> None:
    assert administrator.get(f"/timesheet/days?{query}").status_code == 200
    assert administrator.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("changed", "end"),
    [
        ({"end": "11", "duration": "0:30", "by": "end"}, "10:00"),
        ({"end": "11", "duration": "0:30", "by": "duration"}, "08:30"),
        ({"end": "10:30", "duration": "0:45", "start": "9:45", "by": "start"}, "09:30"),
    ],
)
def test_of_end_and_duration_the_one_typed_last_counts(
    ada: User, administrator: Client, entry: EntryOut, changed: dict[str, str], end: str
) -> None:
    save(administrator, entry, **changed)
    saved = now(ada, entry)
    assert saved.end is not None
    assert f"{saved.end:%H:%M}" == end


def test_what_ended_on_a_later_day_may_still_do_so_after_more_than_a_night(
    ada: User, administrator: Client
) -> None:
    start = datetime(2026, 6, 10, 17, tzinfo=UTC)
    long = add_entry(caller(ada), NewEntry(start=start, end=start + timedelta(hours=15)), "web")[0]
    shown = {"start": "18:00", "end": "10:30", "duration": "15:00", "note": "", "tags": ""}
    save(administrator, long, **shown)
    assert now(ada, long).seconds == 16.5 * 3600
    save(administrator, now(ada, long), **{**shown, "end": "21:00", "duration": "16:30"})
    assert now(ada, long).seconds == 3 * 3600


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"start": "9", "end": "1030"}, {"start": "09:00", "end": "10:30", "duration": "1:30", "later": ""}),
        (
            {"start": "22", "end": "1"},
            {"start": "22:00", "end": "01:00", "duration": "3:00", "later": "+1 day"},
        ),
        (
            {"start": "9", "end": "10", "duration": "90m", "by": "duration"},
            {"start": "09:00", "end": "10:30", "duration": "1:30", "later": ""},
        ),
        (
            {"start": "9", "duration": "1h20"},
            {"start": "09:00", "end": "10:20", "duration": "1:20", "later": ""},
        ),
        ({"start": "9"}, {"start": "09:00"}),
        ({"duration": "1h"}, {}),
        ({"start": "nine", "end": "10"}, {}),
        ({"start": "1:30", "end": "3", "date": "2026-03-29"}, {}),
    ],
)
def test_the_other_times_follow_while_one_is_typed(
    administrator: Client, given: dict[str, str], read: dict[str, str]
) -> None:
    assert administrator.post("/timesheet/times", {"date": "2026-06-10", **given}).json() == read
    prefixed = {f"add-{name}": value for name, value in {"date": "2026-06-10", **given}.items()}
    assert administrator.post("/timesheet/times?prefix=add", prefixed).json() == read


def test_overlapping_entries_are_marked(ada: User, administrator: Client) -> None:
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for minutes, length in ((0, 60), (30, 60), (90, 30)):
        start = noon + timedelta(minutes=minutes)
        add_entry(caller(ada), NewEntry(start=start, end=start + timedelta(minutes=length)), "web")
    page = administrator.get("/").content.decode()
    assert page.count('title="Shares time with another entry"') == 2
