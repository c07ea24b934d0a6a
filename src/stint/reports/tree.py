"""Time folded up the task tree, a level at a time."""

from __future__ import annotations

import msgspec

from stint.accounts.queries import Caller
from stint.reports import queries
from stint.reports.folding import Cell, Forest
from stint.reports.prices import Prices, prices_for
from stint.reports.questions import ReportQuery
from stint.reports.rules import permitted


class Branch(msgspec.Struct, frozen=True):
    """A task with the time of all below it; `own_seconds` are those on the task itself.

    `task_id` None stands for time without a task; `deeper` tells whether time lies on tasks below. `amount` is what
    the billable time is worth, as a decimal text; "" where the caller sees no amounts.
    """

    task_id: int | None
    name: str
    seconds: int
    billable_seconds: int
    own_seconds: int
    deeper: bool
    amount: str = ""


def branches(caller: Caller, query: ReportQuery, within: int | None = None) -> list[Branch]:
    """Return the tasks straight below `within` (None: the roots), the longest first, without those without time.

    Where a report is about one task, that task is the only root.

    Raises:
        NotAllowed, NotFound: as `rules.permitted`.

    """
    top = within or query.task_id
    cells, prices = cells_by_task(caller, permitted(caller, msgspec.structs.replace(query, task_id=top)))
    level = 1 if top is None else queries.nodes([top])[top].path.count("/")
    forest = Forest(queries.nodes_and_above({cell.task_id for cell in cells if cell.task_id is not None}))
    return folded(cells, forest, level if within is None else level + 1, within, prices)


def cells_by_task(caller: Caller, query: ReportQuery) -> tuple[list[Cell], Prices | None]:
    """Return the time by task, with what it is worth where there are prices that the caller sees."""
    prices = prices_for(caller)
    return prices.cells(query, {"task"}) if prices else queries.cells(caller, query, {"task"}), prices


def folded(
    cells: list[Cell], forest: Forest, level: int, above: int | None = None, prices: Prices | None = None
) -> list[Branch]:
    """Return the tasks of one level with the time of all below them; time on `above` itself is left to it."""
    parts: dict[int | None, list[Cell]] = {}
    for cell in cells:
        if above is None or cell.task_id != above:
            parts.setdefault(forest.level(cell.task_id, level), []).append(cell)
    found = [_branch(task_id, part, forest, prices) for task_id, part in parts.items()]
    return sorted(
        (branch for branch in found if branch.seconds),
        key=lambda branch: (
            branch.task_id is None,
            -branch.seconds,
            branch.name.casefold(),
            branch.task_id or 0,
        ),
    )


def _branch(task_id: int | None, part: list[Cell], forest: Forest, prices: Prices | None) -> Branch:
    seconds = sum(cell.seconds for cell in part)
    own = sum(cell.seconds for cell in part if cell.task_id == task_id)
    billable = sum(cell.billable_seconds for cell in part)
    amount = prices.shown(sum(cell.units for cell in part)) if prices else ""
    return Branch(task_id, forest.name(task_id), seconds, billable, own, seconds > own, amount)
