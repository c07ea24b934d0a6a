import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Entry } from "../../kit/src/api";
import { Book } from "../src/book";
import { addedFrom, blankOf, changeOf, type Fields, fieldsOf, lengthOf } from "../src/fields";
import { Kept } from "../src/kept";
import { Zone } from "../src/zone";

const zone = new Zone("Europe/Berlin");
const FIELDS: Fields = {
  note: " Sketch ",
  picked: { id: 5, path: ["Website"] },
  tags: ["design"],
  billable: undefined,
  day: "2026-11-25",
  from: "09:00",
  to: "10:30",
};
const ENTRY: Entry = {
  id: "1",
  task_id: 5,
  note: "Sketch",
  tags: ["design"],
  billable: true,
  start: "2026-11-25T08:00:12Z",
  end: "2026-11-25T09:30:47Z",
  version: 3,
};

function shown(entry: Entry): Fields {
  const book = new Book(new Kept(), () => undefined);
  vi.spyOn(book, "zone", "get").mockReturnValue(zone);
  return fieldsOf(book, entry);
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-25T12:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a new form", () => {
  const at = (text: string) => Date.parse(text);

  // It is 13:00 on the 25th there.
  it.each([
    ["half an hour up to now", "2026-11-25", undefined, "12:30", "13:00"],
    ["what follows the last entry of today", "2026-11-25", at("2026-11-25T10:15:00Z"), "11:15", "13:00"],
    ["half an hour where an entry reaches ahead", "2026-11-25", at("2026-11-25T14:00:00Z"), "12:30", "13:00"],
    [
      "half an hour after the last entry of another day",
      "2026-11-24",
      at("2026-11-24T16:00:00Z"),
      "17:00",
      "17:30",
    ],
    ["what follows a late shift", "2026-11-24", at("2026-11-24T22:45:00Z"), "23:45", "00:15"],
    ["the present hour of an empty day", "2026-11-24", undefined, "12:30", "13:00"],
  ])("begins with %s", (_, day, last, from, to) => {
    expect(blankOf(zone, day, last)).toMatchObject({ day, from, to });
  });
});

describe("time to add", () => {
  it("is what the form says, in the person's zone", () => {
    expect(addedFrom(zone, FIELDS)).toEqual({
      says: {
        note: "Sketch",
        task_id: 5,
        tags: ["design"],
        start: "2026-11-25T08:00:00.000Z",
        end: "2026-11-25T09:30:00.000Z",
      },
    });
    expect(lengthOf(zone, FIELDS)).toBe(5400);
  });

  it("is billable where the person says so, else where the task does", () => {
    expect(addedFrom(zone, { ...FIELDS, billable: false })).toMatchObject({ says: { billable: false } });
    expect(addedFrom(zone, FIELDS)).not.toHaveProperty("says.billable");
  });

  it.each([
    [{ day: "" }, "day"],
    [{ from: "" }, "from"],
    [{ day: "2026-03-29", from: "02:30" }, "from"],
    [{ to: "" }, "to"],
    [{ to: "08:00" }, "to"],
  ])("is refused with a word at the field: %j", (wrong, field) => {
    const made = addedFrom(zone, { ...FIELDS, ...wrong });
    expect(Object.keys("faults" in made ? made.faults : {})).toEqual([field]);
  });
});

describe("a change", () => {
  it("of nothing changes nothing, seconds included", () => {
    expect(changeOf(zone, shown(ENTRY), ENTRY)).toEqual({ says: {} });
  });

  it("names only what differs", () => {
    const fields = { ...shown(ENTRY), note: "Draw", billable: false };
    expect(changeOf(zone, fields, ENTRY)).toEqual({ says: { note: "Draw", billable: false } });
  });

  it("of the end keeps the start to the second", () => {
    expect(changeOf(zone, { ...shown(ENTRY), to: "11:00" }, ENTRY)).toEqual({
      says: { end: "2026-11-25T10:00:00.000Z" },
    });
  });

  it("of the day takes both times along", () => {
    expect(changeOf(zone, { ...shown(ENTRY), day: "2026-11-24" }, ENTRY)).toEqual({
      says: { start: "2026-11-24T08:00:00.000Z", end: "2026-11-24T09:30:00.000Z" },
    });
  });

  it("of what runs has no end", () => {
    const running = { ...ENTRY, end: null };
    expect(changeOf(zone, { ...shown(running), from: "08:00" }, running)).toEqual({
      says: { start: "2026-11-25T07:00:00.000Z" },
    });
  });

  it("keeps the days that an entry reaches over", () => {
    const long = { ...ENTRY, end: "2026-11-27T09:30:00Z" };
    expect(changeOf(zone, { ...shown(long), from: "08:00" }, long)).toEqual({
      says: { start: "2026-11-25T07:00:00.000Z" },
    });
  });
});
