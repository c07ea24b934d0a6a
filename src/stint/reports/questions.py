"""A report as a question: what an address or a saved report asks, read once into a `ReportQuery`.

`Asked` is the question as it stands in addresses, the same for the API and the pages. `question` checks it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import msgspec
from django.utils.translation import gettext as _

from stint.entries.fields import EARLIEST
from stint.errors import Invalid
from stint.reports.periods import Period, Preset, preset

Axis = Literal[
    "task", "level", "project", "client", "workspace", "user", "day", "week", "month", "tag", "billable"
]
Surface = Literal["web", "mobile", "desktop", "extension", "cli", "api", "import"]
Rounding = Literal["none", "up", "nearest"]
Id = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]

ROUNDING_MINUTES = (5, 6, 10, 15, 30)
MOST_AXES = 2
DEEPEST_LEVEL = 9
LAST_DAY = date(9999, 1, 1)
_GROUPING = re.compile(r"^(?P<axis>[a-z]+?)(?P<level>[1-9])?$")


class Grouping(msgspec.Struct, frozen=True):
    """What time is added up by; `level` counts tasks from the root (1) where the axis is "level"."""

    axis: Axis
    level: int = 0

    def __str__(self) -> str:
        return f"{self.axis}{self.level or ''}"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which time, and by what it is added up.

    Days are `from` to `to`, both included, or those of a `range`: without any, this week. An entry is of the
    day on which it begins in the time zone of who tracked it. `group_by` takes one or two of task, level1 to
    level9 (tasks of that level of the tree), project, client, workspace, user, day, week, month, tag,
    billable. Several values of one filter are given by repeating it, and any of them counts: `task_id` stands
    for the task and all below it, `text` for a part of the note. `rounding` rounds each entry to
    `rounding_minutes` (5, 6, 10, 15 or 30) before it is added.
    """

    first_day: date | None = msgspec.field(default=None, name="from")
    last_day: date | None = msgspec.field(default=None, name="to")
    range: Preset | None = None
    group_by: str = "project"
    user_id: list[Id] = []
    task_id: Id | None = None
    without_task: bool = False
    tag: list[str] = []
    billable: bool | None = None
    text: str = ""
    made_by: list[Surface] = []
    rounding: Rounding = "none"
    rounding_minutes: int = 15


class ReportQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A question about time, checked. Filters left empty let everything pass.

    `user_ids` empty asks for everybody whose time the asker may see; `step` are the seconds to which each
    entry is rounded, 0 for not at all.
    """

    period: Period
    groupings: tuple[Grouping, ...] = ()
    user_ids: tuple[int, ...] = ()
    task_id: int | None = None
    without_task: bool = False
    tags: tuple[str, ...] = ()
    billable: bool | None = None
    text: str = ""
    made_by: tuple[str, ...] = ()
    rounding: Rounding = "none"
    step: int = 0


def question(asked: Asked, today: date, week_start: int) -> ReportQuery:
    """Return what is asked on the day `today` by somebody whose weeks begin on `week_start`.

    Raises:
        Invalid: a grouping is unknown, the days are none or in the wrong order, the step is not offered.

    """
    if asked.rounding_minutes not in ROUNDING_MINUTES:
        raise Invalid("rounding_minutes", _("must be 5, 6, 10, 15 or 30"))
    return ReportQuery(
        period=_period(asked, today, week_start),
        groupings=groupings(asked.group_by),
        user_ids=tuple(dict.fromkeys(asked.user_id)),
        task_id=asked.task_id,
        without_task=asked.without_task,
        tags=tuple(dict.fromkeys(asked.tag)),
        billable=asked.billable,
        text=asked.text.strip(),
        made_by=tuple(dict.fromkeys(asked.made_by)),
        rounding=asked.rounding,
        step=0 if asked.rounding == "none" else asked.rounding_minutes * 60,
    )


def groupings(given: str) -> tuple[Grouping, ...]:
    """Return what `group_by` names.

    Raises:
        Invalid: it names nothing, something unknown, the same twice, or more than two.

    """
    names = [name.strip() for name in given.split(",")]
    if len(names) > MOST_AXES or len(set(names)) < len(names):
        raise Invalid("group_by", _("must name one or two different groupings, such as project,user"))
    return tuple(_grouping(name) for name in names)


def _grouping(name: str) -> Grouping:
    found = _GROUPING.match(name)
    axis, level = (found["axis"], int(found["level"] or 0)) if found else ("", 0)
    if axis not in Axis.__args__ or (axis == "level") != bool(level):  # type: ignore[attr-defined]
        known = ", ".join([*(axis for axis in Axis.__args__ if axis != "level"), "level1", "level2"])  # type: ignore[attr-defined]
        raise Invalid(
            "group_by", _("knows no “%(name)s”; it takes %(known)s…") % {"name": name, "known": known}
        )
    return Grouping(axis, level)  # type: ignore[arg-type]


def _period(asked: Asked, today: date, week_start: int) -> Period:
    if asked.first_day is None and asked.last_day is None:
        return preset(asked.range or "this_week", today, week_start)
    if asked.range is not None:
        raise Invalid("range", _("cannot stand beside from and to"))
    if asked.first_day is None or asked.last_day is None:
        raise Invalid("from" if asked.first_day is None else "to", _("is needed beside the other day"))
    if asked.last_day < asked.first_day:
        raise Invalid("to", _("lies before the first day"))
    if not EARLIEST.date() <= asked.first_day or not asked.last_day < LAST_DAY:
        raise Invalid("from", _("names days on which no time can be tracked"))
    return Period(asked.first_day, asked.last_day)
