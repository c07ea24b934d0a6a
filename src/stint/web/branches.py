"""The task tree as the Projects page shows it: levels within levels, and what a search marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString, mark_safe

from stint.accounts.queries import Caller
from stint.rates.budgets import BudgetOut, budgets
from stint.tasks import queries
from stint.tasks.queries import TaskOut

PAGE = 200
MOST_SHOWN = 1_000  # of one level at once
MOST_OPEN = 100  # levels in one answer
LONGEST_SHOWN = 190
OPENED = re.compile(r"(\d{1,18})(?:\.(\d{1,4}))?")


@dataclass(frozen=True)
class Node:
    """A task of the tree, with the level below it where it is open, and its budget for who may see it."""

    task: TaskOut
    name: SafeString
    below: Level | None = None
    above: str = ""
    budget: BudgetOut | None = None


@dataclass(frozen=True)
class Level:
    """What stands directly below a task, or at the top, and the cursor of what follows."""

    parent: int | None = None
    nodes: list[Node] = field(default_factory=list)
    next: str | None = None


def opened(given: str) -> dict[int, int]:
    """Read which nodes are open and how many rows each shows, as in "12,15.400"; 0 stands for the top."""
    known: dict[int, int] = {}
    for part in given.split(",")[:MOST_OPEN]:
        if found := OPENED.fullmatch(part):
            known[int(found[1])] = min(MOST_SHOWN, max(PAGE, int(found[2] or 0)))
    return known


def level(caller: Caller, parent: int | None, open_: dict[int, int]) -> Level:
    """Return the level below `parent`, and in it those of the open nodes."""
    wanted: dict[int | None, int] = {parent: open_.get(parent or 0, PAGE)}
    wanted |= {id_: shown for id_, shown in open_.items() if id_}
    found = queries.levels(caller, wanted)
    kept = budgets(caller, (task.id for page in found.values() for task in page.items))

    def below(parent_id: int | None) -> Level:
        page = found[parent_id]
        nodes = [
            Node(task, shown(task), below(task.id) if task.id in found else None, budget=kept.get(task.id))
            for task in page.items
        ]
        return Level(parent_id, nodes, page.next)

    return below(parent)


def following(caller: Caller, parent: int | None, cursor: str) -> Level:
    """Return the rows of a level after `cursor`."""
    page = queries.tasks(caller, parent_id=parent, limit=PAGE, cursor=cursor)
    kept = budgets(caller, (task.id for task in page.items))
    nodes = [Node(task, shown(task), budget=kept.get(task.id)) for task in page.items]
    return Level(parent, nodes, page.next)


def hits(caller: Caller, found: list[TaskOut], q: str) -> list[Node]:
    """Return what a search found as rows, the words of the query marked."""
    words = sorted({word for word in re.split(r"[\s\0/›>]+", q) if word}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    kept = budgets(caller, (task.id for task in found))
    return [
        Node(
            task,
            marked(task.name, pattern),
            above=marked(" › ".join(task.path[:-1]), pattern),
            budget=kept.get(task.id),
        )
        for task in found
    ]


def shown(task: TaskOut) -> SafeString:
    """Return a task's name as markup, cut where nobody reads on."""
    return mark_safe(escape(_cut(task.name)))  # noqa: S308  (escaped here)


def marked(text: str, pattern: re.Pattern[str]) -> SafeString:
    """Return text as markup with what `pattern` finds in it marked."""
    text, made, end = _cut(text), [], 0
    for hit in pattern.finditer(text):
        made += [escape(text[end : hit.start()]), f"<mark>{escape(hit[0])}</mark>"]
        end = hit.end()
    return mark_safe("".join([*made, escape(text[end:])]))  # noqa: S308  (escaped piece by piece)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
