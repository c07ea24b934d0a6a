// What the picker shows: matches of a query, or the tree with its opened branches, as rows from top to bottom.
import { childrenOf, findTasks, type Task } from "./api";

export interface Row {
  task: Task | null;
  depth: number;
  open: boolean;
  above: string;
}

export class TaskTree {
  rows: Row[] = [];
  private opened = new Set<number>();
  private asked = 0;

  /** With `trackable` a search finds only what the user may start. */
  constructor(private readonly trackable: boolean) {}

  /** Fills the rows; false when a later question has overtaken this one. */
  async show(q: string): Promise<boolean> {
    const asked = ++this.asked;
    const rows = q.trim() ? await this.matches(q) : [row(null), ...(await this.branch(null, 0))];
    if (asked !== this.asked) return false;
    this.rows = rows;
    return true;
  }

  async open(index: number): Promise<void> {
    const opening = this.rows[index];
    if (!opening?.task?.children || opening.open) return;
    const below = await this.branch(opening.task.id, opening.depth + 1);
    const place = this.rows.indexOf(opening);
    if (place < 0 || opening.open) return;
    this.opened.add(opening.task.id);
    opening.open = true;
    this.rows = this.rows.toSpliced(place + 1, 0, ...below);
  }

  close(index: number): void {
    const closing = this.rows[index];
    if (!closing?.task || !closing.open) return;
    this.opened.delete(closing.task.id);
    closing.open = false;
    const rest = this.rows.slice(index + 1);
    const after = rest.findIndex((other) => other.depth <= closing.depth);
    this.rows = [...this.rows.slice(0, index + 1), ...(after < 0 ? [] : rest.slice(after))];
  }

  private async matches(q: string): Promise<Row[]> {
    const found = await findTasks(q, this.trackable);
    return found.items.map((task) => row(task, 0, task.path.slice(0, -1).join(" › ")));
  }

  private async branch(parent: number | null, depth: number): Promise<Row[]> {
    const { items } = await childrenOf(parent);
    const rows: Row[] = [];
    for (const task of items) {
      const again = this.opened.has(task.id) && task.children > 0;
      rows.push({ ...row(task, depth), open: again });
      if (again) rows.push(...(await this.branch(task.id, depth + 1)));
    }
    return rows;
  }
}

function row(task: Task | null, depth = 0, above = ""): Row {
  return { task, depth, open: false, above };
}
