"""Connecting a program over HTTP, from both sides."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from stint.accounts.models import Connection
from stint.api import connections

from .conftest import ApiClient

pytestmark = pytest.mark.django_db
ASKS = {"client": "extension", "name": "Firefox on Linux"}


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def post(path: str, body: object, **more: str) -> HttpResponse:
    return Client().post(f"/api/v1{path}", json.dumps(body), content_type="application/json", **more)


def browser(person: ApiClient, **more: bool) -> Client:
    client = Client(**more)  # type: ignore[arg-type]
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_program_asks_is_allowed_and_acts_for_the_person(member: ApiClient) -> None:
    begun = post("/connections", ASKS).json()
    assert begun["page"] == f"http://testserver/connect?code={begun['code']}"
    assert begun["interval"] == 2
    waits = {"secret": begun["secret"]}
    assert post("/connections/token", waits).json() == {"status": "pending", "token": None}

    person = browser(member)
    page = person.get(begun["page"]).content.decode()
    assert all(text in page for text in (begun["code"], "Firefox on Linux", "Browser extension", "Mary"))
    assert begun["secret"] not in page
    assert b"Connected" in person.post("/connect", {"code": begun["code"], "answer": "allow"}).content

    answer = post("/connections/token", waits)
    assert answer["Cache-Control"] == "no-store"
    token = answer.json()["token"]
    me = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["name"] == "Mary"
    assert post("/connections/token", waits).status_code == 404
    assert [kept["name"] for kept in member.get("/me/tokens").json()["items"]] == [
        "Firefox on Linux",
        "tests",
    ]


def test_the_page_asks_to_sign_in_first_and_comes_back(db: None) -> None:
    begun = post("/connections", ASKS).json()
    answer = Client().get(f"/connect?code={begun['code']}")
    assert answer["Location"] == f"/login?next=%2Fconnect%3Fcode%3D{begun['code']}"


def test_nobody_allows_by_a_link_or_from_another_site(member: ApiClient) -> None:
    code = post("/connections", ASKS).json()["code"]
    person = browser(member, enforce_csrf_checks=True)
    person.get(f"/connect?code={code}&answer=allow")
    assert person.post("/connect", {"code": code, "answer": "allow"}).status_code == 403
    assert Connection.objects.get().allowed is None


def test_deny_is_told_to_both(member: ApiClient) -> None:
    begun = post("/connections", ASKS).json()
    page = browser(member).post("/connect", {"code": begun["code"], "answer": "deny"})
    assert "got no access" in page.content.decode()
    assert post("/connections/token", {"secret": begun["secret"]}).json()["status"] == "denied"


def test_a_code_that_nobody_has_is_refused_in_words_and_trying_out_is_stopped(member: ApiClient) -> None:
    person = browser(member)
    assert person.get("/connect").status_code == 200
    answers = [person.get(f"/connect?code=BBBB-BBB{letter}") for letter in "BCDFGHJKLMNPQRSTVWXZ"]
    assert {answer.status_code for answer in answers} == {404}
    assert "No program waits under this code" in answers[0].content.decode()
    stopped = person.get("/connect?code=BBBB-BBBB")
    assert stopped.status_code == 429
    assert "tried too often" in stopped.content.decode()


def test_one_address_asks_only_so_often(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_AN_ADDRESS", 2)
    assert [post("/connections", ASKS).status_code for _each in range(2)] == [201, 201]
    refused = post("/connections", ASKS)
    assert "tried too often" in refused.json()["detail"]
    assert 0 < int(refused["Retry-After"]) <= 600
    assert post("/connections", ASKS, REMOTE_ADDR="10.0.0.9").status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"client": "fridge", "name": "x"}, "client"),
        ({"client": "cli", "name": ""}, "name"),
        ({"client": "cli"}, "name"),
    ],
)
def test_bad_input_names_its_field(db: None, body: dict[str, str], field: str) -> None:
    refused = post("/connections", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field
