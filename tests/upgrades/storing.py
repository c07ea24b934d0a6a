"""Write a database as it is at a release, filled, as SQL: `tools/store-schema NAME [APP.MIGRATION...]`.

NAME.sqlite.sql or NAME.postgresql.sql arises beside this file, for the database that `DATABASE_URL` names. With
migrations the database is only brought as far as these and what they need, which is how the states before the first
release were made; what that state has no place for is left out.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import django

HERE = Path(__file__).parent
# So that what is stored encrypted can be read again by a test.
SECRET_KEY = "the key of the stored databases of tests/upgrades"
TOKEN = "stint_of_the_stored_databases"
# Rows that migrating makes anew, and what SQLite keeps of its search.
NOT_COPIED = re.compile(r"django_migrations|django_content_type|auth_\w+|tasks_task_search\w*|sqlite_\w+")
SEARCH = "tasks_task_search"


def main(name: str, *targets: str) -> None:
    """Make, fill and write the database called `name`."""
    os.environ |= {"STINT_SECRET_KEY": SECRET_KEY, "DJANGO_SETTINGS_MODULE": "stint.settings"}
    from django.conf import settings

    present = settings.DATABASES["default"]
    settings.DATABASES["wanted"] = _beside(present)
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    _fill()
    for target in targets:
        call_command("migrate", *target.split("."), database="wanted", verbosity=0)
    written = "wanted" if targets else "default"
    if targets:
        _copy(connections["default"], connections["wanted"])
    vendor, named = connections[written].vendor, settings.DATABASES[written]
    connections.close_all()
    text = _sqlite_text(named["NAME"]) if vendor == "sqlite" else _postgres_text(named)
    (HERE / f"{name}.{vendor}.sql").write_text(text)


def _beside(present: dict[str, Any]) -> dict[str, Any]:
    """Return an empty second database of the same kind."""
    if present["ENGINE"].endswith("sqlite3"):
        return present | {"NAME": f"{present['NAME']}.wanted"}
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("CREATE DATABASE wanted")
    return present | {"NAME": "wanted"}


def _fill() -> None:
    import everything
    from domain import found, hire

    from stint.accounts.models import ApiToken, User
    from stint.accounts.queries import token_digest
    from stint.accounts.services import issue_token
    from stint.transfer.calendars import make_link

    ada, eve = found("Analytical Engines", "Ada"), found("Elsewhere", "Eve")
    grace, mary = hire(ada, "Grace", "manager"), hire(ada, "Mary")
    everything.fill(ada, grace, mary, eve)
    _runs(ada.account_id, ada.user_id)
    make_link(mary)
    token = issue_token(User.objects.get(pk=mary.user_id), "Laptop")
    ApiToken.objects.filter(digest=token_digest(token)).update(digest=token_digest(TOKEN))


def _runs(account_id: int, user_id: int) -> None:
    """Add syncs and imports that ended well and badly."""
    from django.utils import timezone

    from stint.imports.models import Import
    from stint.integrations.models import Integration, SyncRun

    integration, now = Integration.objects.get(account_id=account_id), timezone.now()
    ended = {"started_by_id": user_id, "queued_at": now, "started_at": now, "finished_at": now}
    counts = {"create": 3, "unchanged": 1}
    SyncRun.objects.create(integration=integration, status="done", trigger="manual", counts=counts, **ended)
    SyncRun.objects.create(
        integration=integration, status="failed", trigger="save", error="Toggl is away", **ended
    )
    Import.objects.create(
        account_id=account_id,
        kind="toggl_csv",
        status="done",
        file_name="Zeit für „Ä“.csv",
        counts={"created": 2},
        problems=[{"line": 7, "message": "no such day"}],
        **ended,
    )


def _copy(source: Any, target: Any) -> None:
    """Copy what both databases have a place for."""
    there = set(target.introspection.table_names())
    tables = [name for name in source.introspection.table_names() if not NOT_COPIED.fullmatch(name)]
    target.disable_constraint_checking()
    with source.cursor() as reading, target.cursor() as writing:
        writing.execute("BEGIN")
        for table in sorted(there.intersection(tables)):
            columns = sorted(_columns(source, table) & _columns(target, table))
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
            reading.execute(f"SELECT {names} FROM {table}")
            writing.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", reading.fetchall())
            if target.vendor == "postgresql":
                for each in target.introspection.get_sequences(writing, table):
                    counter = f"pg_get_serial_sequence('{table}', '{each['column']}')"
                    writing.execute(f"SELECT setval({counter}, max({each['column']})) FROM {table}")
        if SEARCH in there:
            writing.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')")
        writing.execute("COMMIT")


def _columns(connection: Any, table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def _sqlite_text(path: str) -> str:
    with closing(sqlite3.connect(path)) as database:
        made = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
            f"AND name NOT LIKE '{SEARCH}!_%' ESCAPE '!' OR type = 'trigger' ORDER BY rowid"
        ).fetchall()
        tables = [(name, sql) for kind, name, sql in made if kind == "table"]
        lines = ["BEGIN;", *(f"{sql};" for _name, sql in tables)]
        for table in [name for name, _sql in tables if name != SEARCH] + ["sqlite_sequence"]:
            if table == "sqlite_sequence":
                lines.append(f"DELETE FROM {table};")
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
            rows = database.execute(f"SELECT {values} FROM {table}")
            lines += [f"INSERT INTO {table} VALUES ({row[0]});" for row in rows]
        if any(name == SEARCH for name, _sql in tables):
            lines.append(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild');")
        lines += [f"{sql};" for kind, _name, sql in made if kind != "table"]
    return "\n".join([*lines, "COMMIT;"]) + "\n"


def _postgres_text(named: dict[str, Any]) -> str:
    """Return what pg_dump writes, without what only psql or only one version of the server takes."""
    password = {"PGPASSWORD": str(named["PASSWORD"])}
    command = [
        "pg_dump",
        "--inserts",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        f"--host={named['HOST']}",
    ]
    told = subprocess.run(
        [*command, f"--port={named['PORT']}", f"--username={named['USER']}", f"--dbname={named['NAME']}"],
        env=os.environ | password,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    kept = [line for line in told.splitlines() if line and not line.startswith(("--", "\\", "SET "))]
    return "\n".join(["SET check_function_bodies = false;", *kept]) + "\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
