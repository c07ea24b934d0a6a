"""Which part of the tree a person reaches, as ranges of paths.

An assignment opens the task and all below it. Ranges are sorted and never nested, so whether a path lies in
one of them is a binary search.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from stint.database import fetch_all
from stint.tasks.models import subtree_bounds


@dataclass(frozen=True, slots=True)
class Scope:
    """The assigned subtrees of one person, by the path of their top task, sorted."""

    user_id: int
    paths: tuple[str, ...]

    def covers(self, path: str) -> bool:
        """Tell whether the task at `path` is assigned, by itself or by an ancestor."""
        position = bisect_right(self.paths, path)
        return position > 0 and path.startswith(self.paths[position - 1])

    def ancestors(self) -> set[int]:
        """Return the ids of all tasks above the assigned ones: shown so that the tree hangs together."""
        return {int(part) for path in self.paths for part in path.split("/")[:-2]}

    def condition(self, alias: str = "t") -> tuple[str, list[object]]:
        """Return SQL and parameters that hold for the tasks in scope."""
        if not self.paths:
            return "1 = 0", []
        ranges = [subtree_bounds(path) for path in self.paths]
        sql = " OR ".join(f"({alias}.path >= %s AND {alias}.path < %s)" for _ in ranges)
        return f"({sql})", [bound for pair in ranges for bound in pair]


def top_most(paths: list[str]) -> list[str]:
    """Return `paths` sorted, without those that lie below another of them."""
    kept: list[str] = []
    for path in sorted(paths):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def scope_of(user_id: int) -> Scope:
    """Return what the user may track on, archived or not."""
    rows = fetch_all(
        """SELECT t.path FROM tasks_assignment a JOIN tasks_task t ON t.id = a.task_id
            WHERE a.user_id = %s AND NOT a.withdrawn""",
        [user_id],
    )
    return Scope(user_id, tuple(top_most([path for (path,) in rows])))
