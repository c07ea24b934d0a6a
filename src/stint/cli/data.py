"""`stint backup`, `stint restore` and `stint rotate-key`."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Annotated

import typer

from stint.cli.setup import open_database, start_django, stop, told_plainly


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(backup)
    app.command()(restore)
    app.command()(rotate_key)


def backup(file: Annotated[Path, typer.Argument(help="The backup to write; it must not exist.")]) -> None:
    """Write database and secret key to one file, while Stint may be running."""
    start_django()
    from stint.server.backups import BackupError, back_up, note_backup

    try:
        has_key = back_up(file)
        note_backup()
    except BackupError as fault:
        stop(str(fault))
    typer.echo(f"The backup is in {file}. Keep it where nobody else can read it.")
    if not has_key:
        typer.echo("STINT_SECRET_KEY is not in it: without that value the stored Toggl token cannot be read.")


def restore(
    file: Annotated[Path, typer.Argument(help="What stint backup wrote, or the zip of an exported account.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the data that are there by the backup.")
    ] = False,
) -> None:
    """Bring back a backup, or an exported account onto an empty database.

    A backup needs Stint not to be running on the data folder.
    """
    if zipfile.is_zipfile(file):
        _restore_account(file)
    else:
        _restore_backup(file, force)


def _restore_backup(file: Path, force: bool) -> None:
    start_django()
    from stint.server import backups
    from stint.server.data_lock import DataFolderInUse

    try:
        made_at = backups.restore(file, force=force)
    except (backups.BackupError, DataFolderInUse) as fault:
        stop(str(fault))
    typer.echo(f"Restored the backup of {made_at}. Start Stint with stint up.")


def _restore_account(file: Path) -> None:
    open_database()
    from stint.accounts.links import password_link
    from stint.imports.jobs import ImportRefused
    from stint.transfer.importing import restore

    try:
        with told_plainly():
            restored = restore(file)
    except ImportRefused as fault:
        stop(str(fault))
    outcome = restored.outcome
    for problem in outcome.problems.kept:
        typer.echo(f"line {problem.line} of {problem.message}", err=True)
    if outcome.problems.more:
        typer.echo(f"and {outcome.problems.more} more lines like these", err=True)
    typer.echo(
        f"Restored the export of {restored.made_at:%Y-%m-%d %H:%M} UTC: {outcome.counts.created} people, tasks and "
        f"time entries, {outcome.counts.skipped} left out."
    )
    typer.echo("Passwords are not in an export. With stint up running, Administrators set theirs here:")
    for user in restored.administrators:
        typer.echo(f"  {user.email}  {password_link(user)}")
    typer.echo("Everybody else does it by “Forgot your password?” on the sign-in page, which sends a mail.")


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
