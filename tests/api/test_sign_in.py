"""Who may call, and how they say who they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from .conftest import ApiClient

pytestmark = pytest.mark.django_db
UNAUTHORIZED = {
    "type": "about:blank",
    "title": "Unauthorized",
    "status": 401,
    "detail": "Sign in, or send a valid token as “Authorization: Bearer TOKEN”.",
}


def test_me_names_the_caller_and_the_account(administrator: ApiClient) -> None:
    response = administrator.get("/me")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "id": administrator.user.pk,
        "name": "Ada",
        "email": "ada@example.com",
        "role": "administrator",
        "timezone": "Europe/Lisbon",
        "language": "",
        "week_start": 1,
        "account": {"id": administrator.caller.account_id, "name": "Analytical Engines"},
    }


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer \x00", "Bearer é"]
)
def test_without_a_valid_token_it_is_401(db: None, header: str | None) -> None:
    response = Client().get("/api/v1/me", headers={} if header is None else {"Authorization": header})
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == 'Bearer realm="Stint"'
    assert response.json() == UNAUTHORIZED


def test_the_scheme_is_read_in_any_case(administrator: ApiClient) -> None:
    response = Client().get("/api/v1/me", headers={"Authorization": f"bEARER {administrator.token}"})
    assert response.status_code == 200


def test_a_disabled_user_is_401(member: ApiClient) -> None:
    member.user.is_active = False
    member.user.save()
    assert member.get("/me").json() == UNAUTHORIZED


def test_a_browser_session_is_enough_to_read(member: ApiClient) -> None:
    browser = Client()
    browser.force_login(member.user)
    assert browser.get("/api/v1/me").json()["id"] == member.user.pk


def test_a_wrong_token_is_not_covered_by_a_session(member: ApiClient) -> None:
    browser = Client()
    browser.force_login(member.user)
    assert browser.get("/api/v1/me", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_session_of_a_disabled_user_is_401(member: ApiClient) -> None:
    browser = Client()
    browser.force_login(member.user)
    member.user.is_active = False
    member.user.save()
    assert browser.get("/api/v1/me").json() == UNAUTHORIZED


def test_people_lists_the_account_and_nobody_else(
    administrator: ApiClient, member: ApiClient, stranger: ApiClient
) -> None:
    response = member.get("/people")
    assert response.json() == {
        "items": [
            {
                "user_id": administrator.user.pk,
                "name": "Ada",
                "email": "ada@example.com",
                "role": "administrator",
                "active": True,
            },
            {
                "user_id": member.user.pk,
                "name": "Mary",
                "email": "mary@example.com",
                "role": "member",
                "active": True,
            },
        ],
        "next": None,
    }


def test_a_program_costs_one_query_beside_its_question(
    member: ApiClient, django_assert_num_queries: Any
) -> None:
    member.get("/me")  # the first use of a token is noted
    with django_assert_num_queries(1):
        member.get("/me")
    with django_assert_num_queries(2):
        member.get("/timer")
    with django_assert_num_queries(2):
        member.get("/entries?from=2026-11-23&to=2026-11-29")
