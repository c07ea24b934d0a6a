"""Roles, shutting people out, and who may do so."""

from __future__ import annotations

from typing import Any

import pytest
from domain import at_once, called, hire

from stint.accounts.models import User
from stint.accounts.people import change_person
from stint.accounts.queries import Caller, caller_by_token, caller_of
from stint.accounts.services import issue_token
from stint.entries import queries as entries
from stint.entries.services import StartTimer, start_timer
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.events import Event

pytestmark = pytest.mark.django_db


def test_a_role_is_given_and_taken(ada: Caller, mary: Caller) -> None:
    assert change_person(ada, mary.user_id, role="manager").role == "manager"
    assert called(User.objects.get(pk=mary.user_id)).manages
    assert change_person(ada, mary.user_id, role="member").role == "member"


def test_somebody_shut_out_can_ask_nothing_until_let_in_again(ada: Caller, mary: Caller) -> None:
    token = issue_token(User.objects.get(pk=mary.user_id), "laptop")
    assert not change_person(ada, mary.user_id, active=False).active
    assert caller_of(mary.user_id) is None
    assert caller_by_token(token) is None
    assert change_person(ada, mary.user_id, active=True).active
    assert caller_by_token(token) is not None


def test_the_timer_of_somebody_shut_out_is_stopped_and_kept(ada: Caller, mary: Caller) -> None:
    running, _ = start_timer(mary, StartTimer(note="Draft"), "web")
    change_person(ada, mary.user_id, active=False)
    assert entries.running(mary) is None
    (kept,) = entries.entries(ada, user_id=mary.user_id).items
    assert (kept.id, kept.note) == (running.id, "Draft")
    assert kept.end is not None


@pytest.mark.parametrize("change", [{"role": "manager"}, {"active": False}])
def test_the_last_administrator_stays(ada: Caller, change: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="last Administrator"):
        change_person(ada, ada.user_id, **change)
    hire(ada, "Ida", "administrator")
    change_person(ada, ada.user_id, **change)


def test_one_who_is_shut_out_does_not_count_as_administrator(ada: Caller) -> None:
    ida = hire(ada, "Ida", "administrator")
    change_person(ada, ida.user_id, active=False)
    with pytest.raises(Conflict):
        change_person(ada, ada.user_id, role="member")


@pytest.mark.usefixtures("real_database")
def test_two_administrators_cannot_demote_each_other_at_once(ada: Caller) -> None:
    ida = hire(ada, "Ida", "administrator")
    _, refused = at_once(
        [
            lambda: change_person(ada, ida.user_id, role="member"),
            lambda: change_person(ida, ada.user_id, role="member"),
        ]
    )
    assert [type(fault) for fault in refused] == [Conflict]


def test_only_administrators_may(ada: Caller, grace: Caller, mary: Caller) -> None:
    for other in (grace, mary):
        with pytest.raises(NotAllowed):
            change_person(other, ada.user_id, role="member")


def test_people_of_another_account_are_not_there(ada: Caller, eve: Caller) -> None:
    with pytest.raises(NotFound):
        change_person(ada, eve.user_id, active=False)


def test_an_unknown_role_is_refused(ada: Caller, mary: Caller) -> None:
    with pytest.raises(Invalid, match="must be one of"):
        change_person(ada, mary.user_id, role="owner")


def test_windows_are_told(
    ada: Caller, mary: Caller, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Event] = []
    monkeypatch.setattr("stint.events._listeners", [told.append])
    with django_capture_on_commit_callbacks(execute=True):
        change_person(ada, mary.user_id, role="manager")
    assert told == [Event("people", str(mary.user_id), ada.account_id)]
