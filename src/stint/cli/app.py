"""All commands. Heavy imports happen inside them, so that `stint --help` is quick."""

from __future__ import annotations

from typing import Annotated

import typer

import stint
from stint.cli import admin, booking, data, doctor, servers, support, toggl, tracking

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Stint, the self-hosted time tracker that mirrors Toggl Track.",
)
tracking.register(app)
booking.register(app)
servers.register(app)
admin.register(app)
toggl.register(app)
data.register(app)
doctor.register(app)
support.register(app)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"stint {stint.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    return
