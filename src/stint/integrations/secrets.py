"""Secrets of outside services at rest."""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from stint.encryption import keys

PURPOSE = b"stint integration secrets"


class SecretUnreadable(Exception):
    """The secret was encrypted under another secret key."""


def encrypt(secret: str) -> str:
    """Return `secret` as it may be stored."""
    return keys(PURPOSE).encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """Return what `encrypt` was given.

    Raises:
        SecretUnreadable: the secret key was changed without keeping the old one.

    """
    try:
        return keys(PURPOSE).decrypt(stored.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable from None
