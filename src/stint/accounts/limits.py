"""How often something may be asked, counted from the first time on.

What guards a sign-in or costs mails is counted in the cache that all processes share. What anybody at all can cause, as
often as they like, is counted in each process, so that it never becomes a write to the database.
"""

from __future__ import annotations

import math
import time
from datetime import timedelta

from django.core.cache import caches
from django.utils import timezone
from django.utils.translation import ngettext

from stint.accounts.models import CacheRow
from stint.errors import TooFast

SHARED, PROCESS = "default", "process"


def count(act: str, who: object, *, most: int, within: timedelta, times: int = 1, where: str = SHARED) -> int:
    """Count `times` more of an `act` of `who`, and return how many were before; two at once may count as one.

    Raises:
        TooFast: that makes more than `most` since the first of the last `within`.

    """
    cache, key, now = caches[where], f"limit:{act}:{who}", time.time()
    until, done = cache.get(key) or (now + within.total_seconds(), 0)
    until = min(until, now + within.total_seconds())  # it lies further ahead once the clock was put back
    left = math.ceil(until - now)
    cache.set(key, (until, done + times), left)
    if done + times > most:
        minutes = math.ceil(left / 60)
        wait = ngettext(
            "That was tried too often. Try again in %(minutes)d minute.",
            "That was tried too often. Try again in %(minutes)d minutes.",
            minutes,
        )
        raise TooFast(wait % {"minutes": minutes}, left)
    return int(done)


def forget_expired() -> None:
    """Delete what no window counts any more; the cache itself does so only when it is full."""
    CacheRow.objects.filter(expires__lt=timezone.now()).delete()
