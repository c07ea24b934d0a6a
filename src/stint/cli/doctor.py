"""`stint doctor`: is everything Stint needs in order?"""

from __future__ import annotations

import socket
import stat
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from stint.cli.setup import FAILED, start_django

if TYPE_CHECKING:
    from collections.abc import Callable

SILENT_FOR = timedelta(minutes=5)
CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; `remedy` is empty when all is well."""

    what: str
    remedy: str = ""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(doctor)


def doctor() -> None:
    """Check database, migrations, data folder, mail, Toggl and syncs; exit 1 when something needs a hand."""
    start_django()
    from rich.console import Console
    from rich.table import Table

    table = Table(show_edge=False)
    for heading in ("", "Part", "Found", "What to do"):
        table.add_column(heading, overflow="fold")
    sound = True
    for name, look in _looks().items():
        finding = look()
        sound = sound and not finding.remedy
        table.add_row(
            "[red]bad[/]" if finding.remedy else "[green]ok[/]", name, finding.what, finding.remedy or ""
        )
    Console().print(table)
    if not sound:
        raise typer.Exit(FAILED)


def _looks() -> dict[str, Callable[[], Finding]]:
    return {
        "Database": _database,
        "Migrations": _migrations,
        "Data folder": _data_folder,
        "Mail": _mail,
        "Toggl": _toggl,
        "Syncs": _syncs,
    }


def _database() -> Finding:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                if cursor.fetchone()[0] != "ok":
                    return Finding(
                        "the SQLite file is damaged", "Stop Stint and bring back a backup: stint restore"
                    )
    except DatabaseError:
        return Finding("does not answer", "Check DATABASE_URL, and that the database server runs")
    return Finding(f"{connection.display_name} answers")


def _migrations() -> Finding:
    from django.db import DatabaseError

    from stint.server.migrations import pending

    try:
        waiting = pending()
    except DatabaseError:
        return Finding("unknown: the database does not answer", "See Database")
    if waiting:
        return Finding(f"{len(waiting)} not applied", "Run stint migrate")
    return Finding("all applied")


def _data_folder() -> Finding:
    from django.conf import settings

    for path in (settings.DATA_DIR, settings.DATA_DIR / "secret_key"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return Finding(f"{path} can be read by others", f"Run chmod go-rwx {path}")
    return Finding(str(settings.DATA_DIR))


def _mail() -> Finding:
    from django.conf import settings
    from django.core.mail import get_connection

    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return Finding(f"written as files to {settings.DATA_DIR / 'outbox'}; set EMAIL_URL to send them")
    try:
        get_connection(timeout=CONNECT_SECONDS).open()
    except OSError as fault:
        why = type(fault).__name__
        return Finding(f"{settings.EMAIL_HOST} does not let Stint in ({why})", "Check EMAIL_URL")
    return Finding(f"sent through {settings.EMAIL_HOST}")


def _toggl() -> Finding:
    from django.conf import settings

    parts = urlsplit(settings.TOGGL_API_URL)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), CONNECT_SECONDS).close()
    except OSError:
        found = f"{settings.TOGGL_API_URL} cannot be reached"
        if not _mirrors_toggl():
            return Finding(f"{found}, and no account mirrors it")
        return Finding(found, "Check this machine's network or proxy; syncs wait for it")
    return Finding(f"{settings.TOGGL_API_URL} can be reached")


def _mirrors_toggl() -> bool:
    from django.db import DatabaseError

    from stint.integrations.models import Integration

    try:
        return Integration.objects.exclude(status=Integration.Status.OFF).exists()
    except DatabaseError:
        return False


def _syncs() -> Finding:
    from django.db import DatabaseError
    from django.db.models import Q
    from django.utils import timezone

    from stint.integrations.models import SyncRun

    silent = timezone.now() - SILENT_FOR
    stuck = Q(status=SyncRun.Status.QUEUED, queued_at__lt=silent) | Q(
        status=SyncRun.Status.RUNNING, heartbeat_at__lt=silent
    )
    try:
        count = SyncRun.objects.filter(stuck).count()
    except DatabaseError:
        return Finding("unknown: the database does not answer", "See Database and Migrations")
    if count:
        return Finding(f"{count} do not move", "Start stint up or stint worker: it takes them up again")
    return Finding("none is stuck")
