import { describe, expect, it, vi } from "vitest";
import type { Task } from "../../kit/src/api";
import { onIos } from "../src/install";
import { Kept, type Shelf } from "../src/kept";
import { found } from "../src/tasks";

function memory(): Shelf {
  const kept = new Map<string, unknown>();
  return {
    get: async (name) => kept.get(name),
    put: async (name, answer) => void kept.set(name, answer),
    clear: async () => kept.clear(),
  };
}
const away = () => Promise.reject(new Error("away"));

describe("what was answered", () => {
  it("is there when the server is not", async () => {
    const kept = new Kept(memory());
    await kept.ask("week", async () => ["Sketch"]);

    expect(await kept.ask("week", away)).toEqual(["Sketch"]);
  });

  it("gives way to what is answered now", async () => {
    const kept = new Kept(memory());
    await kept.ask("week", async () => "old");

    expect(await kept.ask("week", async () => "new")).toBe("new");
    expect(await kept.last("week")).toBe("new");
  });

  it("is gone after signing out, and the fault is told", async () => {
    const kept = new Kept(memory());
    await kept.ask("week", async () => "old");
    await kept.clear();

    await expect(kept.ask("week", away)).rejects.toThrow("away");
  });

  it("is not needed: browsers without a cache ask each time", async () => {
    vi.stubGlobal("caches", undefined);
    const kept = new Kept();

    expect(await kept.ask("week", async () => "now")).toBe("now");
    vi.unstubAllGlobals();
  });
});

describe("a search on the road", () => {
  const task = (...path: string[]) => ({ name: path.at(-1), path }) as Task;
  const tasks = [task("Toggl", "Website", "Design"), task("Toggl", "Design system"), task("Toggl", "Shop")];

  it.each([
    ["design", ["Design", "Design system"]],
    ["web des", ["Design"]],
    ["SYSTEM", ["Design system"]],
    ["sign", ["Design", "Design system"]],
    ["lighthouse", []],
  ])("finds by words of the path: %s", (q, names) => {
    expect(found(tasks, q).map(({ name }) => name)).toEqual(names);
  });

  it("puts first what is called so", () => {
    const two = [task("Shop", "Website"), task("Shop")];
    expect(found(two, "shop").map(({ name }) => name)).toEqual(["Shop", "Website"]);
  });
});

describe("the hint for an iPhone", () => {
  it.each([
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", 5, true],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5, true],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0, false],
    ["Mozilla/5.0 (Linux; Android 15; Pixel 9)", 5, false],
  ])("%s with %i touches: %s", (userAgent, maxTouchPoints, ios) => {
    expect(onIos({ userAgent, maxTouchPoints })).toBe(ios);
  });
});
