"""Whose word counts on where a request comes from."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from stint.accounts import limits
from stint.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)


def status(told: str, by: str) -> int:
    """Answer `stint web` for a wrong token that came through `by`, which says it came from `told`."""
    headers = {"Authorization": "Bearer wrong", "X-Forwarded-For": told}
    request = RequestFactory().get("/api/v1/me", headers=headers, REMOTE_ADDR=by)
    answered: list[str] = []

    def start(line: str, _headers: Any) -> None:
        answered.append(line)

    list(application(request.environ, start))
    return int(answered[0].split()[0])


def test_the_proxy_says_where_a_request_comes_from_and_nobody_else_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stint.accounts.attempts.MOST_WRONG_TOKENS", 1)
    caches[limits.PROCESS].clear()

    assert [status(f"10.0.0.{n}", by="127.0.0.1") for n in (1, 2, 1)] == [401, 401, 429]
    assert [status(f"10.0.0.{n}", by="192.0.2.7") for n in (3, 4)] == [401, 429]
