// The rows of the task picker: what a search found, or the favourites, what was tracked on lately, and the part of
// the tree that is unfolded. No DOM in here.
import { call, type Given, type Page, type Task } from "./api";

export const CHILDREN = 200; // at once
const FOUND = 50;

/** A line of the list: a task, or the end of a level of which not everything was loaded. */
export interface TaskRow {
  kind: "task";
  task: Task;
  level: number;
  open: boolean;
  /** Which part it stands in. */
  part: Part;
}

export interface MoreRow {
  kind: "more";
  parent: number | null;
  level: number;
  part: "tree";
}

export type Part = "favourites" | "recent" | "tree" | "found";
export type Row = TaskRow | MoreRow;
export type Query = NonNullable<Given<"GET", "/tasks">["query"]>;

/** Where tasks come from. */
export interface Source {
  tasks(query: Query, signal?: AbortSignal): Promise<Page<Task>>;
  shortlist(): Promise<{ favourites: Task[]; recent: Task[] }>;
}

const server: Source = {
  tasks: (query, signal) => call("GET", "/tasks", { query, signal }),
  shortlist: () => call("GET", "/tasks/shortlist"),
};

/** The task tree as far as it was unfolded, loaded a level at a time, after the tasks that are likely wanted. */
export class TaskRows {
  private below = new Map<number | null, Page<Task>>();
  private unfolded = new Set<number>();
  private likely: { favourites: Task[]; recent: Task[] } = { favourites: [], recent: [] };

  /** With `archived` there are also tasks in the archive: for questions about the past. */
  constructor(
    private source: Source = server,
    private archived = false,
  ) {}

  /** Load the first level, and with `likely` the favourites and recent tasks. */
  async load(likely = false): Promise<void> {
    await Promise.all([this.roots(), likely && this.shortlist()]);
  }

  private async shortlist(): Promise<void> {
    this.likely = await this.source.shortlist();
  }

  private async roots(): Promise<void> {
    await this.children(null);
    // A single root says nothing by itself: show what is in it at once.
    let only = this.below.get(null)?.items;
    while (only?.length === 1 && only[0]?.children) {
      const id = only[0].id;
      await this.unfold(id);
      only = this.below.get(id)?.items;
    }
  }

  async unfold(id: number): Promise<void> {
    await this.children(id);
    this.unfolded.add(id);
  }

  fold(id: number): void {
    this.unfolded.delete(id);
  }

  /** Load what follows on a level that was cut. */
  async more(parent: number | null): Promise<void> {
    const page = this.below.get(parent);
    if (!page?.next) return;
    const next = await this.level(parent, page.next);
    this.below.set(parent, { items: [...page.items, ...next.items], next: next.next });
  }

  /** The rows to show, top to bottom. */
  rows(): Row[] {
    const part = (name: Part, tasks: Task[]) =>
      tasks.map((task): Row => ({ kind: "task", task, level: 1, open: false, part: name }));
    const { favourites, recent } = this.likely;
    return [...part("favourites", favourites), ...part("recent", recent), ...this.tree(null, 1)];
  }

  private tree(parent: number | null, level: number): Row[] {
    const page = this.below.get(parent);
    const rows = (page?.items ?? []).flatMap((task): Row[] => {
      const open = this.unfolded.has(task.id);
      const row: Row = { kind: "task", task, level, open, part: "tree" };
      return [row, ...(open ? this.tree(task.id, level + 1) : [])];
    });
    return page?.next ? [...rows, { kind: "more", parent, level, part: "tree" }] : rows;
  }

  /** Note that a task became a favourite, or is none any more, wherever it is shown. */
  mark(task: Task, favourite: boolean): void {
    const change = (each: Task) => (each.id === task.id ? { ...each, favourite } : each);
    for (const [parent, page] of this.below)
      this.below.set(parent, { ...page, items: page.items.map(change) });
    const others = ({ id }: Task) => id !== task.id;
    const { favourites, recent } = this.likely;
    const liked = favourites.filter(others);
    if (favourite) liked.push({ ...task, favourite });
    this.likely = {
      favourites: liked.sort((one, other) => one.name.localeCompare(other.name)),
      recent: favourite ? recent.filter(others) : recent,
    };
  }

  async find(q: string, trackable: boolean, signal: AbortSignal): Promise<TaskRow[]> {
    const query = { q, limit: FOUND, trackable: trackable || undefined, status: this.status };
    const page = await this.source.tasks(query, signal);
    return page.items.map((task) => ({ kind: "task", task, level: 1, open: false, part: "found" }));
  }

  private async children(id: number | null): Promise<void> {
    if (!this.below.has(id)) this.below.set(id, await this.level(id));
  }

  private level(parent_id: number | null, cursor?: string): Promise<Page<Task>> {
    return this.source.tasks({ parent_id, limit: CHILDREN, cursor, status: this.status });
  }

  private get status(): "all" | undefined {
    return this.archived ? "all" : undefined;
  }
}

/** `text` in pieces, of which those that a word of `q` matches are to be marked. */
export function marked(text: string, q: string): { text: string; hit: boolean }[] {
  const words = q.split(/\s+/).filter(Boolean).map(escaped);
  if (!words.length) return [{ text, hit: false }];
  const found = new RegExp(`(${words.join("|")})`, "giu");
  // Splitting by a group keeps what it matched, at the odd places.
  return text
    .split(found)
    .map((piece, at) => ({ text: piece, hit: at % 2 === 1 }))
    .filter((piece) => piece.text);
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
