"""Asking people to join: who may, whom, the link, and what accepting makes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from domain import at_once, called

from stint.accounts import invitations
from stint.accounts.invitations import InvitationOut, accept, invite, open_invitation, resend, revoke
from stint.accounts.models import Invitation, User
from stint.accounts.queries import Caller, verified_addresses
from stint.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 42"


def ask(caller: Caller, email: str = "hedy@example.com", role: str = "member") -> InvitationOut:
    return invite(caller, [email], role)[0]


def token(invitation: InvitationOut) -> str:
    assert invitation.link is not None
    return invitation.link.rsplit("/", 1)[1]


def join(invitation: InvitationOut, **given: Any) -> User:
    return accept(token(invitation), **{"name": "Hedy", "password": PASSWORD, **given})


def test_accepting_makes_the_user_that_was_asked_for(ada: Caller) -> None:
    user = join(ask(ada, "Hedy@Example.com", "manager"), timezone_name="Europe/Vienna")
    caller = called(user)
    assert (caller.account_id, caller.role, caller.timezone) == (ada.account_id, "manager", "Europe/Vienna")
    assert user.check_password(PASSWORD)
    assert verified_addresses(ada.account_id)["hedy@example.com"] == user.pk
    assert [each.status for each in invitations.invitations(ada)] == ["accepted"]


def test_a_link_works_once(ada: Caller) -> None:
    asked = ask(ada)
    join(asked)
    with pytest.raises(NotFound):
        join(asked, name="Again")
    assert open_invitation(token(asked)) is None


@pytest.mark.usefixtures("real_database")
def test_of_two_who_accept_at_once_one_joins(ada: Caller) -> None:
    asked = ask(ada)
    joined, refused = at_once([lambda: join(asked)] * 2)
    assert len(joined) == 1
    assert [type(fault) for fault in refused] == [NotFound]
    assert User.objects.filter(email="hedy@example.com").count() == 1


def test_a_link_lives_a_week(ada: Caller) -> None:
    asked = ask(ada)
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert invitations.invitations(ada)[0].status == "expired"
        with pytest.raises(NotFound):
            join(asked)


def test_a_resent_invitation_has_a_new_link_and_voids_the_old(ada: Caller) -> None:
    asked = ask(ada)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        again = resend(ada, asked.id)
        assert again.link != asked.link
        with pytest.raises(NotFound):
            join(asked)
        assert join(again).email == "hedy@example.com"


def test_asking_again_renews_the_open_invitation(ada: Caller) -> None:
    first = ask(ada)
    second = ask(ada, "HEDY@example.com", "manager")
    assert (second.id, second.role) == (first.id, "manager")
    assert Invitation.objects.count() == 1


def test_a_revoked_link_is_void(ada: Caller) -> None:
    asked = ask(ada)
    revoke(ada, asked.id)
    with pytest.raises(NotFound):
        join(asked)
    assert invitations.invitations(ada) == []


def test_the_link_can_be_shown_again_but_is_stored_nowhere(ada: Caller) -> None:
    asked = ask(ada)
    assert invitations.invitations(ada)[0].link == asked.link
    stored = str(Invitation.objects.values().get())
    assert token(asked) not in stored


@pytest.mark.parametrize(
    ("emails", "said"),
    [
        (["hedy@example.com", "nobody"], "“nobody” is not an e-mail address"),
        (["ADA@example.com"], "has a user already: ADA@example.com"),
        ([], "1 to 200"),
        ([f"p{number}@example.com" for number in range(201)], "1 to 200"),
    ],
)
def test_a_bad_address_is_named_and_nobody_is_asked(ada: Caller, emails: list[str], said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        invite(ada, emails)
    assert refused.value.errors[0].field == "emails"
    assert Invitation.objects.count() == 0


def test_an_address_of_another_account_is_refused(ada: Caller, eve: Caller) -> None:
    with pytest.raises(Invalid, match="has a user already"):
        ask(ada, eve.email)


def test_an_unknown_role_is_refused(ada: Caller) -> None:
    with pytest.raises(Invalid, match="must be one of"):
        ask(ada, role="owner")


def test_a_weak_password_leaves_the_link_open(ada: Caller) -> None:
    asked = ask(ada)
    with pytest.raises(Invalid) as refused:
        join(asked, password="short")
    assert refused.value.errors[0].field == "password"
    assert open_invitation(token(asked)) is not None


def test_who_got_a_user_meanwhile_is_told(ada: Caller, mary: Caller) -> None:
    asked = ask(ada)
    User.objects.filter(pk=mary.user_id).update(email="hedy@example.com")
    with pytest.raises(Conflict, match="has a user already"):
        join(asked)


def test_only_administrators_invite(ada: Caller, grace: Caller, mary: Caller) -> None:
    asked = ask(ada)
    for other in (grace, mary):
        for act in (
            lambda other=other: ask(other, "x@example.com"),
            lambda other=other: resend(other, asked.id),
            lambda other=other: revoke(other, asked.id),
            lambda other=other: invitations.invitations(other),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_another_account_sees_none_of_it(ada: Caller, eve: Caller) -> None:
    asked = ask(ada)
    assert invitations.invitations(eve) == []
    for act in (resend, revoke):
        with pytest.raises(NotFound):
            act(eve, asked.id)


@pytest.fixture(autouse=True)
def _no_worker(settings: Any) -> None:
    """Mails wait: sending them is tested beside this file."""
    dummy = "django_tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": dummy}}
