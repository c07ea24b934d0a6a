// The one running timer, as a controller of whatever shows it: what will be is shown at once, then the server is
// asked, and what it refuses is taken back. Elsewhere's changes come by the event stream.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { call, type Entry, Refused, type Timer as TimerAnswer } from "./api";
import { serverAhead, uuid7 } from "./clock";
import { tell } from "./events";
import { showNotice } from "./notices";
import type { Pick } from "./task-picker";
import { word } from "./words";

/** What a timer says; `start` is an instant in the past, or null for now. */
export interface Draft {
  note: string;
  picked: Pick;
  tags: string[];
  billable: boolean;
  start: string | null;
}

type Fields = Partial<Omit<Draft, "picked" | "start">> & { task_id?: number | null; start?: string };

const blank = (): Draft => ({
  note: "",
  picked: { id: null, path: [] },
  tags: [],
  billable: false,
  start: null,
});

export class Timer implements ReactiveController {
  entry: Entry | null = null;
  draft: Draft = blank();
  busy = false;
  /** How far the server's clock is ahead of ours, in milliseconds. */
  ahead = 0;
  /** The note as it was when typing began: until it is saved, nobody else's change wipes what was typed. */
  private typing: Entry | "new" | null = null;
  private billableSaid = false;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    document.body.addEventListener("stint-timer", this.look);
  }

  hostDisconnected(): void {
    document.body.removeEventListener("stint-timer", this.look);
  }

  private look = (event: Event): void => {
    if (!(event as CustomEvent<{ local?: boolean }>).detail?.local) void this.load();
  };

  /** Begin with what the page says. */
  begin(timer: TimerAnswer & { path: string[]; color?: string }, readAt: number): void {
    this.ahead = serverAhead(timer.now, readAt);
    this.show(timer.entry, timer.path, timer.color);
  }

  async load(): Promise<void> {
    try {
      const asked = Date.now();
      const timer = await call("GET", "/timer");
      this.ahead = serverAhead(timer.now, (asked + Date.now()) / 2);
      // While nothing runs the bar holds what is being prepared; another device's silence must not wipe it.
      if (!timer.entry && !this.entry) return;
      const same = timer.entry?.id === this.entry?.id && timer.entry?.task_id === this.draft.picked.id;
      const task = same ? this.draft.picked : await this.taskOf(timer.entry?.task_id ?? null);
      this.show(timer.entry, task.path, task.color);
    } catch (fault) {
      tellFault(fault);
    }
  }

  /** Take what is typed; it is saved by `save`, or by starting. */
  type(note: string): void {
    this.typing ??= this.entry ?? "new";
    this.draft = { ...this.draft, note };
    this.host.requestUpdate();
  }

  async saveNote(): Promise<void> {
    const base = this.typing;
    this.typing = null;
    if (base && base !== "new" && this.entry && base.note !== this.draft.note)
      await this.save(
        { note: this.draft.note },
        this.entry.id === base.id ? base.version : this.entry.version,
      );
  }

  set(change: Partial<Draft>): Promise<void> {
    if (change.billable !== undefined) this.billableSaid = true;
    this.draft = { ...this.draft, ...change };
    this.host.requestUpdate();
    const { picked, start, ...rest } = change;
    const fields: Fields = { ...rest, ...(picked && { task_id: picked.id }), ...(start && { start }) };
    return this.save(fields);
  }

  async start(): Promise<void> {
    const draft = this.draft;
    const wanted = {
      id: uuid7(),
      note: draft.note.trim(),
      task_id: draft.picked.id,
      tags: draft.tags,
      ...(this.billableSaid && { billable: draft.billable }),
      ...(draft.start && { start: draft.start }),
    };
    const start = draft.start ?? new Date(Date.now() + this.ahead).toISOString();
    this.typing = null;
    this.show(
      { billable: draft.billable, version: 1, ...wanted, start, end: null },
      draft.picked.path,
      draft.picked.color,
    );
    await this.ask(
      async () => {
        this.entry = await call("POST", "/timer/start", { body: wanted });
        this.draft = { ...this.draft, billable: this.entry.billable };
      },
      () => {
        this.entry = null;
        this.draft = draft;
      },
    );
  }

  async stop(): Promise<void> {
    await this.saveNote();
    const { entry, draft } = this;
    this.show(null, []);
    await this.ask(
      () => call("POST", "/timer/stop"),
      () => this.show(entry, draft.picked.path, draft.picked.color),
    );
  }

  /** Throw the running time away; the notice can bring it back. */
  async discard(): Promise<void> {
    const { entry, draft } = this;
    if (!entry) return;
    this.typing = null;
    this.show(null, []);
    await this.ask(
      async () => {
        await call("DELETE", "/entries/{entry_id}", { path: { entry_id: entry.id } });
        showNotice(word("discarded"), "info", () => void this.bringBack(entry.id));
      },
      () => this.show(entry, draft.picked.path, draft.picked.color),
    );
  }

  private async bringBack(id: string): Promise<void> {
    await this.ask(
      () => call("POST", "/entries/{entry_id}/restore", { path: { entry_id: id } }),
      () => undefined,
    );
    await this.load();
  }

  private async save(fields: Fields, version = this.entry?.version): Promise<void> {
    const before = this.entry;
    if (!before) return;
    const { path, color } = this.draft.picked;
    await this.ask(
      async () => {
        const path = { entry_id: before.id };
        this.entry = await call("PATCH", "/entries/{entry_id}", { path, body: fields, version });
      },
      (fault) => {
        const present = fault instanceof Refused ? fault.entry : undefined;
        if (present) this.changedElsewhere(present, fields);
        else this.show(before, path, color);
        return present === undefined;
      },
    );
  }

  /** Another window was faster: show what it wrote, and keep what was typed here within reach. */
  private changedElsewhere(present: Entry, mine: Fields): void {
    this.show(present, this.draft.picked.path, this.draft.picked.color);
    void this.load();
    showNotice(
      word("timerChanged"),
      "warning",
      () => void this.save(mine).then(() => this.load()),
      word("keepMine"),
    );
  }

  private show(entry: Entry | null, path: string[], color?: string): void {
    const typed = entry && this.typing ? this.draft.note : "";
    const mine = this.typing !== "new" && this.typing?.id === entry?.id;
    this.entry = entry;
    this.billableSaid = false;
    this.draft = {
      note: entry?.note ?? "",
      picked: { id: entry?.task_id ?? null, path, color },
      tags: entry?.tags ?? [],
      billable: entry?.billable ?? false,
      start: null,
    };
    if (typed && mine) this.draft.note = typed;
    else {
      this.typing = null;
      // Another timer took the place of the one that was typed about.
      if (typed.trim())
        showNotice(
          `${word("youTyped")} “${typed}”`,
          "info",
          () => void this.set({ note: typed }),
          word("keepMine"),
        );
    }
    this.host.requestUpdate();
  }

  private async taskOf(id: number | null): Promise<Pick> {
    if (id === null) return { id, path: [] };
    try {
      const { path, color } = await call("GET", "/tasks/{task_id}", { path: { task_id: id } });
      return { id, path, color };
    } catch {
      return { id, path: [] }; // the task was archived or taken away while its timer runs
    }
  }

  /** Ask the server; `undo` takes back what was shown, and says by false that it told the reason itself. */
  private async ask(act: () => Promise<unknown>, undo: (fault: unknown) => unknown): Promise<void> {
    this.busy = true;
    this.host.requestUpdate();
    try {
      await act();
      tell("timer", { local: true });
    } catch (fault) {
      if (undo(fault) !== false) tellFault(fault);
    } finally {
      this.busy = false;
      this.host.requestUpdate();
    }
  }
}

function tellFault(fault: unknown): void {
  showNotice(fault instanceof Refused ? fault.message : word("failed"), "error");
}
