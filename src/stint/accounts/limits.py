"""How often something may be asked, counted in the cache of each process."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from stint.errors import TooFast


def count(act: str, who: object, *, most: int, within: timedelta) -> None:
    """Count one more `act` of `who`.

    Raises:
        TooFast: they have done it `most` times already since the first of the last `within`.

    """
    key, seconds = f"limit:{act}:{who}", int(within.total_seconds())
    cache.add(key, 0, seconds)
    try:
        done = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if done > most:
        raise TooFast(_("That was tried too often. Wait a few minutes, then try again."), seconds)
