"""`stint up` and its parts: `web`, `live`, `worker`, `migrate`."""

from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from stint.cli.setup import migrated, open_database, start_django, stop

if TYPE_CHECKING:
    from stint.cli.demo import Demo

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any free one.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(up)
    app.command()(web)
    app.command()(live)
    app.command()(worker)
    app.command()(migrate)


def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="Demo people and a stand-in for Toggl.")] = False,
) -> None:
    """Run all of Stint in one process: web, event streams, worker and scheduler."""
    shown = _prepare_demo() if demo else None
    start_django()
    from django.conf import settings

    from stint.server.data_lock import DataFolderInUse, hold
    from stint.server.serving import address_of

    opened = _open_port(host, port)
    address = address_of(host, opened)
    try:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            hold(settings.DATA_DIR)
    except DataFolderInUse as fault:
        stop(str(fault))
    if not os.environ.get("STINT_PUBLIC_URL"):
        settings.PUBLIC_URL = address
    open_database()
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        from stint.imports import runs as imports
        from stint.integrations import runs

        # With the data folder ours, whatever was running died with the process before this one.
        runs.recover()
        imports.recover()
    _serve_everything(opened, address, shown)


def _serve_everything(opened: socket.socket, address: str, demo: Demo | None) -> None:
    from stint.accounts.services import make_setup_link
    from stint.server import front
    from stint.server.background import Background
    from stint.server.serving import serve

    if demo is not None:
        demo.create_people()
    setup_token = make_setup_link()
    background = Background()

    def answering() -> None:
        typer.echo(f"Stint is at {address}")
        if setup_token:
            typer.echo(
                f"Create the first Administrator (this link works once): {address}/setup/{setup_token}"
            )
        if demo is not None:
            demo.show(address)

    application = front.application()
    background.start()
    try:
        serve(application, opened, answering)
    finally:
        background.stop()
        if demo is not None:
            demo.stop()


def web(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes.")] = 1,
) -> None:
    """Serve pages and API only, in several processes; a reverse proxy sends /api/v1/events to `stint live`."""
    start_django()
    from stint.server.serving import address_of, serve_workers

    opened = _open_port(host, port)
    address, port = address_of(host, opened), opened.getsockname()[1]
    opened.close()
    typer.echo(f"Stint's pages and API are at {address}")
    serve_workers(host, port, workers)


def live(host: Host = "127.0.0.1", port: Port = 8002) -> None:
    """Serve the event streams only (/api/v1/events)."""
    start_django()
    from stint.server import front
    from stint.server.serving import address_of, serve

    opened = _open_port(host, port)
    address = address_of(host, opened)
    serve(
        front.streams_application(),
        opened,
        lambda: typer.echo(f"Stint's event streams are at {address}{front.EVENTS_PATH}"),
    )


def worker() -> None:
    """Run background work only: queued tasks and the scheduler."""
    start_django()
    from stint.server.background import Background

    background = Background()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: background.ask_to_stop())
    background.start()
    typer.echo("Stint's worker is running")
    background.wait()
    background.stop()


def migrate() -> None:
    """Bring the database to the shape this version expects."""
    start_django()
    applied = migrated()
    typer.echo(f"Applied {len(applied)} migrations." if applied else "The database is up to date.")


def _open_port(host: str, port: int) -> socket.socket:
    from stint.server.serving import PortTaken, open_port

    try:
        return open_port(host, port)
    except PortTaken as fault:
        stop(str(fault))


def _prepare_demo() -> Demo:
    from stint.cli.demo import Demo

    return Demo.prepare()
