"""Tasks by the names of client, project and task: in the mirror first, then among the account's own tasks.

Names are unique inside a client, project or workspace alone, so all three count together. A file tells no
workspace; where several have the same names, the one counts in which most names of the file are found.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from stint.integrations.toggl.bodies import NO_NAME
from stint.integrations.toggl.bodies import text as clean
from stint.tasks.bulk import TreeRow

Names = tuple[str, str, str]


@dataclass(frozen=True)
class Place:
    """Where time of one combination of names goes; `problem` says what was not found."""

    task_id: int | None
    problem: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether names were given, and nothing was found."""
        return self.task_id is None and bool(self.problem)


@dataclass(frozen=True)
class _Spot:
    task_id: int
    workspace: int
    archived: bool


class Places:
    """The places of one file; `names` are all that occur in it."""

    def __init__(self, rows: Collection[TreeRow], names: Iterable[Names]) -> None:
        self._rows = {row.id: row for row in rows}
        self._spots: defaultdict[Names, list[_Spot]] = defaultdict(list)
        self._own: dict[tuple[str, ...], _Spot] = {}
        for row in rows:
            self._take(row)
        self._workspaces = [row for row in rows if row.kind == "workspace" and not row.in_archive]
        wanted = list(names)
        self._score = self._scores(wanted)
        self._places = {each: self._place(each) for each in wanted}

    def __getitem__(self, names: Names) -> Place:
        return self._places[names]

    def all(self) -> Iterable[Place]:
        """Return every place that was asked for."""
        return self._places.values()

    def _take(self, row: TreeRow) -> None:
        chain = self._chain(row)
        if row.kind in ("project", "task"):
            by_kind = {each.kind: each.name for each in chain}
            key = (by_kind.get("client", ""), by_kind.get("project", ""), by_kind.get("task", ""))
            workspace = next((each.id for each in chain if each.kind == "workspace"), 0)
            self._spots[_folded(key)].append(_Spot(row.id, workspace, row.in_archive))
        elif row.kind is None:
            spot = _Spot(row.id, 0, row.in_archive)
            path = tuple(_fold(each.name) for each in chain)
            if path not in self._own or self._own[path].archived:
                self._own[path] = spot

    def _chain(self, row: TreeRow) -> list[TreeRow]:
        chain = [row]
        while (parent := self._rows.get(chain[-1].parent_id or 0)) and len(chain) < 64:
            chain.append(parent)
        return chain[::-1]

    def _scores(self, names: list[Names]) -> Counter[int]:
        return Counter(
            workspace for each in names for workspace in {spot.workspace for spot in self._found(each)}
        )

    def _found(self, names: Names) -> list[_Spot]:
        return self._spots.get(_folded(names), []) if names[1] else []

    def _place(self, names: Names) -> Place:
        client, project, task = names
        if not project:
            return self._without_project(client)
        if spots := self._found(names):
            return self._best(names, spots)
        own = self._own.get(tuple(_fold(name) for name in names if name))
        if own is not None:
            return Place(own.task_id)
        if task and (above := self._place((client, project, ""))).task_id is not None:
            return Place(
                above.task_id,
                _("has no task “%(task)s” here, so its time goes to the project") % {"task": task},
            )
        if client:
            told = _("“%(project)s” of the client “%(client)s” is no project here")
        else:
            told = _("“%(project)s” is no project without a client here")
        return Place(None, told % {"project": project, "client": client})

    def _without_project(self, client: str) -> Place:
        if client:
            return Place(None, _("has the client “%(client)s” but no project") % {"client": client})
        if not self._score and len(self._workspaces) == 1:
            return Place(self._workspaces[0].id)
        best = self._score.most_common(2)
        clear = best and best[0][0] and (len(best) == 1 or best[0][1] > best[1][1])
        return Place(best[0][0] if clear else None)

    def _best(self, names: Names, spots: list[_Spot]) -> Place:
        ranked = sorted(spots, key=lambda spot: (-self._score[spot.workspace], spot.archived, spot.task_id))
        best = ranked[0]
        rivals = [
            spot
            for spot in ranked[1:]
            if (self._score[spot.workspace], spot.archived) == (self._score[best.workspace], best.archived)
        ]
        if rivals:
            return Place(
                None,
                _(
                    "“%(project)s” is found twice with these names; rename one in Toggl, or import it by the API"
                )
                % {"project": names[1]},
            )
        return Place(best.task_id)


def _folded(names: Names) -> Names:
    return (_fold(names[0]), _fold(names[1]), _fold(names[2]))


def _fold(name: str) -> str:
    """Return a name as the mirror keeps it, whatever its letters are composed of and their case."""
    kept = clean(name)
    return "" if kept == NO_NAME else unicodedata.normalize("NFC", kept).casefold()
