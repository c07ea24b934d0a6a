from __future__ import annotations

import httpx2
import pytest

from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace

from .conftest import Connect


def test_without_credentials_it_answers_401_with_no_body(connect: Connect) -> None:
    answer = connect(None).get("/api/v9/me")
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["x-authorization-missing"] == "true"


@pytest.mark.parametrize("token", ["0" * 32, "é", "x" * 5000])
def test_a_wrong_token_is_refused_with_403(connect: Connect, token: str) -> None:
    answer = connect(token).get("/api/v9/me")
    assert (answer.status_code, answer.text) == (403, "Incorrect username and/or password")


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Bearer abc", "Basic /////w==", ""])
def test_a_broken_header_is_refused_with_403(connect: Connect, header: str) -> None:
    answer = connect(None).get("/api/v9/me", headers={"Authorization": header})
    assert answer.status_code == 403


def test_email_and_password_sign_in_too_but_not_for_webhooks(connect: Connect, place: Workplace) -> None:
    person = next(iter(place.people.values()))
    client = connect(None)
    client.auth = httpx2.BasicAuth(person.email.upper(), person.password)
    assert client.get("/api/v9/me").json()["id"] == person.id
    wid = next(iter(place.workspaces))
    assert client.get(f"/webhooks/api/v1/subscriptions/{wid}").status_code == 403
    client.auth = httpx2.BasicAuth(person.email, "wrong")
    assert client.get("/api/v9/me").status_code == 403


def test_status_needs_no_sign_in(connect: Connect) -> None:
    assert connect(None).get("/api/v9/status").status_code == 200


def test_logged_and_id_answer_for_good_credentials(admin: httpx2.Client, place: Workplace) -> None:
    assert admin.get("/api/v9/me/logged").content == b""
    assert admin.get("/api/v9/me/id").json() == next(iter(place.people))


def test_the_address_works_again_after_a_stop() -> None:
    for _ in range(2):
        with BackgroundSandbox("small") as running:
            auth = (running.token, "api_token")
            assert httpx2.get(f"{running.url}/api/v9/me", auth=auth, trust_env=False).status_code == 200
            assert running.requests == [("GET", "/api/v9/me")]


def test_a_request_right_after_the_start_is_answered() -> None:
    for _ in range(20):
        running = BackgroundSandbox("small")
        running.start()
        try:
            assert httpx2.get(f"{running.url}/api/v9/status", trust_env=False).status_code == 200
        finally:
            running.stop()
