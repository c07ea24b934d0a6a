// What the toolbar says: the badge on the button, and its tooltip.
import { word } from "../../kit/src/words";

export interface Running {
  start: string;
  note: string;
  task: string;
}

export interface State {
  connected: boolean;
  running: Running | null;
  /** The server's clock, in milliseconds. */
  now: number;
  queued: number;
  offline: boolean;
  signedOut: boolean;
}

export interface Badge {
  text: string;
  color: string;
  title: string;
}

const PINE = "#07605f";
const AMBER = "#8a5300";
const RED = "#a8281f";
const MINUTE = 60_000;

export function badgeOf(state: State): Badge {
  const { connected, running, queued, offline, signedOut } = state;
  if (!connected) return { text: "", color: PINE, title: word("toolbarConnect") };
  const trouble = signedOut ? word("signedOut") : offline ? word("offlineNow") : "";
  const waiting = queued ? word("waiting").replace("{count}", String(queued)) : "";
  const does = running ? `${about(running)} · ${span(state.now - Date.parse(running.start))}` : word("idle");
  const title = ["Stint", does, trouble, waiting].filter(Boolean).join("\n");
  if (signedOut) return { text: "!", color: RED, title };
  if (running)
    return { text: span(state.now - Date.parse(running.start)), color: offline ? AMBER : PINE, title };
  return { text: queued ? String(queued) : "", color: AMBER, title };
}

/** How long until the badge says something else, in milliseconds. */
export function untilNext({ running, now }: State): number {
  return running ? MINUTE - ((((now - Date.parse(running.start)) % MINUTE) + MINUTE) % MINUTE) : MINUTE;
}

function about({ note, task }: Running): string {
  return [note, task].filter(Boolean).join(" · ") || word("noNote");
}

/** Hours and minutes in four signs or fewer, as a badge has room for. */
export function span(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / MINUTE));
  const hours = Math.floor(minutes / 60);
  return hours < 10 ? `${hours}:${String(minutes % 60).padStart(2, "0")}` : `${hours}h`;
}
