import { describe, expect, it } from "vitest";
import type { Page, Task } from "../src/api";
import { TaskRows } from "../src/task-rows";

function task(id: number, name: string, children = 0): Task {
  return { id, name, children, parent_id: null, path: [name], trackable: true, read_only: false };
}

function served(levels: Record<string, Task[]>, asked: string[] = []) {
  return async (query: string): Promise<Page<Task>> => {
    asked.push(query);
    const parent = new URLSearchParams(query).get("parent_id") ?? "found";
    return { items: levels[parent] ?? [], next: parent === "cut" ? "more" : null };
  };
}

const names = (rows: TaskRows) => rows.rows().map(({ task, level }) => `${level} ${task.name}`);

describe("TaskRows", () => {
  it("shows the roots, and children once unfolded, each level loaded once", async () => {
    const asked: string[] = [];
    const rows = new TaskRows(served({ null: [task(1, "A", 1), task(2, "B")], 1: [task(3, "C")] }, asked));
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

  it("asks for trackable tasks only when time is to be tracked", async () => {
    const asked: string[] = [];
    const rows = new TaskRows(served({ found: [task(1, "A")] }, asked));
    await rows.find("a b", true, new AbortController().signal);
    await rows.find("a", false, new AbortController().signal);
    expect(asked).toEqual(["q=a+b&limit=50&trackable=true", "q=a&limit=50"]);
  });
});
