"""What a person does, as changes of the queue; pure. See docs/offline.md, "Acts"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

from stint.client.state import Act, Entry, Fields, Kind, State, before, instant, moment, running, tell

MINUTE = timedelta(minutes=1)


def start(state: State, id_: str, draft: Fields, now: float) -> State:
    """Start a timer at `now` (milliseconds of the server's clock), or when the draft says."""
    runs = running(state)
    latest, asked = instant(now), draft.get("start")
    at = asked if asked and before(asked, latest) else latest
    if not asked:
        at = _after_all(state, at)
    body = cast(Fields, {**draft, "start": at})
    if runs and before(at, runs["start"]):
        added = add(state, id_, cast(Fields, {**body, "end": runs["start"]}))
        return tell(added, "overtaken", entry_id=id_, end=runs["start"])
    started = Act("start", id_, body)
    if runs is None:
        return _push(state, started)
    if _untried(state, runs["id"], "start"):
        return _push(fold(state, runs["id"], at), started)
    if state.offline:
        return _push(state, stop_of(runs["id"], at), started)
    return _push(state, replace(started, stops=runs["id"]))


def stop(state: State, now: float, end: str | None = None) -> State:
    """Stop what runs, at `now` or at an earlier `end`."""
    runs = running(state)
    if runs is None:
        return state
    latest = instant(now)
    at = end if end and before(end, latest) else latest
    if before(at, runs["start"]):
        at = runs["start"]
    ended = replace(state, ended=at)
    if _untried(state, runs["id"], "start"):
        return fold(ended, runs["id"], at)
    return _push(ended, stop_of(runs["id"], at))


def add(state: State, id_: str, entry: Fields) -> State:
    """Add time that was not tracked live."""
    return _push(state, Act("add", id_, entry))


def edit(state: State, id_: str, change: Fields, seen: Entry | None = None) -> State:
    """Change fields of an entry; `seen` is the entry as it was shown to who changes it."""
    made = _untried(state, id_, "start") or _untried(state, id_, "add")
    if made and _amends(made, change):
        return _amended(state, made, change)
    stopped = _untried(state, id_, "stop")
    if stopped and list(change) == ["end"]:
        return put(state, stopped, replace(stopped, body=change))
    runs = running(state)
    known = seen or (runs if runs and runs["id"] == id_ else None)
    was = _fields_of(change, known)
    if edited := _untried(state, id_, "edit"):
        body = cast(Fields, {**edited.body, **change})
        return put(state, edited, replace(edited, body=body, before={**was, **(edited.before or {})}))
    # While acts about the same entry wait, its version is theirs to tell; see `answers`.
    waits = any(act.id == id_ for act in state.acts)
    version = known["version"] if known and not waits else None
    return _push(state, Act("edit", id_, change, version=version, before=was if known else None))


def remove(state: State, id_: str) -> State:
    """Delete an entry; one that never left this device is as if it had never been."""
    made = _untried(state, id_, "start") or _untried(state, id_, "add")
    if made:
        left = put(state, made, *taken_over(made))
        return replace(left, acts=tuple(act for act in left.acts if act.id != id_))
    kept = tuple(act for act in state.acts if act.id != id_ or act.tried)
    return _push(replace(state, acts=kept), Act("remove", id_, {}))


def fold(state: State, id_: str, end: str) -> State:
    """Turn a start that need not be one any more into time from its start to `end`."""
    for act in state.acts:
        if act.id == id_ and act.kind == "start":
            added = Act("add", id_, cast(Fields, {**act.body, "end": end}))
            return put(state, act, *taken_over(act), added)
    return state


def taken_over(act: Act) -> list[Act]:
    """Return the stop of what a start took over from: for a start that is not sent at once, or not at all."""
    return [stop_of(act.stops, act.body["start"])] if act.stops else []


def stop_of(id_: str, end: str) -> Act:
    """Return the act that stops an entry."""
    return Act("stop", id_, {"end": end})


def put(state: State, act: Act, *by: Act) -> State:
    """Replace an act by none or more."""
    at = next(number for number, other in enumerate(state.acts) if other is act)
    return replace(state, acts=(*state.acts[:at], *by, *state.acts[at + 1 :]))


def _after_all(state: State, at: str) -> str:
    """Return when a live start is: after whatever runs or was just stopped, though the clock went back meanwhile."""
    runs, ended = running(state), state.ended
    if runs and before(at, runs["start"]):
        return runs["start"]
    # A clock that was wrong by more said nothing that could be waited for.
    if ended and moment(at) < moment(ended) <= moment(at) + MINUTE:
        return ended
    return at


def _push(state: State, *acts: Act) -> State:
    return replace(state, acts=(*state.acts, *acts))


def _untried(state: State, id_: str, kind: Kind) -> Act | None:
    found = (act for act in state.acts if act.id == id_ and act.kind == kind and not act.tried)
    return next(found, None)


def _amends(act: Act, change: Fields) -> bool:
    """Tell whether a change can be written into an act: where a free place is still to be found, no instant can."""
    return "start" in act.body or not ("start" in change or "end" in change)


def _amended(state: State, made: Act, change: Fields) -> State:
    body = cast(Fields, {**made.body, **change})
    end = change.get("end")
    if made.kind == "start" and end:
        del body["end"]
        return fold(put(state, made, replace(made, body=body)), made.id, end)
    return put(state, made, replace(made, body=body))


def _fields_of(change: Fields, entry: Entry | None) -> Fields:
    return cast(Fields, {name: entry.get(name) for name in change} if entry else {})
