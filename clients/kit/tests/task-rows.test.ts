import { describe, expect, it } from "vitest";
import type { Task } from "../src/api";
import { marked, type Query, type Row, type Source, TaskRows } from "../src/task-rows";

function task(id: number, name: string, children = 0, more: Partial<Task> = {}): Task {
  const own: Pick<Task, "status" | "source" | "color"> = { status: "active", source: null, color: "#888888" };
  const flags = { trackable: true, read_only: false, billable: false, favourite: false, in_archive: false };
  return { id, name, children, parent_id: null, path: [name], ...own, ...flags, ...more };
}

type Levels = Record<string, Task[]>;

/** Tasks by parent, `found` for a search; pages of `size`. */
function served(levels: Levels, likely: Partial<Levels> = {}, asked: Query[] = [], size = 100): Source {
  return {
    tasks: async (query) => {
      asked.push(query);
      const all = levels["parent_id" in query ? String(query.parent_id) : "found"] ?? [];
      const from = Number(query.cursor ?? 0);
      return {
        items: all.slice(from, from + size),
        next: from + size < all.length ? String(from + size) : null,
      };
    },
    shortlist: async () => ({ favourites: likely.favourites ?? [], recent: likely.recent ?? [] }),
  };
}

const name = (row: Row) => `${row.level} ${row.kind === "task" ? row.task.name : "..."}`;
const names = (rows: TaskRows) => rows.rows().map(name);
const parts = (rows: TaskRows) =>
  rows.rows().map((row) => `${row.part} ${row.kind === "task" ? row.task.name : "..."}`);

describe("TaskRows", () => {
  it("shows the roots, and children once unfolded, each level loaded once", async () => {
    const asked: Query[] = [];
    const rows = new TaskRows(
      served({ null: [task(1, "A", 1), task(2, "B")], 1: [task(3, "C")] }, {}, asked),
    );
    await rows.load();
    expect(names(rows)).toEqual(["1 A", "1 B"]);
    await rows.unfold(1);
    expect(names(rows)).toEqual(["1 A", "2 C", "1 B"]);
    rows.fold(1);
    await rows.unfold(1);
    expect(asked).toHaveLength(2);
  });

  it("unfolds a single root at once", async () => {
    const rows = new TaskRows(served({ null: [task(1, "Toggl", 2)], 1: [task(2, "X", 1), task(3, "Y", 1)] }));
    await rows.load();
    expect(names(rows)).toEqual(["1 Toggl", "2 X", "2 Y"]);
  });

  it("ends a level that was cut with a line that loads what follows", async () => {
    const levels = { null: [task(1, "A", 3), task(2, "B")], 1: [3, 4, 5].map((id) => task(id, `C${id}`)) };
    const rows = new TaskRows(served(levels, {}, [], 2));
    await rows.load();
    await rows.unfold(1);
    expect(names(rows)).toEqual(["1 A", "2 C3", "2 C4", "2 ...", "1 B"]);
    await rows.more(1);
    expect(names(rows)).toEqual(["1 A", "2 C3", "2 C4", "2 C5", "1 B"]);
  });

  it("shows favourites and recent tasks before the tree, where they are asked for", async () => {
    const likely = { favourites: [task(3, "F")], recent: [task(4, "R")] };
    const rows = new TaskRows(served({ null: [task(1, "A"), task(2, "B")] }, likely));
    await rows.load(true);
    expect(parts(rows)).toEqual(["favourites F", "recent R", "tree A", "tree B"]);
    const places = new TaskRows(served({ null: [task(1, "A"), task(2, "B")] }, likely));
    await places.load();
    expect(parts(places)).toEqual(["tree A", "tree B"]);
  });

  it("moves a task among the favourites when it becomes one, and away when it is none", async () => {
    const [a, b] = [task(1, "A"), task(2, "B")];
    const likely = { favourites: [task(3, "X", 0, { favourite: true })], recent: [b] };
    const rows = new TaskRows(served({ null: [a, b] }, likely));
    await rows.load(true);
    rows.mark(b, true);
    expect(parts(rows)).toEqual(["favourites B", "favourites X", "tree A", "tree B"]);
    expect(rows.rows().every((row) => row.kind === "task" && row.task.favourite === row.task.id > 1)).toBe(
      true,
    );
    rows.mark({ ...b, favourite: true }, false);
    expect(parts(rows)).toEqual(["favourites X", "tree A", "tree B"]);
  });

  it("asks for trackable tasks only when time is to be tracked", async () => {
    const asked: Query[] = [];
    const rows = new TaskRows(served({ found: [task(1, "A")] }, {}, asked));
    await rows.find("a b", true, new AbortController().signal);
    await rows.find("a", false, new AbortController().signal);
    expect(asked).toEqual([
      { q: "a b", limit: 50, trackable: true },
      { q: "a", limit: 50, trackable: undefined },
    ]);
  });
});

describe("TaskRows with the archive", () => {
  it("asks for archived tasks too, in the tree and in a search", async () => {
    const asked: Query[] = [];
    const rows = new TaskRows(
      served({ null: [task(1, "A"), task(2, "B")], found: [task(3, "C")] }, {}, asked),
      true,
    );
    await rows.load();
    await rows.find("c", false, new AbortController().signal);
    expect(asked.map((query) => query.status)).toEqual(["all", "all"]);
  });
});

describe("marked", () => {
  it.each([
    ["Website", "site", ["Web", "*site"]],
    ["Acme › Web", "web ACME", ["*Acme", " › ", "*Web"]],
    ["a+b (c)", "+ (", ["a", "*+", "b ", "*(", "c)"]],
    ["Plain", "", ["Plain"]],
    ["Plain", "zzz", ["Plain"]],
  ])("shows where %s matches %s", (text, q, pieces) => {
    expect(marked(text, q).map((piece) => (piece.hit ? "*" : "") + piece.text)).toEqual(pieces);
  });
});
