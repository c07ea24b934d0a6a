// The table of offline cases, docs/offline.md, as the kit plays it; Python's player is tests/offline/test_cases.py.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import table from "../../../tests/offline/cases.json";
import type { Entry, Reply, Wire } from "../src/api";
import { memoryStore, OfflineQueue } from "../src/queue";
import { blank } from "../src/queue/state";

type Exchange = Partial<{
  look: Partial<Entry> | string | null;
  send: string;
  body: object;
  version: number;
  answer: number;
  entry: Partial<Entry>;
  field: string;
  detail: string;
  retry_after: number;
}>;
type Then = Partial<{ running: object | null; wait: [number, number] | null; ahead: number }> &
  Record<string, unknown>;
type Step = { at: string; do: string; exchanges?: Exchange[]; then?: Then } & Record<string, unknown>;
type Case = {
  name: string;
  known?: Partial<Entry>;
  ahead?: number;
  learned?: number | null;
  steps: Step[];
};

const whole = (entry: Partial<Entry>) => ({
  ...{ task_id: null, note: "", tags: [], billable: false, end: null, version: 1 },
  ...entry,
});

class Player {
  script: Exchange[] = [];
  ids: string[] = [];
  at = 0;
  ahead: number;
  queue: OfflineQueue;

  constructor(private readonly given: Case) {
    this.ahead = (given.ahead ?? 0) * 1000;
    const known = given.known ? (whole(given.known) as Entry) : null;
    const ahead = given.learned === undefined ? this.ahead : given.learned;
    this.queue = new OfflineQueue(
      memoryStore("case", { ...blank(), known, ahead }),
      async (request) => this.answer(request),
      () => this.at - this.ahead,
      () => this.ids.shift() as string,
    );
  }

  async play(): Promise<void> {
    for (const step of this.given.steps) {
      this.at = Date.parse(step.at);
      this.script = [...(step.exchanges ?? [])];
      if (step.id) this.ids = [step.id as string];
      vi.clearAllTimers();
      waits.length = 0;
      await this.act(step);
      expect(this.script, `${step.do} at ${step.at}: not asked for`).toEqual([]);
      if (step.then) this.check(step.then, `${step.do} at ${step.at}`);
    }
  }

  private act(step: Step): Promise<unknown> {
    const { queue } = this;
    switch (step.do) {
      case "start":
        return queue.start(step.draft as object);
      case "stop":
        return queue.stop(step.end as string);
      case "add":
        return queue.add(step.entry as object);
      case "edit":
        return queue.edit(
          step.of as string,
          step.change as object,
          step.seen ? (whole(step.seen) as Entry) : undefined,
        );
      case "remove":
        return queue.remove(step.of as string);
      case "retry":
        return queue.retry(step.problem as number);
      case "discard":
        return queue.discard(step.problem as number);
      case "refresh":
        return queue.refresh();
      case "open":
        return queue.open();
      case "flush":
        return queue.flush();
      default:
        throw new Error(`unknown act ${step.do}`);
    }
  }

  private answer(request: Wire): Reply {
    const expected = this.script.shift();
    const sent = `${request.method} ${request.path}`;
    if (!expected) throw new Error(`unexpected ${sent} ${JSON.stringify(request.body)}`);
    const date = Math.floor(this.at / 1000) * 1000;
    if (expected.look !== undefined) {
      expect(sent).toBe("GET /timer");
      if (expected.look === "signed out") return { status: 401, date };
      if (typeof expected.look === "string") return { status: 0 };
      const entry = expected.look && whole(expected.look);
      return { status: 200, date, body: { entry, now: new Date(this.at).toISOString() } };
    }
    expect(sent).toBe(expected.send);
    expect(JSON.parse(JSON.stringify(request.body ?? null))).toEqual(expected.body ?? null);
    expect(request.version).toBe(expected.version);
    if (expected.answer === 0) return { status: 0 };
    return {
      status: expected.answer as number,
      date,
      body: bodyOf(expected),
      retryAfter: expected.retry_after,
    };
  }

  private check({ running, wait, ahead, ...rest }: Then, where: string): void {
    const { state } = this.queue;
    if (running === null) expect(state.entry, where).toBeNull();
    else if (running) expect(state.entry, where).toMatchObject(running);
    if (ahead !== undefined) expect(state.ahead, where).toBe(ahead * 1000);
    if (wait === null) expect(waits, where).toEqual([]);
    else if (wait) {
      expect(waits.at(-1), where).toBeGreaterThanOrEqual(wait[0] * 1000);
      expect(waits.at(-1), where).toBeLessThanOrEqual(wait[1] * 1000);
    }
    expect(JSON.parse(JSON.stringify(state)), where).toMatchObject(rest);
  }
}

function bodyOf({ answer = 0, entry, field, detail = "No." }: Exchange): unknown {
  const present = entry && whole(entry);
  if (answer < 300) return present;
  return {
    detail,
    ...(present && { entry: present }),
    ...(field && { errors: [{ field, message: detail }] }),
  };
}

const waits: number[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  const later = globalThis.setTimeout;
  vi.stubGlobal("setTimeout", (act: () => void, milliseconds: number) => {
    waits.push(milliseconds);
    return later(act, milliseconds);
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("offline", () => {
  it.each(table as unknown as Case[])("$name", (given) => new Player(given).play());
});
