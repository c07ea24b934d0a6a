"""What commands share: Django made ready, and faults told in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

FAILED, USAGE = 1, 2


def stop(message: str, code: int = FAILED) -> NoReturn:
    """End the command with one line on stderr."""
    print(f"stint: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


def start_django() -> None:
    """Read the settings and load the packages; a bad variable ends the command with its name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stint.settings")
    import django

    django.setup()


def open_database() -> None:
    """Start Django and bring the database to this version's shape; end the command if it cannot be reached."""
    start_django()
    migrated()


def migrated() -> list[str]:
    """Apply the migrations that are pending and return their names; end the command where that cannot be."""
    from django.db import DatabaseError

    from stint.server import migrations
    from stint.server.backups import BackupError

    try:
        return migrations.migrate()
    except BackupError as fault:
        stop(f"the database is not migrated, because the copy of before cannot be kept: {fault}")
    except migrations.DatabaseIsNewer as fault:
        stop(str(fault))
    except DatabaseError as fault:
        stop(f"DATABASE_URL: the database cannot be used: {str(fault).strip().splitlines()[0]}")


@contextmanager
def told_plainly() -> Iterator[None]:
    """End the command with the sentence of a refusal: bad input 2, everything else 1."""
    from stint.errors import DomainError, Invalid

    try:
        yield
    except Invalid as fault:
        stop("; ".join(f"{error.field} {error.message}" for error in fault.errors), USAGE)
    except DomainError as fault:
        stop(str(fault))
