"""How allauth behaves here: nobody signs up alone; people are created or invited by an Administrator."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

logger = logging.getLogger(__name__)
# Behind a socket that tells none: visits are then counted and shown as from one place.
NO_ADDRESS = "0.0.0.0"  # noqa: S104  (nothing listens there)


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Refuses open registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: an account admits people by invitation only."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of the browser, or `NO_ADDRESS`."""
        return get_client_ip(request) or NO_ADDRESS

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Tell of a change to somebody's way in; what is done stays done when the mail server is away."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except (OSError, SMTPException) as fault:
            logger.warning("A mail about a changed sign-in could not be sent: %s", fault)
