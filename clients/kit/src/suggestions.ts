// What the person did lately and may do again, offered below the note while it is typed.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { call, type Suggestion } from "./api";

export class Suggestions implements ReactiveController {
  items: Suggestion[] = [];
  active = -1;
  private asking?: AbortController;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.asking?.abort();
  }

  get chosen(): Suggestion | undefined {
    return this.items[this.active];
  }

  async ask(q: string): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const query = { q: q.trim() };
      const page = await call("GET", "/entries/suggestions", { query, signal: asking.signal });
      this.set(page.items.filter((item) => item.note !== q.trim() || item.task_id !== null));
    } catch {
      if (!asking.signal.aborted) this.set([]); // the note can be typed without them
    }
  }

  move(step: number): void {
    this.active = Math.max(-1, Math.min(this.items.length - 1, this.active + step));
    this.host.requestUpdate();
  }

  close(): void {
    this.asking?.abort();
    this.set([]);
  }

  private set(items: Suggestion[]): void {
    this.items = items;
    this.active = -1;
    this.host.requestUpdate();
  }
}
