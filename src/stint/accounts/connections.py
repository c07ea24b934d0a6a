"""Connecting a program by signing in with a browser, in the manner of OAuth's device flow (RFC 8628).

The program asks and shows a short code; the person opens a page, compares the code and allows it; the program, which
asks again and again with its secret, then gets an API token made for it.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal

import msgspec
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from stint.accounts.models import CONNECTION_LIFE, Connection, Program
from stint.accounts.queries import Caller, caller_of, token_digest
from stint.accounts.services import check_name
from stint.accounts.tokens import check_room, create_token
from stint.database import write
from stint.errors import Invalid, NotFound, TooFast

# Without vowels no words come about, without digits nothing looks like something else.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 8
MOST_OPEN = 1000
POLL_SECONDS = 2


class Begun(msgspec.Struct, frozen=True):
    """What a program gets that asks: its secret, and the code that the person is to compare."""

    secret: str
    code: str
    expires_at: datetime


class Asking(msgspec.Struct, frozen=True):
    """A program that waits for an answer, as the person sees it."""

    code: str
    client: str
    name: str
    asked_at: datetime


class Outcome(msgspec.Struct, frozen=True):
    """How a connection stands; the token is told this once."""

    status: Literal["pending", "allowed", "denied"]
    token: str | None = None


def begin(client: str, name: str) -> Begun:
    """Store that a program asks to be connected.

    Raises:
        Invalid: the client is none of Program, the name empty or too long.
        TooFast: too many wait already.

    """
    if client not in Program.values:
        raise Invalid("client", _("must be one of %(clients)s") % {"clients": ", ".join(Program.values)})
    name = check_name("name", name)
    secret, code = secrets.token_urlsafe(32), "".join(secrets.choice(LETTERS) for _each in range(CODE_LENGTH))
    now = timezone.now()
    with write():
        Connection.objects.filter(expires_at__lte=now).delete()
        if Connection.objects.count() >= MOST_OPEN:
            raise TooFast(_("Too many programs wait to be connected. Try again in a few minutes."), 60)
        made = Connection.objects.create(
            digest=token_digest(secret),
            code_digest=_code_digest(code),
            client=client,
            name=name,
            expires_at=now + CONNECTION_LIFE,
        )
    return Begun(secret, _shown(code), made.expires_at)


def asking(code: str) -> Asking | None:
    """Return the program that waits under a code, however it was typed; None where none does."""
    code = _letters(code)
    found = Connection.objects.filter(
        code_digest=_code_digest(code), allowed=None, expires_at__gt=timezone.now()
    ).first()
    return Asking(_shown(code), found.client, found.name, found.created_at) if found else None


def answer(caller: Caller, code: str, *, allowed: bool) -> None:
    """Let the program under a code act for the caller, or refuse it.

    Raises:
        NotFound: none waits under it, or it was answered already.
        Conflict: the caller has too many tokens.

    """
    with write():
        if allowed:
            check_room(caller.user_id)
        waiting = Connection.objects.filter(
            code_digest=_code_digest(_letters(code)), allowed=None, expires_at__gt=timezone.now()
        )
        if not waiting.update(allowed=allowed, answered_by_id=caller.user_id):
            raise NotFound(_("No program waits under this code any more. Let it ask again."))


def redeem(secret: str) -> Outcome:
    """Return how a connection stands, and once it is allowed a token made for the program; it is then spent.

    Raises:
        NotFound: the secret is unknown, spent or too old, or whoever allowed it was disabled meanwhile.
        Conflict: whoever allowed it has too many tokens.

    """
    over = NotFound(_("This connection was used or is too old. Connect again."))
    found = Connection.objects.filter(digest=token_digest(secret), expires_at__gt=timezone.now()).first()
    if found is None:
        raise over
    if found.allowed is None:
        return Outcome("pending")
    with write():
        # Deleting claims it: of two who redeem it at once the second finds it gone.
        gone, _each = Connection.objects.filter(pk=found.pk).delete()
        if not gone:
            raise over
        if not found.allowed:
            return Outcome("denied")
        caller = caller_of(found.answered_by_id) if found.answered_by_id else None
        if caller is None:
            raise over
        _listed, token = create_token(caller, found.name)
    return Outcome("allowed", token)


def _letters(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter in LETTERS)[: CODE_LENGTH + 1]


def _shown(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def _code_digest(code: str) -> str:
    # A code is short enough to be tried out: without the secret key its digest says nothing.
    return salted_hmac("stint.connection", code, algorithm="sha256").hexdigest()
