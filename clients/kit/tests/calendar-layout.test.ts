import { describe, expect, it } from "vitest";
import {
  blocksOf,
  bounds,
  type Day,
  dayAt,
  dragged,
  gaps,
  instantAt,
  MINUTE,
  onDay,
  pack,
  repeats,
  secondsOn,
  snap,
  stretches,
  wallAt,
} from "../src/calendar-layout";

const at = (instant: string) => Date.parse(instant);
// Berlin: an ordinary day, the day on which 2:00 becomes 3:00, and the one on which 3:00 becomes 2:00.
const PLAIN: Day = {
  date: "2026-11-23",
  pieces: [{ wall: 0, at: at("2026-11-22T23:00Z"), length: 1440 }],
};
const AFTER: Day = {
  date: "2026-11-24",
  pieces: [{ wall: 0, at: at("2026-11-23T23:00Z"), length: 1440 }],
};
const SPRING: Day = {
  date: "2026-03-29",
  pieces: [
    { wall: 0, at: at("2026-03-28T23:00Z"), length: 120 },
    { wall: 180, at: at("2026-03-29T01:00Z"), length: 1260 },
  ],
};
const AUTUMN: Day = {
  date: "2026-10-25",
  pieces: [
    { wall: 0, at: at("2026-10-24T22:00Z"), length: 180 },
    { wall: 120, at: at("2026-10-25T01:00Z"), length: 1320 },
  ],
};
const NOW = at("2026-11-23T12:00Z");
const hours = (count: number) => count * 60;

describe("a day as instants", () => {
  it("reads wall clock and instant off each other", () => {
    expect(instantAt(PLAIN, hours(9))).toBe(at("2026-11-23T08:00Z"));
    expect(wallAt(PLAIN, at("2026-11-23T08:30Z"))).toBe(hours(9.5));
    expect(wallAt(PLAIN, at("2026-11-23T23:00Z"))).toBeNull();
  });

  it("ends where the next begins", () => {
    expect(instantAt(PLAIN, hours(24))).toBe(bounds(AFTER)[0]);
    expect(dayAt([PLAIN, AFTER], at("2026-11-23T23:00Z"))).toBe(AFTER);
  });

  it("keeps the time of day from one day to another", () => {
    expect(onDay(PLAIN, AFTER, at("2026-11-23T08:30Z"))).toBe(at("2026-11-24T08:30Z"));
    expect(onDay(SPRING, AUTUMN, at("2026-03-29T07:00Z"))).toBe(at("2026-10-25T08:00Z"));
  });
});

describe("the day on which clocks go forward", () => {
  it("has a gap, which no time takes", () => {
    expect(gaps(SPRING)).toEqual([{ from: 120, to: 180 }]);
    expect(stretches(SPRING, at("2026-03-29T00:30Z"), at("2026-03-29T01:30Z"))).toEqual([
      { from: 90, to: 120 },
      { from: 180, to: 210 },
    ]);
  });

  it("takes a place in the gap for the moment when clocks change", () => {
    expect(instantAt(SPRING, 150)).toBe(at("2026-03-29T01:00Z"));
    expect(instantAt(SPRING, 180)).toBe(at("2026-03-29T01:00Z"));
  });

  it("has 23 hours", () => {
    const all = { start: at("2026-03-28T20:00Z"), end: at("2026-03-30T20:00Z") };
    expect(secondsOn(SPRING, all, NOW)).toBe(23 * 3600);
  });

  it("may begin with the gap, or be skipped whole", () => {
    const late: Day = {
      date: "2018-11-04",
      pieces: [{ wall: 60, at: at("2018-11-04T03:00Z"), length: 1380 }],
    };
    expect(gaps(late)).toEqual([{ from: 0, to: 60 }]);
    expect(instantAt(late, 30)).toBe(at("2018-11-04T03:00Z"));
    expect(gaps({ date: "2011-12-30", pieces: [] })).toEqual([{ from: 0, to: 1440 }]);
  });
});

describe("the day on which clocks go back", () => {
  it("shows an hour twice, and an entry in both where it lasted through both", () => {
    expect(repeats(AUTUMN)).toEqual([{ from: 120, to: 180 }]);
    expect(repeats(PLAIN)).toEqual([]);
    expect(stretches(AUTUMN, at("2026-10-25T00:30Z"), at("2026-10-25T01:30Z"))).toEqual([
      { from: 150, to: 180 },
      { from: 120, to: 150 },
    ]);
  });

  it("tells the first from the second", () => {
    expect(instantAt(AUTUMN, 150)).toBe(at("2026-10-25T00:30Z"));
    expect(instantAt(AUTUMN, 150, true)).toBe(at("2026-10-25T01:30Z"));
    expect(instantAt(AUTUMN, 180)).toBe(at("2026-10-25T02:00Z"));
  });

  it("puts the two passes of the hour side by side", () => {
    const entry = { start: at("2026-10-25T00:00Z"), end: at("2026-10-25T02:00Z") };
    const [one, other] = blocksOf(AUTUMN, [entry], NOW, 20);
    expect([one?.from, one?.to, other?.from, other?.to]).toEqual([120, 180, 120, 180]);
    expect([one?.place.column, other?.place.column]).toEqual([0, 1]);
  });
});

describe("stretches that overlap", () => {
  const places = (...given: [number, number][]) =>
    pack(given.map(([from, to]) => ({ from, to }))).map(
      ({ column, columns, span }) => `${column}/${columns}${span > 1 ? `+${span - 1}` : ""}`,
    );

  it("keep the whole width where nothing overlaps, touching included", () => {
    expect(places([0, 60], [60, 120], [200, 220])).toEqual(["0/1", "0/1", "0/1"]);
  });

  it("share it where they do", () => {
    expect(places([0, 60], [30, 90])).toEqual(["0/2", "1/2"]);
    expect(places([0, 90], [10, 80], [20, 70])).toEqual(["0/3", "1/3", "2/3"]);
  });

  it("take a column again once it is free", () => {
    expect(places([0, 100], [0, 30], [30, 60])).toEqual(["0/2", "1/2", "1/2"]);
  });

  it("spread over columns that stay free beside them", () => {
    expect(places([0, 100], [0, 30], [0, 30], [40, 90])).toEqual(["0/3", "1/3", "2/3", "1/3+1"]);
  });
});

describe("blocks of a day", () => {
  it("show an entry over midnight on both days, with its ends where they are", () => {
    const entry = { start: at("2026-11-23T22:00Z"), end: at("2026-11-24T00:30Z") };
    expect(blocksOf(PLAIN, [entry], NOW, 20)).toMatchObject([
      { from: hours(23), to: hours(24), first: true, last: false },
    ]);
    expect(blocksOf(AFTER, [entry], NOW, 20)).toMatchObject([
      { from: 0, to: hours(1.5), first: false, last: true },
    ]);
    expect([secondsOn(PLAIN, entry, NOW), secondsOn(AFTER, entry, NOW)]).toEqual([3600, 5400]);
  });

  it("draw what runs up to now", () => {
    const running = { start: at("2026-11-23T11:00Z"), end: null };
    expect(blocksOf(PLAIN, [running], NOW, 20)).toMatchObject([{ from: hours(12), to: hours(13) }]);
    expect(blocksOf(PLAIN, [running], NOW + 30 * MINUTE, 20)).toMatchObject([{ to: hours(13.5) }]);
    expect(secondsOn(PLAIN, running, NOW)).toBe(3600);
  });

  it("put short ones aside that would cover each other", () => {
    const short = (start: string) => ({ start: at(start), end: at(start) + 2 * MINUTE });
    const entries = [short("2026-11-23T08:00Z"), short("2026-11-23T08:05Z"), short("2026-11-23T22:59Z")];
    expect(blocksOf(PLAIN, entries, NOW, 20).map(({ place }) => place.columns)).toEqual([2, 2, 1]);
    expect(blocksOf(PLAIN, entries, NOW, 1).map(({ place }) => place.columns)).toEqual([1, 1, 1]);
  });

  it("keep an entry of no length", () => {
    const nothing = { start: at("2026-11-23T08:00Z"), end: at("2026-11-23T08:00Z") };
    expect(blocksOf(PLAIN, [nothing], NOW, 20)).toMatchObject([{ from: hours(9), to: hours(9) }]);
    expect(blocksOf(AFTER, [nothing], NOW, 20)).toEqual([]);
  });
});

describe("a drag", () => {
  const start = at("2026-11-23T08:00Z");
  const end = at("2026-11-23T09:03:17Z");

  it("creates from where it began, either way, on a grid of five minutes", () => {
    const grab = { kind: "create", anchor: at("2026-11-23T08:01Z") } as const;
    expect(dragged(grab, at("2026-11-23T08:43Z"), 5, NOW)).toEqual({ start, end: at("2026-11-23T08:45Z") });
    expect(dragged(grab, at("2026-11-23T07:31Z"), 5, NOW)).toEqual({
      start: at("2026-11-23T07:30Z"),
      end: start,
    });
    expect(dragged(grab, start, 5, NOW)).toEqual({ start, end: start + 5 * MINUTE });
  });

  it("moves and keeps the length to the second", () => {
    const grab = { kind: "move", start, end, grip: 20 * MINUTE } as const;
    const moved = dragged(grab, at("2026-11-24T10:21Z"), 5, NOW);
    expect(moved.start).toBe(at("2026-11-24T10:00Z"));
    expect((moved.end ?? 0) - moved.start).toBe(end - start);
  });

  it("keeps real time through a change of clocks", () => {
    const night = {
      kind: "move",
      start: at("2026-03-28T00:00Z"),
      end: at("2026-03-28T03:00Z"),
      grip: 0,
    } as const;
    const moved = dragged(night, instantAt(SPRING, hours(1)), 5, NOW);
    expect(stretches(SPRING, moved.start, moved.end ?? 0)).toEqual([
      { from: hours(1), to: hours(2) },
      { from: hours(3), to: hours(5) },
    ]);
  });

  it("resizes an edge, never past the other", () => {
    expect(dragged({ kind: "end", start, end }, at("2026-11-23T10:32Z"), 5, NOW)).toEqual({
      start,
      end: at("2026-11-23T10:30Z"),
    });
    expect(dragged({ kind: "end", start, end }, at("2026-11-23T06:00Z"), 5, NOW).end).toBe(
      start + 5 * MINUTE,
    );
    expect(dragged({ kind: "start", start, end }, at("2026-11-23T10:00Z"), 5, NOW).start).toBe(
      at("2026-11-23T09:00Z"),
    );
  });

  it("moves the start of what runs, not into the future", () => {
    const running = { kind: "start", start, end: null } as const;
    expect(dragged(running, at("2026-11-23T07:02Z"), 5, NOW)).toEqual({
      start: at("2026-11-23T07:00Z"),
      end: null,
    });
    expect(dragged(running, at("2026-11-23T14:00Z"), 5, NOW).start).toBe(NOW);
  });

  it("goes by the minute on request", () => {
    expect(snap(at("2026-11-23T08:02:40Z"), 1)).toBe(at("2026-11-23T08:03Z"));
  });
});
