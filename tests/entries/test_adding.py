"""Time that was not tracked live: where it goes, what is refused, safe repetition."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import uuid_utils.compat as uuid7s
from django.db import connection
from domain import at_once, found, hire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.entries import queries
from stint.entries.editing import EntryEdit, delete_entry, edit_entry, redate
from stint.entries.models import Entry
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer, stop_timer
from stint.errors import Conflict, Invalid
from stint.tasks.services import archive_task, assign, create_task

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def add(caller: Caller, **fields: Any) -> EntryOut:
    return add_entry(caller, NewEntry(**fields), "web")[0]


def day_of(entry: EntryOut) -> date:
    return Entry.objects.get(pk=entry.id).day


@pytest.fixture
def berlin(ada: Caller) -> Caller:
    return hire(ada, "Otto", zone="Europe/Berlin")


def test_an_entry_lasts_from_start_to_end(mary: Caller) -> None:
    entry = add(mary, start=NINE, end=NINE + timedelta(minutes=90), note=" Notes ", billable=True)
    assert (entry.seconds, entry.note, entry.billable, entry.version, entry.made_by) == (
        5400,
        "Notes",
        True,
        1,
        "web",
    )
    assert queries.entry(mary, UUID(entry.id)) == entry


def test_fractions_of_a_second_are_cut(mary: Caller) -> None:
    entry = add(mary, start=NINE.replace(microsecond=999_999), end=NINE + timedelta(seconds=2.9))
    assert (entry.start, entry.seconds) == (NINE, 2)


@pytest.mark.parametrize(
    ("zone", "start", "end", "day", "seconds"),
    [
        # 23 hours: the clock jumps from 2 to 3.
        ("Europe/Berlin", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", "2026-03-29", 23 * 3600),
        ("America/New_York", "2026-03-08T00:00-05:00", "2026-03-09T00:00-04:00", "2026-03-08", 23 * 3600),
        # 25 hours: the hour from 2 to 3 comes twice.
        ("Europe/Berlin", "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00", "2026-10-25", 25 * 3600),
        ("Europe/Berlin", "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-25", 3600),
        # An instant is on another day elsewhere; Kathmandu is 5:45 ahead.
        ("Asia/Kathmandu", "2026-11-22T18:15Z", "2026-11-22T19:15Z", "2026-11-23", 3600),
        ("Asia/Kathmandu", "2026-11-22T18:14Z", "2026-11-22T19:15Z", "2026-11-22", 3660),
        ("America/New_York", "2026-11-23T04:59Z", "2026-11-23T05:01Z", "2026-11-22", 120),
        # Across midnight it belongs to the day it began.
        ("Europe/Berlin", "2026-11-23T23:00+01:00", "2026-11-24T02:00+01:00", "2026-11-23", 3 * 3600),
    ],
)
def test_a_day_is_the_persons_own_and_seconds_are_real(
    ada: Caller, zone: str, start: str, end: str, day: str, seconds: int
) -> None:
    otto = hire(ada, "Otto", zone=zone)
    entry = add(otto, start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))
    assert (day_of(entry).isoformat(), entry.seconds) == (day, seconds)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
def test_seconds_of_a_day_begin_at_nine(ada: Caller, zone: str) -> None:
    otto = hire(ada, "Otto", zone=zone)
    entry = add(otto, day=DAY, seconds=3600)
    assert entry.start == datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(zone))
    assert (entry.seconds, day_of(entry)) == (3600, DAY)


def test_seconds_of_a_day_follow_what_is_there(mary: Caller) -> None:
    add(mary, start=NINE, end=NINE + timedelta(hours=2))
    assert add(mary, day=DAY, seconds=60).start == NINE + timedelta(hours=2)
    assert add(mary, day=DAY, seconds=60).start == NINE + timedelta(hours=2, minutes=1)


def test_seconds_of_a_full_day_end_with_it(mary: Caller) -> None:
    add(mary, start=NINE, end=NINE + timedelta(hours=20))
    entry = add(mary, day=DAY, seconds=3600)
    assert entry.end == datetime(2026, 11, 24, tzinfo=UTC)
    assert day_of(entry) == DAY


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)])
def test_a_day_holds_as_many_seconds_as_it_has(berlin: Caller, day: str, hours: int) -> None:
    entry = add(berlin, day=date.fromisoformat(day), seconds=hours * 3600)
    assert entry.start.astimezone(berlin.zone).isoformat()[:19] == f"{day}T00:00:00"
    assert (day_of(entry).isoformat(), entry.seconds) == (day, hours * 3600)
    with pytest.raises(Invalid) as refused:
        add(berlin, day=date.fromisoformat(day), seconds=hours * 3600 + 1)
    assert refused.value.errors[0].field == "seconds"


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    day=st.dates(date(1970, 1, 3), date(9998, 12, 30)),
    seconds=st.integers(1, 23 * 3600),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]),
)
def test_seconds_of_a_day_stay_on_it(mary: Caller, day: date, seconds: int, zone: str) -> None:
    User.objects.filter(pk=mary.user_id).update(timezone=zone)
    caller = Caller(
        mary.user_id, mary.name, mary.email, zone, "", mary.account_id, mary.account_name, 1, mary.role
    )
    entry = add(caller, day=day, seconds=seconds)
    assert entry.end is not None
    assert (day_of(entry), entry.seconds) == (day, seconds)
    assert (entry.end - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() == day
    assert queries.entries(caller, first_day=day, last_day=day, user_id=mary.user_id).items[0] is not None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"start": NINE, "end": NINE - timedelta(seconds=1)}, "end"),
        ({"start": NINE, "end": NINE + timedelta(hours=999, seconds=1)}, "end"),
        ({"start": NINE.replace(tzinfo=None), "end": NINE}, "start"),
        ({"start": NINE.replace(year=1969), "end": NINE}, "start"),
        ({"start": NINE.replace(year=9999), "end": NINE.replace(year=9999)}, "start"),
        ({"start": datetime(9998, 12, 31, tzinfo=UTC), "end": datetime(9999, 1, 2, tzinfo=UTC)}, "end"),
        ({"day": date(1969, 12, 31), "seconds": 60}, "day"),
        ({"day": date(9999, 12, 31), "seconds": 60}, "day"),
        ({"day": date.min, "seconds": 60}, "day"),
        ({"day": DAY, "seconds": 0}, "seconds"),
        ({"day": DAY, "seconds": -5}, "seconds"),
        ({"day": DAY, "seconds": 10**30}, "seconds"),
        ({"start": NINE}, "start"),
        ({"day": DAY}, "start"),
        ({}, "start"),
        ({"start": NINE, "end": NINE, "seconds": 3}, "start"),
        ({"start": NINE, "end": NINE, "note": "n" * 3001}, "note"),
        ({"start": NINE, "end": NINE, "note": "a\0b"}, "note"),
        ({"start": NINE, "end": NINE, "tags": ["t" * 191]}, "tags"),
        ({"start": NINE, "end": NINE, "tags": ["a\0b"]}, "tags"),
        ({"start": NINE, "end": NINE, "tags": [str(number) for number in range(51)]}, "tags"),
        ({"start": NINE, "end": NINE, "task_id": 2**62}, "task_id"),
        ({"start": NINE, "end": NINE, "task_id": 2**80}, "task_id"),
        ({"start": NINE, "end": NINE, "task_id": -1}, "task_id"),
    ],
)
def test_what_makes_no_entry_is_refused(mary: Caller, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(mary, **fields)
    assert refused.value.errors[0].field == field
    assert not Entry.objects.exists()


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=999)])
def test_the_shortest_and_longest_are_taken(mary: Caller, length: timedelta) -> None:
    assert add(mary, start=NINE, end=NINE + length).seconds == length.total_seconds()


def test_time_ahead_may_be_planned(mary: Caller) -> None:
    ahead = NINE.replace(year=2090)
    assert add(mary, start=ahead, end=ahead + timedelta(hours=1)).seconds == 3600


def test_overlaps_are_allowed(mary: Caller) -> None:
    for _ in range(2):
        add(mary, start=NINE, end=NINE + timedelta(hours=1))
    assert Entry.objects.count() == 2


def test_tags_are_trimmed_and_kept_once(mary: Caller) -> None:
    entry = add(mary, start=NINE, end=NINE, tags=[" b ", "a", "b", "", "B", "ß😀"])
    assert entry.tags == ["b", "a", "B", "ß😀"]
    assert queries.entry(mary, UUID(entry.id)).tags == entry.tags


def test_only_what_is_assigned_and_active_takes_time(ada: Caller, mary: Caller, eve: Caller) -> None:
    task = create_task(ada, "Client")
    project = create_task(ada, "Project", task)
    foreign = create_task(eve, "Foreign")

    def refused(task_id: int) -> bool:
        with pytest.raises(Invalid) as fault:
            add(mary, start=NINE, end=NINE, task_id=task_id)
        return fault.value.errors[0].field == "task_id"

    assert refused(project)
    assign(ada, task, mary.user_id)
    assert add(mary, start=NINE, end=NINE, task_id=project).task_id == project
    archive_task(ada, task)
    assert refused(project)
    assert refused(foreign)
    with pytest.raises(Invalid):
        add(ada, start=NINE, end=NINE, task_id=project)


class TestRepeating:
    def test_the_same_request_is_the_same_entry(self, mary: Caller) -> None:
        wanted = NewEntry(id=uuid7s.uuid7(), start=NINE, end=NINE + timedelta(hours=1), tags=["a"])
        first, created = add_entry(mary, wanted, "mobile")
        assert (created, add_entry(mary, wanted, "mobile")) == (True, (first, False))
        same = NewEntry(
            id=wanted.id,
            start=NINE.astimezone(ZoneInfo("Asia/Kathmandu")),
            end=NINE + timedelta(hours=1),
            tags=["a"],
        )
        assert add_entry(mary, same, "mobile") == (first, False)
        assert Entry.objects.count() == 1

    def test_it_is_so_after_an_edit_too(self, mary: Caller) -> None:
        wanted = NewEntry(id=uuid7s.uuid7(), start=NINE, end=NINE)
        added, _ = add_entry(mary, wanted, "mobile")
        edited = edit_entry(mary, UUID(added.id), EntryEdit(note="later"))
        assert add_entry(mary, wanted, "mobile") == (edited, False)

    def test_a_start_repeated_after_the_stop_starts_nothing(self, mary: Caller) -> None:
        wanted = StartTimer(id=uuid7s.uuid7())
        start_timer(mary, wanted, "mobile")
        stopped = stop_timer(mary)
        assert start_timer(mary, wanted, "mobile") == (stopped, False)
        assert queries.running(mary) is None

    def test_another_body_is_a_conflict(self, mary: Caller) -> None:
        id_ = uuid7s.uuid7()
        add(mary, id=id_, start=NINE, end=NINE)
        for other in (
            {"note": "x"},
            {"tags": ["x"]},
            {"billable": True},
            {"end": NINE + timedelta(seconds=1)},
        ):
            with pytest.raises(Conflict):
                add(mary, **{"id": id_, "start": NINE, "end": NINE, **other})
        with pytest.raises(Conflict):
            start_timer(mary, StartTimer(id=id_, start=NINE), "web")

    def test_somebody_elses_id_is_a_conflict_that_tells_nothing(self, mary: Caller, eve: Caller) -> None:
        wanted = NewEntry(id=uuid7s.uuid7(), start=NINE, end=NINE, note="secret plan")
        add_entry(mary, wanted, "web")
        with pytest.raises(Conflict) as refused:
            add_entry(eve, wanted, "web")
        assert "secret" not in str(refused.value)

    def test_a_deleted_id_stays_used(self, mary: Caller) -> None:
        wanted = NewEntry(id=uuid7s.uuid7(), start=NINE, end=NINE)
        added, _ = add_entry(mary, wanted, "web")
        delete_entry(mary, UUID(added.id))
        with pytest.raises(Conflict):
            add_entry(mary, wanted, "web")
        assert not Entry.objects.exists()

    def test_it_holds_when_sent_at_once(self, real_database: None) -> None:
        mary = hire(found("Engines", "Ada"), "Mary")
        wanted = NewEntry(id=uuid7s.uuid7(), start=NINE, end=NINE)
        answers, faults = at_once([lambda: add_entry(mary, wanted, "web")] * 6)
        assert faults == []
        assert sorted(created for _, created in answers) == [False] * 5 + [True]


def test_a_moved_time_zone_moves_the_days(mary: Caller, ada: Caller) -> None:
    late = add(mary, start=NINE.replace(hour=23), end=NINE.replace(hour=23, minute=30))
    early = add(mary, start=NINE, end=NINE)
    other = add(ada, start=NINE.replace(hour=23), end=NINE.replace(hour=23))
    user = User.objects.get(pk=mary.user_id)
    user.timezone = "Asia/Kathmandu"
    user.save()
    redate(user)
    assert [day_of(entry).day for entry in (late, early, other)] == [24, 23, 23]
    user.timezone = "UTC"
    redate(user)
    assert day_of(late) == DAY
    assert queries.entry(mary, UUID(late.id)) == late


def test_plain_sql_and_the_orm_store_alike(mary: Caller) -> None:
    """What `insert_entry` writes reads as what Django would have written."""
    entry = add(mary, start=NINE, end=NINE + timedelta(hours=1), tags=["ä"], note="n")
    stored = Entry.objects.get(pk=entry.id)
    with connection.cursor() as cursor:
        cursor.execute('SELECT start, "end", day, tags, billable FROM entries_entry')
        before = cursor.fetchone()
        stored.save()
        cursor.execute('SELECT start, "end", day, tags, billable FROM entries_entry')
        assert cursor.fetchone()[:3] == before[:3]
    assert (stored.start, stored.end, stored.day, stored.tags) == (entry.start, entry.end, DAY, ["ä"])


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    stretches=st.lists(st.tuples(st.integers(0, 10 * 86400), st.integers(0, 999 * 3600)), max_size=12),
    first=st.integers(0, 10),
    length=st.integers(0, 10),
    limit=st.integers(1, 5),
)
def test_days_hold_every_entry_once_and_their_seconds(
    berlin: Caller, stretches: list[tuple[int, int]], first: int, length: int, limit: int
) -> None:
    Entry.objects.all().delete()
    begin = datetime(2026, 10, 20, tzinfo=UTC)
    naive = []
    for offset, seconds in stretches:
        start = begin + timedelta(seconds=offset)
        add(berlin, start=start, end=start + timedelta(seconds=seconds))
        naive.append((start, seconds, start.astimezone(berlin.zone).date()))
    first_day = date(2026, 10, 20) + timedelta(days=first)
    last_day = first_day + timedelta(days=length)
    found_, cursor = [], None
    while True:
        page = queries.entries(berlin, first_day=first_day, last_day=last_day, limit=limit, cursor=cursor)
        found_ += page.items
        assert len(page.items) <= limit
        cursor = page.next
        if cursor is None:
            break
    inside = [(start, seconds) for start, seconds, day in naive if first_day <= day <= last_day]
    assert sorted((entry.start, entry.seconds) for entry in found_) == sorted(inside)
    assert [entry.start for entry in found_] == sorted((start for start, _ in inside), reverse=True)
    assert len({entry.id for entry in found_}) == len(found_)
