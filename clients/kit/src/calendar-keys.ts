// The calendar without a pointer: what a key does to the entry whose block has the focus.
import { bounds, type Day, dayAt, MINUTE, onDay, type Span } from "./calendar-layout";

export const STEP = 15 * MINUTE;

export type Act =
  | { kind: "change"; span: Span }
  | { kind: "go"; down: number; across: number }
  | { kind: "delete" };

type Key = Pick<KeyboardEvent, "key" | "altKey" | "shiftKey" | "ctrlKey" | "metaKey">;

const ARROWS: Record<string, [down: number, across: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrows go to other entries; with Alt they move the entry, with Shift its end, with both its start. */
export function actOf(key: Key, span: Span, days: Day[], now: number): Act | null {
  if (key.ctrlKey || key.metaKey) return null;
  if (key.key === "Delete" || key.key === "Backspace") return { kind: "delete" };
  const arrow = ARROWS[key.key];
  if (!arrow) return null;
  const [down, across] = arrow;
  if (!key.altKey && !key.shiftKey) return { kind: "go", down, across };
  const moved = key.shiftKey ? resized(span, down, key.altKey) : shifted(span, down, across, days);
  if (!moved || (moved.end === null && moved.start > now)) return null;
  return { kind: "change", span: moved };
}

/** The entry a quarter of an hour or a day away; its length stays. A running one only begins at another time. */
function shifted(span: Span, down: number, across: number, days: Day[]): Span | null {
  let start = span.start + down * STEP;
  if (across) {
    const day = dayAt(days, span.start);
    const other = day && days[days.indexOf(day) + across];
    if (!day || !other || bounds(other)[0] === bounds(other)[1]) return null;
    start = onDay(day, other, span.start);
  }
  return { start, end: span.end === null ? null : span.end + start - span.start };
}

function resized(span: Span, down: number, atStart: boolean): Span | null {
  if (!down) return null;
  const start = atStart ? span.start + down * STEP : span.start;
  const end = atStart || span.end === null ? span.end : span.end + down * STEP;
  if (!atStart && span.end === null) return null;
  return end === null || start < end ? { start, end } : null;
}
