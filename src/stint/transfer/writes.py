"""The writes of an import: many rows at once, with ids and times as they were, by executemany or COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from stint.entries.queries import entry_key, stored_moment

Value = int | str | bool | date | datetime | UUID | None


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Store rows, given in the order of `columns`."""
    names = ", ".join(f'"{column}"' for column in columns)
    values = [tuple(map(_stored, row)) for row in rows]
    if not values:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608


def owners_of(entry_ids: Iterable[str]) -> dict[str, int]:
    """Return `{entry id: account id}` of those that are stored, in whatever account."""
    keys = [entry_key(UUID(id_)) for id_ in entry_ids]
    if not keys:
        return {}
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(keys))
        cursor.execute(f"SELECT id, account_id FROM entries_entry WHERE id IN ({marks})", keys)  # noqa: S608
        return {str(UUID(str(id_))): account_id for id_, account_id in cursor.fetchall()}


def changed_before(entry_ids: Iterable[str], last_change: int) -> set[str]:
    """Return those entries of which an edit is on record that is not newer than number `last_change`."""
    keys = [entry_key(UUID(id_)) for id_ in set(entry_ids)]
    if not keys:
        return set()
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(keys))
        cursor.execute(
            f"SELECT DISTINCT entry_id FROM entries_entrychange WHERE entry_id IN ({marks}) AND id <= %s",  # noqa: S608
            [*keys, last_change],
        )
        return {str(UUID(str(id_))) for (id_,) in cursor.fetchall()}


def raise_sequences() -> None:
    """Let PostgreSQL count on after the ids that were given; SQLite does so by itself."""
    models = [
        model
        for name in ("accounts", "tasks", "entries", "reports", "rates")
        for model in apps.get_app_config(name).get_models()
    ]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _stored(value: Value) -> Any:  # noqa: ANN401  (as the driver takes it)
    if isinstance(value, datetime):
        return stored_moment(value)
    return entry_key(value) if isinstance(value, UUID) else value
