import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../src/timer-bar";
import type { TimerBar } from "../src/timer-bar";

const ENTRY = {
  id: "1",
  task_id: null,
  note: "Sketch",
  tags: [],
  billable: false,
  start: "2026-11-23T09:00:00Z",
  end: null,
  version: 1,
};
const STOPPED = { entry: null, now: "2026-11-23T10:00:00Z", path: [] };
const RUNNING = { ...STOPPED, entry: ENTRY };
const calls: { method: string; path: string; body: unknown; version: string | undefined }[] = [];
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
const settled = () => vi.advanceTimersByTimeAsync(10);
const notices = () => document.getElementById("notices") as HTMLElement;

async function type(bar: TimerBar, text: string): Promise<HTMLInputElement> {
  const note = inside<HTMLInputElement>(bar, ".note");
  note.value = text;
  note.dispatchEvent(new Event("input"));
  await settled();
  return note;
}

function somethingHappenedElsewhere(): Promise<unknown> {
  document.body.dispatchEvent(new CustomEvent("stint-timer", { detail: {} }));
  return settled();
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-23T10:00:00Z") });
  calls.length = 0;
  answers = { "GET /entries/suggestions": [200, { items: [] }] };
  vi.stubGlobal(
    "fetch",
    async (url: string, init: { method: string; body?: string; headers: Record<string, string> }) => {
      const path = url.replace("/api/v1", "");
      const { method, body, headers } = init;
      calls.push({ method, path, body: body && JSON.parse(body), version: headers["If-Match"] });
      const [status, said] = answers[`${method} ${path.split("?")[0]}`] ?? [200, {}];
      return Response.json(said, { status });
    },
  );
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
    const bar = await shown(STOPPED);
    answers["POST /timer/start"] = [201, ENTRY];
    await type(bar, "Sketch");
    submit(bar);
    await settled();
    const start = calls.find((call) => call.path === "/timer/start");
    expect(start).toMatchObject({ body: { note: "Sketch", task_id: null, tags: [] } });
    expect(start?.body).toHaveProperty("id", expect.stringMatching(/-7/));
    expect(start?.body).not.toHaveProperty("billable"); // the task's default counts
    expect(inside(bar, ".go").textContent).toContain("stop");
  });

  it("takes a refused start back, keeps the text and says why", async () => {
    const bar = await shown(STOPPED);
    answers["POST /timer/start"] = [
      422,
      { detail: "x", errors: [{ field: "task_id", message: "is archived" }] },
    ];
    const note = await type(bar, "Sketch");
    submit(bar);
    await settled();
    expect(inside(bar, ".go").textContent).toContain("start");
    expect(note.value).toBe("Sketch");
    expect(notices().textContent).toBe("Is archived.");
  });

  it("looks again when something happened elsewhere", async () => {
    const bar = await shown(STOPPED);
    answers["GET /timer"] = [200, RUNNING];
    await somethingHappenedElsewhere();
    expect(inside<HTMLInputElement>(bar, ".note").value).toBe("Sketch");
    expect(inside(bar, ".elapsed").textContent).toBe("1:00:00");
  });

  it("keeps what is being typed when the same timer changes elsewhere", async () => {
    const bar = await shown(RUNNING);
    const note = await type(bar, "Sketch of the menu");
    answers["GET /timer"] = [200, { ...RUNNING, entry: { ...ENTRY, tags: ["ui"], version: 2 } }];
    await somethingHappenedElsewhere();
    expect(note.value).toBe("Sketch of the menu");
    expect(inside(bar, ".mark").textContent).toContain("1");
  });

  it("shows another timer that began elsewhere, and keeps the typed text within reach", async () => {
    const bar = await shown(STOPPED);
    const note = await type(bar, "My own");
    answers["GET /timer"] = [200, RUNNING];
    await somethingHappenedElsewhere();
    expect(note.value).toBe("Sketch");
    expect(notices().textContent).toContain("My own");
    answers["PATCH /entries/1"] = [200, { ...ENTRY, note: "My own", version: 2 }];
    notices().querySelector("button")?.click();
    await settled();
    expect(note.value).toBe("My own");
  });

  it("saves a note only if nobody changed it since it was read, and offers to keep mine", async () => {
    const bar = await shown(RUNNING);
    const note = await type(bar, "Mine");
    const theirs = { ...ENTRY, note: "Theirs", version: 2 };
    answers["PATCH /entries/1"] = [412, { detail: "changed", entry: theirs }];
    answers["GET /timer"] = [200, { ...RUNNING, entry: theirs }];
    note.dispatchEvent(new Event("change"));
    await settled();
    expect(calls.find((call) => call.method === "PATCH")?.version).toBe("1");
    expect(note.value).toBe("Theirs");
    answers["PATCH /entries/1"] = [200, { ...theirs, note: "Mine", version: 3 }];
    answers["GET /timer"] = [200, { ...RUNNING, entry: { ...theirs, note: "Mine", version: 3 } }];
    notices().querySelector("button")?.click();
    await settled();
    expect(calls.filter((call) => call.method === "PATCH").at(-1)).toMatchObject({
      body: { note: "Mine" },
      version: "2",
    });
    expect(note.value).toBe("Mine");
  });

  it("fills in what was done before at one press", async () => {
    const bar = await shown(STOPPED);
    const item = {
      note: "Draft",
      task_id: 5,
      path: ["A", "B"],
      color: "#123456",
      tags: ["x"],
      billable: true,
    };
    answers["GET /entries/suggestions"] = [200, { items: [item] }];
    answers["POST /timer/start"] = [201, { ...ENTRY, note: "Draft" }];
    const note = await type(bar, "dra");
    for (const key of ["ArrowDown", "Enter"])
      note.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    submit(bar);
    await settled();
    expect(calls.at(-1)?.body).toMatchObject({ note: "Draft", task_id: 5, tags: ["x"], billable: true });
  });

  it("discards what runs, and brings it back", async () => {
    const bar = await shown(RUNNING);
    answers["DELETE /entries/1"] = [200, {}];
    inside<HTMLButtonElement>(bar, "[aria-label=discard]").click();
    await settled();
    expect(inside(bar, ".go").textContent).toContain("start");
    answers["GET /timer"] = [200, RUNNING];
    notices().querySelector("button")?.click();
    await settled();
    expect(calls.map((call) => call.path)).toContain("/entries/1/restore");
    expect(inside(bar, ".go").textContent).toContain("stop");
  });
});
