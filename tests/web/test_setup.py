"""The first-run link."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stint.accounts.models import User
from stint.accounts.services import make_setup_link

GIVEN = {
    "account_name": "Analytical Engines",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "password": "correct horse 42",
    "timezone": "Europe/Lisbon",
}


@pytest.fixture
def link(db: None) -> str:
    return f"/setup/{make_setup_link()}"


def test_it_makes_the_administrator_and_signs_them_in(link: str) -> None:
    client = Client()

    answer = client.post(link, GIVEN)

    assert (answer.status_code, answer["Location"]) == (302, "/integrations")
    user = User.objects.get()
    assert (user.email, user.timezone, user.membership.role) == (
        "ada@example.com",
        "Europe/Lisbon",
        "administrator",
    )
    assert b"Connect Toggl Track" in client.get("/integrations").content


def test_it_works_once(link: str) -> None:
    Client().post(link, GIVEN)

    answer = Client().get(link)

    assert answer.status_code == 404
    assert b"has been used or is too old" in answer.content


def test_an_unknown_link_says_how_to_get_one(db: None) -> None:
    answer = Client().get("/setup/guessed")

    assert answer.status_code == 404
    assert b"start Stint again" in answer.content


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("account_name", "", "This field is required"),
        ("name", " ", "This field is required"),
        ("email", "ada", "Enter a valid email address"),
        ("password", "short", "at least 10 characters"),
        ("password", "ada@example.com", "too similar"),
        ("timezone", "Mars/Olympus", "Select a valid choice"),
    ],
)
def test_each_fault_stands_beside_its_field(link: str, field: str, value: Any, said: str) -> None:
    answer = Client().post(link, {**GIVEN, field: value})

    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not User.objects.exists()


def test_a_refused_password_is_not_sent_back(link: str) -> None:
    answer = Client().post(link, {**GIVEN, "email": "no", "password": "very secret words"})

    assert b"very secret words" not in answer.content
