"""One round of the sync benchmark in a fresh process: import, the same again, then the floor. Prints JSON.

The pages of Toggl lie in memory, so nothing waits for a network; everything else is what a worker does from
the first decoded byte to the commit.
"""

from __future__ import annotations

import re
import sys
from time import perf_counter
from typing import Any

import msgspec
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks import ready  # noqa: F401
from benchmarks.processes import resident
from benchmarks.toggl_bodies import ITEMS, WORKSPACE, answers
from benchmarks.twin import make_twin
from stint.accounts.services import create_account
from stint.integrations import runs
from stint.integrations.models import Integration, SyncRun
from stint.integrations.toggl.bodies import Client, Project, ReadWorkspace, TogglTask
from stint.integrations.toggl.reading import read_workspace
from stint.integrations.toggl.rows import rows_of
from stint.tasks.bulk import _COLUMNS as COLUMNS

KINDS = {"clients": Client, "projects": Project, "tasks": TogglTask}


class Kept(dict[str, bytes]):
    """A page store in memory."""

    def put(self, key: str, body: bytes) -> None:
        self[key] = body


def main(items: int) -> None:
    """Measure with so many items, and print."""
    call_command("migrate", verbosity=0)
    _empty()
    pages = Kept(answers(items))
    owner = create_account("Bench", email="owner@example.com", name="Owner")
    integration = Integration.objects.create(
        account=owner.membership.account, owner=owner, kind="toggl", status=Integration.Status.ON
    )
    found = {"first": _sync(integration, pages)[0]}
    found["again"], written = _sync(integration, pages)
    found["peak"] = resident(field="VmHWM")
    found["written"] = written
    found["floor"], found["decode"] = _floor(pages)
    print(msgspec.json.encode(found).decode())


def _sync(integration: Integration, pages: Kept) -> tuple[float, int]:
    """Return the seconds of a sync, and how many rows of the tree it wrote."""
    now = timezone.now()
    run = SyncRun.objects.create(
        integration=integration, trigger=SyncRun.Trigger.SAVE, status=SyncRun.Status.RUNNING, attempts=1,
        selection=[WORKSPACE], queued_at=now, started_at=now, heartbeat_at=now, confirmed=True,
    )  # fmt: skip
    workspace = ReadWorkspace(WORKSPACE, "Studio", 7, admin=True, premium=True)
    written = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401
        nonlocal written
        if re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "?tasks_', sql):
            written += len(params) if many else 1
        return execute(sql, params, many, context)

    began = perf_counter()
    with connection.execute_wrapper(count):
        reading = read_workspace(
            None,
            workspace,
            previous=None,
            pages=pages,
            progress=lambda *_: None,  # type: ignore[arg-type]
        )
        runs._apply(run, [workspace], [(workspace, reading)])
    took = perf_counter() - began
    assert run.status == SyncRun.Status.DONE, run.error
    return took, written


def _floor(pages: Kept) -> tuple[float, float]:
    """Return the seconds of decoding and storing the same rows by hand, and those of the decoding alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM tasks_task ORDER BY id")
        rows = cursor.fetchall()
    make_twin("tasks_task", "floor_task")
    began = perf_counter()
    for key, body in pages.items():
        kind = re.search(r"/(clients|projects|tasks)\?", key)
        if kind:
            rows_of(body, KINDS[kind.group(1)], key)  # type: ignore[type-var]
    decoded = perf_counter() - began
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY floor_task ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(COLUMNS))
            bare = connection.connection
            bare.executemany(f"INSERT INTO floor_task ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
            bare.execute("INSERT INTO floor_task_search(floor_task_search) VALUES ('rebuild')")
    return perf_counter() - began, decoded


def _empty() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE accounts_account, accounts_user CASCADE")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or [str(ITEMS)]))
