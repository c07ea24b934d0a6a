// Where the app's tasks come from: the server, or without a network what it said last. The tasks to track on are
// kept as one list, so that a search finds them on the road too.
import { call, type Page, type Task } from "../../kit/src/api";
import { CHILDREN, type Query, type Source } from "../../kit/src/task-rows";
import type { Kept } from "./kept";

const MOST = 1000;
type Shortlist = Awaited<ReturnType<Source["shortlist"]>>;

export class PhoneTasks implements Source {
  constructor(private readonly kept: Kept) {}

  tasks(query: Query, signal?: AbortSignal): Promise<Page<Task>> {
    const ask = () => call("GET", "/tasks", { query, signal });
    if (query.q === undefined) return this.kept.ask(`tasks ${query.parent_id} ${query.cursor ?? ""}`, ask);
    return ask().catch(async (fault) => {
      const known = signal?.aborted ? undefined : await this.kept.last<Task[]>("trackable");
      if (!known) throw fault;
      return { items: found(known, query.q ?? "") };
    });
  }

  shortlist(): Promise<Shortlist> {
    return this.kept.ask("shortlist", () => call("GET", "/tasks/shortlist"));
  }

  /** Whether time on a task is billable where nobody says otherwise. */
  async billable(id: number): Promise<boolean> {
    const known = (await this.kept.last<Task[]>("trackable"))?.find((task) => task.id === id);
    if (known) return known.billable;
    const task = await call("GET", "/tasks/{task_id}", { path: { task_id: id } }).catch(() => null);
    return task?.billable ?? false;
  }

  /** Have the tasks at hand for a search without a network, read anew where they are older than `age` milliseconds;
   * returns them if they were. */
  async fetch(age: number): Promise<Task[] | undefined> {
    const readAt = (await this.kept.last<number>("trackable read at")) ?? 0;
    if (Date.now() - readAt < age) return undefined;
    try {
      const { items } = await call("GET", "/tasks", { query: { trackable: true, limit: MOST } });
      await this.kept.put("trackable", items);
      await this.kept.put("trackable read at", Date.now());
      // As the pages ask for them.
      await Promise.all([this.shortlist(), this.tasks({ parent_id: null, limit: CHILDREN })]);
      return items;
    } catch {
      return undefined;
    }
  }
}

/** The tasks of whose path every word is a part, those first whose own name begins with the words. */
export function found(tasks: Task[], q: string): Task[] {
  const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const hits = tasks.filter((task) => {
    const path = task.path.join(" ").toLocaleLowerCase();
    return words.every((word) => path.includes(word));
  });
  const rank = (task: Task) => (task.name.toLocaleLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
  return hits.sort((one, other) => rank(one) - rank(other));
}
