"""The colours of tasks: a task's own, else that of the nearest task above that has one, else one by its top."""

from __future__ import annotations

from collections.abc import Iterable

# Even steps round the wheel, each readable as a mark on light and dark paper.
PALETTE = (
    "#2f7fd3",
    "#7a5fd0",
    "#b653b8",
    "#d14f86",
    "#d3543f",
    "#c9741f",
    "#a8870f",
    "#6b9a1e",
    "#2f9e55",
    "#0f9b8e",
    "#3d8fae",
    "#8a7a68",
)


def effective(own: Iterable[str], top: int) -> str:
    """Return the colour of a task as #rrggbb.

    `own` are the colours on the way from the root to the task (empty for none), `top` the id that stands for
    the whole tree it hangs on.
    """
    chosen = PALETTE[top % len(PALETTE)]
    for color in own:
        chosen = color or chosen
    return chosen
