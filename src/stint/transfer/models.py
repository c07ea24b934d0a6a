"""The secret links by which calendars fetch their owner's time."""

from __future__ import annotations

from django.db import models

from stint.accounts.models import User


class CalendarLink(models.Model):
    """A person's link to a calendar of their own time. Only its digest is kept; the link itself is shown once."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"calendar of {self.user}"
