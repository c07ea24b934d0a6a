import "./platform";
import { describe, expect, it } from "vitest";
import { badgeOf, type State, span, untilNext } from "../src/badge";
import { dayOf, todays } from "../src/book";

const START = Date.parse("2026-11-23T09:00:00Z");
const MINUTES = 60_000;
const IDLE: State = {
  connected: true,
  running: null,
  now: START,
  queued: 0,
  offline: false,
  signedOut: false,
};
const RUNS: State = { ...IDLE, running: { start: "2026-11-23T09:00:00Z", note: "Sketch", task: "Website" } };

describe("the badge", () => {
  it.each([
    [IDLE, "", "Stint\nidle"],
    [{ ...RUNS, now: START + 12.9 * MINUTES }, "0:12", "Stint\nSketch · Website · 0:12"],
    [{ ...RUNS, now: START + 61 * MINUTES }, "1:01", "Stint\nSketch · Website · 1:01"],
    [{ ...RUNS, now: START + 600 * MINUTES }, "10h", "Stint\nSketch · Website · 10h"],
    [{ ...RUNS, now: START - MINUTES }, "0:00", "Stint\nSketch · Website · 0:00"],
    [{ ...IDLE, queued: 3, offline: true }, "3", "Stint\nidle\nofflineNow\nwaiting"],
    [{ ...RUNS, signedOut: true }, "!", "Stint\nSketch · Website · 0:00\nsignedOut"],
    [{ ...IDLE, connected: false }, "", "toolbarConnect"],
  ] as [State, string, string][])("of %o says %s", (state, text, title) => {
    expect(badgeOf(state)).toMatchObject({ text, title });
  });

  it("says what has no name, and no more than four signs", () => {
    expect(
      badgeOf({ ...RUNS, running: { start: "2026-11-23T09:00:00Z", note: "", task: "" } }).title,
    ).toContain("noNote");
    for (const hours of [0, 9, 10, 99, 999]) expect(span(hours * 60 * MINUTES).length).toBeLessThanOrEqual(4);
  });

  it("is due when the minute is over", () => {
    expect(untilNext({ ...RUNS, now: START + 12.25 * MINUTES })).toBe(0.75 * MINUTES);
    expect(untilNext({ ...RUNS, now: START - 1 })).toBe(1);
  });
});

describe("today's time", () => {
  const entry = (id: string, start: string, end: string | null) => ({
    ...{ id, start, end, task_id: null, note: "", tags: [], billable: false, version: 1 },
  });
  const now = Date.parse("2026-11-23T10:00:00Z");

  it("is what ended and what runs, each once, of the day in the person's zone", () => {
    const running = entry("3", "2026-11-23T09:30:00Z", null);
    const entries = [
      running,
      entry("2", "2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"),
      entry("1", "2026-11-22T22:30:00Z", "2026-11-22T23:00:00Z"),
    ];
    expect(todays(entries, running, now, "UTC")).toBe(90 * MINUTES);
    expect(todays(entries, running, now, "Europe/Berlin")).toBe(90 * MINUTES);
    expect(todays(entries, running, now, "Europe/Helsinki")).toBe(120 * MINUTES);
    expect(todays([], entry("4", "2026-11-22T09:00:00Z", null), now, "UTC")).toBe(0);
  });

  it("belongs to the day in that zone", () => {
    const late = Date.parse("2026-11-23T23:30:00Z");
    expect([dayOf(late, "UTC"), dayOf(late, "Europe/Berlin")]).toEqual(["2026-11-23", "2026-11-24"]);
  });
});
