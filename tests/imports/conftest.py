"""An account with a mirrored tree, and the acts of an import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from stint.accounts.queries import Caller
from stint.entries.models import Entry
from stint.imports import runs, services
from stint.imports.models import Import
from stint.imports.services import ImportOut
from stint.integrations import applying
from stint.integrations import runs as syncs
from stint.integrations import services as mirror
from stint.integrations.mirror import People, plan
from stint.integrations.models import SyncRun
from stint.integrations.toggl.bodies import ReadClient, ReadProject, ReadTask, ReadWorkspace, WorkspaceReading
from stint.integrations.toggl.snapshot import snapshot
from stint.sandbox.model import TimeEntry
from stint.sandbox.seeds import load
from stint.sandbox.server import BackgroundSandbox
from stint.tasks.models import Task
from tests.domain import ada, eve, grace, hire, mary

__all__ = ["ada", "eve", "grace", "mary"]

SEARCH = "/reports/api/v3/workspace/"
START = datetime(2024, 3, 4, 9, tzinfo=UTC)
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


class Toggl(BackgroundSandbox):
    """The small seed with a history of the test's own."""

    def __init__(self) -> None:
        place = load("small")
        place.entries.clear()
        super().__init__(place, quota=100_000)
        self.wid = next(iter(place.workspaces))

    def person(self, name: str) -> int:
        return next(p.id for p in self.workplace.people.values() if p.fullname.startswith(name))

    def project(self, name: str) -> int:
        return next(p.id for p in self.workplace.projects.values() if p.name == name)

    def task(self, name: str) -> int:
        return next(t.id for t in self.workplace.tasks.values() if t.name == name)

    def track(self, hours: int = 0, who: str = "Grace", **more: Any) -> TimeEntry:
        start = int(START.timestamp()) + hours * 3600
        row = TimeEntry(
            self.workplace.new_id("entries", self.workplace.entries),
            self.wid,
            self.person(who),
            start,
            start + 1800,
            1800,
            start + 1800,
            **more,
        )
        self.workplace.entries[row.id] = row
        self.workplace.touch()
        return row

    @property
    def searches(self) -> int:
        return sum(path.startswith(SEARCH) for _method, path in self.requests)


@pytest.fixture
def toggl_class() -> type[Toggl]:
    return Toggl


@pytest.fixture
def toggl(settings: Any, toggl_class: type[Toggl]) -> Iterator[Toggl]:
    with toggl_class() as sandbox:
        settings.TOGGL_API_URL = sandbox.url
        settings.TOGGL_REQUESTS_PER_SECOND = 1000.0
        settings.TOGGL_RETRY_SECONDS = 4
        yield sandbox


@pytest.fixture
def importer(ada: Caller, toggl: Toggl) -> Desk:
    """Ada, with the sandbox mirrored; Grace of the sandbox is a Member, Linus and Margaret are not here."""
    hire(ada, "Grace")
    mirror.enable(ada, toggl.token)
    run = mirror.save(ada, [toggl.wid])
    syncs.run_sync.call(run.id)
    assert SyncRun.objects.get(pk=run.id).status == "done"
    toggl.log.clear()
    return Desk(ada)


def history(
    desk: Desk, first: str = "2024-01-01", last: str = "2024-12-31", *, dry_run: bool = False
) -> ImportOut:
    started = services.start_history(
        desk.caller, date.fromisoformat(first), date.fromisoformat(last), dry_run=dry_run
    )
    return desk.finish(started)


def counts(shown: ImportOut) -> tuple[int, int, int, int]:
    found = shown.counts
    return found.created, found.updated, found.unchanged, found.skipped
