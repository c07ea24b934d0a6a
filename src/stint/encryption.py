"""Keys for what is stored encrypted, derived from Django's secret keys: one set for each purpose.

The first key encrypts; all of `SECRET_KEY_FALLBACKS` still decrypt, so a secret key can be replaced.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


def keys(purpose: bytes) -> MultiFernet:
    """Return what encrypts and decrypts secrets of `purpose`."""
    return MultiFernet([_key(key, purpose) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def renewed(stored: str, purpose: bytes) -> str | None:
    """Return what is stored encrypted, encrypted under the present key; None where no key reads it."""
    try:
        return keys(purpose).rotate(stored.encode()).decode()
    except InvalidToken:
        return None


def _key(secret_key: str | bytes, purpose: bytes) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose)
    return Fernet(base64.urlsafe_b64encode(derive.derive(force_bytes(secret_key))))
