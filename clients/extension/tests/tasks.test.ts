import { beforeEach, describe, expect, it, vi } from "vitest";
import { Refused, useServer } from "../../kit/src/api";
import { useWords } from "../../kit/src/words";
import { emptyBook } from "../src/book";
import { tasksOf } from "../src/tasks";

const suggestion = (task_id: number | null, ...path: string[]) => ({
  ...{ task_id, path, color: "#123456", note: "", tags: [], billable: false },
});
const book = {
  ...emptyBook(),
  recent: [suggestion(2, "Studio", "Website"), suggestion(null), suggestion(2, "Studio", "Website")],
  tasks: {
    1: { path: ["Studio", "Mobile app"], color: "#000" },
    2: { path: ["Studio", "Website"], color: "#fff" },
  },
};
const tasks = tasksOf(() => book);
const names = (items: { name: string }[]) => items.map(({ name }) => name);

beforeEach(() => {
  useServer({
    address: "https://stint.example.com",
    token: "x",
    client: "extension",
    signedOut: () => undefined,
  });
  useWords({});
});

describe("while the server is away", () => {
  beforeEach(() => vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("away"))));

  it("the tasks tracked on lately are offered, the latest first", async () => {
    expect(names((await tasks.shortlist()).recent)).toEqual(["Website", "Mobile app"]);
    expect((await tasks.tasks({ parent_id: null })).items).toEqual([]);
  });

  it.each([
    ["studio app", ["Mobile app"]],
    ["STUDIO", ["Website", "Mobile app"]],
    ["nothing", []],
  ])("a search for %s finds among them", async (q, wanted) => {
    const { items } = await tasks.tasks({ q });
    expect(names(items)).toEqual(wanted);
    expect(items.every(({ trackable }) => trackable)).toBe(true);
  });
});

it("what the server refuses is told", async () => {
  const problem = new Response('{"detail": "No."}', {
    status: 403,
    headers: { "Content-Type": "application/problem+json" },
  });
  vi.stubGlobal("fetch", async () => problem);
  await expect(tasks.tasks({ q: "x" })).rejects.toThrow(Refused);
});
