// What the offline queue holds, and what follows from it. The rules are docs/offline.md; Python's copy of this is
// src/stint/client/state.py, and both pass tests/offline/cases.json.
import type { Entry } from "../api";

/** What a timer says when it starts: now, without `start`. */
export interface Draft {
  task_id?: number | null;
  note?: string;
  tags?: string[];
  billable?: boolean;
  start?: string;
}

/** Time to add: `start` and `end`, or `day` and `seconds`. */
export interface Added extends Draft {
  end?: string;
  day?: string;
  seconds?: number;
}

/** The fields of an entry to change. */
export type Change = Draft & { end?: string };

/** One thing a person did, in the order in which it is sent. `body` is fixed when it is made. */
export interface Act {
  kind: "start" | "stop" | "add" | "edit" | "remove";
  /** Of the entry it is about. */
  id: string;
  body: Added;
  /** Whether it may have reached the server: from then on it is sent again as it is. */
  tried: boolean;
  /** Of a start: the entry it took over from, which the server ends at the same instant. */
  stops?: string;
  /** Of an edit: the entry as it was seen. */
  version?: number;
  before?: Change;
}

/** What the server refused for good: to retry or to discard. The first act is the refused one. */
export interface Problem {
  no: number;
  acts: Act[];
  status: number;
  detail: string;
  /** What the entry is on the server, where it was changed there meanwhile. */
  entry?: Entry;
}

/** Something the person has to know once; it stays until it is dismissed. */
export interface Notice {
  no: number;
  kind: "clock" | "clamped" | "overtaken" | "ended" | "shortened" | "gone" | "task" | "damaged";
  entry_id?: string;
  /** When the entry ends by now. */
  end?: string;
  /** The task that could not be tracked on any more. */
  task_id?: number;
  /** What the server said, or where a damaged queue was put. */
  detail?: string;
  /** How far the server's clock is ahead of this device's, in seconds. */
  ahead?: number;
}

export interface State {
  shape: 1;
  acts: Act[];
  /** What ran on the server when it was last asked. */
  known: Entry | null;
  /** How far the server's clock is ahead of this device's, in milliseconds; null until it was learned. */
  ahead: number | null;
  clockTold: boolean;
  /** The server could not be reached last time, or did not know who asks. */
  offline: boolean;
  signedOut: boolean;
  problems: Problem[];
  notices: Notice[];
  /** The number of the next problem or notice. */
  next: number;
  /** When the last stop made here was. */
  ended?: string;
}

export function blank(): State {
  return {
    shape: 1,
    acts: [],
    known: null,
    ahead: null,
    clockTold: false,
    offline: false,
    signedOut: false,
    problems: [],
    notices: [],
    next: 1,
  };
}

/** An instant as it is sent and stored: whole seconds, in UTC. */
export function instant(milliseconds: number): string {
  return `${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

export function before(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other);
}

/** What runs once everything queued has arrived. */
export function running(state: State): Entry | null {
  let runs = state.known;
  for (const act of state.acts) {
    if (act.kind === "start") {
      const starts = entryOf(act);
      if (!runs || !before(starts.start, runs.start)) runs = starts;
    } else if (runs && runs.id === act.id) {
      const ended = act.kind === "stop" || act.kind === "remove" || act.body.end;
      runs = ended ? null : { ...runs, ...(act.body as Change) };
    }
  }
  return runs;
}

/** The entries of a list as they will be once everything queued has arrived; what was added comes first. */
export function overlay(state: State, entries: Entry[]): Entry[] {
  let shown = [...entries];
  for (const act of state.acts) {
    const here = shown.findIndex((entry) => entry.id === act.id);
    const was = shown[here];
    if (act.kind === "remove") shown = shown.filter((entry) => entry.id !== act.id);
    else if (was) shown[here] = { ...was, ...(act.body as Change) };
    else if ((act.kind === "start" || act.kind === "add") && act.body.start) shown.unshift(entryOf(act));
  }
  return shown;
}

export function entryOf(act: Act): Entry {
  const { task_id, note, tags, billable, start, end } = act.body;
  return {
    id: act.id,
    task_id: task_id ?? null,
    note: note ?? "",
    tags: tags ?? [],
    billable: billable ?? false,
    start: start ?? "",
    end: end ?? null,
    version: 0,
  };
}

export function tell(state: State, notice: Omit<Notice, "no">): State {
  return { ...state, notices: [...state.notices, { no: state.next, ...notice }], next: state.next + 1 };
}

export function withActs(state: State, acts: Act[]): State {
  return { ...state, acts };
}
