"""Toggl's two limits: the hourly quota of a user in an organisation, and the burst limit of a token."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass

from .model import HOURLY
from .workplace import Workplace


@dataclass(frozen=True, slots=True)
class Burst:
    """A leaky bucket: `capacity` requests at once, emptied at `rate` a second (Toggl: 1)."""

    rate: float = 1.0
    capacity: int = 10


@dataclass(frozen=True, slots=True)
class Use:
    """What is left of a quota. `resets_in` is seconds until the oldest counted request is forgotten."""

    organization_id: int | None
    total: int
    remaining: int
    resets_in: int
    allowed: bool


class Limits:
    """Counts requests. `quota`: None for the plan's figure, 0 for no enforcement, else that many for everybody.

    `window` is the seconds that a request counts, 3,600 in Toggl; tests shorten it.
    """

    def __init__(self, place: Workplace, quota: int | None = None, burst: Burst | None = None) -> None:
        self.place, self.quota, self.burst = place, quota, burst
        self.window = 3600.0
        self._uses: defaultdict[tuple[int, int | None], deque[float]] = defaultdict(deque)
        self._buckets: dict[int, tuple[float, float]] = {}

    def forget(self) -> None:
        """Forget all requests: everybody has the full quota again."""
        self._uses.clear()
        self._buckets.clear()

    def leave(self, remaining: int) -> None:
        """Count as many requests for everybody as leave `remaining` of each quota."""
        for person in self.place.people.values():
            for organization_id in (None, *(o.id for o in self.place.organizations_of(person.id))):
                counted = max(0, self.total(organization_id) - remaining)
                self._uses[person.id, organization_id] = deque([time.monotonic()] * counted)

    def total(self, organization_id: int | None) -> int:
        """Return the requests an hour; None is the user's own quota, for /me and the like."""
        if self.quota:
            return self.quota
        organization = self.place.organizations.get(organization_id) if organization_id else None
        return HOURLY[organization.plan] if organization else self.place.user_quota

    def use(self, user_id: int, organization_id: int | None, cost: int = 1) -> Use:
        """Count a request, unless nothing is left; `cost` 0 only looks."""
        at = time.monotonic()
        used = self._uses[user_id, organization_id]
        while used and used[0] <= at - self.window:
            used.popleft()
        total = self.total(organization_id)
        allowed = self.quota == 0 or len(used) + cost <= total
        if allowed and cost and self.quota != 0:
            used.append(at)
        resets_in = math.ceil(used[0] - at + self.window) if used else math.ceil(self.window)
        return Use(organization_id, total, max(0, total - len(used)), max(1, resets_in), allowed)

    def too_fast(self, user_id: int) -> bool:
        """Whether this request overflows the user's bucket."""
        if self.burst is None:
            return False
        at = time.monotonic()
        level, last = self._buckets.get(user_id, (0.0, at))
        level = max(0.0, level - (at - last) * self.burst.rate)
        over = level + 1 > self.burst.capacity
        self._buckets[user_id] = (level if over else level + 1, at)
        return over
