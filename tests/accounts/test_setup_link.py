"""The one-time link that makes the first Administrator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from domain import at_once

from stint.accounts import services
from stint.accounts.models import Account, Membership, SetupLink, User
from stint.accounts.queries import Caller
from stint.errors import Invalid, NotFound

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def redeem(token: str, **fields: Any) -> User:
    given = {
        "account_name": "Engines",
        "email": "ada@example.com",
        "name": "Ada",
        "password": "difference engine",
        "timezone_name": "Europe/Lisbon",
        **fields,
    }
    return services.redeem_setup_link(token, **given)


def made() -> str:
    token = services.make_setup_link()
    assert token is not None
    return token


def test_it_makes_an_administrator_who_can_sign_in() -> None:
    user = redeem(made())
    membership = Membership.objects.get(user=user)
    assert (membership.role, membership.account.name) == ("administrator", "Engines")
    assert user.check_password("difference engine")
    assert user.timezone == "Europe/Lisbon"
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("ada@example.com", True, True)
    ]


def test_it_works_once() -> None:
    token = made()
    redeem(token)
    assert not services.setup_link_open(token)
    with pytest.raises(NotFound):
        redeem(token, email="eve@example.com")
    assert User.objects.count() == Account.objects.count() == 1


def test_a_refused_form_leaves_the_link_open() -> None:
    token = made()
    with pytest.raises(Invalid):
        redeem(token, password="short")
    assert services.setup_link_open(token)
    assert not Account.objects.exists()


def test_it_lives_for_seven_days() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        token = made()
        clock.move_to(NOW + timedelta(days=7, seconds=-1))
        assert services.setup_link_open(token)
        clock.move_to(NOW + timedelta(days=7))
        assert not services.setup_link_open(token)
        with pytest.raises(NotFound):
            redeem(token)


def test_a_fresh_one_voids_the_older() -> None:
    older, newer = made(), made()
    assert not services.setup_link_open(older)
    assert services.setup_link_open(newer)
    assert SetupLink.objects.count() == 1


def test_there_is_none_once_a_user_exists(ada: Caller) -> None:
    assert services.make_setup_link() is None


def test_one_made_before_the_first_user_is_void_after(db: None) -> None:
    token = made()
    services.create_account("Engines", email="ada@example.com", name="Ada")
    assert not services.setup_link_open(token)


@pytest.mark.parametrize("token", ["", "x", "\0", "ß" * 10_000])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    made()
    assert not services.setup_link_open(token)
    with pytest.raises(NotFound):
        redeem(token)


def test_only_its_digest_is_stored() -> None:
    token = made()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_setuplink")
        assert token not in str(cursor.fetchall())


def test_two_at_once_make_one_administrator(real_database: None) -> None:
    token = made()
    users, faults = at_once(
        [lambda number=number: redeem(token, email=f"{number}@example.com") for number in range(4)]
    )
    assert len(users) == User.objects.count() == 1
    assert [type(fault) for fault in faults] == [NotFound] * 3
