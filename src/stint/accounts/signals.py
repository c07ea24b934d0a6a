"""What the packages above need to hear of people, told inside the transaction that changes them."""

from __future__ import annotations

from django.dispatch import Signal

# Each carries `user`, a `stint.accounts.models.User`.
user_joined = Signal()
user_disabled = Signal()
timezone_changed = Signal()
