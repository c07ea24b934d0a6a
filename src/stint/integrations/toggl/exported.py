"""Toggl's workspace export: a zip of JSON with clients, projects, tasks and people, and no time.

What is in it becomes the same reading as an answer of the API, so it takes the same way into the mirror. A zip may
lie about its sizes, so members are read up to a bound, one after the other, and never unpacked to disk.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, Any, TypeVar

import msgspec

from . import bodies
from .bodies import READING_FORM, Client, Project, ReadWorkspace, TogglTask, WorkspaceReading, WorkspaceUser
from .words import gettext as _

Raw = TypeVar("Raw", Client, Project, TogglTask, WorkspaceUser)
Read = TypeVar("Read")

LARGEST_MEMBER = 64 * 1024 * 1024
LARGEST_CONTENT = 256 * 1024 * 1024
MOST_MEMBERS = 100_000
_FILE_NAME = re.compile(r"toggl_workspace_(\d{1,18})_export")
_TASKS = re.compile(r"tasks/\d{1,19}\.json")


class ExportRefused(Exception):
    """The file is no workspace export; `str()` is a sentence with a remedy."""


def read_export(file: IO[bytes], file_name: str) -> tuple[ReadWorkspace, WorkspaceReading]:
    """Return the workspace of an export; it has no name, and its id is 0 where nothing tells it.

    Raises:
        ExportRefused: it is no such zip, damaged, or larger than any export.

    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _Export(archive, file_name).read()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise ExportRefused(
            _("The file is no zip that can be read; it is damaged or cut off. Download the export again.")
        ) from error


class _Export:
    def __init__(self, archive: zipfile.ZipFile, file_name: str) -> None:
        self._archive, self._file_name = archive, file_name
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > LARGEST_CONTENT:
            raise ExportRefused(_("The zip holds more than any export of Toggl does; it was not unpacked."))
        if any(info.flag_bits & 1 for info in infos):
            raise ExportRefused(_("The zip has a password. Save it without one, then try again."))
        top = min(
            (info.filename for info in infos if info.filename.endswith("projects.json")),
            key=len,
            default=None,
        )
        if top is None:
            raise ExportRefused(
                _(
                    "The zip has no projects.json, so it is no workspace export. In Toggl: Settings, Data export, "
                    "with clients, projects, tasks and people."
                )
            )
        folder = top.removesuffix("projects.json")
        self._members = {info.filename.removeprefix(folder): info for info in infos}
        self._read = 0
        self._workspaces: Counter[int] = Counter()
        self._warnings: list[str] = []

    def read(self) -> tuple[ReadWorkspace, WorkspaceReading]:
        clients = self._list("clients.json", Client, bodies.read_client)
        projects = self._list("projects.json", Project, bodies.read_project)
        people = self._list("workspace_users.json", WorkspaceUser, bodies.read_person)
        known = {project.id for project in projects}
        tasks = [
            task
            for name in sorted(self._members)
            if _TASKS.fullmatch(name)
            for task in self._list(name, TogglTask, bodies.read_task)
        ]
        lost = sum(task.project_id not in known for task in tasks)
        if lost:
            self._warnings.append(
                _("%(count)d tasks name a project that is not in the export, and were left out")
                % {"count": lost}
            )
        workspace = ReadWorkspace(self._workspace_id(), "", None, admin=True, premium=None)
        reading = WorkspaceReading(
            workspace.id,
            clients,
            projects,
            [task for task in tasks if task.project_id in known],
            people if "workspace_users.json" in self._members else None,
            read_at=0,
            full_read_at=0,
            pages=0,
            warnings=self._warnings,
            form=READING_FORM,
        )
        return workspace, reading

    def _workspace_id(self) -> int:
        if self._workspaces:
            return self._workspaces.most_common(1)[0][0]
        named = _FILE_NAME.search(self._file_name)
        return int(named[1]) if named else 0

    def _list(self, name: str, kind: type[Raw], convert: Callable[[Raw], Read | None]) -> list[Read]:
        """Return the rows of a member that can be used; one that is absent or null has none."""
        found: dict[Any, Read] = {}
        unusable = 0
        for row in self._rows(name):
            raw = msgspec.convert(row, kind) if isinstance(row, dict) else None
            read = None if raw is None else convert(raw)
            if raw is not None and bodies.is_deleted(raw):
                continue
            if read is None:
                unusable += 1
                continue
            found[read.id] = read  # type: ignore[attr-defined]
            self._count_workspace(row)
        if unusable:
            self._warnings.append(
                _("%(count)d rows of %(name)s have no usable id, and were left out")
                % {"count": unusable, "name": name}
            )
        return list(found.values())

    def _count_workspace(self, row: dict[str, Any]) -> None:
        key = bodies.identifier(row.get("workspace_id")) or bodies.identifier(row.get("wid"))
        if key is not None:
            self._workspaces[key] += 1

    def _rows(self, name: str) -> Iterator[Any]:
        info = self._members.get(name)
        if info is None:
            return
        try:
            yield from msgspec.json.decode(self._content(info), type=list[Any] | None) or []
        except (msgspec.DecodeError, RecursionError) as error:
            raise ExportRefused(
                _("%(name)s in the zip is not the list that an export has there. Download the export again.")
                % {"name": name}
            ) from error

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        with self._archive.open(info) as opened:
            content = opened.read(LARGEST_MEMBER + 1)
        self._read += len(content)
        if len(content) > LARGEST_MEMBER or self._read > LARGEST_CONTENT:
            raise ExportRefused(_("The zip holds more than any export of Toggl does; it was not unpacked."))
        return content.removeprefix(b"\xef\xbb\xbf")
