"""The help centre: open to everybody, searched while one types, reached from pages and refusals."""

from __future__ import annotations

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_is_read_without_signing_in() -> None:
    page = Client().get("/help").content.decode()
    assert "The Toggl mirror" in page
    assert "Sign in" in page
    assert "In this article" in Client().get("/help/toggl").content.decode()


def test_whoever_is_signed_in_stays_in_the_app(member: Client) -> None:
    page = member.get("/help/timesheet").content.decode()
    assert "stint-timer-bar" in page
    assert 'id="typing-times"' in page


def test_an_unknown_article_is_not_there(member: Client) -> None:
    assert member.get("/help/unknown").status_code == 404


def test_results_come_while_one_types_and_as_a_page() -> None:
    part = Client().get("/help?q=quota", headers={"HX-Request": "true"}).content.decode()
    assert "/help/toggl-errors#quota" in part
    assert "<html" not in part
    assert "/help/toggl-errors#quota" in Client().get("/help?q=quota").content.decode()


def test_what_is_asked_for_is_text_and_never_markup() -> None:
    assert "<b>x" not in Client().get("/help", {"q": "<b>x"}).content.decode()


def test_it_speaks_the_readers_language() -> None:
    page = Client().get("/help/timer", headers={"Accept-Language": "de"}).content.decode()
    assert "Der Timer" in page


def test_the_menu_leads_to_the_article_of_the_page(member: Client) -> None:
    assert 'href="/help/projects"' in member.get("/projects").content.decode()


def test_a_refusal_leads_to_what_to_do(member: Client) -> None:
    refused = member.post("/projects/new", {"name": "x"}, headers={"HX-Request": "true"})
    assert json.loads(refused.headers["HX-Trigger"])["stint-notice"]["help"] == "/help/people#roles"
    refused = member.post(
        "/api/v1/entries",
        {"start": "2026-11-23T10:00:00Z", "end": "2026-11-23T09:00:00Z"},
        "application/json",
    )
    assert refused.status_code in {403, 422}
    assert refused.headers["Link"] == '</help/timesheet#typing-times>; rel="help"'
