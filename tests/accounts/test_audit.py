"""The record of what Administrators did: complete, theirs alone to see, and of one account."""

from __future__ import annotations

import pytest
from domain import called

from stint.accounts import audit
from stint.accounts.invitations import invite, resend, revoke
from stint.accounts.models import User
from stint.accounts.people import change_person
from stint.accounts.profile import update_account
from stint.accounts.queries import Caller
from stint.errors import Conflict, Invalid, NotAllowed
from stint.transfer.exporting import export_account


def acts(person: Caller) -> list[tuple[str, str, str, str]]:
    return [(each.act, each.about, each.before, each.after) for each in audit.trail(person).items]


def test_each_act_is_recorded_with_what_it_changed(ada: Caller, mary: Caller) -> None:
    change_person(ada, mary.user_id, role="manager")
    change_person(ada, mary.user_id, active=False)
    change_person(ada, mary.user_id, active=True)
    (asked,) = invite(ada, ["new@example.com"])
    resend(ada, asked.id)
    revoke(ada, asked.id)
    update_account(ada, week_start=0)
    export_account(ada)

    name = ada.account_name
    assert acts(ada) == [
        ("export", "", "", ""),
        ("account", "", f"{name}, Monday", f"{name}, Sunday"),
        ("revoke", "new@example.com", "", ""),
        ("resend", "new@example.com", "", ""),
        ("invite", "new@example.com", "", "member"),
        ("enable", mary.email, "", ""),
        ("disable", mary.email, "", ""),
        ("role", mary.email, "member", "manager"),
    ]
    assert {each.done_by for each in audit.trail(ada).items} == {ada.name}


def test_what_was_refused_or_changed_nothing_is_not_recorded(ada: Caller, mary: Caller) -> None:
    change_person(ada, mary.user_id, role="member")
    with pytest.raises(Conflict):
        change_person(ada, ada.user_id, role="member")
    with pytest.raises(Invalid):
        invite(ada, [mary.email])

    assert acts(ada) == []


def test_it_is_for_the_administrators_of_that_account(ada: Caller, mary: Caller, eve: Caller) -> None:
    change_person(ada, mary.user_id, role="manager")

    with pytest.raises(NotAllowed):
        audit.trail(mary)
    assert acts(eve) == []


def test_long_records_come_in_pages(ada: Caller, mary: Caller) -> None:
    for role in ("manager", "member", "manager"):
        change_person(ada, mary.user_id, role=role)

    first = audit.trail(ada, limit=2)
    second = audit.trail(ada, limit=2, cursor=first.next)

    assert [each.after for each in (*first.items, *second.items)] == ["manager", "member", "manager"]
    assert second.next is None


def test_an_act_outlives_who_did_it(ada: Caller, mary: Caller) -> None:
    change_person(ada, mary.user_id, role="administrator")
    User.objects.filter(pk=ada.user_id).delete()

    (act,) = audit.trail(called(User.objects.get(pk=mary.user_id))).items
    assert act.done_by is None
