"""Every text in the reader's language: chosen in the settings, kept in a cookie, else what the browser asks for."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

import stint
from stint.accounts.models import User
from stint.accounts.services import issue_token
from tests.web.conftest import PASSWORD

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def choose(user: User, language: str) -> None:
    user.language = language
    user.save()


def test_a_browser_is_answered_in_its_language(db: None) -> None:
    german, english = Client().get("/login", headers=GERMAN), Client().get("/login")

    assert b'<html lang="de">' in german.content
    assert "Anmelden" in german.content.decode()
    assert (german["Content-Language"], "Accept-Language" in german["Vary"]) == ("de", True)
    assert b'<html lang="en">' in english.content


def test_a_language_that_is_not_spoken_gives_english(db: None) -> None:
    assert b'<html lang="en">' in Client().get("/login", headers={"Accept-Language": "tlh"}).content


def test_the_chosen_language_goes_before_the_browser_s(linus: User, member: Client) -> None:
    choose(linus, "de")
    assert b'<html lang="de">' in member.get("/", headers={"Accept-Language": "en"}).content

    choose(linus, "en")
    assert b'<html lang="en">' in member.get("/", headers=GERMAN).content


def test_who_chose_none_follows_the_browser(member: Client) -> None:
    assert b'<html lang="de">' in member.get("/", headers=GERMAN).content


def test_the_sign_in_page_remembers_the_language(linus: User, member: Client) -> None:
    choose(linus, "de")
    member.get("/")
    member.post("/logout")

    assert b'<html lang="de">' in member.get("/login").content


def test_signing_in_wrongly_is_told_in_german(linus: User) -> None:
    wrong = {"login": linus.email, "password": f"not {PASSWORD}"}

    assert "Passwort" in Client().post("/login", wrong, headers=GERMAN).content.decode()


def test_the_api_tells_a_page_s_faults_in_its_language(linus: User, member: Client) -> None:
    choose(linus, "de")

    answer = member.get("/api/v1/entries/0199a0a0-0000-7000-8000-000000000000")

    assert answer.status_code == 404
    assert answer.json()["detail"] == "Diesen Zeiteintrag gibt es nicht."


def test_a_program_is_told_in_english_unless_it_asks_for_more(linus: User, member: Client) -> None:
    choose(linus, "de")
    member.get("/")
    client, token = Client(), f"Bearer {issue_token(linus, 'test')}"
    path = "/api/v1/entries/0199a0a0-0000-7000-8000-000000000000"

    plain = client.get(path, headers={"Authorization": token})
    asked = client.get(path, headers={"Authorization": token, **GERMAN})

    assert plain.json()["detail"] == "There is no such time entry."
    assert asked.json()["detail"] == "Diesen Zeiteintrag gibt es nicht."


@pytest.mark.parametrize(
    ("language", "written"), [("en", "Tuesday, 24 November"), ("de", "Dienstag, 24. November")]
)
def test_days_are_written_as_one_does(language: str, written: str) -> None:
    with translation.override(language):
        assert date_format(date(2026, 11, 24), "DAY_FORMAT") == written


def test_german_says_du_everywhere() -> None:
    ours = Path(stint.__file__).parent
    written = [*ours.glob("help/articles/de/*.md"), *ours.glob("locale/de/LC_MESSAGES/*.po")]
    # After a word or a comma it is no "sie" at the start of a sentence; .po files wrap texts in quotes.
    polite = re.compile(r"[\w,;] (Sie|Ihnen|Ihr(e[mnrs]?)?)\b")

    assert len(written) > 20
    assert [
        (path.name, hit[0])
        for path in written
        for hit in polite.finditer(path.read_text().replace('"\n"', ""))
    ] == []


def test_german_labels_fit_side_by_side_on_a_phone(administrator: Client) -> None:
    answer = administrator.get("/", headers=GERMAN).content.decode()

    assert "<span>Dienste</span>" in answer
    assert "Integrationen</a>" in answer
