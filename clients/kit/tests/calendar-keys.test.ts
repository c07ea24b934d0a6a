import { describe, expect, it } from "vitest";
import { actOf } from "../src/calendar-keys";
import type { Day, Span } from "../src/calendar-layout";

const at = (instant: string) => Date.parse(instant);
const plain = (date: string): Day => ({
  date,
  pieces: [{ wall: 0, at: at(`${date}T00:00Z`), length: 1440 }],
});
const DAYS = [plain("2026-11-23"), plain("2026-11-24")];
const NOW = at("2026-11-23T12:00Z");
const SPAN: Span = { start: at("2026-11-23T09:00Z"), end: at("2026-11-23T10:00Z") };

function act(keys: string, span = SPAN) {
  const parts = keys.split("+");
  const key = parts.pop() as string;
  const held = (name: string) => parts.includes(name);
  return actOf(
    { key, altKey: held("Alt"), shiftKey: held("Shift"), ctrlKey: held("Ctrl"), metaKey: false },
    span,
    DAYS,
    NOW,
  );
}

const to = (start: string, end: string | null) => ({
  kind: "change",
  span: { start: at(`2026-11-${start}Z`), end: end && at(`2026-11-${end}Z`) },
});

describe("keys on a block of the calendar", () => {
  it("go to other entries without a modifier", () => {
    expect(act("ArrowDown")).toEqual({ kind: "go", down: 1, across: 0 });
    expect(act("ArrowLeft")).toEqual({ kind: "go", down: 0, across: -1 });
  });

  it("move it by a quarter of an hour or a day with Alt", () => {
    expect(act("Alt+ArrowDown")).toEqual(to("23T09:15", "23T10:15"));
    expect(act("Alt+ArrowRight")).toEqual(to("24T09:00", "24T10:00"));
  });

  it("leave it where there is no other day", () => {
    expect(act("Alt+ArrowLeft")).toBeNull();
  });

  it("move its end with Shift, its start with both", () => {
    expect(act("Shift+ArrowDown")).toEqual(to("23T09:00", "23T10:15"));
    expect(act("Alt+Shift+ArrowUp")).toEqual(to("23T08:45", "23T10:00"));
    expect(act("Shift+ArrowRight")).toBeNull();
  });

  it("never make it end before it begins", () => {
    const short = { start: SPAN.start, end: SPAN.start + 15 * 60_000 };
    expect(act("Shift+ArrowUp", short)).toBeNull();
    expect(act("Alt+Shift+ArrowDown", short)).toBeNull();
  });

  it("only change the start of what runs, and not into the future", () => {
    const running = { start: at("2026-11-23T11:50Z"), end: null };
    expect(act("Alt+ArrowUp", running)).toEqual(to("23T11:35", null));
    expect(act("Alt+ArrowDown", running)).toBeNull();
    expect(act("Shift+ArrowDown", running)).toBeNull();
  });

  it("delete it, and leave the browser its own", () => {
    expect(act("Delete")).toEqual({ kind: "delete" });
    expect(act("Ctrl+ArrowDown")).toBeNull();
    expect(act("Tab")).toBeNull();
  });
});
