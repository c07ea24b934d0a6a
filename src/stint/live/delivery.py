"""The way of a committed event to the streams of all processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from types import ModuleType

from stint.database import on_sqlite
from stint.events import Event
from stint.live import local
from stint.live.bus import Hub, hub, told_now


def deliver(event: Event) -> None:
    """Tell the streams of this process and of every other one on the same database."""
    told = told_now(event)
    if not on_sqlite():
        # The notice comes back to this process too, in the one order that all processes see.
        _postgres().notify(told)
    else:
        hub.publish(told)
        local.tell(told)


def _postgres() -> ModuleType:
    """Return the module that needs PostgreSQL's driver, 17 MB that SQLite does without."""
    return import_module("stint.live.postgres")


@asynccontextmanager
async def receiving(streams: Hub) -> AsyncIterator[None]:
    """Serve `streams` in the running event loop for the length of the block."""
    streams.open()
    try:
        if not on_sqlite():
            listening = asyncio.ensure_future(_postgres().listen(streams))
            try:
                yield
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
        else:
            with local.listening(streams):
                yield
    finally:
        streams.close()
