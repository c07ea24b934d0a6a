"""Replacing the secret key: the new one encrypts, the old ones still read until they are forgotten.

The key is kept in the data folder's `secret_key`, the present one in the first line and those of before below it.
Where STINT_SECRET_KEY gives it, whoever sets that variable puts the old key into STINT_SECRET_KEY_FALLBACKS and
takes it out later; stored secrets are then only encrypted anew.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from stint.accounts.adapter import renew_second_factors
from stint.accounts.invitations import renew_digests
from stint.database import write
from stint.integrations.secrets import renew
from stint.server.data_lock import hold


def rotate() -> tuple[int, int]:
    """Make a new key the present one; return how many secrets it now encrypts, and how many no key reads.

    The file is written first: a process that dies in between leaves secrets that the old key, kept in it, reads.

    Raises:
        DataFolderInUse: Stint is running and would go on with the old key.

    """
    if not os.environ.get("STINT_SECRET_KEY"):
        hold(settings.DATA_DIR)
        _keep([secrets.token_urlsafe(50), settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    return _renew_all()


def forget_old() -> tuple[int, int]:
    """Drop the keys of before, after what they encrypted is encrypted anew; return as `rotate`.

    Raises:
        DataFolderInUse: as `rotate`.

    """
    if not os.environ.get("STINT_SECRET_KEY"):
        hold(settings.DATA_DIR)
    counted = _renew_all()
    settings.SECRET_KEY_FALLBACKS = []
    renew_digests()
    if not os.environ.get("STINT_SECRET_KEY"):
        _keep([settings.SECRET_KEY])
    return counted


def _keep(keys: list[str]) -> None:
    """Write the key file beside the old one, then rename it: one of the two is always whole."""
    kept: Path = settings.DATA_DIR / "secret_key"
    arriving = kept.with_name("secret_key.arriving")
    arriving.unlink(missing_ok=True)
    with os.fdopen(os.open(arriving, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write("\n".join(keys))
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(kept)
    settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = keys


def _renew_all() -> tuple[int, int]:
    with write():
        counted = [renew(), renew_second_factors()]
    return sum(done for done, _lost in counted), sum(lost for _done, lost in counted)
