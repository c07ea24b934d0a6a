// <stint-calendar-form>: one entry with all its fields, beside its block; on a phone a sheet from below.
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Refused } from "./api";
import { type CalendarEntry, difference, type Fields, type Look, read, type Sent } from "./calendar-entries";
import { formSheet } from "./calendar-form-sheet";
import { MINUTE, type Wall } from "./calendar-layout";
import { hoursOf } from "./calendar-view";
import { sheet } from "./sheet";
import type { Pick } from "./task-picker";
import "./tags-input";
import "./task-picker";
import { word } from "./words";

const DAY = 1440 * MINUTE;
const GAP = 8; // pixels between the block and the form

/** What a form is about: a new entry, or one that is there with its id and the version it had. */
export interface Subject extends Fields {
  id: string | null;
  version: number;
}

export type Action = "continue" | "duplicate" | "delete";

export interface FormHost {
  readonly wall: Wall;
  readonly now: number;
  look(taskId: number | null): Look;
  learn(taskId: number, look: Partial<Look>): void;
  /** Returns the id of the saved entry. */
  save(subject: Subject, fields: Partial<Fields>): Promise<string>;
  focusOn(id: string): void;
  split(subject: Subject, at: number): Promise<void>;
  act(action: Action, subject: Subject): void;
  drawn(fields: Fields): void;
  /** With what was typed and not saved, if anything. */
  closed(subject: Subject | null, unsaved: Partial<Fields>): void;
}

interface Texts {
  day: string;
  from: string;
  to: string;
  endDay: string;
}

@customElement("stint-calendar-form")
export class CalendarForm extends LitElement {
  static override styles = [sheet, formSheet];

  @property({ attribute: false }) host!: FormHost;
  @state() private subject: Subject | null = null;
  @state() private fields!: Fields;
  @state() private texts!: Texts;
  @state() private cut: string | null = null;
  @state() private fault = "";
  @state() private stale: CalendarEntry | null = null;
  @state() private busy = false;
  /** What was typed and is not read yet, or could not be. */
  private unread: Partial<Texts> = {};
  private reading: Promise<void> = Promise.resolve();
  private anchor: DOMRect | null = null;
  private pressedOutside = false;

  get isOpen(): boolean {
    return this.subject !== null;
  }

  /** Open beside a place on the page; `typed` are fields that were typed before. */
  async open(subject: Subject, anchor: DOMRect, typed: Partial<Fields> = {}): Promise<void> {
    this.subject = subject;
    this.fields = { ...subject, ...typed };
    this.texts = this.textsOf(this.fields);
    Object.assign(this, {
      cut: null,
      fault: "",
      stale: null,
      busy: false,
      unread: {},
      anchor,
    });
    await this.updateComplete;
    const dialog = this.dialog;
    if (!dialog?.open) dialog?.showModal();
    this.renderRoot.querySelector<HTMLElement>(".note")?.focus();
    this.stand();
  }

  override updated(): void {
    if (this.dialog?.open) this.stand();
  }

  override render(): TemplateResult {
    if (!this.subject) return html``;
    const fresh = this.subject.id === null;
    return html`
      <dialog aria-label=${word(fresh ? "addTime" : "editEntry")} @close=${this.leave}
        @keydown=${(event: Event) => event.stopPropagation()} @pointerdown=${this.press}
        @click=${this.outside}>
        <form @submit=${this.submit} novalidate>
          <input class="note" aria-label=${word("note")} placeholder=${word("note")} maxlength="3000"
            autocomplete="off" .value=${this.fields.note}
            @input=${(event: Event) => this.set({ note: (event.target as HTMLInputElement).value })} />
          <stint-task-picker .picked=${this.picked()} @stint-pick=${this.choose}></stint-task-picker>
          <stint-tags .tags=${this.fields.tags}
            @stint-tags=${(event: CustomEvent<string[]>) => this.set({ tags: event.detail })}></stint-tags>
          ${this.when()}
          <div class="foot">
            <label class="tick"><input type="checkbox" .checked=${this.fields.billable}
              @change=${(event: Event) => this.set({ billable: (event.target as HTMLInputElement).checked })} />
              ${word("billable")}</label>
            <span class="long">${hoursOf(((this.fields.end ?? this.host.now) - this.fields.start) / 1000)}</span>
          </div>
          ${this.stale ? this.meanwhile(this.stale) : nothing}
          ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
          <footer>
            ${fresh ? nothing : this.actions()}
            <button type="button" class="quiet" @click=${() => this.close()}>${word("cancel")}</button>
            <button type="submit" class="go" aria-disabled=${this.busy}>${word("save")}</button>
          </footer>
          ${this.cut === null ? nothing : this.cutting()}
        </form>
      </dialog>
    `;
  }

  private when(): TemplateResult {
    const { day, from, to, endDay } = this.texts;
    const { end } = this.fields;
    return html`<div class="when">
      ${this.text("date", "day", day, word("day"))}
      <span class="times">
        ${this.text("text", "from", from, word("from"))}<span aria-hidden="true">–</span>
        ${end === null ? html`<span class="muted">${word("running")}</span>` : this.text("text", "to", to, word("to"))}
        ${endDay && endDay !== day ? this.text("date", "endDay", endDay, word("endDay")) : nothing}
      </span>
    </div>`;
  }

  private text(type: string, name: keyof Texts, value: string, label: string): TemplateResult {
    return html`<input class=${name} type=${type} aria-label=${label} title=${label} autocomplete="off" required
      aria-invalid=${this.fault && name in this.unread ? "true" : nothing}
      .value=${value} @input=${(event: Event) => type === "text" && this.typing(name, (event.target as HTMLInputElement).value)}
      @change=${(event: Event) => this.retime(name, (event.target as HTMLInputElement).value)}
      @focus=${(event: Event) => type === "text" && (event.target as HTMLInputElement).select()} />`;
  }

  private actions(): TemplateResult {
    const running = this.subject?.end === null;
    const can = (name: string, drawing: TemplateResult, act: () => void) =>
      html`<button type="button" class="act" title=${word(name)} aria-label=${word(name)} @click=${act}>
        <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">${drawing}</svg></button>`;
    return html`<span class="acts">
      ${running ? nothing : can("continue", svg`<path d="M7.5 5.2v13.6l11-6.8z" fill="currentColor" />`, () => this.act("continue"))}
      ${running ? nothing : can("duplicate", svg`<rect x="8.5" y="8.5" width="12" height="12" rx="2" /><path d="M15.500 4.500H5.500a1 1 0 0 0-1 1v10" />`, () => this.act("duplicate"))}
      ${can("split", svg`<path d="M4 12h16" stroke-dasharray="3 2.500" /><path d="M12 9V3.500M9 6l3-3 3 3M12 15v5.500M9 18l3 3 3-3" />`, () => this.beginCut())}
      ${can("delete", svg`<path d="M4 7h16M9 7V4.500h6V7M6 7l1 12.500h10L18 7M10 11v5M14 11v5" />`, () => this.act("delete"))}
    </span>`;
  }

  private cutting(): TemplateResult {
    return html`<div class="cutting">
      <label>${word("splitAt")}
        <input class="at" .value=${this.cut ?? ""} autocomplete="off" @keydown=${this.cutKey} /></label>
      <button type="button" class="quiet" @click=${() => void this.split()}>${word("split")}</button>
    </div>`;
  }

  /** What somebody else made of it while it was open. What was typed here stays, and Save now overwrites. */
  private meanwhile(present: CalendarEntry): TemplateResult {
    const { wall } = this.host;
    const times = [present.start, present.end].map((at) => (at === null ? word("running") : wall.time(at)));
    const about = [
      present.note || word("noNote"),
      this.host.look(present.task_id).path.at(-1) ?? word("noTask"),
      `${wall.date(present.start)}, ${times.join(" – ")}`,
      ...present.tags,
    ];
    return html`<div class="stale" role="alert">
      <p>${word("changedElsewhere")}</p><p class="is">${about.join(" · ")}</p>
      <button type="button" class="quiet" @click=${() => this.take(present)}>${word("takeTheirs")}</button>
    </div>`;
  }

  private picked(): Pick {
    const id = this.fields.task_id;
    return { id, path: this.host.look(id).path, color: this.host.look(id).color };
  }

  private choose(event: CustomEvent<Pick>): void {
    const { id, path, color } = event.detail;
    if (id !== null) this.host.learn(id, color ? { path, color } : { path });
    this.set({ task_id: id });
  }

  private set(change: Partial<Fields>): void {
    this.fields = { ...this.fields, ...change };
    this.host.drawn(this.fields);
  }

  private textsOf({ start, end }: Fields): Texts {
    const { wall } = this.host;
    const ending = end === null ? { to: "", endDay: "" } : { to: wall.time(end), endDay: wall.date(end) };
    return { day: wall.date(start), from: wall.time(start), ...ending };
  }

  /** Keep what is being typed from what an answer that comes meanwhile would put there. */
  private typing(name: keyof Texts, value: string): void {
    this.unread = { ...this.unread, [name]: value };
    this.texts = { ...this.texts, [name]: value };
  }

  /** Read a time or day that was typed; the server says what it means in the person's zone. */
  private retime(name: keyof Texts, value: string): void {
    this.unread = { ...this.unread, [name]: value };
    this.texts = { ...this.texts, [name]: value };
    this.reading = this.reading.then(() => this.reread(name, value)).catch((fault) => this.refuse(fault));
  }

  private async reread(name: keyof Texts, value: string): Promise<void> {
    const before = this.textsOf(this.fields);
    const texts = { ...before, [name]: value };
    this.fault = "";
    const start = name === "to" ? this.fields.start : await instantOf(texts.day, texts.from);
    const end = await this.ending(name, start, texts, before.day);
    if (this.unread[name] === value) delete this.unread[name];
    this.set({ start, end });
    this.texts = { ...this.textsOf(this.fields), ...this.unread };
  }

  private async ending(
    name: keyof Texts,
    start: number,
    texts: Texts,
    before: string,
  ): Promise<number | null> {
    const { end, start: began } = this.fields;
    const { day, to, endDay } = texts;
    if (end === null) return null;
    if (name === "from") return end > start ? end : start + end - began;
    if (name === "day") return instantOf(later(endDay, daysBetween(before, day)), to);
    if (name === "endDay" || endDay > later(day, 1)) return instantOf(endDay, to);
    const after = new Date(start).toISOString();
    return Date.parse((await call("GET", "/times", { query: { text: to, after } })).instant);
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const { subject } = this;
    if (!subject || this.busy) return;
    this.busy = true;
    try {
      await this.reading;
      for (const [name, text] of Object.entries(this.unread)) await this.reread(name as keyof Texts, text);
      this.fault = "";
      const id = await this.host.save(subject, this.change(subject));
      this.end();
      this.host.focusOn(id);
    } catch (fault) {
      this.refuse(fault);
    } finally {
      this.busy = false;
    }
  }

  private change(subject: Subject): Partial<Fields> {
    if (subject.id === null) return this.fields;
    const names = Object.keys(difference(subject, this.fields)) as (keyof Fields)[];
    return Object.fromEntries(names.map((name) => [name, this.fields[name]]));
  }

  private refuse(fault: unknown): void {
    this.fault = fault instanceof Refused ? fault.message : word("failed");
    if (!(fault instanceof Refused) || !fault.entry || !this.subject) return;
    // The fields that were not touched show what is there now; the next Save is about that.
    const typed = this.change(this.subject);
    this.stale = read(fault.entry as Sent);
    this.subject = { ...this.stale };
    this.fields = { ...this.stale, ...typed };
    this.texts = this.textsOf(this.fields);
    this.fault = "";
  }

  private take(present: CalendarEntry): void {
    this.subject = { ...present };
    this.stale = null;
    this.set(present);
    this.texts = this.textsOf(this.fields);
    this.renderRoot.querySelector<HTMLElement>(".note")?.focus();
  }

  private act(action: Action): void {
    const subject = this.subject as Subject;
    this.end();
    this.host.act(action, subject);
  }

  private beginCut(): void {
    const { start, end } = this.subject as Subject;
    const middle = (start + (end ?? this.host.now)) / 2;
    this.cut = this.host.wall.time(Math.round(middle / MINUTE) * MINUTE);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLInputElement>(".at")?.select());
  }

  private cutKey(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void this.split();
  }

  private async split(): Promise<void> {
    const subject = this.subject as Subject;
    try {
      const text = this.renderRoot.querySelector<HTMLInputElement>(".at")?.value ?? "";
      let at = await instantOf(this.host.wall.date(subject.start), text);
      if (at <= subject.start) at = await instantOf(later(this.host.wall.date(subject.start), 1), text);
      await this.host.split(subject, at);
      this.end();
    } catch (fault) {
      this.refuse(fault);
    }
  }

  /** A selection of text that ends outside is no press outside. */
  private press(event: PointerEvent): void {
    this.pressedOutside = event.target === this.dialog;
  }

  private outside(event: MouseEvent): void {
    if (this.pressedOutside && event.target === this.dialog) this.close();
  }

  close(): void {
    this.dialog?.close();
  }

  /** Close with nothing left unsaved. */
  private end(): void {
    this.subject = null;
    this.dialog?.close();
  }

  private leave(): void {
    const { subject } = this;
    this.subject = null;
    const typed = subject ? this.change(subject) : {};
    const worth = subject?.id !== null || typed.note || typed.task_id;
    this.host.closed(subject, worth ? typed : {});
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  /** Stand beside the block where there is room, else over it. */
  private stand(): void {
    const { dialog, anchor } = this;
    if (!dialog || !anchor) return;
    const { width, height } = dialog.getBoundingClientRect();
    const right = anchor.right + GAP + width <= innerWidth - GAP;
    const left = right ? anchor.right + GAP : Math.max(GAP, anchor.left - GAP - width);
    const top = Math.max(GAP, Math.min(anchor.top, innerHeight - height - GAP));
    dialog.style.setProperty("--left", `${left}px`);
    dialog.style.setProperty("--top", `${top}px`);
  }
}

async function instantOf(day: string, text: string): Promise<number> {
  return Date.parse((await call("GET", "/times", { query: { day, text } })).instant);
}

function daysBetween(day: string, other: string): number {
  return Math.round((Date.parse(other) - Date.parse(day)) / DAY);
}

function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}
