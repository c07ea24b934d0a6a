"""Secrets of outside services at rest."""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from stint.encryption import keys, renewed
from stint.integrations.models import Integration, SourceWorkspace

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


def renew() -> tuple[int, int]:
    """Encrypt every secret of an integration under the present key; return how many, and how many no key reads."""
    done = lost = 0
    for model, field in ((Integration, "token_encrypted"), (SourceWorkspace, "webhook_secret_encrypted")):
        for row in model._default_manager.exclude(**{field: ""}):
            again = renewed(getattr(row, field), PURPOSE)
            if again is None:
                lost += 1
                continue
            model._default_manager.filter(pk=row.pk).update(**{field: again})
            done += 1
    return done, lost
