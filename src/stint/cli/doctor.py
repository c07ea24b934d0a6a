"""`stint doctor`: is everything Stint needs in order?"""

from __future__ import annotations

import http.client
import shutil
import socket
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from stint.cli.setup import FAILED, start_django

if TYPE_CHECKING:
    from collections.abc import Callable

SILENT_FOR = timedelta(minutes=5)
LONGEST_JOB = timedelta(hours=1)
CLOCK_DIFFERENCE = timedelta(seconds=5)
BACKUP_AFTER = timedelta(days=7)
ENOUGH_DISK = (
    500_000_000  # bytes, for logs and a database that grows; a backup needs the size of the database as well
)
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
    """Check database, disk, clock, backups, jobs, mail, Toggl and syncs; exit 1 when something needs a hand."""
    start_django()
    from rich.console import Console
    from rich.table import Table

    table = Table(show_edge=False)
    for heading in ("", "Part", "Found", "What to do"):
        table.add_column(heading, overflow="fold")
    sound = True
    for name, finding in findings().items():
        sound = sound and not finding.remedy
        table.add_row(
            "[red]bad[/]" if finding.remedy else "[green]ok[/]", name, finding.what, finding.remedy or ""
        )
    Console().print(table)
    if not sound:
        raise typer.Exit(FAILED)


def findings() -> dict[str, Finding]:
    """Look at everything; return what was found by part."""
    looks: dict[str, Callable[[], Finding]] = {
        "Database": _database,
        "Migrations": _migrations,
        "Data folder": _data_folder,
        "Disk": _disk,
        "Clock": _clock,
        "Backup": _backup,
        "Jobs": _jobs,
        "Mail": _mail,
        "Toggl": _toggl,
        "Syncs": _syncs,
    }
    return {name: look() for name, look in looks.items()}


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

    from stint.server.migrations import newer, pending

    try:
        waiting = pending()
        ahead = newer()
    except DatabaseError:
        return Finding("unknown: the database does not answer", "See Database")
    if ahead:
        return Finding("a newer Stint has migrated the database", "Install that version, or restore a backup")
    if waiting:
        return Finding(f"{len(waiting)} not applied", "Run stint migrate")
    return Finding("all applied")


def _data_folder() -> Finding:
    from django.conf import settings

    for path in (settings.DATA_DIR, settings.DATA_DIR / "secret_key"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return Finding(f"{path} can be read by others", f"Run chmod go-rwx {path}")
    return Finding(str(settings.DATA_DIR))


def _disk() -> Finding:
    from django.conf import settings
    from django.db import DatabaseError

    from stint.database import size

    try:
        needed = ENOUGH_DISK + size()
    except DatabaseError:
        needed = ENOUGH_DISK
    free = shutil.disk_usage(settings.DATA_DIR).free
    found = f"{free / 1e9:.1f} GB free"
    return (
        Finding(found) if free >= needed else Finding(found, f"Make room: {needed / 1e9:.1f} GB are wanted")
    )


def _clock() -> Finding:
    """Compare this machine's clock with the database server's, or where that is this machine with Toggl's."""
    from django.db import DatabaseError, connection

    try:
        if connection.vendor == "postgresql":
            whose, theirs = "the database server", _clock_of_postgres()
        else:
            whose, theirs = "Toggl", _clock_of_toggl()
    except (DatabaseError, OSError, http.client.HTTPException, ValueError):
        return Finding("compared with nobody: neither database server nor Toggl told the time")
    apart = abs(datetime.now(UTC) - theirs)
    found = f"{apart.total_seconds():.0f} s apart from {whose}"
    if apart <= CLOCK_DIFFERENCE:
        return Finding(found)
    return Finding(
        found, "Have the machine's clock set by NTP (timedatectl set-ntp true): timers and codes depend on it"
    )


def _clock_of_postgres() -> datetime:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    return told


def _clock_of_toggl() -> datetime:
    from django.conf import settings

    parts = urlsplit(settings.TOGGL_API_URL)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    asked = kind(parts.netloc, timeout=CONNECT_SECONDS)
    try:
        asked.request("HEAD", "/")
        return parsedate_to_datetime(asked.getresponse().headers["Date"] or "")
    finally:
        asked.close()


def _backup() -> Finding:
    from django.db import DatabaseError
    from django.utils import timezone

    from stint.accounts.models import Account
    from stint.server.backups import last_backup

    made_at, now = last_backup(), timezone.now()
    try:
        first = Account.objects.order_by("created_at").values_list("created_at", flat=True).first()
    except DatabaseError:
        return Finding("unknown: the database does not answer", "See Database and Migrations")
    found = f"last by stint backup on {made_at:%Y-%m-%d}" if made_at else "none by stint backup so far"
    since = made_at or first
    if since is None or now - since < BACKUP_AFTER:
        return Finding(found)
    return Finding(found, "Run stint backup FILE, best every night, unless something else keeps copies")


def _jobs() -> Finding:
    from django.db import DatabaseError
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    try:
        waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - SILENT_FOR).count()
        endless = DBTaskResult.objects.running().filter(started_at__lt=now - LONGEST_JOB).count()
    except DatabaseError:
        return Finding("unknown: the database does not answer", "See Database and Migrations")
    if waiting:
        return Finding(f"{waiting} wait for a worker", "Start stint up or stint worker")
    if endless:
        return Finding(
            f"{endless} run for over an hour",
            "Restart stint up or stint worker; what they did is taken up again",
        )
    return Finding("none is stuck")


def _mail() -> Finding:
    from django.conf import settings
    from django.core.mail import get_connection

    from stint.accounts.mail import reason

    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return Finding(f"written as files to {settings.DATA_DIR / 'outbox'}; set EMAIL_URL to send them")
    try:
        get_connection(timeout=CONNECT_SECONDS).open()
    except OSError as fault:
        return Finding(f"{settings.EMAIL_HOST}: {reason(fault)}", "Check EMAIL_URL")
    signed_in = "signs in" if settings.EMAIL_HOST_USER else "takes no sign-in"
    return Finding(f"sent through {settings.EMAIL_HOST}, where Stint {signed_in}")


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
