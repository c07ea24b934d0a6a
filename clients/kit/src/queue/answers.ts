// What is sent, and what the server's answer means for the queue; pure. See docs/offline.md, "Answers".
import type { Entry, Reply, Wire } from "../api";
import { fold, replace, takenOver } from "./acts";
import { type Act, before, type Change, instant, type Problem, type State, tell, withActs } from "./state";

const MINUTE = 60_000;

/** Note the server's clock, read at a moment between `asked` and `got`; `coarse` is what its rounding hides. */
export function learn(state: State, server: number, asked: number, got: number, coarse = 0): State {
  const ahead = Math.round(server - (asked + got) / 2);
  const known = state.ahead !== null && Math.abs(ahead - state.ahead) <= (got - asked) / 2 + coarse;
  if (known) return state;
  const wrong = Math.abs(ahead) > MINUTE;
  const learned = { ...state, ahead, clockTold: wrong };
  return wrong && !state.clockTold
    ? tell(learned, { kind: "clock", ahead: Math.round(ahead / 1000) })
    : learned;
}

/** What the first act sends. */
export function wire(act: Act): Wire {
  const { id, body, version } = act;
  switch (act.kind) {
    case "start":
      return { method: "POST", path: "/timer/start", body: { id, ...body } };
    case "stop":
      return { method: "POST", path: "/timer/stop", body: { id, ...body } };
    case "add":
      return { method: "POST", path: "/entries", body: { id, ...body } };
    case "edit":
      return { method: "PATCH", path: `/entries/${id}`, body, ...(version && { version }) };
    case "remove":
      return { method: "DELETE", path: `/entries/${id}` };
  }
}

/** The first act is about to be sent. */
export function trying(state: State): State {
  const act = state.acts[0];
  return !act || act.tried ? state : replace(state, act, [{ ...act, tried: true }]);
}

/** Whether an answer settles nothing: the server is away or busy, or somebody else stands between. */
export function unsettled(reply: Reply): boolean {
  return reply.status === 0 || reply.status >= 500 || [401, 408, 429].includes(reply.status);
}

/** The first act, `sent`, was answered; `now` is the server's clock in milliseconds. */
export function answered(state: State, sent: Act, reply: Reply, now: number): State {
  const act = state.acts.find((other) => other.id === sent.id && other.kind === sent.kind && other.tried);
  if (!act) return state;
  if (reply.status === 401) return away({ ...state, signedOut: true });
  if (unsettled(reply)) return away({ ...state, offline: reply.status === 0 || reply.status >= 500 });
  const heard = { ...state, offline: false, signedOut: false };
  if (reply.status < 300) return arrived(heard, act, reply.body as Entry | undefined);
  return refused(heard, act, reply, now);
}

/** Nothing can be sent now: a start that waits does not end what ran by itself; see docs/offline.md. */
export function away(state: State): State {
  const acts = state.acts.flatMap((act) => [...takenOver(act), { ...act, stops: undefined }]);
  return withActs(state, acts);
}

function arrived(state: State, act: Act, entry?: Entry): State {
  const rest = replace(state, act, []).acts.map((other) =>
    other.kind === "edit" && other.id === act.id && entry ? { ...other, version: entry.version } : other,
  );
  const runs = act.kind === "remove" ? null : (entry ?? null);
  return withActs({ ...state, known: knownAfter(state.known, act, runs) }, rest);
}

function knownAfter(known: Entry | null, act: Act, entry: Entry | null): Entry | null {
  if (act.kind === "start" && entry && !entry.end) return entry;
  if (known?.id !== act.id) return known;
  return entry?.end ? null : entry;
}

function refused(state: State, act: Act, reply: Reply, now: number): State {
  const body = (reply.body ?? {}) as { entry?: Entry; errors?: { field: string }[] };
  const field = reply.status === 422 ? body.errors?.[0]?.field : undefined;
  const makes = act.kind === "start" || act.kind === "add";
  if (makes && field === "task_id" && act.body.task_id) return withoutTask(state, act, detailOf(reply));
  if (act.kind === "start") {
    if (reply.status === 409 && body.entry && body.entry.id !== act.id)
      return overtaken(state, act, body.entry);
    if (field === "start") return moved(state, act, reply, now);
  }
  if (act.kind === "stop") {
    if (reply.status === 409 || reply.status === 404) return endedElsewhere(state, act, body.entry);
    if (field === "end" && before(instant(now), act.body.end ?? "")) return clamped(state, act, "end", now);
  }
  if (act.kind === "edit" && reply.status === 412 && body.entry) return stale(state, act, body.entry, reply);
  if (act.kind === "remove" && reply.status === 404) return arrived(state, act);
  return problem(state, act, reply, body.entry);
}

/** Another timer began later than ours and runs: by the instants it has ended ours. */
function overtaken(state: State, act: Act, other: Entry): State {
  const stopped = ownStop(state, act.id);
  const cut = !stopped?.body.end || before(other.start, stopped.body.end);
  const end = cut ? other.start : (stopped?.body.end as string);
  const taken = act.stops === other.id ? { ...act, stops: undefined } : act;
  const left = withoutStop(replace({ ...state, known: other }, act, [taken]), act.id);
  const folded = fold(left, act.id, end);
  return cut ? tell(folded, { kind: "overtaken", entry_id: act.id, end }) : folded;
}

/** The task was archived or taken away meanwhile: the time is kept without it. */
function withoutTask(state: State, act: Act, detail: string): State {
  const notice = { kind: "task", entry_id: act.id, task_id: act.body.task_id as number, detail } as const;
  const kept = { ...act, body: { ...act.body, task_id: null }, tried: false };
  return ended(tell(replace(state, act, [kept]), notice), act.id);
}

/** The start lies ahead of the server's clock, or so long ago that only an entry with an end can hold it. */
function moved(state: State, act: Act, reply: Reply, now: number): State {
  if (before(instant(now), act.body.start ?? "")) return clamped(state, act, "start", now);
  if (!ownStop(state, act.id)) return problem(state, act, reply);
  return ended(replace(state, act, [{ ...act, tried: false }]), act.id);
}

function clamped(state: State, act: Act, field: "start" | "end", now: number): State {
  const at = instant(now);
  const kept = { ...act, body: { ...act.body, [field]: at }, tried: false };
  return ended(tell(replace(state, act, [kept]), { kind: "clamped", entry_id: act.id, end: at }), act.id);
}

/** What we wanted to stop had ended: the earliest end stands. */
function endedElsewhere(state: State, act: Act, entry?: Entry): State {
  const over = { ...state, known: state.known?.id === act.id ? null : state.known };
  const end = act.body.end as string;
  if (!entry?.end) return tell(replace(over, act, []), { kind: "gone", entry_id: act.id });
  if (before(entry.end, end))
    return tell(arrived(over, act, entry), { kind: "ended", entry_id: act.id, end: entry.end });
  if (!before(end, entry.end)) return arrived(over, act, entry);
  const cut: Act = {
    kind: "edit",
    id: act.id,
    body: { end },
    tried: false,
    version: entry.version,
    before: { end: entry.end },
  };
  return tell(replace(over, act, [cut]), { kind: "shortened", entry_id: act.id, end });
}

/** The entry was changed elsewhere: what it says may be what we wanted, or leave room for it. */
function stale(state: State, act: Act, entry: Entry, reply: Reply): State {
  const change = act.body as Change;
  if (agree(entry, change)) return arrived(state, act, entry);
  if (!act.before || !agree(entry, act.before)) return problem(state, act, reply, entry);
  return replace(state, act, [{ ...act, version: entry.version, tried: false }]);
}

/** Whether the entry says in each field what `fields` says. */
function agree(entry: Entry, fields: Change): boolean {
  return Object.entries(fields).every(([name, value]) => {
    const present = entry[name as keyof Change & keyof Entry];
    if ((name === "start" || name === "end") && present && value)
      return Date.parse(present as string) === Date.parse(value as string);
    return JSON.stringify(present) === JSON.stringify(value);
  });
}

/** Put aside what is refused for good, with what depends on it; what it took over from ends all the same. */
function problem(state: State, act: Act, reply: Reply, entry?: Entry): State {
  const makes = act.kind === "start" || act.kind === "add";
  const along = state.acts.filter((other) => other === act || (makes && other.id === act.id));
  const acts = along.map((other) => ({ ...other, tried: false, stops: undefined }));
  const made: Problem = { no: state.next, acts, status: reply.status, detail: detailOf(reply) };
  if (entry) made.entry = entry;
  const left = replace(state, act, takenOver(act)).acts.filter((other) => !along.includes(other));
  return withActs({ ...state, problems: [...state.problems, made], next: state.next + 1 }, left);
}

/** Send the acts of a problem again; what was changed elsewhere is overwritten. */
export function retry(state: State, no: number, newId: () => string): State {
  const chosen = state.problems.find((other) => other.no === no);
  if (!chosen) return state;
  const first = chosen.acts[0];
  const makes = first?.kind === "start" || first?.kind === "add";
  // The id of a creating act that was refused by 409 stands for something else.
  const id = makes && chosen.status === 409 ? newId() : undefined;
  const again = chosen.acts.map((act) => ({
    ...act,
    ...(id && { id }),
    ...(chosen.entry && { version: chosen.entry.version, before: undefined }),
  }));
  const queued = withActs(discard(state, no), [...state.acts, ...again]);
  return first ? ended(queued, id ?? first.id) : queued;
}

export function discard(state: State, no: number): State {
  return { ...state, problems: state.problems.filter((other) => other.no !== no) };
}

/** A start that is sure not to be on the server, and whose stop waits, is time from one to the other. */
function ended(state: State, id: string): State {
  const stopped = ownStop(state, id);
  const started = state.acts.find((act) => act.id === id && act.kind === "start" && !act.tried);
  if (!started || !stopped?.body.end) return state;
  const from = started.body.start as string;
  const end = before(stopped.body.end, from) ? from : stopped.body.end;
  return fold(withoutStop(state, id), id, end);
}

function ownStop(state: State, id: string): Act | undefined {
  return state.acts.find((act) => act.id === id && act.kind === "stop");
}

function withoutStop(state: State, id: string): State {
  return withActs(
    state,
    state.acts.filter((act) => !(act.id === id && act.kind === "stop")),
  );
}

function detailOf(reply: Reply): string {
  return (reply.body as { detail?: string } | undefined)?.detail ?? `HTTP ${reply.status}`;
}
