"""Ways in that were refused: in the log with a mask, an address and a request, and counted."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.cache import caches
from django.test import Client

from stint.accounts import attempts, limits
from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.server.logs import JsonLines

HEADERS = {"X-Request-Id": "proxy-7f3a9b2c"}
PASSWORD = "correct horse 42"


@pytest.fixture
def lines(db: None) -> Iterator[list[dict[str, str]]]:
    """What is logged meanwhile about attempts."""
    caches[limits.PROCESS].clear()
    said: list[dict[str, str]] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(json.loads(JsonLines().format(record)))  # type: ignore[method-assign]
    attempts.logger.addHandler(handler)
    yield said
    attempts.logger.removeHandler(handler)


def counted(way: str) -> float:
    return attempts.REFUSED.labels(way)._value.get()


def sign_in(client: Client, email: str, password: str) -> None:
    client.post("/login", {"login": email, "password": password}, headers=HEADERS)


def test_a_wrong_password_is_told_without_whose_it_is(lines: list[dict[str, str]]) -> None:
    before = counted("password")
    sign_in(Client(REMOTE_ADDR="10.0.0.9"), "ada.lovelace@example.com", "planted-password")
    (line,) = lines
    assert (line["way"], line["address"], line["who"]) == ("password", "10.0.0.9", "a***@example.com")
    assert (line["level"], line["request"]) == ("WARNING", "proxy-7f3a9b2c")
    assert "lovelace" not in json.dumps(line)
    assert "planted" not in json.dumps(line)
    assert counted("password") == before + 1
    shown = Client().get("/metrics").content.decode()
    assert f'stint_attempts_refused_total{{way="password"}} {before + 1}' in shown


def test_who_signs_in_is_told_by_number(ada: Caller, lines: list[dict[str, str]]) -> None:
    _give_password(ada)
    client = Client()
    sign_in(client, ada.email, PASSWORD)
    assert client.get("/").status_code == 200
    (line,) = lines
    assert (line["level"], line["user"], line["address"]) == ("INFO", str(ada.user_id), "127.0.0.1")
    assert "ada" not in json.dumps(line)


def test_a_wrong_code_after_the_right_password_is_told(ada: Caller, lines: list[dict[str, str]]) -> None:
    user = _give_password(ada)
    sealed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": sealed})
    client = Client()
    sign_in(client, ada.email, PASSWORD)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"}, headers=HEADERS)
    (line,) = lines
    assert (line["way"], line["who"], line["request"]) == ("code", "a***@example.com", "proxy-7f3a9b2c")


def test_one_attempt_too_many_is_told_as_such(lines: list[dict[str, str]]) -> None:
    for _each in range(6):
        sign_in(Client(), "ada@example.com", "wrong")
    assert [line["way"] for line in lines] == ["password"] * 5 + ["limit"]


def test_a_program_that_goes_on_with_a_wrong_token_is_told_once_and_counted_each_time(
    lines: list[dict[str, str]],
) -> None:
    before = counted("token")
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2"):
        wrong = HEADERS | {"Authorization": "Bearer planted-token"}
        assert Client(REMOTE_ADDR=address).get("/api/v1/me", headers=wrong).status_code == 401
    assert [(line["way"], line["address"], line["request"]) for line in lines] == [
        ("token", "10.0.0.1", "proxy-7f3a9b2c"),
        ("token", "10.0.0.2", "proxy-7f3a9b2c"),
    ]
    assert counted("token") == before + 4
    assert "planted" not in json.dumps(lines)


def _give_password(caller: Caller) -> User:
    user = User.objects.get(pk=caller.user_id)
    user.set_password(PASSWORD)
    user.save()
    return user
