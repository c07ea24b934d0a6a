"""The tokens that people give to programs: made, listed, revoked. A token itself is told once, when it is made."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from stint.accounts.models import ApiToken, User
from stint.accounts.queries import Caller, token_digest
from stint.accounts.services import issue_token
from stint.database import write
from stint.errors import Conflict, NotFound
from stint.events import Event, announce

MOST_TOKENS = 100


class TokenOut(msgspec.Struct, frozen=True):
    """A token as its owner sees it from then on: by its name and its last four characters."""

    id: int
    name: str
    hint: str
    created_at: datetime
    last_used_at: datetime | None


def tokens(caller: Caller) -> list[TokenOut]:
    """Return the caller's own tokens, newest first."""
    return [_present(token) for token in ApiToken.objects.filter(user_id=caller.user_id).order_by("-pk")]


def create_token(caller: Caller, name: str) -> tuple[TokenOut, str]:
    """Store a token for the caller; return how it is listed, and the token, which cannot be read again.

    Raises:
        Invalid: the name is empty or too long.
        Conflict: there are too many already.

    """
    with write():
        user = User.objects.select_for_update(no_key=True).get(pk=caller.user_id)
        check_room(user.pk)
        token = issue_token(user, name)
        _announce(caller)
        return _present(ApiToken.objects.get(digest=token_digest(token))), token


def check_room(user_id: int) -> None:
    """Raise Conflict where a user has as many tokens as they may have."""
    if ApiToken.objects.filter(user_id=user_id).count() >= MOST_TOKENS:
        raise Conflict(
            _("You have %(most)d tokens already; revoke one that is not used.") % {"most": MOST_TOKENS}
        )


def revoke_token(caller: Caller, token_id: int) -> None:
    """Make one of the caller's tokens void.

    Raises:
        NotFound: they have no such token.

    """
    with write():
        gone, _each = ApiToken.objects.filter(pk=token_id, user_id=caller.user_id).delete()
        if not gone:
            raise NotFound(_("You have no such token."))
        _announce(caller)


def _present(token: ApiToken) -> TokenOut:
    return TokenOut(token.pk, token.name, token.hint, token.created_at, token.last_used_at)


def _announce(caller: Caller) -> None:
    announce(Event("people", str(caller.user_id), caller.account_id, caller.user_id))
