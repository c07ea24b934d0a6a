// Where the queue is kept in an extension, and what a full or damaged storage does to it. The pages' own store, in
// IndexedDB, is shown by the phone app in a real browser.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Entry, exchange, useServer } from "../src/api";
import { extensionStore, memoryStore, OfflineQueue } from "../src/queue";
import { blank, overlay } from "../src/queue/state";
import { noticeText, problemText } from "../src/queue/texts";
import { useWords } from "../src/words";

type Changes = Record<string, { newValue?: unknown }>;

class Area {
  kept: Record<string, unknown> = {};
  full = false;
  listeners: ((changes: Changes) => void)[] = [];
  onChanged = {
    addListener: (listener: (changes: Changes) => void) => void this.listeners.push(listener),
    removeListener: (listener: (changes: Changes) => void) => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    },
  };
  get = async (key: string) => ({ [key]: this.kept[key] });
  set = async (items: Record<string, unknown>) => {
    if (this.full) throw new Error("QUOTA_BYTES quota exceeded");
    this.kept = { ...this.kept, ...structuredClone(items) };
    for (const listener of this.listeners)
      listener(Object.fromEntries(Object.entries(items).map(([key, newValue]) => [key, { newValue }])));
  };
}

const away = async () => ({ status: 0 });
let area: Area;
const opened = async (transport = away as ConstructorParameters<typeof OfflineQueue>[1]) => {
  const queue = new OfflineQueue(extensionStore("me", area), transport);
  await queue.open();
  return queue;
};

beforeEach(() => {
  vi.useFakeTimers();
  area = new Area();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the queue in an extension's storage", () => {
  it("is there when the worker wakes again", async () => {
    await (await opened()).start({ note: "Draft" });
    const { entry, queued } = (await opened()).state;
    expect([entry?.note, queued]).toEqual(["Draft", 1]);
  });

  it("is seen by the popup when the worker changes it", async () => {
    const popup = await opened();
    const heard = vi.fn();
    popup.subscribe(heard);
    await (await opened()).start({ note: "Draft" });
    expect(popup.state.entry?.note).toBe("Draft");
    expect(heard).toHaveBeenLastCalledWith(expect.objectContaining({ queued: 1 }));
  });

  it("sets a damaged one aside and says so", async () => {
    area.kept["queue me"] = { shape: 9 };
    const queue = await opened();
    expect(queue.state.notices).toEqual([{ no: 1, kind: "damaged" }]);
    const aside = Object.entries(area.kept).find(([key]) => key.startsWith("queue me damaged"));
    expect(aside?.[1]).toEqual({ shape: 9 });
    await queue.dismiss(1);
    expect((await opened()).state.notices).toEqual([]);
  });

  it("goes on in memory when the storage is full, and is kept once there is room", async () => {
    const queue = await opened();
    area.full = true;
    await queue.start({ note: "One" });
    await queue.add({ day: "2026-11-23", seconds: 60 });
    expect([queue.state.unkept, queue.state.queued]).toEqual([true, 2]);
    area.full = false;
    await queue.remove("E");
    expect(queue.state.unkept).toBe(false);
    expect((await opened()).state.queued).toBe(3);
  });
});

describe("sending", () => {
  it("is done by one at a time, whoever asks", async () => {
    let going = 0;
    let most = 0;
    const queue = new OfflineQueue(memoryStore(), async ({ method, body }) => {
      most = Math.max(most, ++going);
      await Promise.resolve();
      going -= 1;
      const entry = { ...(body as Entry), end: null, version: 1 };
      return { status: 200, body: method === "GET" ? { entry: null, now: new Date().toISOString() } : entry };
    });
    await Promise.all([queue.start(), queue.add({ day: "2026-11-23", seconds: 60 }), queue.flush()]);
    expect([most, queue.state.queued]).toEqual([1, 0]);
  });

  it("is tried again by itself", async () => {
    let there = false;
    const queue = new OfflineQueue(memoryStore(), async ({ method, body }) => {
      if (!there) return { status: 0 };
      const entry = { ...(body as Entry), end: null, version: 1 };
      return { status: 200, body: method === "GET" ? { entry: null, now: new Date().toISOString() } : entry };
    });
    await queue.start();
    there = true;
    await vi.advanceTimersByTimeAsync(2000);
    expect(queue.state.queued).toBe(0);
  });
});

describe("a list of entries", () => {
  it("shows what waits", () => {
    const entry = (id: string): Entry => ({
      ...{ id, task_id: null, note: "", tags: [], billable: false },
      ...{ start: "2026-11-23T08:00:00Z", end: "2026-11-23T09:00:00Z", version: 1 },
    });
    const acts = [
      { kind: "remove", id: "A", body: {}, tried: false },
      { kind: "edit", id: "B", body: { note: "New" }, tried: false },
      {
        kind: "add",
        id: "C",
        body: { start: "2026-11-23T09:00:00Z", end: "2026-11-23T10:00:00Z" },
        tried: false,
      },
    ] as const;
    const shown = overlay({ ...blank(), acts: [...acts] }, [entry("A"), entry("B")]);
    expect(shown.map(({ id, note }) => [id, note])).toEqual([
      ["C", ""],
      ["B", "New"],
    ]);
  });
});

describe("what is told", () => {
  it("is a sentence with its time", () => {
    useWords({ queueEnded: "Ended at $time.", queueRefused: "Refused: $detail", queueConflict: "Both" });
    const notice = { no: 1, kind: "ended", end: "2026-11-23T09:00:00Z" } as const;
    expect(noticeText(notice, (instant) => instant.slice(11, 16))).toBe("Ended at 09:00.");
    expect(problemText({ no: 1, acts: [], status: 422, detail: "too long" })).toBe("Refused: too long");
  });
});

describe("a server elsewhere", () => {
  const asked = vi.fn();
  const answer = (response: Response) =>
    vi.stubGlobal("fetch", async (...given: unknown[]) => {
      asked(...given);
      return response;
    });

  it("is asked by its address and token, for one person alone", async () => {
    useServer({ address: "https://stint.example.com", token: "secret", client: "extension", user: 7 });
    answer(Response.json({}, { headers: { Date: "Mon, 23 Nov 2026 09:00:00 GMT", "Retry-After": "3" } }));
    const reply = await exchange({ method: "PATCH", path: "/entries/A", body: {}, version: 4 });
    expect(reply).toEqual({ status: 200, body: {}, retryAfter: 3, date: 1_795_424_400_000 });
    const [url, { headers, credentials }] = asked.mock.lastCall as [string, RequestInit];
    expect([url, credentials]).toEqual(["https://stint.example.com/api/v1/entries/A", "omit"]);
    expect(headers).toMatchObject({
      Authorization: "Bearer secret",
      "X-Stint-Client": "extension",
      "X-Stint-User": "7",
      "If-Match": "4",
    });
  });

  it.each([
    ["a page", new Response("<html>", { headers: { "Content-Type": "text/html" } })],
    [
      "a page that is missing",
      new Response("<html>", { status: 404, headers: { "Content-Type": "text/html" } }),
    ],
    ["half an answer", new Response("{", { headers: { "Content-Type": "application/json" } })],
  ])("settles nothing by %s", async (_what, response) => {
    answer(response);
    expect((await exchange({ method: "GET", path: "/timer" })).status).toBe(0);
  });
});
