// <stint-popup>: the running timer or the next one, what was done lately, and today's time.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Entry, Suggestion } from "../../kit/src/api";
import { duration } from "../../kit/src/clock";
import { dot } from "../../kit/src/picker-rows";
import type { Change, OfflineQueue } from "../../kit/src/queue";
import "../../kit/src/tags-input";
import type { Pick } from "../../kit/src/task-picker";
import "../../kit/src/task-picker";
import { word } from "../../kit/src/words";
import { span } from "./badge";
import { BOOK, type Book, noteTask, todays } from "./book";
import type { Connection } from "./connection";
import { keepDraft, keptDraft } from "./draft";
import { coin, gear, leave, play, stop } from "./icons";
import { platform, watch } from "./platform";
import { tasksOf } from "./tasks";
import { told } from "./told";

interface Draft {
  note: string;
  picked: Pick;
  tags: string[];
  /** Undefined while nobody has said so: the task then decides. */
  billable?: boolean;
}

const blank = (): Draft => ({ note: "", picked: { id: null, path: [] }, tags: [] });

@customElement("stint-popup")
export class TimerPopup extends LitElement {
  @state() private draft = blank();
  @state() private book!: Book;
  @state() private now = Date.now();
  private connection!: Connection;
  private queue!: OfflineQueue;
  private readonly tasks = tasksOf(() => this.book);
  /** What the draft was filled from: the id of the running entry, or null for one that is being prepared. */
  private filled: string | null | undefined;
  private typing = false;
  private beat?: ReturnType<typeof setTimeout>;

  begin(connection: Connection, queue: OfflineQueue, book: Book): void {
    Object.assign(this, { connection, queue, book });
    queue.subscribe(() => this.follow());
    watch<Book>(BOOK, (changed) => {
      this.book = changed ?? this.book;
      this.follow();
    });
    this.follow();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tick();
  }

  override firstUpdated(): void {
    if (!this.queue.state.entry) this.querySelector<HTMLElement>(".note-field")?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.beat);
  }

  /** Show what runs by now, and leave what is being typed. */
  private follow(): void {
    const { entry } = this.queue.state;
    const other = this.filled !== (entry?.id ?? null);
    if (entry && !(this.typing && !other)) this.draft = this.draftOf(entry);
    if (other) void (entry ? this.takeUpNote(entry) : this.takeUpDraft());
    if (other) this.typing = false;
    this.filled = entry?.id ?? null;
    this.tick();
    this.requestUpdate();
  }

  private async takeUpDraft(): Promise<void> {
    const kept = await keptDraft<Draft>("next");
    if (!this.queue.state.entry) this.draft = kept ?? blank();
  }

  /** Go on with a note that was typed for what runs when the popup was closed. */
  private async takeUpNote({ id }: Entry): Promise<void> {
    const kept = await keptDraft<{ id: string; note: string }>("running");
    if (kept?.id !== id || this.filled !== id || this.typing) return;
    this.typing = true;
    this.draft = { ...this.draft, note: kept.note };
  }

  private draftOf({ note, task_id, tags, billable }: Entry): Draft {
    return { note, picked: this.pickOf(task_id), tags, billable };
  }

  private pickOf(id: number | null): Pick {
    const look = id === null ? undefined : this.book.tasks[id];
    return { id, path: look?.path ?? [], color: look?.color };
  }

  override render(): TemplateResult {
    const { entry } = this.queue.state;
    return html`
      ${this.head()} ${told(this.queue, this.book, this.connection.person.timezone)}
      <form class="timer" ?data-running=${entry !== null} @submit=${this.submit}>
        <input class="input note-field" aria-label=${word("note")} placeholder=${word("note")} maxlength="3000" autocomplete="off"
          .value=${this.draft.note} @input=${this.typed} @change=${() => void this.saveNote()} @keydown=${this.key} />
        <stint-task-picker .source=${this.tasks} .picked=${this.draft.picked} @stint-pick=${this.picked}></stint-task-picker>
        <div class="marks">
          <stint-tags .tags=${this.draft.tags}
            @stint-tags=${(event: CustomEvent<string[]>) => this.set({ tags: event.detail })}></stint-tags>
          <button type="button" class="round" aria-pressed=${this.draft.billable ?? false} aria-label=${word("billable")}
            title=${word("billable")} @click=${() => this.set({ billable: !this.draft.billable })}>${coin}</button>
        </div>
        <div class="go">
          <span class="elapsed" role="timer">${entry ? duration(this.serverNow() - Date.parse(entry.start)) : "0:00:00"}</span>
          <button class="btn ${entry ? "btn-stop" : "btn-primary"}" type="submit">${entry ? stop : play}
            <span>${word(entry ? "stop" : "start")}</span></button>
        </div>
      </form>
      ${this.recent()}
      <footer><span class="muted">${word("today")}</span>
        <strong>${span(todays(this.queue.overlay(this.book.entries), entry, this.serverNow(), this.connection.person.timezone))}</strong>
      </footer>`;
  }

  private head(): TemplateResult {
    const { queued, offline } = this.queue.state;
    const waits = word("waiting").replace("{count}", String(queued));
    const says = offline
      ? [word("offlineNow"), queued ? waits : ""].filter(Boolean).join(" ")
      : queued
        ? waits
        : "";
    return html`<header>
      <img src="icons/32.png" width="22" height="22" alt="" /><h1>Stint</h1>
      <span class="state" role="status" ?data-offline=${offline}>${says}</span>
      <button type="button" class="round" aria-label=${word("openTimesheet")} title=${word("openTimesheet")} @click=${this.timesheet}>${leave}</button>
      <button type="button" class="round" aria-label=${word("options")} title=${word("options")}
        @click=${() => void platform.runtime.openOptionsPage().then(() => window.close())}>${gear}</button>
    </header>`;
  }

  private recent(): TemplateResult {
    const asked = this.queue.state.entry ? "" : this.draft.note.trim().toLowerCase();
    const says = (item: Suggestion) => [item.note, ...item.path].join(" ").toLowerCase();
    const items = this.book.recent.filter((item) => says(item).includes(asked));
    if (!items.length)
      return html`<section class="recent"><p class="muted empty">${word(asked ? "nothingLike" : "nothingYet")}</p></section>`;
    return html`<section class="recent" aria-labelledby="recent">
      <h2 id="recent">${word("recent")}</h2>
      <ul>${items.map(
        (item) => html`<li><button type="button" class="again" @click=${() => this.again(item)}>
          <span class="about"><span class="cut" dir="auto">${item.note || word("noNote")}</span>
            <span class="cut muted task">${dot(item.path.length > 0, item.color)}${item.path.at(-1) ?? word("noTask")}</span></span>
          ${item.tags.length ? html`<span class="tag cut">${item.tags.join(", ")}</span>` : nothing}
          <span class="resume" title=${word("continue")}>${play}<span class="sr-only">${word("continue")}</span></span>
        </button></li>`,
      )}</ul>
    </section>`;
  }

  private submit(event: Event): void {
    event.preventDefault();
    void this.toggle();
  }

  /** Enter in the note of what runs saves it; stopping takes the button. */
  private key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing || !this.queue.state.entry) return;
    event.preventDefault();
    void this.saveNote();
  }

  private async toggle(): Promise<void> {
    if (!this.queue.state.entry) return this.start(this.draft);
    await this.saveNote();
    await this.queue.stop();
  }

  private async start({ note, picked, tags, billable }: Draft): Promise<void> {
    this.typing = false;
    keepDraft("next", null);
    if (picked.id !== null && picked.path.length)
      void noteTask(picked.id, { path: picked.path, color: picked.color ?? "currentColor" });
    await this.queue.start({
      note: note.trim(),
      task_id: picked.id,
      tags,
      ...(billable !== undefined && { billable }),
    });
  }

  private again({ note, task_id, path, color, tags, billable }: Suggestion): void {
    void this.start({ note, picked: { id: task_id, path, color }, tags, billable });
  }

  private typed(event: Event): void {
    this.typing = true;
    this.draft = { ...this.draft, note: (event.target as HTMLInputElement).value };
    const { entry } = this.queue.state;
    if (entry) keepDraft("running", { id: entry.id, note: this.draft.note });
    else keepDraft("next", this.draft);
  }

  private async saveNote(): Promise<void> {
    const { entry } = this.queue.state;
    if (!this.typing || !entry) return;
    this.typing = false;
    keepDraft("running", null);
    const note = this.draft.note.trim();
    if (note !== entry.note) await this.queue.edit(entry.id, { note }, entry);
  }

  private picked(event: CustomEvent<Pick>): void {
    const { id, path, color } = event.detail;
    if (id !== null) void noteTask(id, { path, color: color ?? "currentColor" });
    this.set({ picked: event.detail });
  }

  /** Change what runs, or what is being prepared. */
  private set(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    const { entry } = this.queue.state;
    const { picked, ...rest } = change;
    const fields: Change = { ...rest, ...(picked && { task_id: picked.id }) };
    if (entry) void this.queue.edit(entry.id, fields, entry);
    else keepDraft("next", this.draft);
  }

  private async timesheet(): Promise<void> {
    await platform.tabs.create({ url: `${this.connection.address}/` });
    window.close();
  }

  private serverNow(): number {
    return this.now + this.queue.state.ahead;
  }

  private tick(): void {
    this.now = Date.now();
    const { entry } = this.queue.state;
    const past = entry ? (this.serverNow() - Date.parse(entry.start)) % 1000 : 0;
    clearTimeout(this.beat);
    this.beat = setTimeout(() => this.tick(), 1005 - past);
  }
}
