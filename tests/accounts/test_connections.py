"""Connecting a program: asked, allowed or denied, taken once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from domain import at_once

from stint.accounts import connections, tokens
from stint.accounts.connections import Outcome, answer, asking, begin, redeem
from stint.accounts.models import CONNECTION_LIFE, ApiToken, Connection, User
from stint.accounts.queries import Caller, caller_by_token
from stint.errors import Conflict, Invalid, NotFound, TooFast


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def test_what_is_allowed_gets_a_token_of_who_allowed_it(mary: Caller) -> None:
    begun = begin("extension", "Firefox on Linux")
    assert redeem(begun.secret) == Outcome("pending")
    answer(mary, begun.code, allowed=True)
    outcome = redeem(begun.secret)
    assert (outcome.status, caller_by_token(outcome.token or "")) == ("allowed", mary)
    assert [token.name for token in tokens.tokens(mary)] == ["Firefox on Linux"]


def test_the_token_is_told_once(mary: Caller) -> None:
    begun = begin("cli", "Laptop")
    answer(mary, begun.code, allowed=True)
    redeem(begun.secret)
    with pytest.raises(NotFound):
        redeem(begun.secret)
    assert ApiToken.objects.count() == 1


def test_of_many_who_redeem_at_once_one_gets_a_token(real_database: None, mary: Caller) -> None:
    begun = begin("cli", "Laptop")
    answer(mary, begun.code, allowed=True)
    outcomes, faults = at_once([lambda: redeem(begun.secret)] * 5)
    assert [outcome.status for outcome in outcomes] == ["allowed"]
    assert [type(fault) for fault in faults] == [NotFound] * 4
    assert ApiToken.objects.count() == 1


def test_what_is_denied_hears_it_and_gets_nothing(mary: Caller) -> None:
    begun = begin("desktop", "Laptop")
    answer(mary, begun.code, allowed=False)
    assert redeem(begun.secret) == Outcome("denied")
    assert not ApiToken.objects.exists()
    with pytest.raises(NotFound):
        redeem(begun.secret)


@pytest.mark.parametrize("allowed", [True, False])
def test_it_is_answered_once(mary: Caller, eve: Caller, allowed: bool) -> None:
    begun = begin("cli", "Laptop")
    answer(mary, begun.code, allowed=allowed)
    assert asking(begun.code) is None
    with pytest.raises(NotFound):
        answer(eve, begun.code, allowed=True)
    assert Connection.objects.get().answered_by_id == mary.user_id


def test_after_ten_minutes_it_is_over(mary: Caller, clock: time_machine.Traveller) -> None:
    waiting, allowed = begin("cli", "Laptop"), begin("cli", "Phone")
    answer(mary, allowed.code, allowed=True)
    clock.shift(CONNECTION_LIFE - timedelta(seconds=1))
    assert asking(waiting.code) is not None
    clock.shift(timedelta(seconds=1))
    assert asking(waiting.code) is None
    with pytest.raises(NotFound):
        answer(mary, waiting.code, allowed=True)
    for begun in (waiting, allowed):
        with pytest.raises(NotFound):
            redeem(begun.secret)
    begin("cli", "Other")
    assert Connection.objects.count() == 1


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_is_found_however_it_is_typed(db: None, typed: object) -> None:
    begun = begin("cli", "Laptop")
    found = asking(typed(begun.code))  # type: ignore[operator]
    assert found is not None
    assert (found.code, found.client, found.name) == (begun.code, "cli", "Laptop")


@pytest.mark.parametrize("code", ["", "-", "BBBB-BBBB", "\0", "ß" * 9, "B" * 100_000])
def test_no_other_code_finds_it(db: None, code: str) -> None:
    begin("cli", "Laptop")
    assert asking(code) is None


def test_neither_secret_nor_code_is_stored(db: None) -> None:
    begun = begin("cli", "Laptop")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_connection")
        row = str(cursor.fetchall())
    assert begun.secret not in row
    assert begun.code not in row
    assert begun.code.replace("-", "") not in row


def test_who_allowed_it_and_was_disabled_gives_no_token(mary: Caller) -> None:
    begun = begin("cli", "Laptop")
    answer(mary, begun.code, allowed=True)
    User.objects.filter(pk=mary.user_id).update(is_active=False)
    with pytest.raises(NotFound):
        redeem(begun.secret)
    assert not ApiToken.objects.exists()


def test_who_has_too_many_tokens_hears_it_and_can_allow_later(
    mary: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 1)
    kept, _token = tokens.create_token(mary, "Phone")
    begun = begin("cli", "Laptop")
    with pytest.raises(Conflict):
        answer(mary, begun.code, allowed=True)
    tokens.revoke_token(mary, kept.id)
    answer(mary, begun.code, allowed=True)
    assert redeem(begun.secret).status == "allowed"


@pytest.mark.parametrize(
    ("client", "name"), [("fridge", "Kitchen"), ("", "x"), ("cli", " "), ("cli", "x" * 191)]
)
def test_what_asks_must_say_what_it_is(db: None, client: str, name: str) -> None:
    with pytest.raises(Invalid):
        begin(client, name)


def test_no_more_than_some_wait_at_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_OPEN", 2)
    begin("cli", "One")
    begin("cli", "Two")
    with pytest.raises(TooFast):
        begin("cli", "Three")
