"""What the offline queue holds, and what follows from it.

The rules are docs/offline.md; TypeScript's copy of this is clients/kit/src/queue/state.ts, and both pass
tests/offline/cases.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict, cast


class Entry(TypedDict):
    """A time entry as the server tells it; one that waits has version 0."""

    id: str
    task_id: int | None
    note: str
    tags: list[str]
    billable: bool
    start: str
    end: str | None
    version: int


class Fields(TypedDict, total=False):
    """Fields of an entry to start, to add or to change; instants as in `2026-11-23T09:00:00Z`, days as in
    `2026-11-23`. Time to add has `start` and `end`, or `day` and `seconds`.
    """

    task_id: int | None
    note: str
    tags: list[str]
    billable: bool
    start: str
    end: str
    day: str
    seconds: int


Kind = Literal["start", "stop", "add", "edit", "remove"]
NoticeKind = Literal["clock", "clamped", "overtaken", "ended", "shortened", "gone", "task", "damaged"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a person did, in the order in which it is sent.

    `body` is fixed when it is made. Once `tried` it may have reached the server and is sent again as it is. `stops`
    is, of a start, the entry it took over from. `version` and `before` are, of an edit, the entry as it was seen.
    """

    kind: Kind
    id: str
    body: Fields
    tried: bool = False
    stops: str | None = None
    version: int | None = None
    before: Fields | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What the server refused for good: to retry or to discard. The first act is the refused one.

    `entry` is what the entry is on the server, where it was changed there meanwhile.
    """

    no: int
    acts: tuple[Act, ...]
    status: int
    detail: str
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person has to know once; it stays until it is dismissed.

    `end` is when the entry ends (or begins) by now, `ahead` how far the server's clock is ahead, in seconds,
    `detail` what the server said, or where a damaged queue was put.
    """

    no: int
    kind: NoticeKind
    entry_id: str | None = None
    end: str | None = None
    task_id: int | None = None
    detail: str | None = None
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The whole queue.

    `ahead` is how far the server's clock is ahead, in milliseconds; None until it was learned. `ended` is when the last
    stop made here was.
    """

    acts: tuple[Act, ...] = ()
    known: Entry | None = None
    ahead: int | None = None
    clock_told: bool = False
    offline: bool = False
    signed_out: bool = False
    problems: tuple[Problem, ...] = ()
    notices: tuple[Notice, ...] = ()
    next: int = 1
    ended: str | None = None
    shape: int = field(default=1)


def instant(milliseconds: float) -> str:
    """Return an instant as it is sent and stored: whole seconds, in UTC."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text)


def before(one: str, other: str) -> bool:
    """Tell whether one instant lies before another."""
    return moment(one) < moment(other)


def running(state: State) -> Entry | None:
    """Return what runs once everything queued has arrived."""
    runs = state.known
    for act in state.acts:
        if act.kind == "start":
            starts = entry_of(act)
            if runs is None or not before(starts["start"], runs["start"]):
                runs = starts
        elif runs is not None and runs["id"] == act.id:
            ended = act.kind in ("stop", "remove") or act.body.get("end")
            runs = None if ended else _with(runs, act.body)
    return runs


def overlay(state: State, entries: Iterable[Entry]) -> list[Entry]:
    """Return a list of entries as it will be once everything queued has arrived; what was added comes first."""
    shown = {entry["id"]: entry for entry in entries}
    added: dict[str, Entry] = {}
    for act in state.acts:
        place = added if act.id in added else shown
        if act.kind == "remove":
            place.pop(act.id, None)
        elif act.id in place:
            place[act.id] = _with(place[act.id], act.body)
        elif act.kind in ("start", "add") and act.body.get("start"):
            added[act.id] = entry_of(act)
    return [*reversed(added.values()), *shown.values()]


def entry_of(act: Act) -> Entry:
    """Return the entry that a creating act makes."""
    body = act.body
    return Entry(
        id=act.id,
        task_id=body.get("task_id"),
        note=body.get("note", ""),
        tags=body.get("tags", []),
        billable=body.get("billable", False),
        start=body.get("start", ""),
        end=body.get("end"),
        version=0,
    )


def tell(state: State, kind: NoticeKind, **more: Any) -> State:  # noqa: ANN401  (fields of a Notice)
    """Add a notice."""
    notice = Notice(state.next, kind, **more)
    return replace(state, notices=(*state.notices, notice), next=state.next + 1)


def dump(state: State) -> dict[str, Any]:
    """Return the state as what JSON knows."""
    return asdict(state)


def load(held: Mapping[str, Any]) -> State:
    """Read what `dump` made.

    Raises:
        ValueError, TypeError, KeyError: it is no state of this version.

    """
    if held["shape"] != 1:
        raise ValueError("a queue of another version")
    given = dict(held)
    given["acts"] = tuple(Act(**act) for act in held["acts"])
    given["problems"] = tuple(
        Problem(**{**problem, "acts": tuple(Act(**act) for act in problem["acts"])})
        for problem in held["problems"]
    )
    given["notices"] = tuple(Notice(**notice) for notice in held["notices"])
    return State(**given)


def _with(entry: Entry, change: Fields) -> Entry:
    return cast(Entry, {**entry, **change})
