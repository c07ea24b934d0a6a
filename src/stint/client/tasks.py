"""The tasks a person can track on, kept for when the server is away, and found as the server finds them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypedDict, cast

from stint.client.credentials import write_private
from stint.client.server import Server

PAGES = 5
PAGE = 1000
FRESH_SECONDS = 3600
BETWEEN = re.compile(r"[\s\0/›>]+")
UNTYPED = re.compile(r"[^\w.,:+@%-]+")


class Task(TypedDict):
    """A task as the server tells it; it says more than these."""

    id: int
    path: list[str]


class Tasks:
    """The tasks of one person: the first `PAGES` x `PAGE` by name, and those that were searched for."""

    def __init__(self, folder: Path, server: Server) -> None:
        self._path, self._server = folder / "tasks.json", server
        self._read_at, self._kept = 0.0, dict[int, Task]()
        self._read()

    def find(self, query: str, limit: int = 50) -> list[Task]:
        """Return the best matches on the server, best first.

        Raises:
            Refused: as `Server.call`.

        """
        found = self._server.call("GET", "/tasks", q=query, trackable="true", limit=limit)["items"]
        self._keep(found)
        return cast(list[Task], found)

    def kept(self, query: str = "") -> list[Task]:
        """Return the best matches among those known here, best first; without `query` all of them by path."""
        return matching(self._kept.values(), query)

    def path_of(self, task_id: int | None) -> list[str] | None:
        """Return the names from the root of a task known here."""
        task = self._kept.get(task_id or 0)
        return task["path"] if task else None

    def refresh(self, *, at_once: bool = False) -> None:
        """Read the list anew where it is older than an hour, or at once.

        Raises:
            Refused: as `Server.call`.

        """
        if not at_once and time.time() - self._read_at < FRESH_SECONDS:
            return
        items: list[Task] = []
        cursor = None
        for _page in range(PAGES):
            page = self._server.call("GET", "/tasks", trackable="true", limit=PAGE, cursor=cursor)
            items += page["items"]
            cursor = page.get("next")
            if cursor is None:
                break
        self._read_at, self._kept = time.time(), {}
        self._keep(items)

    def _keep(self, tasks: Iterable[Task]) -> None:
        self._kept |= {task["id"]: task for task in tasks}
        kept = {"whose": self._server.whose, "read_at": self._read_at, "items": list(self._kept.values())}
        try:
            write_private(self._path, kept)
        except OSError:
            return  # a full disk costs the list, not what was to be tracked

    def _read(self) -> None:
        try:
            held = json.loads(self._path.read_bytes())
            if held["whose"] == self._server.whose:
                self._read_at = held["read_at"]
                self._kept = {task["id"]: task for task in held["items"]}
        except (OSError, ValueError, TypeError, KeyError):
            return


def matching(tasks: Iterable[Task], query: str) -> list[Task]:
    """Return the tasks that have every word of the query somewhere in their path, best first, as the server does."""
    words = [word for word in BETWEEN.split(query.casefold()) if word]
    found = [task for task in tasks if all(word in "\n".join(task["path"]).casefold() for word in words)]
    return sorted(found, key=_ranking(words[-1] if words else ""))


def meant(found: list[Task], query: str) -> list[Task]:
    """Return the one task that a query means, or the candidates: a whole name or a whole path means just that one."""
    for of in (typed, lambda path: typed(path[-1:])):
        exact = [task for task in found if of(task["path"]).casefold() == typed([query]).casefold()]
        if len(exact) == 1:
            return exact
    return found


def typed(path: list[str]) -> str:
    """Return a path as it can be typed in a shell without quotes."""
    return UNTYPED.sub("/", "/".join(path)).strip("/")


def _ranking(word: str) -> Callable[[Task], tuple[int, int, list[str]]]:
    def rank(task: Task) -> tuple[int, int, list[str]]:
        path = [name.casefold() for name in task["path"]]
        name = path[-1]
        place = 0 if name == word else 1 if name.startswith(word) else 2 if word in name else 3
        return (place, len(path), path) if word else (0, 0, path)

    return rank
