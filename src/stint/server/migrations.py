"""Bringing the database to the shape this version expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

import stint
from stint.server.backups import back_up

# Any number, the same for all processes: who holds it migrates, the others wait.
_ADVISORY_LOCK = 5_784_001
COPY_NAME = "before_upgrade.backup"


class DatabaseIsNewer(Exception):
    """A newer Stint migrated the database; `str()` says so with the remedy."""


def newer() -> list[str]:
    """Return the names of migrations of Stint that the database has and this version does not know."""
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("stint.")}
    unknown = loader.applied_migrations.keys() - loader.disk_migrations.keys()
    return sorted(f"{label}.{name}" for label, name in unknown if label in ours)


def pending() -> list[str]:
    """Return the names of migrations not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> list[str]:
    """Apply what is pending, all or nothing, one process at a time on PostgreSQL, and return the names.

    Raises:
        DatabaseIsNewer: this version does not know the shape that the database has.
        BackupError: the copy of before cannot be kept.

    """
    if ahead := newer():
        raise DatabaseIsNewer(
            f"a newer Stint has migrated the database ({ahead[-1]}), and {stint.__version__} would damage it; "
            "install that version again, or stint restore a backup made before the upgrade"
        )
    if not pending():
        return []
    if connection.vendor != "postgresql":
        return _apply()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
        try:
            return _apply()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])


def _apply() -> list[str]:
    names = pending()
    if names:
        _keep_copy()
        with _one_transaction():
            call_command("migrate", verbosity=0, interactive=False)
    return names


def _keep_copy() -> None:
    """Keep a backup of a SQLite database that is in use already, as the way back to the version before."""
    if connection.vendor == "sqlite" and MigrationLoader(connection).applied_migrations:
        back_up(settings.DATA_DIR / COPY_NAME, replace=True)


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Make all migrations of an upgrade one transaction, so that one cut short has not begun.

    Django's own transactions end before it records a migration that made tables: a process that dies in between leaves
    a database that no later try can migrate. A migration that changes rows and then their table's columns needs `SET
    CONSTRAINTS ALL IMMEDIATE` in between on PostgreSQL.
    """
    # SQLite cannot rebuild a table while keys are checked, nor stop checking them within a transaction.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            yield
    finally:
        connection.enable_constraint_checking()
