import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { catchUp, watchEvents } from "../src/events";

class Stream extends EventTarget {
  readyState = 1;
  closed = false;
  close(): void {
    this.closed = true;
  }
  say(kind: string, data: object = {}): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
  fail(state: number): void {
    this.readyState = state;
    this.dispatchEvent(new Event("error"));
  }
}

const CONNECTING = 0;
const CLOSED = 2;
let streams: Stream[];
let status: number;
let opened: string[];
const last = () => streams.at(-1) as Stream;
const note = () => document.querySelector("[data-offline]") as HTMLElement;
const heard = (name: string) => {
  const listener = vi.fn();
  document.body.addEventListener(name, listener);
  return listener;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", { CLOSED });
  status = 200;
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ id: 1 }), { status }));
  document.documentElement.innerHTML =
    "<body data-since='2026-11-23T09:00:00.000Z'><p data-offline hidden></p></body>";
  // Watchers of earlier tests still listen to the window; each opens streams of its own.
  const own: Stream[] = [];
  streams = own;
  opened = [];
  watchEvents((url) => {
    opened.push(url);
    const stream = new Stream();
    own.push(stream);
    return stream as unknown as EventSource;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("watchEvents", () => {
  it("asks for what happened since the page was made, and later reads everything anew", () => {
    expect(opened).toEqual(["/api/v1/events?since=2026-11-23T09:00:00.000Z"]);
    catchUp();
    expect(opened.at(-1)).toBe("/api/v1/events");
  });

  it("tells the page what happened", () => {
    const tasks = heard("stint-tasks");
    last().say("tasks", { id: "7" });
    expect(tasks).toHaveBeenCalledWith(expect.objectContaining({ detail: { id: "7" } }));
  });

  it("says that it is offline after a while, and takes it back", () => {
    last().fail(CONNECTING);
    expect(note().hidden).toBe(true);
    vi.advanceTimersByTime(3000);
    expect(note().hidden).toBe(false);
    last().dispatchEvent(new Event("open"));
    expect(note().hidden).toBe(true);
  });

  it("opens a new stream when the browser has given up, and looks everything up again", async () => {
    last().fail(CLOSED);
    await vi.advanceTimersByTimeAsync(3000);
    expect(streams).toHaveLength(2);
    const timer = heard("stint-timer");
    last().dispatchEvent(new Event("open"));
    expect(timer).toHaveBeenCalledOnce();
  });

  it("tells the session's end instead of trying for ever", async () => {
    status = 401;
    const signedOut = heard("stint-signed-out");
    last().fail(CLOSED);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(signedOut).toHaveBeenCalledOnce();
    expect(streams).toHaveLength(1);
    expect(note().hidden).toBe(true);
  });

  it("opens a new stream after silence, but not while the server says that it lives", () => {
    for (let second = 0; second < 90; second += 15) {
      vi.advanceTimersByTime(15_000);
      last().say("beat");
    }
    expect(streams).toHaveLength(1);
    vi.advanceTimersByTime(50_000);
    expect(streams).toHaveLength(2);
    expect(streams[0]?.closed).toBe(true);
  });

  it("looks at once when the page is seen again after sleep", () => {
    vi.setSystemTime(Date.now() + 3_600_000);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(streams).toHaveLength(2);
  });

  it("tries at once when the network comes or goes, and heeds the old stream no more", () => {
    const [old] = streams;
    dispatchEvent(new Event("offline"));
    dispatchEvent(new Event("online"));
    expect(streams).toHaveLength(3);
    const tasks = heard("stint-tasks");
    old?.say("tasks");
    expect(tasks).not.toHaveBeenCalled();
  });

  it("tells every part to look again when events were missed, and once when asked to", () => {
    const parts = ["timer", "entry", "tasks", "people", "sync"].map((kind) => heard(`stint-${kind}`));
    last().say("refetch");
    catchUp();
    last().dispatchEvent(new Event("open"));
    last().dispatchEvent(new Event("open"));
    for (const part of parts) expect(part).toHaveBeenCalledTimes(2);
  });
});
