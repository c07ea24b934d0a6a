// What a person does, as changes of the queue; pure. See docs/offline.md, "Acts".
import type { Entry } from "../api";
import {
  type Act,
  type Added,
  before,
  type Change,
  type Draft,
  instant,
  running,
  type State,
  tell,
  withActs,
} from "./state";

const MINUTE = 60_000;

/** Start a timer at `now` (milliseconds of the server's clock), or when the draft says. */
export function start(state: State, id: string, draft: Draft, now: number): State {
  const runs = running(state);
  const latest = instant(now);
  let at = draft.start && before(draft.start, latest) ? draft.start : latest;
  if (!draft.start) at = afterAll(state, at);
  const body = { ...draft, start: at };
  if (runs && before(at, runs.start)) {
    const added = add(state, id, { ...body, end: runs.start });
    return tell(added, { kind: "overtaken", entry_id: id, end: runs.start });
  }
  const started: Act = { kind: "start", id, body, tried: false };
  if (!runs) return push(state, started);
  if (untried(state, runs.id, "start")) return push(fold(state, runs.id, at), started);
  if (state.offline) return push(push(state, stopOf(runs.id, at)), started);
  return push(state, { ...started, stops: runs.id });
}

/** Stop what runs, at `now` or at an earlier `end`. */
export function stop(state: State, now: number, end?: string): State {
  const runs = running(state);
  if (!runs) return state;
  let at = end && before(end, instant(now)) ? end : instant(now);
  if (before(at, runs.start)) at = runs.start;
  const ended = { ...state, ended: at };
  if (untried(state, runs.id, "start")) return fold(ended, runs.id, at);
  return push(ended, stopOf(runs.id, at));
}

export function add(state: State, id: string, entry: Added): State {
  return push(state, { kind: "add", id, body: entry, tried: false });
}

/** Change fields of an entry; `seen` is the entry as it was shown to who changes it. */
export function edit(state: State, id: string, change: Change, seen?: Entry): State {
  const made = untried(state, id, "start") ?? untried(state, id, "add");
  if (made && amends(made, change)) {
    const body = { ...made.body, ...change };
    if (made.kind === "start" && change.end)
      return fold(replace(state, made, [{ ...made, body: { ...body, end: undefined } }]), id, change.end);
    return replace(state, made, [{ ...made, body }]);
  }
  const stopped = untried(state, id, "stop");
  if (stopped && change.end && Object.keys(change).length === 1)
    return replace(state, stopped, [{ ...stopped, body: { end: change.end } }]);
  const known = seen ?? (running(state)?.id === id ? (running(state) ?? undefined) : undefined);
  const edited = untried(state, id, "edit");
  if (edited) {
    const was = { ...fieldsOf(change, known), ...edited.before };
    return replace(state, edited, [{ ...edited, body: { ...edited.body, ...change }, before: was }]);
  }
  const act: Act = { kind: "edit", id, body: change, tried: false };
  // While acts about the same entry wait, its version is theirs to tell; see `arrived`.
  const waits = state.acts.some((other) => other.id === id);
  if (known) Object.assign(act, { before: fieldsOf(change, known) }, !waits && { version: known.version });
  return push(state, act);
}

/** Delete an entry; one that never left this device is as if it had never been. */
export function remove(state: State, id: string): State {
  const made = untried(state, id, "start") ?? untried(state, id, "add");
  if (made) {
    const left = replace(state, made, takenOver(made));
    return withActs(
      left,
      left.acts.filter((act) => act.id !== id),
    );
  }
  const kept = state.acts.filter((act) => act.id !== id || act.tried);
  return push(withActs(state, kept), { kind: "remove", id, body: {}, tried: false });
}

/** Turn a start that need not be one any more into time from its start to `end`. */
export function fold(state: State, id: string, end: string): State {
  const act = state.acts.find((other) => other.id === id && other.kind === "start");
  if (!act) return state;
  const added: Act = { kind: "add", id, body: { ...act.body, end }, tried: false };
  return replace(state, act, [...takenOver(act), added]);
}

/** A start that is not sent at once, or not at all, leaves the end of what it took over from to an act of its own. */
export function takenOver(act: Act): Act[] {
  return act.stops && act.body.start ? [stopOf(act.stops, act.body.start)] : [];
}

export function stopOf(id: string, end: string): Act {
  return { kind: "stop", id, body: { end }, tried: false };
}

export function replace(state: State, act: Act, by: Act[]): State {
  return withActs(
    state,
    state.acts.flatMap((other) => (other === act ? by : [other])),
  );
}

/** When a live start is: after whatever runs or was just stopped, though the clock went back meanwhile. */
function afterAll(state: State, at: string): string {
  const runs = running(state);
  if (runs && before(at, runs.start)) return runs.start;
  const { ended } = state;
  // A clock that was wrong by more said nothing that could be waited for.
  const just = ended && before(at, ended) && Date.parse(ended) <= Date.parse(at) + MINUTE;
  return just ? ended : at;
}

function push(state: State, act: Act): State {
  return withActs(state, [...state.acts, act]);
}

function untried(state: State, id: string, kind: Act["kind"]): Act | undefined {
  return state.acts.find((act) => act.id === id && act.kind === kind && !act.tried);
}

/** Whether a change can be written into the act: where a day's free place is still to be found, no instant can. */
function amends(act: Act, change: Change): boolean {
  return act.body.start !== undefined || (change.start === undefined && change.end === undefined);
}

function fieldsOf(change: Change, entry?: Entry): Change {
  if (!entry) return {};
  return Object.fromEntries(
    Object.keys(change).map((name) => [name, entry[name as keyof Change & keyof Entry]]),
  ) as Change;
}
