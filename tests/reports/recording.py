"""Trees and time for reports, stored as they are without asking the rules of tracking."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import uuid_utils.compat as uuid7s

from stint.accounts.queries import Caller
from stint.entries.models import Entry
from stint.reports.questions import Asked, ReportQuery, question
from stint.reports.summary import Summary, summary
from stint.tasks.models import Task

TODAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)


def task(by: Caller, name: str, parent: Task | None = None, kind: str | None = None) -> Task:
    """Store a task; with `kind` one that is mirrored."""
    made = Task(account_id=by.account_id, parent=parent, name=name, sort_name=name.casefold(), path="")
    made.save()
    made.path = f"{parent.path if parent else ''}{made.pk}/"
    if kind:
        made.source, made.source_kind, made.source_id, made.read_only = "toggl", kind, made.pk, True
    made.save()
    return made


def mirrored(by: Caller) -> dict[str, Task]:
    """Store a mirrored tree: two projects, one with a client and a task, one straight under its workspace."""
    root = task(by, "Toggl", kind="root")
    studio = task(by, "Studio", root, "workspace")
    client = task(by, "Initech", studio, "client")
    website = task(by, "Website", client, "project")
    design = task(by, "Design", website, "task")
    office = task(by, "Office", studio, "project")
    return {
        "root": root,
        "studio": studio,
        "client": client,
        "website": website,
        "design": design,
        "office": office,
    }


def record(
    of: Caller, task_: Task | None, seconds: int | None, day: date = MONDAY, hour: int = 9, **more: Any
) -> Entry:
    """Store time that begins at `hour` o'clock of `day` in the person's zone; None for a timer that runs."""
    start = datetime(day.year, day.month, day.day, hour, tzinfo=of.zone).astimezone(UTC)
    return Entry.objects.create(
        id=uuid7s.uuid7(),
        account_id=of.account_id,
        user_id=of.user_id,
        task=task_,
        start=start,
        end=None if seconds is None else start + timedelta(seconds=seconds),
        day=day,
        seconds=seconds or 0,
        **{"made_by": "web", **more},
    )


def query(**asked: Any) -> ReportQuery:
    """Return a question about November 2026, unless `asked` says otherwise."""
    days = {} if "range" in asked else {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)}
    return question(Asked(**{**days, **asked}), TODAY, 1)


def told(caller: Caller, **asked: Any) -> dict[str, Any]:
    """Return the groups of a summary as `{label: seconds}`, or by two groupings `{label: {label: seconds}}`."""
    return labelled(summary(caller, query(**asked)))


def labelled(answer: Summary) -> dict[str, Any]:
    return {
        item.label: {inner.label: inner.seconds for inner in item.items}
        if isinstance(item.items, list)
        else item.seconds
        for item in answer.items
    }
