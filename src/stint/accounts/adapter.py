"""How allauth behaves here: nobody signs up alone, and secrets of second factors are stored encrypted."""

from __future__ import annotations

import base64
import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as contexts
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from cryptography.fernet import InvalidToken
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest

from stint.accounts.attempts import admitted, refused
from stint.accounts.browsers import in_words
from stint.accounts.models import User
from stint.accounts.post import post
from stint.encryption import keys, renewed

logger = logging.getLogger(__name__)
# Behind a socket that tells none: visits are then counted and shown as from one place.
NO_ADDRESS = "0.0.0.0"  # noqa: S104  (nothing listens there)
PURPOSE = b"stint two-factor secrets"
SEALED = "sealed:"


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Refuses open registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: an account admits people by invitation only."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of the browser, or `NO_ADDRESS`."""
        return get_client_ip(request) or NO_ADDRESS

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401
        """Refuse, and tell, what comes too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            refused("limit", get_client_ip(request), credentials.get("email", ""))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401
        """Tell of a wrong password, at signing in or before something that matters."""
        refused("password", get_client_ip(request), credentials.get("email", ""))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Have a worker send a mail: the page answers whether the mail server does or not."""
        request = contexts.request
        seen = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        post(self.render_mail(template_prefix, email, seen))


class SealingMfaAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted, and names passkeys by the browser."""

    def encrypt(self, text: str) -> str:
        """Return `text` as it may be stored."""
        return SEALED + keys(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what `encrypt` was given; where that is lost with the secret key, a secret that nothing fits."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text  # stored before secrets were encrypted
        try:
            return keys(PURPOSE).decrypt(encrypted_text.removeprefix(SEALED).encode()).decode()
        except InvalidToken:
            logger.error(
                "A second factor cannot be read: the secret key was changed without keeping the old one"
            )
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Return what a new passkey is called unless its owner says otherwise."""
        return in_words(contexts.request.META.get("HTTP_USER_AGENT", ""))


@receiver(user_logged_in)
def _tell_of_sign_in(request: HttpRequest, user: User, **_given: object) -> None:
    admitted(get_client_ip(request), user.pk)


@receiver(authentication_failed)
def _tell_of_wrong_code(request: HttpRequest, user: User, **_given: object) -> None:
    refused("code", get_client_ip(request), user.email)


def renew_second_factors() -> tuple[int, int]:
    """Encrypt every second factor under the present key; return how many secrets, and how many no key reads."""
    done = lost = 0
    for factor in Authenticator.objects.all():
        for name, value in factor.data.items():
            if not (isinstance(value, str) and value.startswith(SEALED)):
                continue
            again = renewed(value.removeprefix(SEALED), PURPOSE)
            if again is None:
                lost += 1
            else:
                factor.data[name] = SEALED + again
                done += 1
        factor.save(update_fields=["data"])
    return done, lost
