"""An account's people, tasks and time as rows for spreadsheets. What Stint reads back is the JSON beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from zoneinfo import ZoneInfo

from stint.database import Snapshot
from stint.spreadsheets import Row
from stint.transfer import queries

PATH = " / "


def people(of: Snapshot, account_id: int) -> Iterator[Row]:
    """Yield the people, headers first."""
    yield "id", "name", "email", "role", "active", "timezone", "joined"
    for person in queries.people(of, account_id):
        joined = person.joined_at.date()
        yield person.id, person.name, person.email, person.role, person.active, person.timezone, joined


def tasks(of: Snapshot, account_id: int) -> Iterator[Row]:
    """Yield the tasks, headers first."""
    yield (
        "id",
        "parent_id",
        "name",
        "path",
        "archived",
        "billable",
        "color",
        "integration",
        "kind",
        "external_id",
    )
    for task in queries.tasks(of, account_id):
        source = task.source
        yield (
            task.id,
            task.parent_id,
            task.name,
            PATH.join(task.path),
            task.archived,
            task.billable,
            task.color,
            *((source.integration, source.kind, source.external_id) if source else ("", "", "")),
        )


def entries(of: Snapshot, account_id: int) -> Iterator[Row]:
    """Yield the time entries, headers first; start and end as the clock of the person showed them."""
    persons = {person.id: person for person in queries.people(of, account_id)}
    names = {task.id: PATH.join(task.path) for task in queries.tasks(of, account_id)}
    zone = cache(ZoneInfo)
    yield (
        *("id", "person", "email", "task_id", "task", "note", "tags", "billable"),
        *("day", "start", "end", "seconds", "made_by"),
    )
    for entry in queries.entries(of, account_id):
        person = persons[entry.user_id]
        clock = zone(person.timezone)
        yield (
            entry.id,
            person.name,
            person.email,
            entry.task_id,
            "" if entry.task_id is None else names[entry.task_id],
            entry.note,
            ", ".join(entry.tags),
            entry.billable,
            entry.day,
            entry.start.astimezone(clock).isoformat(),
            "" if entry.end is None else entry.end.astimezone(clock).isoformat(),
            entry.seconds,
            entry.made_by,
        )


SHEETS: Mapping[str, Callable[[Snapshot, int], Iterator[Row]]] = {
    "people": people,
    "tasks": tasks,
    "entries": entries,
}
