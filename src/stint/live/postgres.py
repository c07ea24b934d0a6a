"""Events between processes: PostgreSQL's NOTIFY when one commits, LISTEN in each that serves streams."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any

import msgspec
import psycopg
from django.db import connection

from stint.live.bus import Hub, Told

logger = logging.getLogger("stint.live")

CHANNEL = "stint_events"
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 15.0
# A server that vanished without a word is noticed by the question asked after this much silence.
SILENCE_SECONDS = 20.0

_decoder = msgspec.json.Decoder(Told)


def notify(told: Told) -> None:
    """Tell all listening processes of a committed event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, msgspec.json.encode(told).decode()])


async def listen(hub: Hub) -> None:
    """Hand what other processes tell to `hub`, for ever; after a gap its streams are told to refetch."""
    wait, gap = FIRST_WAIT_SECONDS, False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(autocommit=True, **_parameters()) as listening:
                await listening.execute(f"LISTEN {CHANNEL}")
                if gap:
                    hub.refetch()
                wait, gap = FIRST_WAIT_SECONDS, True
                await _relay(listening, hub)
        except (psycopg.Error, OSError, TimeoutError) as fault:
            logger.warning("the listening connection to the database is gone (%s)", type(fault).__name__)
            gap = True
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311  (spreads the processes)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)


async def _relay(listening: psycopg.AsyncConnection[Any], hub: Hub) -> None:
    while True:
        async for notice in listening.notifies(timeout=SILENCE_SECONDS):
            hub.publish(_decoder.decode(notice.payload))
        async with asyncio.timeout(SILENCE_SECONDS):
            await listening.execute("SELECT 1")


def _parameters() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "row_factory", "prepare_threshold"):
        parameters.pop(name, None)
    return parameters
