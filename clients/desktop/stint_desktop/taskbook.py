"""The tasks that this computer has seen: so that names are there offline, and at the very start."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from stint_desktop.model import Task
from stint_desktop.picker import Level

log = logging.getLogger(__name__)
MOST = 500


class _Kept(msgspec.Struct, frozen=True):
    favourites: list[int] = []
    recent: list[int] = []
    tasks: list[Task] = []


class TaskBook:
    """Favourites, recent tasks, and others by id. It may be asked in one thread while another takes news in."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[int, Task] = {}
        self._wondered: set[int] = set()
        self.favourites: tuple[Task, ...] = ()
        self.recent: tuple[Task, ...] = ()

    def task(self, task_id: int) -> Task | None:
        """Return a task that was seen."""
        return self._known.get(task_id)

    def know(self, task: Task | None) -> None:
        """Remember a task."""
        if task is not None:
            self._known[task.id] = task

    def wonder(self, task_id: int) -> bool:
        """Return whether this is the first time that somebody asks for an unknown task."""
        asked = task_id in self._wondered
        self._wondered.add(task_id)
        return not asked

    def take(self, shortlist: Mapping[str, Any]) -> None:
        """Take in what the server calls favourite and recent, and keep it."""
        self.favourites = _tasks_of(shortlist["favourites"])
        self.recent = _tasks_of(shortlist["recent"])
        for task in (*self.favourites, *self.recent):
            self.know(task)
        self._wondered.clear()
        self._save()

    def load(self) -> None:
        """Read what was kept; where that cannot be read, nothing is lost but names until the server is asked."""
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as fault:
            log.info("no tasks kept: %s", type(fault).__name__)
            return
        known = {task.id: task for task in kept.tasks}
        self._known = {**known, **self._known}
        self.favourites = self.favourites or _these(kept.favourites, known)
        self.recent = self.recent or _these(kept.recent, known)

    def _save(self) -> None:
        # The newest are at the end.
        tasks = list(self._known.values())[-MOST:]
        kept = _Kept([task.id for task in self.favourites], [task.id for task in self.recent], tasks)
        new = self._file.with_name(f"{self._file.name}.new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new.write_bytes(msgspec.json.encode(kept))
            new.replace(self._file)
        except OSError as fault:
            log.warning("the tasks could not be kept: %s", fault)


def task_of(told: Mapping[str, Any]) -> Task:
    """Read a task as the API tells it."""
    return Task(
        id=told["id"],
        name=told["name"],
        path=tuple(told["path"]),
        color=told["color"],
        children=told["children"],
        trackable=told["trackable"],
    )


def level_of(told: Mapping[str, Any]) -> Level:
    """Read a list of tasks as the API tells it."""
    return Level(_tasks_of(told["items"]), told["next"])


def _tasks_of(items: Iterable[Mapping[str, Any]]) -> tuple[Task, ...]:
    return tuple(task_of(item) for item in items)


def _these(ids: Iterable[int], known: Mapping[int, Task]) -> tuple[Task, ...]:
    return tuple(known[id_] for id_ in ids if id_ in known)
