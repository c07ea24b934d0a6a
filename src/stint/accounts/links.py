"""The links of invitations, and of people without a password."""

from __future__ import annotations

import base64

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from stint.accounts.models import Invitation, User
from stint.accounts.queries import token_digest


def token_of(invitation: Invitation) -> str:
    """Return the token of an invitation's link: only who has the secret key can work it out.

    The key may have been replaced since the link was sent; then the old one tells it.
    """
    made = [_made(invitation, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    sent = (token for token in made if token_digest(token) == invitation.digest)
    return next(sent, made[0])


def _made(invitation: Invitation, key: str) -> str:
    told = f"{invitation.pk}.{invitation.nonce}"
    made = salted_hmac("stint.invitation", told, secret=key, algorithm="sha256")
    return base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


def link_of(invitation: Invitation) -> str:
    """Return the address at which an invitation is accepted."""
    return f"{settings.PUBLIC_URL}/invitations/{token_of(invitation)}"


def password_link(user: User) -> str:
    """Return the address at which a person sets a password, once and for three days: as a mail would bring it."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=key)}"
