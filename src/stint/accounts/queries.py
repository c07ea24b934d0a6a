"""Reads of accounts and people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from django.utils import timezone

from stint.accounts.models import ApiToken, Membership, Role
from stint.database import fetch_all, fetch_one

# Writing the time of use on every request would turn each read into a write.
TOKEN_USE_GRAIN = timedelta(minutes=10)


class Caller(msgspec.Struct, frozen=True):
    """Who asks: a user with their place in the account. Every domain call takes one."""

    user_id: int
    name: str
    email: str
    timezone: str
    language: str
    account_id: int
    account_name: str
    week_start: int
    role: str

    @property
    def administers(self) -> bool:
        """Whether integrations, roles and settings are theirs."""
        return self.role == Role.ADMINISTRATOR

    @property
    def manages(self) -> bool:
        """Whether the whole task tree and everybody's time are theirs."""
        return self.role in (Role.ADMINISTRATOR, Role.MANAGER)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone their days belong to."""
        return _zone(self.timezone)


class Person(msgspec.Struct, frozen=True):
    """A member of the account."""

    user_id: int
    name: str
    email: str
    role: str
    active: bool


@lru_cache(maxsize=700)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def token_digest(token: str) -> str:
    """Return what is stored of a token. Tokens carry 256 random bits, so a plain hash cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


_CALLER = """
    SELECT u.id, u.name, u.email, u.timezone, u.language, a.id, a.name, a.week_start, m.role
      FROM accounts_user u
      JOIN accounts_membership m ON m.user_id = u.id
      JOIN accounts_account a ON a.id = m.account_id
"""
_CALLER_DISABLED_TOO = f"{_CALLER} WHERE u.id = %s"
_CALLER_OF_USER = f"{_CALLER} WHERE u.id = %s AND u.is_active"
_CALLER_BY_TOKEN = (
    _CALLER.replace("m.role", "m.role, t.id, t.last_used_at")
    + " JOIN accounts_apitoken t ON t.user_id = u.id WHERE t.digest = %s AND u.is_active"
)


def caller_of(user_id: int, *, disabled_too: bool = False) -> Caller | None:
    """Return the caller a signed-in user is; None when disabled, gone or without an account.

    With `disabled_too` also who cannot ask any more, for work on what was theirs.
    """
    row = fetch_one(_CALLER_DISABLED_TOO if disabled_too else _CALLER_OF_USER, [user_id])
    return Caller(*row) if row else None


def caller_by_token(token: str) -> Caller | None:
    """Return the caller an API token stands for; None when it is unknown or its user disabled."""
    row = fetch_one(_CALLER_BY_TOKEN, [token_digest(token)])
    if row is None:
        return None
    *fields, token_id, last_used_at = row
    _note_use(token_id, last_used_at)
    return Caller(*fields)


def _note_use(token_id: int, last_used_at: object) -> None:
    now = timezone.now()
    # SQLite hands plain SQL a text, PostgreSQL a datetime: both compare as text at this grain.
    if last_used_at is not None and str(last_used_at)[:19] > str(now - TOKEN_USE_GRAIN)[:19]:
        return
    ApiToken.objects.filter(pk=token_id).update(last_used_at=now)


def people(caller: Caller) -> list[Person]:
    """Return the members of the caller's account by name."""
    rows = (
        Membership.objects.filter(account_id=caller.account_id)
        .order_by("user__name", "user_id")
        .values_list("user_id", "user__name", "user__email", "role", "user__is_active")
    )
    return [Person(*row) for row in rows]


def names_of_people(user_ids: Iterable[int]) -> dict[int, str]:
    """Return `{id: name}` of the given people."""
    ids = list(user_ids)
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    return dict(fetch_all(f"SELECT id, name FROM accounts_user WHERE id IN ({marks})", ids))  # noqa: S608


def verified_addresses(account_id: int, *, disabled_too: bool = False) -> dict[str, int]:
    """Return `{lower-case e-mail: user id}` of every verified address of the account's active users.

    With `disabled_too` also of those who left, for time that was theirs; who is active goes first.
    """
    rows = fetch_all(
        """SELECT e.email, u.id
             FROM account_emailaddress e
             JOIN accounts_user u ON u.id = e.user_id
             JOIN accounts_membership m ON m.user_id = u.id
            WHERE m.account_id = %s AND e.verified AND (u.is_active OR %s)
            ORDER BY u.is_active, u.id DESC""",
        [account_id, disabled_too],
    )
    return {email.lower(): user_id for email, user_id in rows}


def zones(account_id: int) -> dict[int, ZoneInfo]:
    """Return `{user id: time zone}` of everybody in the account, disabled ones too."""
    members = Membership.objects.filter(account_id=account_id)
    return {user_id: _zone(name) for user_id, name in members.values_list("user_id", "user__timezone")}
