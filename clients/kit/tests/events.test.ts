import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchEvents } from "../src/events";

class Stream extends EventTarget {
  readonly CLOSED = 2;
  readyState = 1;
  close(): void {}
  say(kind: string, data: object): void {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
}

let streams: Stream[];
const note = () => document.querySelector("[data-offline]") as HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = "<p data-offline hidden></p>";
  streams = [];
  watchEvents(() => {
    const stream = new Stream();
    streams.push(stream);
    return stream as unknown as EventSource;
  });
});

afterEach(() => vi.useRealTimers());

describe("watchEvents", () => {
  it("tells the page what happened", () => {
    const heard: unknown[] = [];
    document.body.addEventListener("stint-tasks", (event) => heard.push((event as CustomEvent).detail), {
      once: true,
    });
    streams[0]?.say("tasks", { id: "7" });
    expect(heard).toEqual([{ id: "7" }]);
  });

  it("says that it is offline after a while, and takes it back", () => {
    streams[0]?.dispatchEvent(new Event("error"));
    expect(note().hidden).toBe(true);
    vi.advanceTimersByTime(3000);
    expect(note().hidden).toBe(false);
    streams[0]?.dispatchEvent(new Event("open"));
    expect(note().hidden).toBe(true);
  });

  it("opens a new stream when the browser has given up", () => {
    const first = streams[0] as Stream;
    first.readyState = first.CLOSED;
    first.dispatchEvent(new Event("error"));
    vi.advanceTimersByTime(3000);
    expect(streams).toHaveLength(2);
  });

  it("tells every part to look again when events were missed", () => {
    const heard = vi.fn();
    document.body.addEventListener("stint-timer", heard, { once: true });
    streams[0]?.dispatchEvent(new MessageEvent("refetch", { data: "{}" }));
    expect(heard).toHaveBeenCalledOnce();
  });
});
