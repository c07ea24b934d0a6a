import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CalendarEntries, type Fields, type Given } from "../src/calendar-entries";

const START = Date.parse("2026-11-23T09:00:00Z");
const HOUR = 3_600_000;
const ONE = {
  id: "1",
  task_id: null,
  note: "Draft",
  tags: [],
  billable: false,
  start: "2026-11-23T09:00:00Z",
  end: "2026-11-23T10:00:00Z",
  version: 1,
};
const GIVEN: Given = {
  of: "2026-11-23",
  narrow: false,
  zone: "UTC",
  now: "2026-11-23T12:00:00Z",
  days: [],
  entries: [ONE],
  looks: { 7: { path: ["Acme", "Website"], color: "#2f7fd3", billable: false } },
};
const FIELDS: Fields = {
  task_id: null,
  note: "New",
  tags: [],
  billable: false,
  start: START + 2 * HOUR,
  end: START + 3 * HOUR,
};

type Answer = [status: number, body?: unknown];
const calls: { path: string; body: Record<string, unknown>; version: string | undefined }[] = [];
let waiting: ((answer: Answer) => void)[];
let entries: CalendarEntries;

const answer = async (...given: Answer) => {
  waiting.shift()?.(given);
  await settled();
};
const settled = () => new Promise((done) => setTimeout(done));
const notes = () => entries.shown.map((entry) => entry.note);

beforeEach(() => {
  calls.length = 0;
  waiting = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    calls.push({
      path: `${init.method} ${url.replace("/api/v1", "")}`,
      body: init.body ? JSON.parse(init.body as string) : {},
      version: headers["If-Match"],
    });
    return new Promise((done) =>
      waiting.push(([status, body]) =>
        done(status === 204 ? new Response(null, { status }) : Response.json(body, { status })),
      ),
    );
  });
  entries = new CalendarEntries(GIVEN, () => {});
});

afterEach(() => vi.unstubAllGlobals());

describe("the entries of the calendar", () => {
  it("write a change that waited its turn before the deletion that came after it", async () => {
    void entries.change("1", { note: "First" });
    void entries.change("1", { note: "Second" });
    void entries.remove("1");
    expect(notes()).toEqual([]);
    await settled();
    await answer(200, { ...ONE, note: "First", version: 2 });
    await answer(200, { ...ONE, note: "Second", version: 3 });
    await answer(204);
    const notesSent = calls.filter((call) => call.path.startsWith("PATCH")).map((call) => call.body.note);
    expect(notesSent.at(-1)).toBe("Second");
    expect(calls.at(-1)?.path).toBe("DELETE /entries/1");
    expect(notes()).toEqual([]);
  });

  it("show a change at once and send what differs, with the version it is about", async () => {
    const done = entries.change("1", { start: START + HOUR, end: START + 2 * HOUR });
    expect(entries.shown[0]?.start).toBe(START + HOUR);
    await settled();
    expect(calls).toEqual([
      {
        path: "PATCH /entries/1",
        body: { start: "2026-11-23T10:00:00.000Z", end: "2026-11-23T11:00:00.000Z" },
        version: "1",
      },
    ]);
    await answer(200, { ...ONE, start: "2026-11-23T10:00:00Z", end: "2026-11-23T11:00:00Z", version: 2 });
    expect((await done)?.version).toBe(2);
  });

  it("take a refused change back", async () => {
    const done = entries.change("1", { note: "Changed" });
    expect(notes()).toEqual(["Changed"]);
    await settled();
    void answer(422, { errors: [{ field: "note", message: "is too long" }] });
    await expect(done).rejects.toThrow("Is too long.");
    expect(notes()).toEqual(["Draft"]);
  });

  it("show what a stale entry is now", async () => {
    const done = entries.change("1", { note: "Mine" });
    await settled();
    void answer(412, { detail: "Stale", entry: { ...ONE, note: "Theirs", version: 5 } });
    await expect(done).rejects.toMatchObject({ entry: { version: 5 } });
    expect(notes()).toEqual(["Theirs"]);
  });

  it("send changes of one entry one after the other, and those that were overtaken not at all", async () => {
    const steps = [1, 2, 3].map((count) => entries.change("1", { end: START + (1 + count) * HOUR }));
    await settled();
    expect(calls.map((call) => call.body)).toEqual([{ end: "2026-11-23T13:00:00.000Z" }]);
    await answer(200, { ...ONE, end: "2026-11-23T13:00:00Z", version: 2 });
    await Promise.all(steps);
    void entries.change("1", { note: "Later" });
    await settled();
    expect(calls.map((call) => call.version)).toEqual(["1", "2"]);
  });

  it("keep what is wished for over an answer that is older", async () => {
    const loading = entries.load("2026-11-23", "2026-11-23");
    const adding = entries.add(FIELDS, "2");
    await settled();
    const [list, made] = waiting.splice(0) as ((answer: Answer) => void)[];
    made?.([201, { ...ONE, ...FIELDS, id: "2", start: "2026-11-23T11:00:00Z", end: "2026-11-23T12:00:00Z" }]);
    await adding;
    list?.([200, { items: [ONE] }]);
    await settled();
    expect(notes()).toEqual(["Draft", "New"]);
    expect(calls.at(-1)?.path).toMatch(/^GET \/entries\?/);
    await answer(200, { items: [ONE, { ...ONE, id: "2", note: "New", start: "2026-11-23T11:00:00Z" }] });
    await loading;
    expect(notes()).toEqual(["Draft", "New"]);
  });

  it("hide what is being deleted, and bring it back", async () => {
    const removing = entries.remove("1");
    expect(notes()).toEqual([]);
    await settled();
    await answer(204);
    await removing;
    const restoring = entries.restore("1");
    await settled();
    await answer(200, { ...ONE, version: 2 });
    await restoring;
    expect(notes()).toEqual(["Draft"]);
  });

  it("learn of tasks that were not seen before", async () => {
    const loading = entries.load("2026-11-23", "2026-11-23");
    await settled();
    await answer(200, {
      items: [
        { ...ONE, task_id: 8 },
        { ...ONE, id: "2", task_id: 7 },
      ],
    });
    expect(calls.at(-1)?.path).toBe("GET /tasks/8");
    await answer(200, { id: 8, path: ["Acme", "Shop"], color: "#d3543f", billable: true });
    await loading;
    expect(entries.look(8)).toEqual({ path: ["Acme", "Shop"], color: "#d3543f", billable: true });
    expect(calls).toHaveLength(2);
  });
});
