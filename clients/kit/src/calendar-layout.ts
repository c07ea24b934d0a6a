// Where time stands in the calendar, and which instant a place in it means. Pure: no DOM, no clock of the browser.
// A day comes from the server as pieces, stretches in which wall clock and time run together: one as a rule, two
// where clocks change. Everything here goes through them, so that days of 23 and 25 hours are right.

export const MINUTE = 60_000;
export const DAY_MINUTES = 1440;

export interface Piece {
  /** Minutes after midnight on the wall clock. */
  wall: number;
  /** The instant at which the piece begins, in milliseconds. */
  at: number;
  /** Minutes until it ends. */
  length: number;
}

export interface Day {
  date: string;
  pieces: Piece[];
}

/** From one wall-clock minute of a day to another. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Span {
  start: number;
  /** Without an end it runs. */
  end: number | null;
}

/** Where a stretch stands among those it overlaps: in `column` of `columns`, `span` columns wide. */
export interface Place {
  column: number;
  columns: number;
  span: number;
}

/** What is drawn of an entry on a day; `first` and `last` tell whether it begins and ends in this block. */
export interface Block<T> extends Stretch {
  item: T;
  place: Place;
  first: boolean;
  last: boolean;
}

export type Grab =
  | { kind: "create"; anchor: number }
  | { kind: "move"; start: number; end: number; grip: number }
  | { kind: "start"; start: number; end: number | null }
  | { kind: "end"; start: number; end: number };

const pieceEnd = (piece: Piece) => piece.at + piece.length * MINUTE;

/** The instants at which a day begins and ends; a day that was skipped has none. */
export function bounds(day: Day): [number, number] {
  const last = day.pieces.at(-1);
  return [day.pieces[0]?.at ?? 0, last ? pieceEnd(last) : 0];
}

export function dayAt<T extends Day>(days: T[], instant: number): T | undefined {
  return days.find((day) => {
    const [start, end] = bounds(day);
    return instant >= start && instant < end;
  });
}

/** The wall-clock stretches of a day that time from `start` to `end` takes. */
export function stretches(day: Day, start: number, end: number): Stretch[] {
  return day.pieces.flatMap((piece) => {
    const from = Math.max(start, piece.at);
    const to = Math.min(end, pieceEnd(piece));
    const touches = from < to || (start === end && start >= piece.at && start < pieceEnd(piece));
    return touches ? [{ from: wallIn(piece, from), to: wallIn(piece, to) }] : [];
  });
}

/** The minute on the wall clock of a day at which an instant stands; null where it is another day's. */
export function wallAt(day: Day, instant: number): number | null {
  const piece = day.pieces.find((one) => instant >= one.at && instant < pieceEnd(one));
  return piece ? wallIn(piece, instant) : null;
}

/**
 * The instant that a wall-clock minute means. Of an hour that comes twice it is the first, or the second when
 * `late`; in an hour that is skipped it is the moment when clocks go forward.
 */
export function instantAt(day: Day, wall: number, late = false): number {
  const meant = day.pieces.filter((piece) => wall >= piece.wall && wall < piece.wall + piece.length);
  const piece = late ? meant.at(-1) : meant[0];
  if (piece) return piece.at + (wall - piece.wall) * MINUTE;
  return day.pieces.find((one) => one.wall > wall)?.at ?? bounds(day)[1];
}

/** What of a day the wall clock skips. */
export function gaps(day: Day): Stretch[] {
  const found: Stretch[] = [];
  let reached = 0;
  for (const { wall, length } of day.pieces) {
    if (wall > reached) found.push({ from: reached, to: wall });
    reached = Math.max(reached, wall + length);
  }
  if (reached < DAY_MINUTES) found.push({ from: reached, to: DAY_MINUTES });
  return found;
}

/** What of a day the wall clock shows twice. */
export function repeats(day: Day): Stretch[] {
  return day.pieces.slice(1).flatMap(({ wall }, index) => {
    const before = day.pieces[index] as Piece;
    const until = before.wall + before.length;
    return wall < until ? [{ from: wall, to: until }] : [];
  });
}

/** The real seconds of a day that time from `start` to `end` takes. */
export function secondsOn(day: Day, { start, end }: Span, now: number): number {
  const [dayStart, dayEnd] = bounds(day);
  return Math.max(0, Math.min(end ?? now, dayEnd) - Math.max(start, dayStart)) / 1000;
}

/** The blocks of a day, in the order in which they begin. Short ones take the room of `least` minutes. */
export function blocksOf<T extends Span>(day: Day, items: T[], now: number, least: number): Block<T>[] {
  const blocks = items.flatMap((item) => {
    const end = Math.max(item.end ?? now, item.start);
    const parts = stretches(day, item.start, end);
    const [dayStart, dayEnd] = bounds(day);
    return parts.map((part, index) => ({
      ...part,
      item,
      first: index === 0 && item.start >= dayStart,
      last: index === parts.length - 1 && end <= dayEnd,
    }));
  });
  blocks.sort((one, other) => one.from - other.from || other.to - one.to);
  const places = pack(blocks.map(({ from, to }) => roomy(from, to, least)));
  return blocks.map((block, index) => ({ ...block, place: places[index] as Place }));
}

/** A stretch as it is drawn: at least `least` minutes, and inside the day. */
export function roomy(from: number, to: number, least: number): Stretch {
  const end = Math.max(to, from + least);
  return end > DAY_MINUTES
    ? { from: Math.min(from, DAY_MINUTES - least), to: DAY_MINUTES }
    : { from, to: end };
}

/**
 * Put stretches that overlap side by side: each into the first column that is free, and as wide as the columns
 * to its right stay free. They come in the order in which they begin.
 */
export function pack(stretches: Stretch[]): Place[] {
  const places: Place[] = [];
  for (const cluster of clusters(stretches)) {
    const columns: Stretch[][] = [];
    for (const index of cluster) {
      const stretch = stretches[index] as Stretch;
      let column = columns.findIndex((taken) => (taken.at(-1) as Stretch).to <= stretch.from);
      if (column < 0) column = columns.push([]) - 1;
      columns[column]?.push(stretch);
      places[index] = { column, columns: 0, span: 1 };
    }
    for (const index of cluster) {
      const place = places[index] as Place;
      const free = (taken: Stretch[]) => taken.every((other) => !overlap(other, stretches[index] as Stretch));
      while (columns[place.column + place.span]?.length && free(columns[place.column + place.span] ?? []))
        place.span++;
      place.columns = columns.length;
    }
  }
  return places;
}

/** Groups of stretches that hang together by overlaps, as their positions. */
function clusters(stretches: Stretch[]): number[][] {
  const found: number[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  stretches.forEach(({ from, to }, index) => {
    if (from >= until) found.push([]);
    found.at(-1)?.push(index);
    until = Math.max(until, to);
  });
  return found;
}

const overlap = (one: Stretch, other: Stretch) => one.from < other.to && other.from < one.to;

/** The nearest instant on a grid of so many minutes. Zones are whole quarters away from UTC, so it is on theirs. */
export function snap(instant: number, minutes: number): number {
  const step = minutes * MINUTE;
  return Math.round(instant / step) * step;
}

/** What a drag means when the pointer is at an instant. Moved time keeps its length in real seconds. */
export function dragged(grab: Grab, at: number, minutes: number, now: number): Span {
  const step = minutes * MINUTE;
  const here = snap(at, minutes);
  switch (grab.kind) {
    case "create": {
      const anchor = snap(grab.anchor, minutes);
      return here < anchor
        ? { start: here, end: anchor }
        : { start: anchor, end: Math.max(here, anchor + step) };
    }
    case "move": {
      const start = snap(at - grab.grip, minutes);
      return { start, end: start + grab.end - grab.start };
    }
    case "start": {
      const latest = grab.end === null ? now : Math.ceil(grab.end / step - 1) * step;
      return { start: Math.min(here, latest), end: grab.end };
    }
    case "end":
      return { start: grab.start, end: Math.max(here, Math.floor(grab.start / step + 1) * step) };
  }
}

/** The same time of day on another day. */
export function onDay(from: Day, to: Day, instant: number): number {
  return instantAt(to, wallAt(from, instant) ?? 0);
}

/** Instants as days and times of the account's person: by the days that are shown, else by the zone's name. */
export class Wall {
  private format?: Intl.DateTimeFormat;

  constructor(
    private days: Day[],
    private zone: string,
  ) {}

  /** As 09:05. */
  time(instant: number): string {
    const day = dayAt(this.days, instant);
    const wall = day ? wallAt(day, instant) : null;
    if (wall === null) return this.elsewhere(instant).slice(11);
    const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
    return `${two(wall / 60)}:${two(wall % 60)}`;
  }

  /** As 2026-11-23. */
  date(instant: number): string {
    return dayAt(this.days, instant)?.date ?? this.elsewhere(instant).slice(0, 10);
  }

  private elsewhere(instant: number): string {
    // Swedish writes days and times as ISO 8601 does.
    this.format ??= new Intl.DateTimeFormat("sv-SE", {
      timeZone: this.zone,
      dateStyle: "short",
      timeStyle: "short",
    });
    return this.format.format(instant);
  }
}

function wallIn(piece: Piece, instant: number): number {
  return piece.wall + (instant - piece.at) / MINUTE;
}
