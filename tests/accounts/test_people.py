"""Creating people: addresses, roles, names, passwords, time zones."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from domain import at_once, called, found, hire

from stint.accounts.models import Account, Membership, User
from stint.accounts.queries import Caller, caller_of, people, verified_addresses
from stint.accounts.services import create_account, create_user
from stint.errors import Conflict, DomainError, Invalid

pytestmark = pytest.mark.django_db


def create(by: Caller, **fields: Any) -> User:
    given = {"email": "mary@example.com", "name": "Mary", **fields}
    return create_user(Account.objects.get(pk=by.account_id), **given)


@pytest.mark.parametrize(
    ("role", "manages", "administers"),
    [("administrator", True, True), ("manager", True, False), ("member", False, False)],
)
def test_a_role_says_what_is_theirs(ada: Caller, role: str, manages: bool, administers: bool) -> None:
    caller = called(create(ada, role=role))
    assert (caller.manages, caller.administers, caller.role) == (manages, administers, role)


@pytest.mark.parametrize("taken", ["ada@example.com", "ADA@example.com", " Ada@Example.COM "])
def test_an_address_has_one_user_whatever_its_case(ada: Caller, taken: str) -> None:
    with pytest.raises(Conflict):
        create(ada, email=taken)
    with pytest.raises(Conflict):
        create_account("Elsewhere", email=taken, name="Eve")
    assert User.objects.count() == Account.objects.count() == 1


def test_an_address_in_another_alphabet_has_one_user_too(ada: Caller) -> None:
    create(ada, email="mary@exämple.com")
    with pytest.raises(Conflict):
        create(ada, email="MARY@EXÄMPLE.COM")


def test_the_database_holds_that_too(ada: Caller) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ADA@example.com", None, name="Another")


def test_a_verified_second_address_is_taken_too(ada: Caller) -> None:
    EmailAddress.objects.create(user_id=ada.user_id, email="Countess@example.com", verified=True)
    with pytest.raises(Conflict):
        create(ada, email="countess@example.com")


def test_the_same_address_at_once_makes_one_user(real_database: None) -> None:
    ada = found("Engines", "Ada")
    users, faults = at_once([lambda: create(ada)] * 4)
    assert len(users) == 1
    assert [type(fault) for fault in faults] == [Conflict] * 3
    assert User.objects.count() == EmailAddress.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "mary"),
        ("email", "mary@"),
        ("email", "a\0@example.com"),
        ("email", "mary@example.com\nBcc: eve@example.com"),
        ("email", f"mary@{'long.' * 50}example.com"),
        ("role", "owner"),
        ("name", ""),
        ("name", " \t\n"),
        ("name", "a\0b"),
        ("name", "x" * 191),
        ("timezone_name", "Mars/Olympus"),
        ("timezone_name", ""),
        ("timezone_name", "../../etc/passwd"),
        ("password", ""),
        ("password", "nine char"),
        ("password", "password123"),
        ("password", "mary@example.com"),
    ],
)
def test_a_bad_field_is_named(ada: Caller, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        create(ada, **{field: value})
    assert [error.field for error in refused.value.errors] == [field.removesuffix("_name")]
    assert User.objects.count() == 1


def test_names_are_kept_as_written_but_for_spaces(ada: Caller) -> None:
    assert create(ada, name="  Åsa \t 'O’Neill' 😀 ").name == "Åsa 'O’Neill' 😀"


def test_without_a_password_nobody_signs_in_by_one(ada: Caller) -> None:
    user = create(ada)
    assert not user.has_usable_password()
    assert not user.check_password("")


def test_a_password_is_stored_hashed(ada: Caller) -> None:
    user = create(ada, password="difference engine")
    assert "difference" not in user.password
    assert user.check_password("difference engine")


def test_an_account_needs_a_name() -> None:
    with pytest.raises(Invalid) as refused:
        create_account(" ", email="ada@example.com", name="Ada")
    assert refused.value.errors[0].field == "account_name"
    assert not User.objects.exists()


def test_a_refused_first_person_leaves_no_account() -> None:
    with pytest.raises(DomainError):
        create_account("Engines", email="nobody", name="Ada")
    assert not Account.objects.exists()


def test_people_are_those_of_the_account(ada: Caller, mary: Caller, eve: Caller) -> None:
    User.objects.filter(pk=mary.user_id).update(is_active=False)
    assert [(person.name, person.role, person.active) for person in people(ada)] == [
        ("Ada", "administrator", True),
        ("Mary", "member", False),
    ]
    assert [person.name for person in people(eve)] == ["Eve"]


def test_only_active_people_with_an_account_may_ask(ada: Caller, mary: Caller) -> None:
    User.objects.filter(pk=mary.user_id).update(is_active=False)
    Membership.objects.filter(user_id=ada.user_id).delete()
    assert caller_of(mary.user_id) is None
    assert caller_of(ada.user_id) is None
    assert caller_of(10**9) is None


def test_matching_asks_for_verified_addresses_of_active_people(
    ada: Caller, mary: Caller, eve: Caller
) -> None:
    gone = hire(ada, "Gone")
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    EmailAddress.objects.create(user_id=mary.user_id, email="Mary@Work.example.com", verified=True)
    EmailAddress.objects.create(user_id=mary.user_id, email="hoped@example.com", verified=False)
    assert verified_addresses(ada.account_id) == {
        "ada@example.com": ada.user_id,
        "mary@example.com": mary.user_id,
        "mary@work.example.com": mary.user_id,
    }
    assert verified_addresses(eve.account_id) == {"eve@example.com": eve.user_id}
