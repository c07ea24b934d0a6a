"""`stint backup`, `stint restore` and `stint rotate-key`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stint.cli.setup import start_django, stop


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(backup)
    app.command()(restore)
    app.command()(rotate_key)


def backup(file: Annotated[Path, typer.Argument(help="The backup to write; it must not exist.")]) -> None:
    """Write database and secret key to one file, while Stint may be running."""
    start_django()
    from stint.server.backups import BackupError, back_up

    try:
        has_key = back_up(file)
    except BackupError as fault:
        stop(str(fault))
    typer.echo(f"The backup is in {file}. Keep it where nobody else can read it.")
    if not has_key:
        typer.echo("STINT_SECRET_KEY is not in it: without that value the stored Toggl token cannot be read.")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup that stint backup wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the data that are there.")] = False,
) -> None:
    """Bring back a backup. Stint must not be running on the data folder."""
    start_django()
    from stint.server import backups
    from stint.server.data_lock import DataFolderInUse

    try:
        made_at = backups.restore(file, force=force)
    except (backups.BackupError, DataFolderInUse) as fault:
        stop(str(fault))
    typer.echo(f"Restored the backup of {made_at}. Start Stint with stint up.")


def rotate_key(
    forget: Annotated[bool, typer.Option("--forget", help="Drop the keys of before instead.")] = False,
) -> None:
    """Replace the secret key and encrypt stored secrets anew. Stint must not be running on the data folder."""
    start_django()
    from stint.server.data_lock import DataFolderInUse
    from stint.server.keys import forget_old, rotate

    try:
        done, lost = forget_old() if forget else rotate()
    except DataFolderInUse as fault:
        stop(str(fault))
    typer.echo(f"{done} stored secrets are encrypted under the present key.")
    if lost:
        typer.echo(
            f"{lost} could not be read with any key and stay as they are: paste the Toggl token again, or have "
            "people set up their second factor again."
        )
    typer.echo(
        "The keys of before are gone: sessions and invitation links made under them no longer hold."
        if forget
        else "Sessions and links of before still hold. stint rotate-key --forget ends that."
    )
