"""Ways in, admitted and refused: told in the log without naming anybody; those refused counted for `/metrics`."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Literal

from prometheus_client import Counter

from stint.accounts import limits
from stint.errors import TooFast

logger = logging.getLogger("stint.attempts")
REFUSED = Counter("stint_attempts_refused", "Sign-ins and API tokens that were refused", ["way"])

# A token has 256 random bits, so this spares the database, not the token: programs of a whole office behind one
# address may go on for a while with a token that was revoked.
MOST_WRONG_TOKENS = 5000
WITHIN = timedelta(minutes=10)

Way = Literal["password", "code", "limit", "token"]


def refused(way: Way, address: str | None, email: str = "") -> None:
    """Log and count an attempt from `address`: a wrong password, code or token, or one too many."""
    REFUSED.labels(way).inc()
    told = {"way": way, "address": address or "unknown"} | ({"who": _masked(email)} if email else {})
    logger.warning("A sign-in was refused: %s", _in_words(told), extra={"told": told})


def admitted(address: str | None, user_id: int) -> None:
    """Log that somebody signed in."""
    told = {"address": address or "unknown", "user": str(user_id)}
    logger.info("A sign-in: %s", _in_words(told), extra={"told": told})


def wrong_token(address: str | None) -> None:
    """Count a wrong API token from `address`; the first of a window is logged, for a program asks again and again.

    Raises:
        TooFast: too many unknown tokens came from there.

    """
    try:
        before = limits.count(
            "token", address or "unknown", most=MOST_WRONG_TOKENS, within=WITHIN, where=limits.PROCESS
        )
    except TooFast:
        REFUSED.labels("token").inc()
        raise
    if before:
        REFUSED.labels("token").inc()
    else:
        refused("token", address)


def _masked(email: str) -> str:
    """Return enough of an address to recognise one that is known, and too little to learn it: a***@example.com."""
    name, at, host = email.rpartition("@")
    return f"{name[:1]}***{at}{host}" if at else "***"


def _in_words(told: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in told.items())
