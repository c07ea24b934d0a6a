import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../src/timer-bar";
import type { TimerBar } from "../src/timer-bar";

const ENTRY = { id: "1", task_id: null, note: "Sketch", start: "2026-11-23T09:00:00Z", end: null };
const calls: { method: string; path: string; body: unknown }[] = [];
let answers: Record<string, [number, unknown]>;

async function shown(timer: object): Promise<TimerBar> {
  document.body.innerHTML = `<div id="notices"></div><script type="application/json" id="timer"></script>`;
  (document.getElementById("timer") as HTMLElement).textContent = JSON.stringify(timer);
  const bar = document.createElement("stint-timer-bar") as TimerBar;
  bar.dataset.from = "timer";
  document.body.append(bar);
  await bar.updateComplete;
  return bar;
}

const inside = <T extends Element>(bar: TimerBar, selector: string) =>
  bar.renderRoot.querySelector<T>(selector) as T;
const submit = (bar: TimerBar) =>
  inside(bar, "form").dispatchEvent(new Event("submit", { cancelable: true }));

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T10:00:00Z") });
  calls.length = 0;
  answers = {};
  vi.stubGlobal("fetch", async (url: string, init: { method: string; body?: string }) => {
    const path = url.replace("/api/v1", "");
    calls.push({ method: init.method, path, body: init.body && JSON.parse(init.body) });
    const [status, body] = answers[`${init.method} ${path}`] ?? [200, {}];
    return new Response(JSON.stringify(body), { status });
  });
});

afterEach(() => {
  document.body.innerHTML = "";
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("stint-timer-bar", () => {
  it("counts by the server's clock, in the bar and in the title", async () => {
    const bar = await shown({ entry: ENTRY, now: "2026-11-23T09:00:05Z", path: [] });
    await vi.advanceTimersByTimeAsync(2000);
    expect(inside(bar, ".elapsed").textContent).toMatch(/^0:00:0[67]$/);
    expect(document.title).toContain("Sketch · Stint");
  });

  it("starts with the note that was typed, under an id of its own", async () => {
    const bar = await shown({ entry: null, now: "2026-11-23T10:00:00Z", path: [] });
    answers["POST /timer/start"] = [201, ENTRY];
    const note = inside<HTMLInputElement>(bar, ".note");
    note.value = "Sketch";
    note.dispatchEvent(new Event("input"));
    submit(bar);
    await vi.advanceTimersByTimeAsync(10);
    expect(calls[0]).toMatchObject({ path: "/timer/start", body: { note: "Sketch", task_id: null } });
    expect(calls[0]?.body).toHaveProperty("id", expect.stringMatching(/-7/));
    expect(inside(bar, ".go").textContent).toContain("stop");
  });

  it("takes a refused start back and says why", async () => {
    const bar = await shown({ entry: null, now: "2026-11-23T10:00:00Z", path: [] });
    answers["POST /timer/start"] = [
      422,
      { detail: "x", errors: [{ field: "task_id", message: "is archived" }] },
    ];
    submit(bar);
    await vi.advanceTimersByTimeAsync(10);
    expect(inside(bar, ".go").textContent).toContain("start");
    expect(document.getElementById("notices")?.textContent).toBe("Is archived.");
  });

  it("looks again when something happened elsewhere", async () => {
    const bar = await shown({ entry: null, now: "2026-11-23T10:00:00Z", path: [] });
    answers["GET /timer"] = [200, { entry: ENTRY, now: "2026-11-23T10:00:00Z" }];
    document.body.dispatchEvent(new CustomEvent("stint-timer", { detail: {} }));
    await vi.advanceTimersByTimeAsync(10);
    expect(inside<HTMLInputElement>(bar, ".note").value).toBe("Sketch");
    expect(inside(bar, ".elapsed").textContent).toBe("1:00:00");
  });
});
