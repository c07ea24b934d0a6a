"""Secrets of outside services at rest: encrypted with keys derived from Django's secret keys.

The first key encrypts; all of `SECRET_KEY_FALLBACKS` still decrypt, so a secret key can be replaced.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


class SecretUnreadable(Exception):
    """The secret was encrypted under another secret key."""


def encrypt(secret: str) -> str:
    """Return `secret` as it may be stored."""
    return _keys().encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """Return what `encrypt` was given.

    Raises:
        SecretUnreadable: the secret key was changed without keeping the old one.

    """
    try:
        return _keys().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable from None


def _keys() -> MultiFernet:
    return MultiFernet([_key(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret_key: str | bytes) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"stint integration secrets")
    return Fernet(base64.urlsafe_b64encode(derive.derive(force_bytes(secret_key))))
