"""Adds time up: by groups, and up the task tree. Pure: no clock, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from stint.tasks.queries import GROUPS

Key = int | str | bool | None


class Cell(msgspec.Struct, array_like=True, gc=False):
    """Time with what it has in common; what was not asked for is None. `tags` is a JSON list, as it is stored,
    `units` what its billable time is worth (see `stint.rates.money`), which is read in two parts.
    """

    task_id: int | None
    user_id: int | None
    day: str | None
    tags: str | None
    billable: bool | None
    seconds: int
    billable_seconds: int
    thousand_units: int = 0
    more_units: int = 0

    @property
    def units(self) -> int:
        """What the billable time is worth."""
        return self.thousand_units * 1000 + self.more_units


class Node(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A task as folding knows it; `path` holds the ids from the root, "1/5/9/"."""

    id: int
    path: str
    name: str
    kind: str | None

    @property
    def parent(self) -> int | None:
        """The task above it."""
        above = self.path[:-1].rpartition("/")[0]
        return int(above.rpartition("/")[2]) if above else None


class Item(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One group of a report. `key` is the id of its task or person, its first day, or its tag; None for what
    has none. `items` are the groups of the second grouping in it, `amount` what its billable time is worth, as a
    decimal text where the report has amounts.
    """

    key: Key
    label: str
    seconds: int
    billable_seconds: int
    items: list[Item] | UnsetType = UNSET
    amount: str | UnsetType = UNSET


class By(NamedTuple):
    """What cells are grouped by: the group of a cell, what it is called, and whether groups go by their keys."""

    key: Callable[[Cell], Key]
    label: Callable[[Key], str]
    in_order: bool


def grouped(cells: Iterable[Cell], by: Sequence[By], shown: Callable[[int], str] | None = None) -> list[Item]:
    """Return the groups of `cells`, and in each the groups of the next grouping.

    Days, weeks and months go by date, everything else by its time, the longest first. Groups without time are
    left out. With `shown`, which says units as an amount, each group has one.
    """
    if not by:
        return []
    first, *further = by
    items = _nested(cells, first, further, shown) if further else _sums(cells, first, shown)
    if first.in_order:
        return sorted(items, key=lambda item: str(item.key))
    return sorted(items, key=lambda item: (-item.seconds, item.label.casefold(), str(item.key)))


def _sums(cells: Iterable[Cell], by: By, shown: Callable[[int], str] | None) -> list[Item]:
    """Return the groups of `cells` without any inside: sums alone, for there may be a hundred thousand."""
    seconds: defaultdict[Key, int] = defaultdict(int)
    billable: defaultdict[Key, int] = defaultdict(int)
    units: defaultdict[Key, int] = defaultdict(int)
    for cell in cells:
        key = by.key(cell)
        seconds[key] += cell.seconds
        billable[key] += cell.billable_seconds
        units[key] += cell.units
    return [
        Item(key, by.label(key), total, billable[key], amount=shown(units[key]) if shown else UNSET)
        for key, total in seconds.items()
        if total
    ]


def _nested(
    cells: Iterable[Cell], by: By, further: Sequence[By], shown: Callable[[int], str] | None
) -> list[Item]:
    parts: defaultdict[Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        parts[by.key(cell)].append(cell)
    return [
        Item(
            key,
            by.label(key),
            seconds,
            sum(cell.billable_seconds for cell in part),
            grouped(part, further, shown),
            shown(sum(cell.units for cell in part)) if shown else UNSET,
        )
        for key, part in parts.items()
        if (seconds := sum(cell.seconds for cell in part))
    ]


def by_tag(cells: Iterable[Cell]) -> list[Cell]:
    """Return a cell for each tag of each cell, `tags` then naming that one; the time counts under every tag."""
    read = _Read()
    return [msgspec.structs.replace(cell, tags=tag) for cell in cells for tag in read[cell.tags or "[]"]]


class _Read(dict[str, list[str | None]]):
    """Lists of tags as they are stored, each read once; an empty one counts as no tag."""

    def __missing__(self, stored: str) -> list[str | None]:
        self[stored] = [*msgspec.json.decode(stored, type=list[str])] or [None]
        return self[stored]


class Forest:
    """The tasks that time was spent on, and all above them."""

    def __init__(self, nodes: Mapping[int, Node]) -> None:
        self.nodes = nodes
        self._projects: dict[str, int | None] = {}
        self._nearest: dict[tuple[int, str], int | None] = {}

    def name(self, task_id: Key) -> str:
        """Return what a task is called."""
        return self.nodes[int(task_id)].name if task_id is not None else ""

    def project(self, task_id: int | None) -> int | None:
        """Return the project of a task: the first on the way from the root that does not merely group others.

        For what is mirrored that is the source's project; in Stint's own trees the top of each. Time on a
        workspace or client itself has none.
        """
        if task_id is None:
            return None
        node = self.nodes[task_id]
        # Of the hundred thousand tasks of a report most share what is above them with others.
        above = node.path[:-1].rpartition("/")[0]
        if above not in self._projects:
            self._projects[above] = self.project(node.parent)
        return self._projects[above] or (None if node.kind in GROUPS else task_id)

    def nearest(self, task_id: int | None, kind: str) -> int | None:
        """Return the task itself or the nearest above it that came from the source as `kind`; None for none."""
        if task_id is None:
            return None
        known = (task_id, kind)
        if known not in self._nearest:
            node = self.nodes[task_id]
            self._nearest[known] = task_id if node.kind == kind else self.nearest(node.parent, kind)
        return self._nearest[known]

    def level(self, task_id: int | None, level: int) -> int | None:
        """Return the task on the way that stands on a level, from 1 for the root; a higher task is its own."""
        if task_id is None:
            return None
        chain = self.nodes[task_id].path.split("/", level)
        return int(chain[level - 1]) if len(chain) > level else task_id

    def chain(self, task_id: int) -> list[int]:
        """Return the tasks from the root down to a task."""
        return [int(part) for part in self.nodes[task_id].path.split("/")[:-1]]
