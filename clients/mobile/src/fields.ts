// The fields of the sheet's form, and what they say as an entry to add or a change of one. Pure.
import type { Entry } from "../../kit/src/api";
import type { Added, Change } from "../../kit/src/queue/state";
import type { Pick } from "../../kit/src/task-picker";
import { word } from "../../kit/src/words";
import type { Book } from "./book";
import { addDays, type Zone } from "./zone";

export interface Fields {
  note: string;
  picked: Pick;
  tags: string[];
  /** Undefined leaves it to the task. */
  billable: boolean | undefined;
  /** As 2026-11-23, and times as 09:05, in the person's zone. */
  day: string;
  from: string;
  to: string;
}

export type Faults = Partial<Record<"day" | "from" | "to", string>>;
type Made<T> = { says: T } | { faults: Faults };

const HALF_AN_HOUR = 30 * 60_000;
const DAY = 24 * 60 * 60_000;

/** What the form for time on `day` begins with; `last` is when the latest entry of that day ended. */
export function blankOf(zone: Zone, day: string, last?: number): Fields {
  const now = Date.now();
  const today = day === zone.day(now);
  // What is added mostly follows what is there: today it fills the gap up to now.
  const follows = last !== undefined && (!today || last < now);
  const start = follows ? last : now - HALF_AN_HOUR;
  const from = zone.clock(start);
  const to = zone.clock(follows && !today ? last + HALF_AN_HOUR : now);
  const about = { note: "", picked: { id: null, path: [] }, tags: [], billable: undefined };
  return { ...about, day, from: follows || from < to ? from : "00:00", to };
}

/** What the form of an entry begins with. */
export function fieldsOf(book: Book, entry: Entry): Fields {
  const { zone } = book;
  const start = Date.parse(entry.start);
  return {
    note: entry.note,
    picked: { id: entry.task_id, ...book.look(entry.task_id) },
    tags: entry.tags,
    billable: entry.billable,
    day: zone.day(start),
    from: zone.clock(start),
    to: entry.end === null ? "" : zone.clock(Date.parse(entry.end)),
  };
}

/** How long it is in seconds, or null where the times say nothing. */
export function lengthOf(zone: Zone, fields: Fields): number | null {
  const start = zone.instant(fields.day, fields.from);
  const end = start === null ? null : zone.ending(start, fields.to);
  return start === null || end === null ? null : (end - start) / 1000;
}

export function addedFrom(zone: Zone, fields: Fields): Made<Added> {
  const { day, from, to } = fields;
  const start = zone.instant(day, from);
  if (start === null) return { faults: startFaults(fields) };
  const end = zone.ending(start, to);
  if (end === null) return { faults: { to: word(to ? "endBefore" : "timeMissing") } };
  const { note, picked, tags, billable } = fields;
  const says: Added = { note: note.trim(), task_id: picked.id, tags, start: iso(start), end: iso(end) };
  return { says: billable === undefined ? says : { ...says, billable } };
}

/** Only what differs is changed; times that look the same keep their seconds. */
export function changeOf(zone: Zone, fields: Fields, entry: Entry): Made<Change> {
  const says: Change = {};
  if (fields.note.trim() !== entry.note) says.note = fields.note.trim();
  if (fields.picked.id !== entry.task_id) says.task_id = fields.picked.id;
  if (fields.tags.join() !== entry.tags.join()) says.tags = fields.tags;
  if (fields.billable !== undefined && fields.billable !== entry.billable) says.billable = fields.billable;
  const was = Date.parse(entry.start);
  const moved = fields.day !== zone.day(was) || fields.from !== zone.clock(was);
  const start = moved ? zone.instant(fields.day, fields.from) : was;
  if (start === null) return { faults: startFaults(fields) };
  if (moved) says.start = iso(start);
  if (entry.end === null) return { says };
  const ended = Date.parse(entry.end);
  if (!moved && fields.to === zone.clock(ended)) return { says };
  const nights = (Date.parse(zone.day(ended)) - Date.parse(zone.day(was))) / DAY;
  const end =
    nights > 1
      ? zone.instant(addDays(fields.day, nights), fields.to)
      : zone.ending(start, fields.to, nights > 0);
  if (end === null) return { faults: { to: word(fields.to ? "endBefore" : "timeMissing") } };
  if (end !== ended) says.end = iso(end);
  return { says };
}

function startFaults({ day, from }: Fields): Faults {
  if (!day) return { day: word("dayMissing") };
  return { from: word(from ? "timeSkipped" : "timeMissing") };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
