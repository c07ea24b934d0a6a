"""The pages of reports and the dashboard as they are sent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from stint.accounts.models import User
from stint.integrations.models import Integration
from stint.reports.saving import saved_reports
from tests.reports.recording import MONDAY, mirrored, record

from .conftest import caller

pytestmark = pytest.mark.django_db
NOVEMBER = "from=2026-11-01&to=2026-11-30"
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def spent(ada: User, grace: User, linus: User) -> dict[str, int]:
    """Time of three people on a mirrored tree; the ids of the tasks."""
    tree = mirrored(caller(ada))
    for person, seconds in ((ada, 3600), (grace, 7200), (linus, 5400)):
        record(caller(person), tree["design"], seconds, note=f"Work of {person.name}", tags=["deep"])
    record(caller(linus), None, 900, MONDAY + timedelta(days=1), note="Letters", billable=True)
    return {name: task.pk for name, task in tree.items()}


def text(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, (answer.status_code, path)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.mark.parametrize("view", ["", "/detailed", "/weekly", "/tree"])
def test_each_view_answers_a_member_with_their_own_time(
    member: Client, spent: dict[str, int], view: str
) -> None:
    shown = text(member, f"/reports{view}?from=2026-11-23&to=2026-11-29")
    assert "1:45" in shown
    assert "4:45" not in shown
    assert "Grace" not in shown


def test_who_manages_sees_everybody(manager: Client, spent: dict[str, int]) -> None:
    shown = text(manager, f"/reports?{NOVEMBER}&group_by=user")
    assert "4:45" in shown
    assert all(name in shown for name in ("Ada", "Grace", "Linus"))
    assert "Work of Ada" in text(manager, f"/reports/detailed?{NOVEMBER}")


def test_a_member_who_follows_a_link_about_others_is_told_why_not(
    member: Client, ada: User, spent: dict[str, int]
) -> None:
    answer = member.get(f"/reports?{NOVEMBER}&user_id={ada.pk}")
    assert answer.status_code == 403
    assert b"Only Managers and Administrators" in answer.content


def test_a_question_that_cannot_be_answered_is_told(member: Client) -> None:
    answer = member.get("/reports?from=2026-11-30&to=2026-11-01")
    assert answer.status_code == 422
    assert "The last day lies before the first day." in answer.content.decode()


def test_the_address_keeps_what_was_chosen_and_nothing_else(
    manager: Client, ada: User, spent: dict[str, int]
) -> None:
    given = (
        f"range=this_month&from=2026-11-01&to=2026-11-30&user_id={ada.pk}&task_id={spent['client']}&tag=deep&billable="
        "&text=&made_by=&rounding=none&rounding_minutes=15&format=decimal&group_by=project&group_by=user"
    )
    answer = manager.get(f"/reports?{given}", headers=PARTIAL)
    address = urlsplit(answer.headers["HX-Push-Url"])
    assert parse_qs(address.query) == {
        "range": ["this_month"],
        "user_id": [str(ada.pk)],
        "task_id": [str(spent["client"])],
        "tag": ["deep"],
        "format": ["decimal"],
        "group_by": ["project,user"],
    }
    assert b"<html" not in answer.content


def test_other_days_hold_only_where_no_range_is_chosen(manager: Client) -> None:
    answer = manager.get(f"/reports?range=custom&{NOVEMBER}", headers=PARTIAL)
    assert parse_qs(urlsplit(answer.headers["HX-Push-Url"]).query) == {
        "from": ["2026-11-01"],
        "to": ["2026-11-30"],
    }


def test_hours_can_be_decimal_in_the_readers_way(manager: Client, grace: User, spent: dict[str, int]) -> None:
    assert "4.75" in text(manager, f"/reports?{NOVEMBER}&format=decimal")
    grace.language = "de"
    grace.save()
    assert "4,75" in text(manager, f"/reports?{NOVEMBER}&format=decimal")


def test_drawings_have_plain_numbers_in_every_language(
    manager: Client, grace: User, spent: dict[str, int]
) -> None:
    grace.language = "de"
    grace.save()
    page = manager.get(f"/reports?{NOVEMBER}").content.decode()
    assert re.search(r'height="\d+\.\d+"', page)
    assert not re.search(r'(height|y|width|stroke-dasharray)="\d+,\d', page)


def test_rounding_is_said(manager: Client, spent: dict[str, int]) -> None:
    assert "rounded up to 30 minutes" in text(manager, f"/reports?{NOVEMBER}&rounding=up&rounding_minutes=30")


def test_many_groups_are_cut_and_can_all_be_shown(manager: Client, grace: User) -> None:
    for number in range(105):
        record(caller(grace), None, 60 + number, tags=[f"tag {number:03}"])
    shown = text(manager, f"/reports?{NOVEMBER}&group_by=tag")
    assert "Show 5 more" in shown
    assert "tag 000" not in shown
    assert "tag 000" in text(manager, f"/reports?{NOVEMBER}&group_by=tag&everything=true")


def test_few_groups_show_all_that_is_in_them(manager: Client, grace: User) -> None:
    for number in range(40):
        record(caller(grace), None, 900, MONDAY + timedelta(days=number))
    shown = manager.get("/reports?from=2026-11-01&to=2027-02-28&group_by=user&group_by=day").content.decode()
    assert shown.count('<tr class="inner">') == 40
    assert "more</td>" not in shown


def test_entries_are_edited_in_place_by_who_manages(manager: Client, spent: dict[str, int]) -> None:
    page = manager.get(f"/reports/detailed?{NOVEMBER}").content.decode()
    row = re.search(r'<li id="entry-([0-9a-f-]+)"(?:(?!</li>).)*Work of Linus', page, re.DOTALL)
    assert row is not None
    editor = manager.get(f"/timesheet/{row[1]}/edit", headers=PARTIAL)
    fields = dict(re.findall(r'name="([a-z_]+)"[^>]*value="([^"]*)"', editor.content.decode()))
    saved = manager.post(f"/timesheet/{row[1]}/edit", {**fields, "note": "Corrected"}, headers=PARTIAL)
    assert "Corrected" in saved.content.decode()
    assert "Linus" in saved.content.decode()


def test_more_entries_come_by_the_next_stretch(manager: Client, grace: User) -> None:
    for number in range(60):
        record(caller(grace), None, 60, MONDAY, note=f"note {number:02}")
    page = manager.get(f"/reports/detailed?{NOVEMBER}").content.decode()
    more = re.search(r'hx-get="([^"]+stretch=more)"', page)
    assert more is not None
    following = manager.get(more[1].replace("&amp;", "&"), headers=PARTIAL).content.decode()
    assert (page.count('<li id="entry-'), following.count('<li id="entry-')) == (50, 10)
    assert "<form id=" not in following


def test_a_report_is_saved_shared_and_forgotten(
    manager: Client, member: Client, grace: User, linus: User
) -> None:
    asked = {"name": "Month", "view": "tree", "question": "range=this_month", "shared": "on"}
    assert manager.post("/reports/save", asked, headers=PARTIAL).status_code == 200
    (kept,) = saved_reports(caller(linus))
    listed = member.get("/reports/saved").content.decode()
    assert 'href="/reports/tree?range=this_month"' in listed
    assert "by Grace" in listed
    assert member.post(f"/reports/saved/{kept.id}/delete", headers=PARTIAL).status_code == 403
    assert manager.post(f"/reports/saved/{kept.id}/delete", headers=PARTIAL).status_code == 200
    assert saved_reports(caller(grace)) == []


def test_a_report_needs_a_name(manager: Client, grace: User) -> None:
    answer = manager.post("/reports/save", {"name": " ", "view": "tree", "question": ""}, headers=PARTIAL)
    assert "Give the report a name." in answer.content.decode()
    assert saved_reports(caller(grace)) == []


def test_the_tags_of_the_days_are_offered(manager: Client, spent: dict[str, int]) -> None:
    offered = manager.get(f"/reports/tags?{NOVEMBER}&tag=gone").content.decode()
    assert re.findall(r'name="tag" value="([^"]+)"( checked)?', offered) == [
        ("gone", " checked"),
        ("deep", ""),
    ]


@pytest.mark.parametrize("query", ["", "?whose=me"])
def test_the_dashboard_of_who_manages(manager: Client, linus: User, grace: User, query: str) -> None:
    today = timezone.now().astimezone(caller(grace).zone).date()
    for person in (grace, linus):
        record(caller(person), None, 3600, today, hour=0)
        record(caller(person), None, None, today, hour=0)
    shown = text(manager, f"/dashboard{query}")
    assert ("Linus" in shown) is (query == "")
    assert ("2:00" if query == "" else "1:00") in shown
    assert ("2 entries without a task" if query == "" else "1 entry without a task") in shown


def test_the_dashboard_of_a_member_is_about_themselves(member: Client, grace: User, linus: User) -> None:
    today = date.today()
    record(caller(grace), None, None, today, hour=0)
    shown = text(member, "/dashboard")
    assert "Running now" not in shown
    assert "Grace" not in text(member, "/dashboard/running")


def test_an_administrator_hears_that_a_sync_failed(administrator: Client, ada: User, manager: Client) -> None:
    Integration.objects.create(account=ada.membership.account, kind="toggl", status="broken", owner=ada)
    assert "The connection to Toggl is broken" in text(administrator, "/dashboard")
    assert "The connection to Toggl is broken" not in text(manager, "/dashboard")
