"""One round of the import benchmark in a fresh process: a report, the same again, then the floor. Prints JSON.

What is measured is all that a worker does, from the upload to the commit; meanwhile somebody starts and stops a
timer, as fast as it goes.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from time import perf_counter, process_time

import msgspec
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import ready  # noqa: F401
from benchmarks.processes import resident
from benchmarks.twin import make_twin
from stint.accounts.models import Account
from stint.accounts.queries import Caller, caller_of
from stint.accounts.services import create_account, create_user
from stint.entries import services as entries
from stint.entries.bulk import STORED
from stint.imports import runs, services
from stint.integrations import applying
from stint.integrations.mirror import People, plan
from stint.integrations.toggl.bodies import ReadClient, ReadProject, ReadWorkspace, WorkspaceReading
from stint.integrations.toggl.snapshot import snapshot

LINES, PEOPLE, CLIENTS, PROJECTS = 100_000, 20, 20, 200
COLUMNS = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags"


def main() -> None:
    """Measure and print."""
    call_command("migrate", verbosity=0)
    caller = _account()
    content = _report()
    # SQLite's worker threads are alone in this process with who tracks, as under `stint up`.
    with _tracking(caller) as waits:
        first = _import(caller, content)
    found = {"first": first, "peak": resident(field="VmHWM"), "waited": max(waits), "starts": len(waits)}
    found["again"] = _import(caller, content)
    found["floor"] = _floor(content)
    print(msgspec.json.encode(found).decode())


def _account() -> Caller:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE accounts_account, accounts_user CASCADE")
    owner = create_account("Bench", email="owner@example.com", name="Owner", timezone_name="Europe/Berlin")
    account: Account = owner.membership.account
    for number in range(PEOPLE):
        create_user(account, email=f"p{number}@example.com", name=f"P {number}", password="correct horse 42")
    reading = WorkspaceReading(
        1,
        [ReadClient(n + 1, f"Client {n}", archived=False) for n in range(CLIENTS)],
        [ReadProject(n + 1, f"Project {n}", n % CLIENTS + 1, archived=False) for n in range(PROJECTS)],
        [], None, read_at=0, full_read_at=0, pages=1,
    )  # fmt: skip
    wanted = snapshot([(ReadWorkspace(1, "Studio", 7, admin=True, premium=True), reading)])
    applying.apply(account.pk, "toggl", wanted, plan(wanted, [], People(None, {})), [])
    found = caller_of(owner.pk)
    assert found is not None
    return found


def _report() -> bytes:
    chance = random.Random(5)
    out = io.StringIO(newline="")
    out.write(COLUMNS + "\r\n")
    writer = csv.writer(out)
    start = datetime(2020, 1, 1, 8)
    for number in range(LINES):
        person, project = number % PEOPLE, chance.randrange(PROJECTS)
        begin = start + timedelta(minutes=20 * (number // PEOPLE), seconds=chance.randrange(600))
        length = timedelta(seconds=chance.randrange(60, 1200))
        end = begin + length
        writer.writerow([
            f"P {person}", f"p{person}@example.com", f"Client {project % CLIENTS}", f"Project {project}", "",
            f"Worked on {chance.randrange(3000)}", "Yes" if number % 3 else "No", f"{begin:%Y-%m-%d}",
            f"{begin:%H:%M:%S}", f"{end:%Y-%m-%d}", f"{end:%H:%M:%S}", f"{length!s:0>8}",
            "urgent, remote" if number % 7 == 0 else "",
        ])  # fmt: skip
    return out.getvalue().encode()


def _import(caller: Caller, content: bytes) -> float:
    """Return the seconds of computing that an import takes."""
    started = services.start_file(caller, "toggl_csv", "report.csv", [content], dry_run=False, options={})
    began = process_time()
    runs.run_import.call(started.id)
    took = process_time() - began
    done = services.look(caller, started.id)
    assert done.status == "done", done.error
    assert done.counts.created + done.counts.unchanged == LINES, done.problems[:3]
    return took


@contextmanager
def _tracking(caller: Caller) -> Iterator[list[float]]:
    """Start timers, one after the other, for as long as the block takes; the seconds that each start took."""
    waits: list[float] = []
    over = Event()

    def track() -> None:
        while not over.wait(0.2):
            began = perf_counter()
            entries.start_timer(caller, entries.StartTimer(), "web")
            waits.append(perf_counter() - began)
        connection.close()

    thread = Thread(target=track)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def _floor(content: bytes) -> float:
    """Return the seconds of reading the file with the csv module and storing the same rows by hand."""
    columns = ", ".join(STORED)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM entries_entry WHERE made_by = 'import' ORDER BY start, id")
        rows = cursor.fetchall()
    make_twin("entries_entry", "floor_entry")
    began = process_time()
    lines = sum(1 for _row in csv.reader(io.StringIO(content.decode(), newline="")))
    assert lines == LINES + 1
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY floor_entry ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(STORED))
            connection.connection.executemany(f"INSERT INTO floor_entry ({columns}) VALUES ({marks})", rows)
    return process_time() - began


if __name__ == "__main__":
    sys.exit(main())
