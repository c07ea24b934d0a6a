"""How allauth behaves here: nobody signs up alone; people are created or invited by an Administrator."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Refuses open registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: an account admits people by invitation only."""
        return False
