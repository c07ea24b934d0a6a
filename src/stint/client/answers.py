"""What is sent, and what the server's answer means for the queue; pure. See docs/offline.md, "Answers"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from stint.client.acts import fold, put, taken_over
from stint.client.server import Reply, Request
from stint.client.state import Act, Entry, Fields, Problem, State, before, instant, moment, tell

MINUTE = 60_000


def learn(state: State, server: float, asked: float, got: float, coarse: float = 0) -> State:
    """Note the server's clock, read at a moment between `asked` and `got`; `coarse` is what its rounding hides.

    All in milliseconds.
    """
    ahead = round(server - (asked + got) / 2)
    if state.ahead is not None and abs(ahead - state.ahead) <= (got - asked) / 2 + coarse:
        return state
    wrong = abs(ahead) > MINUTE
    learned = replace(state, ahead=ahead, clock_told=wrong)
    if wrong and not state.clock_told:
        return tell(learned, "clock", ahead=round(ahead / 1000))
    return learned


def request_of(act: Act) -> Request:
    """Return what an act sends."""
    match act.kind:
        case "start":
            return Request("POST", "/timer/start", {"id": act.id, **act.body})
        case "stop":
            return Request("POST", "/timer/stop", {"id": act.id, **act.body})
        case "add":
            return Request("POST", "/entries", {"id": act.id, **act.body})
        case "edit":
            return Request("PATCH", f"/entries/{act.id}", act.body, act.version or None)
        case "remove":
            return Request("DELETE", f"/entries/{act.id}")


def trying(state: State) -> State:
    """Note that the first act is about to be sent."""
    if not state.acts or state.acts[0].tried:
        return state
    return put(state, state.acts[0], replace(state.acts[0], tried=True))


def unsettled(reply: Reply) -> bool:
    """Tell whether an answer settles nothing: the server is away or busy, or somebody else stands between."""
    return reply.status == 0 or reply.status >= 500 or reply.status in (401, 408, 429)


def answered(state: State, sent: Act, reply: Reply, now: float) -> State:
    """Take the answer to `sent`, the first act; `now` is the server's clock in milliseconds."""
    tried = (act for act in state.acts if (act.id, act.kind, act.tried) == (sent.id, sent.kind, True))
    act = next(tried, None)
    if act is None:
        return state
    if reply.status == 401:
        return away(replace(state, signed_out=True))
    if unsettled(reply):
        return away(replace(state, offline=reply.status == 0 or reply.status >= 500))
    heard = replace(state, offline=False, signed_out=False)
    if reply.status < 300:
        return _arrived(heard, act, cast(Entry | None, reply.body))
    return _refused(heard, act, reply, now)


def retry(state: State, no: int, new_id: Callable[[], str]) -> State:
    """Send the acts of a problem again; what was changed elsewhere is overwritten."""
    chosen = next((problem for problem in state.problems if problem.no == no), None)
    if chosen is None:
        return state
    first, again = chosen.acts[0], chosen.acts
    # The id of a creating act that was refused by 409 stands for something else.
    id_ = new_id() if _makes(first) and chosen.status == 409 else first.id
    if _makes(first):
        again = tuple(replace(act, id=id_) for act in again)
    if chosen.entry:
        version = chosen.entry["version"]
        again = tuple(replace(act, version=version, before=None) for act in again)
    return _ended(replace(discard(state, no), acts=(*state.acts, *again)), id_)


def discard(state: State, no: int) -> State:
    """Give the acts of a problem up."""
    return replace(state, problems=tuple(problem for problem in state.problems if problem.no != no))


def away(state: State) -> State:
    """Nothing can be sent now: a start that waits does not end what ran by itself."""
    acts = [part for act in state.acts for part in (*taken_over(act), replace(act, stops=None))]
    return replace(state, acts=tuple(acts))


def _arrived(state: State, act: Act, entry: Entry | None = None) -> State:
    rest = tuple(
        replace(other, version=entry["version"])
        if entry and other.kind == "edit" and other.id == act.id
        else other
        for other in put(state, act).acts
    )
    runs = None if act.kind == "remove" else entry
    return replace(state, acts=rest, known=_known_after(state.known, act, runs))


def _known_after(known: Entry | None, act: Act, entry: Entry | None) -> Entry | None:
    if act.kind == "start" and entry and not entry["end"]:
        return entry
    if known is None or known["id"] != act.id:
        return known
    return None if entry and entry["end"] else entry


def _refused(state: State, act: Act, reply: Reply, now: float) -> State:
    body = reply.body if isinstance(reply.body, dict) else {}
    entry = cast(Entry | None, body.get("entry"))
    errors = body.get("errors") or [{}]
    field = errors[0].get("field") if reply.status == 422 else None
    if _makes(act) and field == "task_id" and act.body.get("task_id"):
        return _without_task(state, act, _detail_of(reply))
    match act.kind, reply.status:
        case "start", 409 if entry and entry["id"] != act.id:
            return _overtaken(state, act, entry)
        case "start", 422 if field == "start":
            return _moved(state, act, reply, now)
        case "stop", 409 | 404:
            return _ended_elsewhere(state, act, entry)
        case "stop", 422 if field == "end" and before(instant(now), act.body["end"]):
            return _clamped(state, act, {"end": instant(now)})
        case "edit", 412 if entry:
            return _stale(state, act, entry, reply)
        case "remove", 404:
            return _arrived(state, act)
    return _problem(state, act, reply, entry)


def _overtaken(state: State, act: Act, other: Entry) -> State:
    """Another timer began later than ours and runs: by the instants it has ended ours."""
    stopped = _own_stop(state, act.id)
    cut = stopped is None or before(other["start"], stopped.body["end"])
    end = other["start"] if stopped is None or cut else stopped.body["end"]
    taken = replace(act, stops=None) if act.stops == other["id"] else act
    left = _without_stop(put(replace(state, known=other), act, taken), act.id)
    folded = fold(left, act.id, end)
    return tell(folded, "overtaken", entry_id=act.id, end=end) if cut else folded


def _without_task(state: State, act: Act, detail: str) -> State:
    """The task was archived or taken away meanwhile: the time is kept without it."""
    body = cast(Fields, {**act.body, "task_id": None})
    kept = put(state, act, replace(act, body=body, tried=False))
    told = tell(kept, "task", entry_id=act.id, task_id=act.body["task_id"], detail=detail)
    return _ended(told, act.id)


def _moved(state: State, act: Act, reply: Reply, now: float) -> State:
    """The start lies ahead of the server's clock, or so long ago that only an entry with an end can hold it."""
    if before(instant(now), act.body["start"]):
        return _clamped(state, act, {"start": instant(now)})
    if _own_stop(state, act.id) is None:
        return _problem(state, act, reply)
    return _ended(put(state, act, replace(act, tried=False)), act.id)


def _clamped(state: State, act: Act, at: Mapping[str, str]) -> State:
    body = cast(Fields, {**act.body, **at})
    kept = put(state, act, replace(act, body=body, tried=False))
    told = tell(kept, "clamped", entry_id=act.id, end=next(iter(at.values())))
    return _ended(told, act.id)


def _ended_elsewhere(state: State, act: Act, entry: Entry | None) -> State:
    """What we wanted to stop had ended: the earliest end stands."""
    known = None if state.known and state.known["id"] == act.id else state.known
    over, end = replace(state, known=known), act.body["end"]
    if entry is None or entry["end"] is None:
        return tell(put(over, act), "gone", entry_id=act.id)
    if before(entry["end"], end):
        return tell(_arrived(over, act, entry), "ended", entry_id=act.id, end=entry["end"])
    if not before(end, entry["end"]):
        return _arrived(over, act, entry)
    cut = Act("edit", act.id, {"end": end}, version=entry["version"], before={"end": entry["end"]})
    return tell(put(over, act, cut), "shortened", entry_id=act.id, end=end)


def _stale(state: State, act: Act, entry: Entry, reply: Reply) -> State:
    """The entry was changed elsewhere: what it says may be what we wanted, or leave room for it."""
    if _agree(entry, act.body):
        return _arrived(state, act, entry)
    if act.before is None or not _agree(entry, act.before):
        return _problem(state, act, reply, entry)
    return put(state, act, replace(act, version=entry["version"], tried=False))


def _agree(entry: Entry, fields: Fields) -> bool:
    """Tell whether the entry says in each field what `fields` says."""
    for name, value in fields.items():
        present = entry.get(name)
        if name in ("start", "end") and isinstance(present, str) and isinstance(value, str):
            if moment(present) != moment(value):
                return False
        elif present != value:
            return False
    return True


def _problem(state: State, act: Act, reply: Reply, entry: Entry | None = None) -> State:
    """Put aside what is refused for good, with what depends on it; what it took over from ends all the same."""
    along = [other for other in state.acts if other is act or (_makes(act) and other.id == act.id)]
    acts = tuple(replace(other, tried=False, stops=None) for other in along)
    made = Problem(state.next, acts, reply.status, _detail_of(reply), entry)
    left = tuple(other for other in put(state, act, *taken_over(act)).acts if other not in along)
    return replace(state, acts=left, problems=(*state.problems, made), next=state.next + 1)


def _ended(state: State, id_: str) -> State:
    """A start that is sure not to be on the server, and whose stop waits, is time from one to the other."""
    stopped = _own_stop(state, id_)
    started = [act for act in state.acts if act.id == id_ and act.kind == "start" and not act.tried]
    if not started or stopped is None:
        return state
    begin, end = started[0].body["start"], stopped.body["end"]
    return fold(_without_stop(state, id_), id_, begin if before(end, begin) else end)


def _own_stop(state: State, id_: str) -> Act | None:
    return next((act for act in state.acts if act.id == id_ and act.kind == "stop"), None)


def _without_stop(state: State, id_: str) -> State:
    return replace(state, acts=tuple(act for act in state.acts if (act.id, act.kind) != (id_, "stop")))


def _makes(act: Act) -> bool:
    return act.kind in ("start", "add")


def _detail_of(reply: Reply) -> str:
    body: Any = reply.body
    return str(body["detail"]) if isinstance(body, dict) and "detail" in body else f"HTTP {reply.status}"
