"""The timesheet: the last days, continuing and deleting an entry."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta

from django.test import Client

from stint.accounts.models import User
from stint.entries import queries
from stint.entries import services as entries
from stint.entries.queries import EntryOut
from stint.entries.services import NewEntry, StartTimer
from stint.tasks import services as tasks
from tests.web.conftest import caller

LARGEST_PAGE = 100 * 1024


def track(
    user: User, note: str, *, days_ago: int = 0, minutes: int = 30, task_id: int | None = None
) -> EntryOut:
    """Add an entry that began at noon in UTC so many days ago."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    wanted = NewEntry(task_id=task_id, note=note, start=noon, end=noon + timedelta(minutes=minutes))
    return entries.add_entry(caller(user), wanted, "web")[0]


def test_without_time_it_says_what_to_do_first(member: Client) -> None:
    assert b"choose a task and press Start" in member.get("/").content


def test_days_come_newest_first_with_their_totals(ada: User, administrator: Client) -> None:
    track(ada, "Older", days_ago=2, minutes=45)
    track(ada, "One", minutes=30)
    track(ada, "Two", minutes=65)

    page = administrator.get("/timesheet/days").content.decode()

    assert page.index("Today") < page.index("1:35:00") < page.index("Older")
    assert "0:45:00" in page


def test_what_is_older_than_two_weeks_is_left_out(ada: User, administrator: Client) -> None:
    track(ada, "Long ago", days_ago=15)

    assert b"Long ago" not in administrator.get("/").content


def test_days_and_times_are_those_of_the_reader(ada: User, administrator: Client) -> None:
    User.objects.filter(pk=ada.pk).update(timezone="Asia/Tokyo")
    track(ada, "Noon in UTC", days_ago=1)

    assert "21:00" in administrator.get("/timesheet/days").content.decode()


def test_nobody_sees_somebody_elses_time(ada: User, member: Client) -> None:
    track(ada, "Private matters")

    assert b"Private matters" not in member.get("/").content


def test_notes_and_names_are_text_and_never_markup(ada: User, administrator: Client) -> None:
    track(ada, "<script>alert(1)</script>")
    entries.start_timer(caller(ada), StartTimer(note="</script><b>"), "web")

    page = administrator.get("/").content

    assert b"<script>alert" not in page
    assert b"</script><b>" not in page


def test_continuing_starts_the_same_again(ada: User, administrator: Client) -> None:
    task_id = tasks.create_task(caller(ada), "Website")
    tasks.assign(caller(ada), task_id, ada.pk)
    before = track(ada, "Hero", days_ago=1, task_id=task_id)

    answer = administrator.post(f"/timesheet/{before.id}/continue", headers={"HX-Request": "true"})

    assert "stint-timer" in answer["HX-Trigger"]
    running = queries.running(caller(ada))
    assert running is not None
    assert (running.note, running.task_id, running.made_by) == ("Hero", task_id, "web")


def test_continuing_on_an_archived_task_is_refused_with_the_reason(ada: User, administrator: Client) -> None:
    task_id = tasks.create_task(caller(ada), "Website")
    tasks.assign(caller(ada), task_id, ada.pk)
    before = track(ada, "Hero", days_ago=1, task_id=task_id)
    tasks.archive_task(caller(ada), task_id)

    answer = administrator.post(f"/timesheet/{before.id}/continue", headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "is archived" in answer["HX-Trigger"]
    assert queries.running(caller(ada)) is None


def test_deleting_takes_the_entry_away_with_and_without_script(ada: User, administrator: Client) -> None:
    one, two = track(ada, "One"), track(ada, "Two")

    assert (
        administrator.post(f"/timesheet/{one.id}/delete", headers={"HX-Request": "true"}).status_code == 200
    )
    assert administrator.post(f"/timesheet/{two.id}/delete")["Location"] == "/"

    assert queries.entries(caller(ada)).items == []


def test_nobody_deletes_somebody_elses_time(ada: User, member: Client) -> None:
    hers = track(ada, "One")

    assert member.post(f"/timesheet/{hers.id}/delete").status_code == 404
    assert len(queries.entries(caller(ada)).items) == 1


def test_the_running_timer_is_in_the_page_before_any_script(ada: User, administrator: Client) -> None:
    entries.start_timer(caller(ada), StartTimer(note="Sketch"), "web")

    assert b'"note": "Sketch"' in administrator.get("/").content


def test_the_page_with_all_it_loads_stays_small_on_its_way(ada: User, administrator: Client) -> None:
    for number in range(120):
        track(ada, f"Note {number}", days_ago=number % 14)

    def sent(address: str) -> bytes:
        response = administrator.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert response.headers["Content-Encoding"] in {"gzip", "br"}
        return b"".join(response)

    page = sent("/")
    links = set(re.findall(r'(?:href|src)="(/static/dist/[^"]+)"', gzip.decompress(page).decode()))

    assert len(links) >= 2
    assert sum(len(body) for body in [page, *map(sent, links)]) <= LARGEST_PAGE
