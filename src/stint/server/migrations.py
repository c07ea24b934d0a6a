"""Bringing the database to the shape this version expects."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Any number, the same for all processes: who holds it migrates, the others wait.
_ADVISORY_LOCK = 5_784_001


def pending() -> list[str]:
    """Return the names of migrations not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> list[str]:
    """Apply what is pending, one process at a time on PostgreSQL, and return the names."""
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
        call_command("migrate", verbosity=0, interactive=False)
    return names
