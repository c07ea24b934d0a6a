"""Where imported time comes from, as an entry keeps it: beside the digest of what it was last imported as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from stint.tasks.bulk import TreeRow

API = "toggl"
REPORT = "toggl_csv"


class Source(msgspec.Struct, frozen=True):
    """A source of time; `workspace` is Toggl's id of it, None where nobody tells."""

    name: str
    workspace: int | None = None

    @property
    def has_ids(self) -> bool:
        """Whether it knows entries by their ids."""
        return self.name == API

    def mark(self, digest: str) -> str:
        """Return what an entry keeps of its import."""
        return ":".join([self.key, digest])

    @property
    def key(self) -> str:
        """Return the source as entries keep it."""
        return f"{API}:{self.workspace}" if self.has_ids else self.name


def source_of(mark: str, task_id: int | None, workspaces: Mapping[int, int]) -> tuple[Source, str]:
    """Return where an imported entry came from, and the digest of what it was last imported as.

    What has no source of its own is of the workspace in whose mirror its task stands: see `workspaces_of`.
    """
    key, _colon, digest = mark.rpartition(":")
    name, _colon, workspace = key.partition(":")
    if name == API and workspace.isdigit():
        return Source(API, int(workspace)), digest
    return Source(name or REPORT, workspaces.get(task_id or 0)), digest


def workspaces_of(rows: Iterable[TreeRow]) -> dict[int, int]:
    """Return Toggl's ids of the workspaces in whose mirror tasks stand, by task."""
    known = {row.id: row for row in rows}
    found: dict[int, int] = {}
    for row in known.values():
        above: TreeRow | None = row
        for _level in range(64):
            if above is None or above.kind == "workspace":
                break
            above = known.get(above.parent_id or 0)
        if above is not None and above.kind == "workspace" and above.source_id is not None:
            found[row.id] = above.source_id
    return found
