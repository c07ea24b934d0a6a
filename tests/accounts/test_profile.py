"""What people change of themselves, and Administrators of their account."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from stint.accounts import profile, tokens
from stint.accounts.models import Account, ApiToken, User
from stint.accounts.queries import Caller, caller_by_token, caller_of
from stint.entries.models import Entry
from stint.entries.services import NewEntry, add_entry
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.events import Event

LATE = datetime(2026, 11, 23, 23, tzinfo=UTC)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> list[Event]:
    """What the listeners hear."""
    heard: list[Event] = []
    monkeypatch.setattr("stint.events._listeners", [heard.append])
    return heard


def test_what_is_given_changes_and_the_rest_stays(mary: Caller) -> None:
    changed = profile.update_profile(mary, name="  Mary   Somerville ")
    assert (changed.name, changed.timezone, changed.language) == ("Mary Somerville", "UTC", "")
    changed = profile.update_profile(mary, timezone_name="Asia/Kathmandu", language="de")
    assert (changed.name, changed.timezone, changed.language) == ("Mary Somerville", "Asia/Kathmandu", "de")
    assert caller_of(mary.user_id) == changed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 191),
        ("name", "a\0b"),
        ("timezone_name", "Mars/Olympus"),
        ("timezone_name", "../../etc/passwd"),
        ("timezone_name", ""),
        ("language", "tlh"),
        ("language", "de\0"),
    ],
)
def test_a_bad_field_is_named_and_nothing_changes(mary: Caller, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        profile.update_profile(mary, **{"name": "Changed", field: value})
    assert refused.value.errors[0].field == field.removesuffix("_name")
    assert caller_of(mary.user_id) == mary


def test_another_time_zone_moves_the_days_of_all_entries(mary: Caller, ada: Caller) -> None:
    add_entry(mary, NewEntry(start=LATE, end=LATE), "web")
    add_entry(ada, NewEntry(start=LATE, end=LATE), "web")
    profile.update_profile(mary, timezone_name="Asia/Kathmandu")
    assert Entry.objects.get(user_id=mary.user_id).day == date(2026, 11, 24)
    assert Entry.objects.get(user_id=ada.user_id).day == date(2026, 11, 23)


def test_days_and_zone_change_together_or_not_at_all(mary: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    add_entry(mary, NewEntry(start=LATE, end=LATE), "web")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("stint.accounts.profile.announce", fail)
    with pytest.raises(RuntimeError):
        profile.update_profile(mary, timezone_name="Asia/Kathmandu")
    assert User.objects.get(pk=mary.user_id).timezone == "UTC"
    assert Entry.objects.get().day == date(2026, 11, 23)


def test_open_windows_are_told(
    mary: Caller, told: list[Event], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        profile.update_profile(mary, timezone_name="Asia/Kathmandu")
    assert {(event.kind, event.user_id) for event in told} == {("people", None), ("entry", mary.user_id)}
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        profile.update_profile(mary, timezone_name="Asia/Kathmandu")
    assert [event.kind for event in told] == ["people"]


def test_administrators_change_the_account(ada: Caller, eve: Caller) -> None:
    profile.update_account(ada, name=" Difference  Engines ", week_start=0)
    changed = caller_of(ada.user_id)
    assert changed is not None
    assert (changed.account_name, changed.week_start) == ("Difference Engines", 0)
    assert Account.objects.get(pk=eve.account_id).name == "Elsewhere"


@pytest.mark.parametrize("week_start", [-1, 7, 10**20])
def test_a_week_begins_on_a_day_there_is(ada: Caller, week_start: int) -> None:
    with pytest.raises(Invalid):
        profile.update_account(ada, name="Changed", week_start=week_start)
    assert caller_of(ada.user_id) == ada


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["grace", "mary"])
def test_nobody_else_changes_the_account(request: pytest.FixtureRequest, who: str) -> None:
    with pytest.raises(NotAllowed):
        profile.update_account(request.getfixturevalue(who), name="Ours")


def test_a_token_is_told_once_and_listed_by_its_name(mary: Caller, ada: Caller) -> None:
    made, token = tokens.create_token(mary, " Laptop ")
    assert caller_by_token(token) == mary
    listed = tokens.tokens(mary)
    assert [(each.id, each.name, each.hint) for each in listed] == [(made.id, "Laptop", token[-4:])]
    assert token not in repr(listed)
    assert tokens.tokens(ada) == []


def test_a_revoked_token_stands_for_nobody(mary: Caller) -> None:
    made, token = tokens.create_token(mary, "Laptop")
    _other, kept = tokens.create_token(mary, "Phone")
    tokens.revoke_token(mary, made.id)
    assert caller_by_token(token) is None
    assert caller_by_token(kept) == mary
    with pytest.raises(NotFound):
        tokens.revoke_token(mary, made.id)


def test_nobody_revokes_a_token_of_somebody_else(mary: Caller, ada: Caller) -> None:
    made, token = tokens.create_token(mary, "Laptop")
    with pytest.raises(NotFound):
        tokens.revoke_token(ada, made.id)
    assert caller_by_token(token) == mary


@pytest.mark.parametrize("name", ["", "  ", "x" * 191])
def test_a_token_needs_a_name(mary: Caller, name: str) -> None:
    with pytest.raises(Invalid):
        tokens.create_token(mary, name)
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_tokens(mary: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 1)
    tokens.create_token(mary, "Laptop")
    with pytest.raises(Conflict):
        tokens.create_token(mary, "Phone")
