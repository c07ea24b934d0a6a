"""Toggl requests of an import and of the sync after it: counted over real HTTP against the sandbox.

Projects come without a total, so a last page that is exactly full is followed by one more, empty one; the
cases have a project less.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.figures import Figure, figure
from benchmarks.processes import measured

CASES = (
    ("1 workspace of 199 projects and 200 tasks", (1, 199, 200)),
    ("3 workspaces of 199 projects and 200 tasks", (3, 199, 200)),
    ("1 workspace of 1,999 projects and 4,000 tasks", (1, 1999, 4000)),
)
PER_REQUEST = 200


def run() -> list[Figure]:
    """Count the requests of each case."""
    found = []
    for what, (workspaces, projects, tasks) in CASES:
        with tempfile.TemporaryDirectory(prefix="stint-bench-") as folder:
            sizes = (str(workspaces), str(projects), str(tasks))
            counted = measured("benchmarks.requests_round", *sizes, data=Path(folder))
        pages = (projects - 1) // PER_REQUEST + (tasks - 1) // PER_REQUEST
        most = 1 + workspaces * (4 + pages)
        found.append(figure("requests", f"first import, {what}", counted["first"], "requests", most=most))
        again = most if not pages else most // 3
        found.append(figure("requests", f"sync after it, {what}", counted["again"], "requests", most=again))
    return found
