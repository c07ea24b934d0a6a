// The rows of the task picker: what a search found, or the part of the tree that is unfolded. No DOM in here.
import { call, type Page, type Task } from "./api";

const CHILDREN = 200;
const FOUND = 50;

export interface Row {
  task: Task;
  level: number;
  open: boolean;
}

export type Fetch = (query: string, signal?: AbortSignal) => Promise<Page<Task>>;

const fetchTasks: Fetch = (query, signal) => call("GET", `/tasks?${query}`, undefined, signal);

/** The task tree as far as it was unfolded, loaded a level at a time. */
export class TaskRows {
  private below = new Map<number | null, Page<Task>>();
  private unfolded = new Set<number>();

  constructor(private fetch: Fetch = fetchTasks) {}

  async load(): Promise<void> {
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

  /** The rows to show, top to bottom. */
  rows(parent: number | null = null, level = 1): Row[] {
    return (this.below.get(parent)?.items ?? []).flatMap((task) => {
      const open = this.unfolded.has(task.id);
      return [{ task, level, open }, ...(open ? this.rows(task.id, level + 1) : [])];
    });
  }

  /** Whether a level that is shown has more children than were loaded. */
  get cut(): boolean {
    return [null, ...this.unfolded].some((id) => Boolean(this.below.get(id)?.next));
  }

  async find(q: string, trackable: boolean, signal: AbortSignal): Promise<Row[]> {
    const query = new URLSearchParams({ q, limit: String(FOUND) });
    if (trackable) query.set("trackable", "true");
    const page = await this.fetch(query.toString(), signal);
    return page.items.map((task) => ({ task, level: 1, open: false }));
  }

  private async children(id: number | null): Promise<void> {
    if (!this.below.has(id)) this.below.set(id, await this.fetch(`parent_id=${id}&limit=${CHILDREN}`));
  }
}
