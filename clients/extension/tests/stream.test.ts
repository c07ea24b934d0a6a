import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connection } from "../src/connection";
import { Lines, Stream } from "../src/stream";

const WIRE =
  'retry: 2000\r\nid: 7\r\n\r\nid: 8\r\nevent: timer\r\ndata: {"kind":"timer"}\r\n\r\n: still here\r\nevent: beat\r\ndata: {}\r\n\r\n';

describe("the text of the stream", () => {
  it("is the same wherever it is cut", () => {
    for (let at = 0; at <= WIRE.length; at++) {
      const lines = new Lines();
      const told = [...lines.take(WIRE.slice(0, at)), ...lines.take(WIRE.slice(at))];
      expect(told).toEqual([
        { name: "timer", id: "8" },
        { name: "beat", id: "" },
      ]);
    }
  });
});

describe("the stream", () => {
  const connection = { address: "https://stint.example.com", token: "stint_x" } as Connection;
  const ears = { opened: vi.fn(), heard: vi.fn(), beat: vi.fn(), lost: vi.fn(), refused: vi.fn() };
  let stream: Stream;

  function body(text: string): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    });
  }

  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetAllMocks();
  });
  afterEach(() => {
    stream.close();
    vi.useRealTimers();
  });

  it("carries the token, tells what it hears, and comes back by the last id", async () => {
    const get = vi.fn(async () => new Response(body(WIRE)));
    stream = new Stream(connection, ears, get as unknown as typeof fetch);
    await vi.waitFor(() => expect(ears.beat).toHaveBeenCalled());
    expect(ears.opened).toHaveBeenCalledOnce();
    expect(ears.heard).toHaveBeenCalledWith({ name: "timer", id: "8" });
    await vi.advanceTimersByTimeAsync(1600);
    expect(get).toHaveBeenCalledTimes(2);
    const headers = (call: number) => (get.mock.calls[call] as unknown as [string, RequestInit])[1].headers;
    expect(headers(0)).toMatchObject({ Authorization: "Bearer stint_x" });
    expect(headers(0)).not.toHaveProperty("Last-Event-ID");
    expect(headers(1)).toMatchObject({ "Last-Event-ID": "8" });
  });

  it("tries ever later while nobody answers, and at once when hurried", async () => {
    const get = vi.fn(async () => Promise.reject(new TypeError("away")));
    stream = new Stream(connection, ears, get as unknown as typeof fetch);
    await vi.advanceTimersByTimeAsync(60_000);
    const tries = get.mock.calls.length;
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(9);
    expect(ears.lost).toHaveBeenCalledOnce();
    stream.hurry();
    await vi.advanceTimersByTimeAsync(1);
    expect(get).toHaveBeenCalledTimes(tries + 1);
  });

  it("ends where the server does not know the token any more", async () => {
    const get = vi.fn(async () => new Response("{}", { status: 401 }));
    stream = new Stream(connection, ears, get as unknown as typeof fetch);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(ears.refused).toHaveBeenCalledOnce();
    expect(get).toHaveBeenCalledOnce();
  });

  it("opens anew when nothing is heard for too long", async () => {
    const get = vi.fn(
      (_url: string, { signal }: RequestInit) =>
        new Promise<Response>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
    stream = new Stream(connection, ears, get as unknown as typeof fetch);
    await vi.advanceTimersByTimeAsync(42_000);
    expect(get).toHaveBeenCalledTimes(2);
  });
});
