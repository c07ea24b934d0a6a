"""Where people are signed in, kept up to date by their visits."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stint.accounts.devices import SEEN_GRAIN, note_visit

MOST_REMEMBERED = 20_000


class DevicesMiddleware:
    """Notes visits, asking the database about one session no more than once in `SEEN_GRAIN` per process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._asked_at: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then note the visit if it is time to."""
        response = self.get_response(request)
        key = request.session.session_key
        if key and self._due(key) and request.user.is_authenticated:
            note_visit(request)
        return response

    def _due(self, key: str) -> bool:
        now = time.time()
        if now - self._asked_at.get(key, -SEEN_GRAIN.total_seconds()) < SEEN_GRAIN.total_seconds():
            return False
        if len(self._asked_at) >= MOST_REMEMBERED:
            self._asked_at.clear()
        self._asked_at[key] = now
        return True
