import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WeekGrid } from "../src/week-grid";

type Rows = Record<string, string[]>;
interface Asked {
  url: string;
  typed: Record<string, string> | null;
}

const asked: Asked[] = [];
let answer: (asked: Asked) => Response | Promise<Response>;
let leaving: (event: Event) => void;

/** A grid of two days as the server writes it. */
function grid(rows: Rows, query = "of=2026-03-02"): string {
  const cells = (key: string, texts: string[]) =>
    texts
      .map(
        (text, at) =>
          `<td><input name="cell-${key}-${at}" data-day="2026-03-0${2 + at}" data-was="${text ? Number(text) * 3600 : 0}" value="${text}"><span class="week-marks"></span></td>`,
      )
      .join("");
  const body = Object.entries(rows).map(
    ([key, texts]) =>
      `<tr data-key="${key}"><th>Task ${key}</th>${cells(key, texts)}<td>${texts.join("+")}</td></tr>`,
  );
  return `<section data-week data-query="${query}" data-page="/week" data-grid="/week/grid" data-cell="/week/cell">
    <table><tbody>${body.join("")}</tbody><tfoot><tr><th>Total</th><td>${Object.values(rows).flat().join("+")}</td></tr></tfoot></table>
    <p data-part="empty">${body.length ? "" : "No time"}</p><a data-rows href="/week?of=2026-03-02&row=9">Copy</a></section>`;
}

function shown(rows: Rows): WeekGrid {
  document.body.innerHTML = grid(rows);
  return new WeekGrid(document.querySelector("[data-week]") as HTMLElement);
}

const cell = (key: string, at = 0) =>
  document.querySelector(`[name="cell-${key}-${at}"]`) as HTMLInputElement;
const keys = () => [...document.querySelectorAll<HTMLElement>("tr[data-key]")].map((row) => row.dataset.key);
const total = () => document.querySelector("tfoot td")?.textContent;
const said = () => document.querySelector(".week-said")?.textContent;
const settle = () => vi.advanceTimersByTimeAsync(200);

function type(into: HTMLInputElement, text: string): void {
  into.focus();
  into.value = text;
  into.dispatchEvent(new Event("input", { bubbles: true }));
}

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  document.activeElement?.dispatchEvent(event);
  return event;
}

const ok = (html: string) => new Response(html, { headers: { "Content-Type": "text/html" } });
const refused = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  vi.stubGlobal("addEventListener", (_name: string, act: (event: Event) => void) => {
    leaving = act;
  });
  vi.stubGlobal("fetch", async (url: string, init: { body?: URLSearchParams }) => {
    const request = { url, typed: init.body ? Object.fromEntries(init.body) : null };
    asked.push(request);
    return answer(request);
  });
});

afterEach(() => {
  document.body.innerHTML = "";
  history.replaceState(null, "", "/");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the week grid", () => {
  it("moves between cells with arrows, and within the text while it is changed", () => {
    shown({ a: ["1", ""], b: ["", ""] });
    cell("a").focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(cell("b"));
    press("ArrowRight");
    expect(document.activeElement).toBe(cell("b", 1));
    press("ArrowUp");
    press("ArrowLeft");
    expect(document.activeElement).toBe(cell("a"));
    press("F2");
    expect(press("ArrowLeft").defaultPrevented).toBe(false);
    expect(press("ArrowRight").defaultPrevented).toBe(true);
    expect(document.activeElement).toBe(cell("a", 1));
    expect(asked).toEqual([]);
  });

  it("stays where there is no further cell, and leaves keys with Ctrl alone", () => {
    shown({ a: ["1", ""] });
    cell("a").focus();
    for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "Enter"]) press(key);
    press("ArrowRight", { ctrlKey: true });
    expect(document.activeElement).toBe(cell("a"));
  });

  it("saves on leaving, and takes over totals and rows around the cell that has the focus", async () => {
    shown({ a: ["1", ""] });
    answer = () => ok(grid({ a: ["5", ""], b: ["2", ""] }, "of=2026-03-02&row=a"));
    type(cell("a"), "5h");
    press("ArrowRight");
    const focused = cell("a", 1);
    await settle();
    expect(asked).toEqual([
      { url: "/week/cell?of=2026-03-02", typed: { task: "a", day: "2026-03-02", was: "3600", typed: "5h" } },
    ]);
    expect(document.activeElement).toBe(focused);
    expect([cell("a").value, cell("a").dataset.was, total(), keys()]).toEqual([
      "5",
      "18000",
      "5++2+",
      ["a", "b"],
    ]);
    expect(location.search).toBe("?of=2026-03-02&row=a");
  });

  it("keeps what is typed while an answer or a change from elsewhere comes in", async () => {
    const week = shown({ a: ["1", ""], b: ["", ""] });
    type(cell("a", 1), "4");
    week.merge(grid({ a: ["3", "2"], b: ["", ""] }));
    expect([cell("a").value, cell("a", 1).value, cell("a", 1).dataset.was]).toEqual(["3", "4", "0"]);
    expect(document.activeElement).toBe(cell("a", 1));
  });

  it("keeps what was typed further into a cell that was just saved", async () => {
    shown({ a: ["1"] });
    let give: (response: Response) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        give = resolve;
      });
    type(cell("a"), "2");
    press("Enter");
    await settle();
    type(cell("a"), "25");
    give(ok(grid({ a: ["2"] })));
    await settle();
    expect([cell("a").value, cell("a").defaultValue, cell("a").dataset.was]).toEqual(["25", "2", "7200"]);
  });

  it("sends one save after the other", async () => {
    shown({ a: ["", ""] });
    let give: (response: Response) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        give = resolve;
      });
    type(cell("a"), "2");
    type(cell("a", 1), "3");
    press("Enter");
    await settle();
    expect(asked).toHaveLength(1);
    give(ok(grid({ a: ["2", ""] })));
    await settle();
    expect(asked).toHaveLength(2);
    expect(cell("a", 1).value).toBe("3");
  });

  it("says at the cell what was refused and tries it again only when told to", async () => {
    shown({ a: ["", ""] });
    answer = () => refused(422, { message: "That is no time." });
    type(cell("a"), "soon");
    cell("a", 1).focus();
    await settle();
    expect([said(), cell("a").value, cell("a").getAttribute("aria-invalid")]).toEqual([
      "That is no time.",
      "soon",
      "true",
    ]);
    cell("a").focus();
    cell("a", 1).focus();
    await settle();
    expect(asked).toHaveLength(1);
    cell("a").focus();
    press("Enter");
    await settle();
    expect(asked).toHaveLength(2);
    cell("a").focus();
    press("Escape");
    expect([said(), cell("a").value]).toEqual([undefined, ""]);
  });

  it("lets the second of two windows choose", async () => {
    shown({ a: ["1"] });
    answer = () => refused(412, { message: "Changed elsewhere.", was: 7200, text: "2" });
    type(cell("a"), "4");
    press("Enter");
    await settle();
    expect([said(), cell("a").value]).toEqual(["Changed elsewhere.", "4"]);
    answer = () => ok(grid({ a: ["4"] }));
    press("Enter");
    await settle();
    expect(asked[1]?.typed).toMatchObject({ was: "7200", typed: "4" });
    expect([said(), cell("a").dataset.was]).toEqual([undefined, "14400"]);
  });

  it("sends what did not arrive again once the page hears of changes", async () => {
    shown({ a: [""] });
    answer = () => Promise.reject(new Error("no network"));
    type(cell("a"), "2");
    press("Enter");
    await settle();
    expect([said(), cell("a").value]).toEqual(["unreachable", "2"]);
    answer = () => ok(grid({ a: ["2"] }));
    document.body.dispatchEvent(new CustomEvent("stint-entry"));
    await settle();
    expect(asked.filter(({ typed }) => typed?.typed === "2")).toHaveLength(2);
    expect([said(), cell("a").dataset.was]).toEqual([undefined, "7200"]);
  });

  it("asks before what could not be saved is lost, and only then", async () => {
    shown({ a: [""] });
    answer = () => refused(422, { message: "That is no time." });
    const leave = () => {
      const event = new Event("beforeunload", { cancelable: true });
      leaving(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    type(cell("a"), "soon");
    press("Enter");
    await settle();
    expect(leave()).toBe(true);
    press("Escape");
    expect(leave()).toBe(false);
  });

  it("removes rows that went, but none that is in use", () => {
    const week = shown({ a: ["1"], b: ["2"], c: ["3"] });
    cell("b").focus();
    type(cell("c"), "4");
    cell("b").focus();
    answer = () => Promise.reject(new Error("no network"));
    week.merge(grid({ d: ["1"] }));
    expect(keys().toSorted()).toEqual(["b", "c", "d"]);
    expect(document.activeElement).toBe(cell("b"));
  });

  it("puts new rows where the server has them", () => {
    const week = shown({ b: ["1"], d: ["2"] });
    week.merge(grid({ a: [""], b: ["1"], c: [""], d: ["2"], e: [""] }));
    expect(keys()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("adds the rows of a link and goes to the first of them", async () => {
    shown({ a: ["1"] });
    answer = () => ok(grid({ a: ["1"], "9": [""] }, "of=2026-03-02&row=9"));
    (document.querySelector("a[data-rows]") as HTMLElement).click();
    await settle();
    expect(asked[0]?.url).toBe("/week/grid?of=2026-03-02&row=9");
    expect(document.activeElement).toBe(cell("9"));
  });
});
