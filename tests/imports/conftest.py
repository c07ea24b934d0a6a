"""An account with a mirrored tree, and the acts of an import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from stint.accounts.queries import Caller
from stint.entries.models import Entry
from stint.imports import runs, services
from stint.imports.models import Import
from stint.imports.services import ImportOut
from stint.integrations import applying
from stint.integrations.mirror import People, plan
from stint.integrations.toggl.bodies import ReadClient, ReadProject, ReadTask, ReadWorkspace, WorkspaceReading
from stint.integrations.toggl.snapshot import snapshot
from stint.tasks.models import Task
from tests.domain import ada, eve, grace, hire, mary

__all__ = ["ada", "eve", "grace", "mary"]

HEADER = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,"
    "Duration,Tags,Amount (EUR)"
)


def line(
    *,
    email: str = "mary@example.com",
    user: str = "Mary",
    client: str = "Acme",
    project: str = "Website",
    task: str = "",
    note: str = "Reading",
    billable: str = "No",
    start: str = "2024-03-04,09:00:00",
    end: str = "2024-03-04,10:00:00",
    duration: str = "01:00:00",
    tags: str = "",
) -> str:
    """Return a line of Toggl's detailed report."""
    return (
        f'{user},{email},{client},{project},{task},"{note}",{billable},{start},{end},{duration},"{tags}",0.00'
    )


def report(*lines: str, header: str = HEADER) -> bytes:
    return ("\r\n".join([header, *lines]) + "\r\n").encode("utf-8-sig")


@dataclass
class Desk:
    """An Administrator who imports."""

    caller: Caller

    def csv(self, content: bytes, *, dry_run: bool = False, **options: Any) -> ImportOut:
        return self.file("toggl_csv", "report.csv", content, dry_run=dry_run, **options)

    def file(
        self, kind: str, name: str, content: bytes, *, dry_run: bool = False, **options: Any
    ) -> ImportOut:
        started = services.start_file(self.caller, kind, name, [content], dry_run=dry_run, options=options)
        return self.finish(started)

    def finish(self, started: ImportOut) -> ImportOut:
        """Carry an import out as a worker would."""
        for queued in Import.objects.filter(status="queued", pk__lte=started.id).order_by("pk"):
            runs.run_import.call(queued.pk)
        return services.look(self.caller, started.id)

    def apply(self, shown: ImportOut, **options: Any) -> ImportOut:
        return self.finish(services.apply(self.caller, shown.id, **options))

    def task(self, kind: str, id_: int) -> Task:
        return Task.objects.get(account_id=self.caller.account_id, source_kind=kind, source_id=id_)

    def entries(self) -> list[Entry]:
        return list(Entry.objects.filter(account_id=self.caller.account_id).order_by("start", "note"))


@pytest.fixture
def desk(ada: Caller, mary: Caller) -> Iterator[Desk]:
    """Ada's desk; Mary is a Member. The mirror: Acme and Globex have a Website each, Acme's with two tasks."""
    workspace = ReadWorkspace(1, "Team", 7, admin=True, premium=True)
    reading = WorkspaceReading(
        1,
        [ReadClient(10, "Acme", archived=False), ReadClient(11, "Globex", archived=False)],
        [
            ReadProject(100, "Website", 10, archived=False),
            ReadProject(101, "Website", 11, archived=False),
            ReadProject(102, "Internal", None, archived=False),
            ReadProject(103, "Old", 10, archived=True),
        ],
        [ReadTask(1000, "Design", 100, archived=False), ReadTask(1001, "Build", 100, archived=True)],
        None,
        read_at=0,
        full_read_at=0,
        pages=1,
    )
    wanted = snapshot([(workspace, reading)])
    applying.apply(ada.account_id, "toggl", wanted, plan(wanted, [], People(None, {})), [])
    yield Desk(ada)
    assert not Import.objects.filter(status="running").exists()


def person(desk: Desk, name: str, zone: str) -> Caller:
    return hire(desk.caller, name, zone=zone)
