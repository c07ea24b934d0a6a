// <stint-timer-bar>: note, task, elapsed, Start and Stop. The server's page gives the first state (`data-from`
// names its JSON); after that the event stream says when to look again.
import { html, LitElement, svg, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { call, type Entry, Refused, type Task, type Timer } from "./api";
import { duration, pageReadAt, serverAhead, uuid7 } from "./clock";
import { tell } from "./events";
import { showNotice } from "./notices";
import { sheet } from "./sheet";
import type { Pick } from "./task-picker";
import "./task-picker";
import { timerSheet } from "./timer-sheet";
import { word } from "./words";

@customElement("stint-timer-bar")
export class TimerBar extends LitElement {
  static override styles = [sheet, timerSheet];

  @state() private entry: Entry | null = null;
  @state() private note = "";
  @state() private picked: Pick = { id: null, path: [] };
  @state() private busy = false;
  @state() private now = Date.now();
  private ahead = 0;
  private beat?: ReturnType<typeof setTimeout>;
  private readonly title0 = document.title;
  private look = (event: Event) => {
    if (!(event as CustomEvent<{ local?: boolean }>).detail?.local) void this.load();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    const given = document.getElementById(this.dataset.from ?? "")?.textContent;
    if (given) {
      const timer = JSON.parse(given) as Timer & { path: string[] };
      this.ahead = serverAhead(timer.now, pageReadAt());
      this.show(timer.entry, timer.path);
    } else void this.load();
    document.body.addEventListener("stint-timer", this.look);
    this.tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.body.removeEventListener("stint-timer", this.look);
    clearTimeout(this.beat);
    document.title = this.title0;
  }

  override render(): TemplateResult {
    const running = this.entry !== null;
    const icon = running
      ? svg`<rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />`
      : svg`<path d="M8 5.2v13.6l11-6.8z" fill="currentColor" />`;
    return html`
      <form class="bar" ?data-running=${running} @submit=${this.submit}>
        <input class="note" aria-label=${word("note")} placeholder=${word("note")} maxlength="3000" autocomplete="off"
          .value=${this.note} @input=${this.typed} @change=${() => void this.save({ note: this.note })} />
        <stint-task-picker .picked=${this.picked} @stint-pick=${this.chosen}></stint-task-picker>
        <span class="elapsed" role="timer" aria-live="off" aria-label=${word("elapsed")}>${this.elapsed()}</span>
        <button class="go" type="submit" aria-disabled=${this.busy}>
          <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">${icon}</svg>
          ${running ? word("stop") : word("start")}
        </button>
      </form>
    `;
  }

  private elapsed(): string {
    return this.entry ? duration(this.now + this.ahead - Date.parse(this.entry.start)) : "0:00:00";
  }

  private tick(): void {
    this.now = Date.now();
    const about = this.note || this.picked.path.at(-1);
    document.title = this.entry ? [this.elapsed(), about, "Stint"].filter(Boolean).join(" · ") : this.title0;
    const past = this.entry ? (this.now + this.ahead - Date.parse(this.entry.start)) % 1000 : 0;
    clearTimeout(this.beat);
    this.beat = setTimeout(() => this.tick(), 1000 - past + 5);
  }

  private show(entry: Entry | null, path: string[]): void {
    this.entry = entry;
    this.note = entry?.note ?? "";
    this.picked = { id: entry?.task_id ?? null, path };
    if (this.isConnected) this.tick();
  }

  private async load(): Promise<void> {
    try {
      const asked = Date.now();
      const timer = await call<Timer>("GET", "/timer");
      this.ahead = serverAhead(timer.now, (asked + Date.now()) / 2);
      const same = timer.entry?.id === this.entry?.id && timer.entry?.task_id === this.picked.id;
      // While nothing runs the bar holds what is being prepared; another device's silence must not wipe it.
      if (!timer.entry && !this.entry) return;
      this.show(timer.entry, same ? this.picked.path : await this.pathOf(timer.entry?.task_id ?? null));
    } catch (fault) {
      this.tellFault(fault);
    }
  }

  private async pathOf(id: number | null): Promise<string[]> {
    if (id === null) return [];
    try {
      return (await call<Task>("GET", `/tasks/${id}`)).path;
    } catch {
      return []; // the task was archived or taken away while its timer runs
    }
  }

  private typed(event: Event): void {
    this.note = (event.target as HTMLInputElement).value;
  }

  private chosen(event: CustomEvent<Pick>): void {
    this.picked = event.detail;
    void this.save({ task_id: event.detail.id });
  }

  private submit(event: Event): void {
    event.preventDefault();
    if (!this.busy) void (this.entry ? this.stop() : this.start());
  }

  /** Show what will be at once, then ask the server; take it back when refused. */
  private async start(): Promise<void> {
    const { note, picked } = this;
    const wanted = { id: uuid7(), note, task_id: picked.id };
    const start = new Date(Date.now() + this.ahead).toISOString();
    this.show({ ...wanted, start, end: null }, picked.path);
    await this.ask(
      async () => {
        this.entry = await call<Entry>("POST", "/timer/start", wanted);
      },
      () => {
        this.entry = null;
        this.note = note;
        this.picked = picked;
      },
    );
  }

  private async stop(): Promise<void> {
    const { entry, picked } = this;
    this.show(null, []);
    await this.ask(
      () => call("POST", "/timer/stop"),
      () => this.show(entry, picked.path),
    );
  }

  private async save(change: Partial<Entry>): Promise<void> {
    if (!this.entry) return;
    const before = { entry: this.entry, path: this.picked.path };
    await this.ask(
      async () => {
        this.entry = await call<Entry>("PATCH", `/entries/${before.entry.id}`, change);
      },
      () => this.show(before.entry, before.path),
    );
  }

  private async ask(act: () => Promise<unknown>, undo: () => void): Promise<void> {
    this.busy = true;
    try {
      await act();
      tell("timer", { local: true });
    } catch (fault) {
      undo();
      this.tellFault(fault);
    } finally {
      this.busy = false;
      this.tick();
    }
  }

  private tellFault(fault: unknown): void {
    showNotice(fault instanceof Refused ? fault.message : word("failed"), "error");
  }
}
