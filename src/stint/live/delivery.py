"""The way of a committed event to the streams: within this process, or through PostgreSQL to all."""

from __future__ import annotations

from django.db import connection

from stint.events import Event
from stint.live import postgres
from stint.live.bus import hub, told_now


def deliver(event: Event) -> None:
    """Tell the streams of every process that can be reached from here."""
    if connection.vendor == "postgresql":
        postgres.notify(told_now(event))
    else:
        hub.publish(told_now(event))
