"""The `stint` command. Heavy imports happen inside the commands, so that `stint --help` is quick."""

from __future__ import annotations

from typing import Annotated

import typer

import stint
from stint.cli import admin, data, doctor, servers, toggl

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Stint, the self-hosted time tracker that mirrors Toggl Track.",
)
servers.register(app)
admin.register(app)
toggl.register(app)
data.register(app)
doctor.register(app)


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


def main() -> None:
    """Run the command of this process's arguments."""
    app()
