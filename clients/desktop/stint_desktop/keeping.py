"""Where the token is kept: in the keyring of the system, or where there is none in an encrypted file.

The file's key is made of a secret file beside it and of this computer's own id, so that a copy of the folder alone, in
a backup or on another computer, gives nothing away. Against programs of the same user on the same computer only a
keyring protects.
"""

from __future__ import annotations

import base64
import json
import logging
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSysInfo

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

log = logging.getLogger(__name__)
SERVICE = "Stint"
_SECRET_BYTES = 32


class KeyringSecrets:
    """Tokens by key, as `stint.client.credentials.Secrets` wants them.

    Its calls may wait for the user to unlock a keyring: not for the thread that draws.
    """

    def __init__(self, folder: Path) -> None:
        self._file = EncryptedFile(folder)

    def read(self, key: str) -> str | None:
        """Return the token, if there is one."""
        import keyring
        from keyring.errors import KeyringError

        try:
            kept = keyring.get_password(SERVICE, key)
        except (KeyringError, RuntimeError) as fault:
            log.info("no keyring to read the token from: %s", type(fault).__name__)
            kept = None
        return kept or self._file.read().get(key)

    def write(self, key: str, token: str) -> None:
        """Keep a token."""
        in_file = self._file.read()
        if self._taken_by_keyring(key, token):
            in_file.pop(key, None)
        else:
            in_file[key] = token
        self._file.write(in_file)

    def forget(self, key: str) -> None:
        """Erase a token, wherever it is."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.delete_password(SERVICE, key)
        except (KeyringError, RuntimeError) as fault:
            log.debug("the keyring has no token to erase: %s", type(fault).__name__)
        in_file = self._file.read()
        if in_file.pop(key, None):
            self._file.write(in_file)

    def _taken_by_keyring(self, key: str, token: str) -> bool:
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, key, token)
            # The backend that stands for "none" takes everything and keeps nothing.
            return keyring.get_password(SERVICE, key) == token
        except (KeyringError, RuntimeError) as fault:
            log.info("no keyring to keep the token in: %s", type(fault).__name__)
            return False


class EncryptedFile:
    """Tokens in a file that only its owner may read, and only on this computer."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "tokens"
        self._secret_file = folder / "tokens.key"

    def read(self) -> dict[str, str]:
        """Return all tokens; none where the file cannot be decrypted here."""
        # Loaded where it is needed: 8 MB that whoever has a keyring has no use for.
        from cryptography.fernet import InvalidToken

        if not self._file.exists():
            return {}
        try:
            kept = json.loads(self._cipher().decrypt(self._file.read_bytes()))
        except (InvalidToken, FileNotFoundError, ValueError):
            log.warning("%s cannot be decrypted here; please sign in again", self._file)
            return {}
        return {str(key): str(token) for key, token in kept.items()}

    def write(self, kept: dict[str, str]) -> None:
        """Keep these tokens and no others."""
        if not kept:
            self._file.unlink(missing_ok=True)
            return
        if not self._secret_file.exists():
            _write_private(self._secret_file, secrets.token_bytes(_SECRET_BYTES))
        new = self._file.with_name(f"{self._file.name}.new")
        _write_private(new, self._cipher().encrypt(json.dumps(kept).encode()))
        new.replace(self._file)

    def _cipher(self) -> Fernet:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        computer = bytes(QSysInfo.machineUniqueId().data())
        made = HKDF(SHA256(), 32, salt=computer, info=b"stint-desktop tokens")
        return Fernet(base64.urlsafe_b64encode(made.derive(self._secret_file.read_bytes())))


def _write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from the first byte on."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(content)
