"""The link to one's own calendar: made, fetched without signing in, revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from domain import ada, mary

from stint.accounts.models import User
from stint.accounts.people import change_person
from stint.accounts.queries import Caller
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.transfer.models import CalendarLink

__all__ = ["ada", "mary"]
pytestmark = pytest.mark.django_db


def signed_in(person: Caller) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=person.user_id), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def made(person: Caller) -> str:
    """Have a link made, and return its path."""
    page = signed_in(person).post("/settings/calendar").content.decode()
    found = re.search(r"http://[^/]+(/calendar/[\w-]+\.ics)", page)
    assert found is not None
    return found[1]


def track(person: Caller, note: str, days_ago: int = 0) -> None:
    end = timezone.now() - timedelta(days=days_ago, minutes=1)
    add_entry(person, NewEntry(start=end - timedelta(hours=1), end=end, note=note, tags=["a,b"]), "web")


def notes(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(content).walk("VEVENT")]


def test_it_shows_the_finished_time_of_its_owner_and_of_nobody_else(ada: Caller, mary: Caller) -> None:
    track(mary, "Reading")
    track(mary, "Long ago", 400)
    track(ada, "Secret")
    start_timer(mary, StartTimer(note="Running"), "web")
    answer = Client().get(made(mary))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert notes(answer.content) == ["Reading"]


def test_a_calendar_that_has_it_already_is_told_so(mary: Caller) -> None:
    track(mary, "Reading")
    path = made(mary)
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    track(mary, "Writing")
    changed = Client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_the_link_is_shown_once_and_kept_as_a_digest(mary: Caller) -> None:
    path = made(mary)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in signed_in(mary).get("/settings/calendar").content.decode()
    assert token not in str(CalendarLink.objects.values())


def test_a_new_link_a_revoked_one_and_a_disabled_person_close_it(ada: Caller, mary: Caller) -> None:
    first, second = made(mary), made(mary)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    change_person(ada, mary.user_id, active=False)
    assert Client().get(second).status_code == 404
    change_person(ada, mary.user_id, active=True)
    signed_in(mary).post("/settings/calendar/revoke")
    assert Client().get(second).status_code == 404
    assert not CalendarLink.objects.exists()


def test_reading_it_needs_no_cookie_and_sets_none(mary: Caller) -> None:
    answer = Client().get(made(mary))
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "private, no-cache"
