"""Tokens for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from stint.accounts.models import ApiToken, User
from stint.accounts.queries import Caller, caller_by_token
from stint.accounts.services import TOKEN_PREFIX, issue_token
from stint.errors import Invalid

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def issue(caller: Caller, name: str = "laptop") -> str:
    return issue_token(User.objects.get(pk=caller.user_id), name)


def test_a_token_stands_for_its_user(mary: Caller, ada: Caller) -> None:
    assert caller_by_token(issue(mary)) == mary
    assert caller_by_token(issue(ada)) == ada


@pytest.mark.parametrize("token", ["", "stint_", "\0", "ß", "stint_" + "A" * 100_000])
def test_an_unknown_one_stands_for_nobody(ada: Caller, token: str) -> None:
    issue(ada)
    assert caller_by_token(token) is None


def test_the_letters_must_match_exactly(ada: Caller) -> None:
    token = issue(ada)
    assert caller_by_token(token.swapcase()) is None
    assert caller_by_token(token + " ") is None


def test_a_disabled_user_has_none(ada: Caller) -> None:
    token = issue(ada)
    User.objects.filter(pk=ada.user_id).update(is_active=False)
    assert caller_by_token(token) is None


def test_a_deleted_token_is_void(ada: Caller) -> None:
    token = issue(ada)
    ApiToken.objects.all().delete()
    assert caller_by_token(token) is None


def test_only_the_digest_and_four_letters_are_stored(ada: Caller) -> None:
    token = issue(ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_apitoken")
        rows = str(cursor.fetchall())
    assert token not in rows
    assert token.removeprefix(TOKEN_PREFIX) not in rows
    assert ApiToken.objects.get().hint == token[-4:]


def test_each_one_is_new_and_long(ada: Caller) -> None:
    tokens = {issue(ada) for _ in range(20)}
    assert len(tokens) == 20
    assert all(token.startswith(TOKEN_PREFIX) and len(token) >= 49 for token in tokens)


def test_it_needs_a_name(ada: Caller) -> None:
    with pytest.raises(Invalid):
        issue(ada, " ")


def test_use_is_noted_now_and_then(ada: Caller, django_assert_num_queries: object) -> None:
    token = issue(ada)
    with time_machine.travel(NOW, tick=False) as clock:
        caller_by_token(token)
        assert ApiToken.objects.get().last_used_at == NOW
        clock.move_to(NOW + timedelta(minutes=9))
        with django_assert_num_queries(1):  # type: ignore[operator]
            caller_by_token(token)
        assert ApiToken.objects.get().last_used_at == NOW
        clock.move_to(NOW + timedelta(minutes=11))
        caller_by_token(token)
        assert ApiToken.objects.get().last_used_at == NOW + timedelta(minutes=11)
