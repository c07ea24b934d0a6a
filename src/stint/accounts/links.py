"""The links of invitations."""

from __future__ import annotations

import base64

from django.conf import settings
from django.utils.crypto import salted_hmac

from stint.accounts.models import Invitation


def token_of(invitation: Invitation) -> str:
    """Return the token of an invitation's link: only who has the secret key can work it out."""
    made = salted_hmac("stint.invitation", f"{invitation.pk}.{invitation.nonce}", algorithm="sha256")
    return base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


def link_of(invitation: Invitation) -> str:
    """Return the address at which an invitation is accepted."""
    return f"{settings.PUBLIC_URL}/invitations/{token_of(invitation)}"
