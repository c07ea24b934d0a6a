import { afterEach, beforeEach, expect, it } from "vitest";
import { clockIn, findZones, installZones } from "../src/zones";

const ZONES = [
  "UTC",
  "America/New York",
  "America/North Dakota/New Salem",
  "Asia/Kathmandu",
  "Europe/York",
].map((name) => ({ value: name.replaceAll(" ", "_"), name }));
const names = (query: string) => findZones(ZONES, query).map(({ name }) => name);

beforeEach(() => {
  document.body.innerHTML = `<form><label for="zone">Zone</label><select id="zone" name="timezone" aria-describedby="help">
    ${ZONES.map(({ value, name }) => `<option value="${value}">${name}</option>`).join("")}</select></form>`;
  installZones(select());
});
afterEach(() => document.body.replaceChildren());

const select = () => document.querySelector<HTMLSelectElement>("select") as HTMLSelectElement;
const box = () => document.querySelector<HTMLInputElement>("input") as HTMLInputElement;
const rows = () => [...document.querySelectorAll<HTMLElement>("[role=option]")];

function type(text: string): void {
  box().value = text;
  box().dispatchEvent(new Event("input"));
}

function press(key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true });
  box().dispatchEvent(event);
  return event;
}

it("finds by any part of the name, what begins with it first", () => {
  expect(names("york")).toEqual(["America/New York", "Europe/York"]);
  expect(names("new")).toEqual(["America/New York", "America/North Dakota/New Salem"]);
  expect(names("new_york")).toEqual(["America/New York"]);
  expect(names("ATHMAN")).toEqual(["Asia/Kathmandu"]);
  expect(names("mars")).toEqual([]);
  expect(names(" ")).toHaveLength(ZONES.length);
});

it("tells the time there", () => {
  expect(clockIn("Asia/Kathmandu", new Date("2026-11-24T00:00:00Z"))).toBe("05:45");
  expect(clockIn("Mars/Olympus")).toBe("");
});

it("takes over the label and the help of the select", () => {
  expect(box().id).toBe("zone");
  expect(box().getAttribute("aria-describedby")).toBe("help");
  expect(select().hidden).toBe(true);
  expect(box().value).toBe("UTC");
});

it("chooses by keys", () => {
  type("york");
  press("ArrowDown");
  expect(rows().map((row) => row.ariaSelected)).toEqual(["false", "true"]);
  expect(press("Enter").defaultPrevented).toBe(true);
  expect(select().value).toBe("Europe/York");
  expect(box().value).toBe("Europe/York");
  expect(press("Enter").defaultPrevented).toBe(false);
});

it("leaves what was chosen when nothing fits, or on Escape and on leaving", () => {
  type("mars");
  expect(rows()).toEqual([]);
  press("Enter");
  expect(select().value).toBe("UTC");
  type("york");
  press("Escape");
  expect(box().value).toBe("UTC");
  type("york");
  box().dispatchEvent(new Event("blur"));
  expect([box().value, select().value]).toEqual(["UTC", "UTC"]);
});

it("chooses by pointer without losing the focus", () => {
  type("kath");
  const event = new Event("pointerdown", { bubbles: true, cancelable: true });
  rows()[0]?.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(select().value).toBe("Asia/Kathmandu");
});
