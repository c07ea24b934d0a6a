"""How often something may be asked, by one process or by several."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from stint.accounts import invitations, limits
from stint.accounts.models import CacheRow
from stint.accounts.queries import Caller
from stint.errors import TooFast

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def forgotten(db: None) -> None:
    caches[limits.PROCESS].clear()


def ask(who: object = 1, **more: Any) -> None:
    limits.count("ask", who, most=3, within=HOUR, **more)


def test_a_limit_reached_by_a_clock_that_ran_ahead_lasts_no_longer_than_any() -> None:
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False) as clock:
        ask(times=3)
        clock.shift(timedelta(days=-400))
        with pytest.raises(TooFast) as refused:
            ask()
        assert refused.value.retry_after == 3600


@pytest.mark.parametrize("where", [limits.SHARED, limits.PROCESS])
def test_the_fourth_within_an_hour_is_refused_until_the_hour_is_over(where: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(where=where, times=3)
        clock.shift(timedelta(minutes=59))
        with pytest.raises(TooFast) as refused:
            ask(where=where)
        assert refused.value.retry_after == 60
        assert "1 minute." in str(refused.value)
        ask(2, where=where)
        clock.shift(timedelta(minutes=1, seconds=1))
        ask(where=where)


def test_what_guards_a_sign_in_is_counted_for_all_processes_and_forgotten_when_over() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask()
        assert CacheRow.objects.filter(cache_key__endswith="limit:ask:1").count() == 1
        limits.forget_expired()
        assert CacheRow.objects.count() == 1
        clock.shift(HOUR + timedelta(seconds=1))
        limits.forget_expired()
        assert CacheRow.objects.count() == 0


def test_an_account_sends_only_so_many_invitations_an_hour(
    ada: Caller, eve: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_AN_HOUR", 2)
    (first, _second) = invitations.invite(ada, ["a@example.com", "b@example.com"])

    with pytest.raises(TooFast):
        invitations.invite(ada, ["c@example.com"])
    with pytest.raises(TooFast):
        invitations.resend(ada, first.id)
    assert len(invitations.invitations(ada)) == 2
    assert invitations.invite(eve, ["d@example.com"])


def test_wrong_tokens_of_one_address_are_refused_and_good_ones_beside_them_are_not(
    ada: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stint.accounts.tokens import create_token

    monkeypatch.setattr("stint.accounts.attempts.MOST_WRONG_TOKENS", 2)
    _listed, good = create_token(ada, "Laptop")

    def answered(token: str, address: str = "10.0.0.1") -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return Client(REMOTE_ADDR=address).get("/api/v1/me", headers=headers)

    assert [answered(f"wrong{n}").status_code for n in range(3)] == [401, 401, 429]
    refused = answered("wrong")
    assert 0 < int(refused["Retry-After"]) <= 600
    assert refused["Content-Type"] == "application/problem+json"
    assert answered("wrong", "10.0.0.2").status_code == 401
    assert answered(good).status_code == 200
    assert not CacheRow.objects.exists()


def test_passwords_cannot_be_guessed_whichever_process_is_asked(db: None) -> None:
    tried = {"login": "ada@example.com", "password": "wrong"}
    said = [Client().post("/login", tried).content.decode() for _each in range(6)]

    assert all("not correct" in page for page in said[:5])
    assert "Too many failed login attempts" in said[5]
    assert CacheRow.objects.filter(cache_key__contains="login_failed").exists()


def test_one_address_opens_the_sign_in_only_so_often(db: None) -> None:
    answers = [Client().post("/login", {"login": f"{n}@example.com", "password": "x"}) for n in range(31)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) == 60
    assert "attempts are limited" in answers[-1].content.decode()
