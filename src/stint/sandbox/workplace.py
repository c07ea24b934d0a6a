"""The whole state of a sandbox: tables in memory, lookups, and who may see what."""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from .model import (
    Client,
    Member,
    Organization,
    Person,
    Project,
    ProjectUser,
    Refused,
    Row,
    Tag,
    Task,
    TimeEntry,
    Workspace,
)

T = TypeVar("T")
MOST_LISTINGS = 32
# Where ids begin in a table with no rows; those of entries are past 2^31 in Toggl.
FIRST_IDS = {"entries": 3_730_144_200}


@dataclass(frozen=True, slots=True)
class Acting:
    """The request that makes the present change; a change by hand has none."""

    user_id: int
    method: str
    path: str
    body: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was created, updated or deleted; webhooks tell of it. `model` is Toggl's name of the row."""

    action: str
    model: str
    row: Row
    acting: Acting | None


acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


@dataclass
class Workplace:
    """Organisations, workspaces, people and work. Change it by the functions of `edits`, which tell webhooks.

    Who changes a row directly calls `touch()` afterwards, since listings are kept between pages.
    """

    organizations: dict[int, Organization] = field(default_factory=dict)
    workspaces: dict[int, Workspace] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    clients: dict[int, Client] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    tags: dict[int, Tag] = field(default_factory=dict)
    project_users: dict[int, ProjectUser] = field(default_factory=dict)
    entries: dict[int, TimeEntry] = field(default_factory=dict)
    # Of the user's own requests (/me...): Toggl gives 30 an hour on every plan.
    user_quota: int = 30
    owner_token: str = ""

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.listeners: list[Callable[[Change], None]] = []
        self.revision = 0
        self._listings: dict[Hashable, object] = {}
        self._ids: dict[str, itertools.count[int]] = {}
        self.project_tasks: defaultdict[int, dict[int, Task]] = defaultdict(dict)
        for task in self.tasks.values():
            self.project_tasks[task.project_id][task.id] = task

    def replace(self, other: Workplace) -> None:
        """Take over the state of a freshly made workplace; those who hold or listen to this one go on."""
        with self.lock:
            listeners = self.listeners
            self.__dict__.update({k: v for k, v in other.__dict__.items() if k != "lock"})
            self.listeners = listeners

    def touch(self) -> None:
        """Forget kept listings, after rows were changed."""
        self.revision += 1
        self._listings.clear()

    def tell(self, action: str, model: str, row: Row) -> None:
        """Forget kept listings and tell those who listen what changed."""
        self.touch()
        change = Change(action, model, row, acting.get())
        for listener in self.listeners:
            listener(change)

    def listing(self, key: Hashable, build: Callable[[], list[T]]) -> list[T]:
        """Return `build()`, kept until the next change: the next page need not filter 100,000 rows again."""
        with self.lock:
            found = self._listings.get(key)
            if found is None:
                if len(self._listings) >= MOST_LISTINGS:
                    self._listings.clear()
                found = self._listings[key] = build()
            return found  # type: ignore[return-value]

    def new_id(self, table: str, rows: dict[int, T]) -> int:
        """Return the next free id of a table; ids of deleted rows are not used again."""
        counter = self._ids.get(table)
        if counter is None:
            counter = self._ids[table] = itertools.count(
                max(rows, default=FIRST_IDS.get(table, 1_000_000)) + 1
            )
        return next(counter)

    def person_by_token(self, token: str) -> Person | None:
        """Return whose API token it is."""
        return next((p for p in self.people.values() if p.api_token == token), None)

    def person_by_email(self, email: str) -> Person | None:
        """Return who has the e-mail address, in any case."""
        wanted = email.casefold()
        return next((p for p in self.people.values() if p.email.casefold() == wanted), None)

    def membership(self, uid: int, wid: int) -> Member | None:
        """Return the person's membership that gives access: accepted and not deactivated."""
        return next(
            (
                m
                for m in self.members.values()
                if m.uid == uid and m.wid == wid and m.active and not m.inactive
            ),
            None,
        )

    def workspaces_of(self, uid: int) -> list[Workspace]:
        """Return the workspaces that the person may enter."""
        mine = {m.wid for m in self.members.values() if m.uid == uid and m.active and not m.inactive}
        return [w for w in self.workspaces.values() if w.id in mine and w.deleted_at is None]

    def organizations_of(self, uid: int) -> list[Organization]:
        """Return the organisations of the person's workspaces."""
        ids = {w.organization_id for w in self.workspaces_of(uid)}
        return [o for o in self.organizations.values() if o.id in ids]

    def administers(self, uid: int, wid: int) -> bool:
        """Whether the person is an admin of the workspace."""
        member = self.membership(uid, wid)
        return member is not None and member.admin

    def organization_of(self, wid: int) -> Organization:
        """Return the organisation of a workspace."""
        return self.organizations[self.workspaces[wid].organization_id]

    def sees_clients(self, uid: int, wid: int) -> bool:
        """Whether the person may see the clients: where only admins may create them, only admins see them."""
        return not self.workspaces[wid].only_admins_may_create_projects or self.administers(uid, wid)

    def visible_projects(self, uid: int, wid: int) -> list[Project]:
        """Return the workspace's projects, deleted ones too, that the person may see, by id."""

        def build() -> list[Project]:
            rows = [p for p in self.projects.values() if p.workspace_id == wid]
            if not self.administers(uid, wid):
                mine = {u.project_id for u in self.project_users.values() if u.user_id == uid}
                rows = [p for p in rows if not p.is_private or p.id in mine]
            return sorted(rows, key=lambda p: p.id)

        return self.listing(("projects", uid, wid), build)

    def visible_tasks(self, uid: int, wid: int) -> list[Task]:
        """Return the workspace's tasks, deleted ones too, of projects that the person may see, by id."""

        def build() -> list[Task]:
            projects = {p.id for p in self.visible_projects(uid, wid)}
            rows = [t for t in self.tasks.values() if t.workspace_id == wid and t.project_id in projects]
            return sorted(rows, key=lambda t: t.id)

        return self.listing(("tasks", uid, wid), build)

    def clients_in(self, wid: int) -> list[Client]:
        """Return the clients of a workspace that are not deleted."""
        return [c for c in self.clients.values() if c.wid == wid and c.deleted_at is None]

    def row(self, rows: dict[int, T], id_: int, what: str) -> T:
        """Return a row that is there, or refuse with 404."""
        found = rows.get(id_)
        if found is None or getattr(found, "deleted_at", None) is not None:
            raise Refused(404, f"{what} not found")
        return found


def now() -> int:
    """Return the present instant."""
    return int(time.time())


def alive(rows: Iterable[T]) -> list[T]:
    """Return the rows that are not deleted."""
    return [row for row in rows if getattr(row, "deleted_at", None) is None]
