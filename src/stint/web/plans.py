"""A plan as a tree to read: workspace, client, project, task, each with what happens to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stint.integrations.outcomes import Counts, PlanItem, PlanOut

MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Action:
    """How an action looks: its word, icon and colour."""

    key: str
    word: str | Promise
    icon: str
    classes: str


ACTIONS = {
    action.key: action
    for action in (
        Action("create", _("New"), "plus", "tag-success"),
        Action("rename", _("Renamed"), "pencil", "tag-info"),
        Action("move", _("Moved"), "move", "tag-info"),
        Action("archive", _("Archived"), "archive", "tag-warning"),
        Action("restore", _("Restored"), "restore", "tag-success"),
        Action("assign", _("Assigned"), "users", "tag-neutral"),
        Action("unassign", _("Unassigned"), "users", "tag-warning"),
    )
}


@dataclass(slots=True)
class Step:
    """What happens to one thing: `before` is the name or place it had; `person` whom an assignment is about."""

    action: Action
    before: str | None
    person: str | None


@dataclass(slots=True)
class Branch:
    """A place in the tree with what happens there and below."""

    name: str
    kind: str = ""
    steps: list[Step] = field(default_factory=list)
    children: dict[str, Branch] = field(default_factory=dict)

    @property
    def below(self) -> list[Branch]:
        """The branches below, in the plan's order."""
        return list(self.children.values())

    @property
    def size(self) -> int:
        """How many steps there are here and below."""
        return len(self.steps) + sum(child.size for child in self.children.values())


@dataclass(frozen=True, slots=True)
class Diff:
    """The tree of the first MOST_SHOWN items, and how many more there are."""

    branches: list[Branch]
    more: int


def diff(items: Sequence[PlanItem], left_out: int = 0) -> Diff:
    """Return items as a tree; items of one place stand together."""
    root = Branch("")
    for item in _whole_places(items):
        branch = root
        for name in item.path:
            branch = branch.children.setdefault(name, Branch(name))
        person = item.name if item.kind == "person" else None
        if person is None:
            branch.kind = item.kind
        branch.steps.append(Step(ACTIONS[item.action], item.before, person))
    return Diff(root.below, max(0, len(items) - MOST_SHOWN) + left_out)


def totals(counts: PlanOut | Counts) -> list[tuple[Action, int]]:
    """Return the actions that happen, with how often."""
    found = [(action, int(getattr(counts, key))) for key, action in ACTIONS.items()]
    return [(action, number) for action, number in found if number]


def _whole_places(items: Sequence[PlanItem]) -> Iterable[PlanItem]:
    """Return what is shown: sorted by place, so that a part of a long plan is a part of the tree."""
    return sorted(items, key=lambda item: [name.casefold() for name in item.path])[:MOST_SHOWN]
