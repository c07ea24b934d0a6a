"""Reads the whole structure of a workspace with the fewest requests.

A full reading is: clients 1, projects one per 200, tasks one per 200 (none where the plan has no tasks), members 1.
A list that took three or more pages within the last 24 hours is read by `since` instead: only what changed.
Every answer goes to a `PageStore` first, so that a run that was interrupted or waited for quota asks nothing twice;
the caller empties the store once a run is over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from . import bodies
from .bodies import (
    Client,
    Project,
    ReadClient,
    ReadPerson,
    ReadProject,
    ReadTask,
    ReadWorkspace,
    TogglTask,
    WorkspaceReading,
    WorkspaceUser,
)
from .client import TogglClient
from .errors import TogglBadAnswer, TogglForbidden, TogglPlanRequired
from .paging import Pages, PageStore
from .rows import Rows
from .words import gettext as _

Progress = Callable[[str, int, int | None], None]
Raw = TypeVar("Raw", Client, Project, TogglTask, WorkspaceUser)
Read = TypeVar("Read", ReadClient, ReadProject, ReadTask, ReadPerson)

FULL_EVERY_SECONDS = 24 * 3600
SINCE_MARGIN_SECONDS = 300
SINCE_PAYS_FROM_ROWS = 2 * 200


class _Start(msgspec.Struct):
    """How a run began, kept with its pages so that a resumed run goes on in the same way."""

    read_at: float
    projects_since: int | None
    tasks_since: int | None


def estimate_requests(previous: list[WorkspaceReading | None]) -> int:
    """Return how many requests a sync of these workspaces takes, the list of workspaces included."""
    return 1 + sum(4 if reading is None else max(reading.pages, 3) for reading in previous)


def read_workspace(
    client: TogglClient,
    workspace: ReadWorkspace,
    *,
    previous: WorkspaceReading | None,
    pages: PageStore,
    progress: Progress,
    full: bool = False,
) -> WorkspaceReading:
    """Read one workspace. `progress(phase, done, total)` counts rows of a list; total None is unknown.

    Raises:
        TogglError: one of its family; nothing of the workspace is to be applied then.

    """
    return _WorkspaceReader(client, workspace, None if full else previous, pages, progress).read()


class _WorkspaceReader:
    def __init__(
        self,
        client: TogglClient,
        workspace: ReadWorkspace,
        previous: WorkspaceReading | None,
        store: PageStore,
        progress: Progress,
    ) -> None:
        self._client, self._workspace, self._previous, self._store = client, workspace, previous, store
        self._progress = progress
        self._pages = Pages(client, workspace.id, store, progress)
        self._pages.on_answer = self._started
        self._read_full = True
        self._warnings: list[str] = []

    def read(self) -> WorkspaceReading:
        old = self._previous
        clients = self._clients()
        start = self._started()
        projects = self._changed(
            "projects", Project, bodies.read_project, old.projects if old else [], start.projects_since
        )
        tasks = self._tasks(start.tasks_since, {project.id for project in projects})
        people = self._people()
        full_read_at = start.read_at if self._read_full or old is None else old.full_read_at
        return WorkspaceReading(
            self._workspace.id,
            clients,
            projects,
            tasks,
            people,
            read_at=start.read_at,
            full_read_at=full_read_at,
            pages=self._pages.count,
            warnings=self._warnings,
            form=bodies.READING_FORM,
        )

    def _started(self) -> _Start:
        """Return how the run began; at its first answer that is now, by the clock of that answer."""
        key = f"/workspaces/{self._workspace.id}#start"
        kept = self._store.get(key)
        if kept is not None:
            return msgspec.json.decode(kept, type=_Start)
        now, old = self._client.served_at, self._previous
        since = None
        if old is not None and 0 <= now - old.full_read_at < FULL_EVERY_SECONDS:
            since = max(0, int(old.read_at) - SINCE_MARGIN_SECONDS)
        start = _Start(
            now,
            since if old and len(old.projects) > SINCE_PAYS_FROM_ROWS else None,
            since if old and len(old.tasks) > SINCE_PAYS_FROM_ROWS else None,
        )
        self._store.put(key, msgspec.json.encode(start))
        return start

    def _clients(self) -> list[ReadClient]:
        try:
            rows = self._pages.single("clients", "clients", Client, {"status": "both"})
        except TogglForbidden:
            if self._workspace.admin:
                raise
            self._warn(_("this token may not see clients, so projects stand under the workspace"))
            return []
        return self._kept("clients", rows, {}, bodies.read_client)

    def _changed(
        self,
        phase: str,
        kind: type[Raw],
        convert: Callable[[Raw], Read | None],
        old: list[Read],
        since: int | None,
    ) -> list[Read]:
        """Read a paged list: in full, or what changed since then on top of the old rows."""
        if since is not None and self._previous is not None:
            try:
                rows = self._pages.all(phase, phase, kind, {"active": "both", "since": since})
            except TogglBadAnswer as error:
                if error.status != 400:
                    raise
            else:
                self._read_full = False
                return self._kept(phase, rows, {row.id: row for row in old}, convert)
        return self._kept(phase, self._pages.all(phase, phase, kind, {"active": "both"}), {}, convert)

    def _tasks(self, since: int | None, projects: set[int]) -> list[ReadTask]:
        """Read the tasks; a plan without tasks (Toggl: below Starter, `premium` false) has none."""
        if self._workspace.premium is False:
            return []
        old = self._previous.tasks if self._previous else []
        try:
            tasks = self._changed("tasks", TogglTask, bodies.read_task, old, since)
        except TogglPlanRequired:
            return []
        except TogglForbidden as error:
            if error.status != 404:
                raise
            return []
        known = [task for task in tasks if task.project_id in projects]
        before = {task.id for task in old}
        lost = sum(task.project_id not in projects and task.id not in before for task in tasks)
        if lost:
            self._warn(
                _("%(count)d tasks name a project that this token does not see, and were left out")
                % {"count": lost}
            )
        return known

    def _people(self) -> list[ReadPerson] | None:
        """Read the members, or None where the token may not."""
        try:
            rows = self._pages.single("people", "workspace_users", WorkspaceUser, {})
        except TogglPlanRequired:
            self._warn(_("the plan does not let members be read, so nobody is assigned by e-mail"))
            return None
        except TogglForbidden:
            if self._workspace.admin:
                raise
            self._warn(_("this token may not see the members, so nobody is assigned by e-mail"))
            return None
        return self._kept("people", rows, {}, bodies.read_person)

    def _kept(
        self, phase: str, rows: Rows[Raw], kept: dict[int, Read], convert: Callable[[Raw], Read | None]
    ) -> list[Read]:
        """Return `kept` with the rows applied: the last of an id wins, a tombstone removes it."""
        unusable = rows.broken
        for row in rows.rows:
            read = convert(row)
            if bodies.is_deleted(row):
                if (key := read.id if read else bodies.identifier(row.id)) is not None:
                    kept.pop(key, None)
            elif read is None:
                unusable += 1
            else:
                kept[read.id] = read
        if unusable:
            self._warn(
                _("%(count)d rows of %(kind)s have no usable id, and were left out")
                % {"count": unusable, "kind": _(phase)}
            )
        return list(kept.values())

    def _warn(self, sentence: str) -> None:
        self._warnings.append(f"{self._workspace.name}: {sentence}.")
