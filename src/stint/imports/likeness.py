"""Whether time that a source tells is what an earlier import brought, changed in Toggl since. Pure.

The API tells every entry of a workspace by its id. So what a report brought and the API does not tell as it was is
changed or gone in Toggl, and to take it for an entry that looks like it can lose nothing. Reports may be filtered,
so between two of them more has to agree, and the later one has to speak of the same person and task.
"""

from __future__ import annotations

from stint.entries.queries import EntryOut
from stint.imports.sources import Source

MOST_A_DAY = 200  # of one person, not recognised exactly; more is no timesheet, and would take long


def likeness(
    told: EntryOut, told_by: Source, earlier: EntryOut, earlier_by: Source, *, covered: bool
) -> tuple[int, float] | None:
    """Return how much two entries of a person and day have in common, the greater the more; None: they are two.

    `covered` says that a report tells other time of the same person and task as it was.
    """
    if told_by.has_ids and earlier_by.has_ids:
        return None
    if None not in (told_by.workspace, earlier_by.workspace) and told_by.workspace != earlier_by.workspace:
        return None
    same_note = bool(told.note) and told.note == earlier.note
    same_task = told.task_id is not None and told.task_id == earlier.task_id
    common = sum((told.start == earlier.start, told.end == earlier.end, same_note, same_task))
    if (told.start, told.end, told.note) == (earlier.start, earlier.end, earlier.note):
        return (3 + same_task, 0.0)
    if told_by.has_ids or earlier_by.has_ids:
        needed = 2
    elif covered and same_task:
        needed = 3
    else:
        return None
    distance = -abs((told.start - earlier.start).total_seconds())
    if told.start == earlier.start or _overlap(told, earlier):
        return (common, distance) if common >= needed else None
    moved = told.note == earlier.note and same_task and told.seconds == earlier.seconds
    return (2, distance) if moved else None


def _overlap(one: EntryOut, other: EntryOut) -> bool:
    assert one.end is not None
    assert other.end is not None
    return one.start < other.end and other.start < one.end
