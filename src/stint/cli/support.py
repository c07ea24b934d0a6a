"""`stint support`: what a helper wants to know, in one file without secrets and names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stint.cli.doctor import findings
from stint.cli.setup import start_django, stop


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(support)


def support(
    file: Annotated[Path, typer.Argument(help="The zip to write; it must not exist.")],
    log: Annotated[
        Path | None, typer.Option(help="A log whose last lines go in, such as journalctl -u stint > FILE.")
    ] = None,
) -> None:
    """Write what a helper wants to know to one zip: versions, settings, the doctor's findings, counts, last runs.

    Names, notes, e-mails, tokens, keys and passwords are not in it.
    """
    start_django()
    from stint.server.support import bundle

    found = {part: {"found": each.what, "remedy": each.remedy} for part, each in findings().items()}
    try:
        bundle(file, found, log)
    except OSError as fault:
        stop(f"{fault.filename or file}: {fault.strerror}")
    typer.echo(f"{file} is for whoever helps you. It is all text: look through it before you send it.")
