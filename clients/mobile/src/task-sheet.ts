// <phone-sheet>: the form from below: what to start, time to add, or an entry to change.
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Entry, Suggestion } from "../../kit/src/api";
import type { Pick } from "../../kit/src/task-picker";
import "../../kit/src/task-picker";
import "../../kit/src/tags-input";
import { word } from "../../kit/src/words";
import { addedFrom, blankOf, changeOf, type Faults, type Fields, fieldsOf, lengthOf } from "./fields";
import { icon } from "./icons";
import { Part } from "./part";
import { phone, type Sheet } from "./phone";
import { hours } from "./says";
import { dot, names } from "./task-name";

const TITLES = { start: "startTitle", add: "addTime", edit: "editEntry" } as const;

@customElement("phone-sheet")
export class TaskSheet extends Part {
  @property({ attribute: false }) sheet!: Sheet;
  @state() private fields!: Fields;
  /** What the chosen task says. */
  @state() private billable = false;
  @state() private faults: Faults = {};
  @state() private offers: Suggestion[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const { sheet } = this;
    const day = sheet.kind === "add" ? sheet.day : phone.book.today;
    this.fields = this.entry
      ? fieldsOf(phone.book, this.entry)
      : blankOf(phone.book.zone, day, phone.lastEnd(day));
    if (sheet.kind !== "edit") void this.offer();
  }

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  override render(): TemplateResult {
    const { kind } = this.sheet;
    return html`<dialog class="sheet" aria-labelledby="sheet-title" @close=${() => phone.close()} @click=${this.besides}>
      <form novalidate @submit=${this.submit}>
        <header class="sheet-head">
          <h2 id="sheet-title" tabindex="-1" autofocus>${word(TITLES[kind])}</h2>
          <button type="button" class="round" aria-label=${word("close")} @click=${() => this.dialog.close()}>${icon("x")}</button>
        </header>
        <div class="sheet-body">
          ${this.about()} ${kind === "start" ? nothing : this.when()} ${this.marks()}
          ${kind === "edit" ? nothing : this.offered()}
        </div>
        <footer class="sheet-foot">${this.acts()}</footer>
      </form>
    </dialog>`;
  }

  private about(): TemplateResult {
    const { note, picked } = this.fields;
    return html`
      <label class="field"><span>${word("what")}</span>
        <input name="note" maxlength="3000" autocomplete="off" enterkeyhint="done" placeholder=${word("note")} dir="auto" .value=${note}
          @input=${(event: Event) => {
            this.set({ note: (event.target as HTMLInputElement).value });
            if (this.sheet.kind === "start") void this.offer();
          }} /></label>
      <div class="field"><span id="task-label">${word("task")}</span>
        <stint-task-picker aria-labelledby="task-label" .source=${phone.tasks} .picked=${picked}
          @stint-pick=${(event: CustomEvent<Pick>) => this.pick(event.detail)}></stint-task-picker></div>`;
  }

  private when(): TemplateResult {
    const { day, from, to } = this.fields;
    const runs = this.entry?.end === null;
    const length = lengthOf(phone.book.zone, this.fields);
    const input = (name: "day" | "from" | "to", type: string, label: string, value: string) =>
      html`<label class="field"><span>${label}</span><input name=${name} type=${type} required .value=${value}
        aria-invalid=${String(name in this.faults)} aria-describedby=${name in this.faults ? `fault-${name}` : nothing}
        @change=${(event: Event) => this.set({ [name]: (event.target as HTMLInputElement).value })} />${this.fault(name)}</label>`;
    return html`<fieldset class="when"><legend class="sr-only">${word("when")}</legend>
        ${input("day", "date", word("day"), day)}
        ${input("from", "time", word("from"), from)}
        ${runs ? nothing : input("to", "time", word("to"), to)}
      </fieldset>
      ${runs ? nothing : html`<p class="length muted" aria-live="polite">${word("length")} <strong>${length === null ? "–" : hours(length)}</strong></p>`}`;
  }

  private marks(): TemplateResult {
    const { tags, billable } = this.fields;
    return html`
      <div class="field"><span>${word("tags")}</span><stint-tags .tags=${tags}
        @stint-tags=${(event: CustomEvent<string[]>) => this.set({ tags: event.detail })}></stint-tags></div>
      <label class="switch"><span>${icon("coin")} ${word("billable")}</span>
        <input type="checkbox" class="toggle toggle-primary" .checked=${billable ?? this.billable}
          @change=${(event: Event) => this.set({ billable: (event.target as HTMLInputElement).checked })} /></label>`;
  }

  private offered(): TemplateResult | typeof nothing {
    if (!this.offers.length) return nothing;
    return html`<section class="offers" aria-labelledby="offers-title"><h3 id="offers-title">${word("recent")}</h3>
      <ul>${this.offers.map(
        (offer) => html`<li><button type="button" @click=${() => this.take(offer)}>
          <span class="names"><span class="cut" dir="auto">${offer.note || word("noNote")}</span>
          <span class="about muted">${dot(offer.path.length > 0, offer.color)}<span class="cut" dir="auto">${names(offer.path)}</span></span></span>
          ${this.sheet.kind === "start" ? icon("play") : nothing}</button></li>`,
      )}</ul></section>`;
  }

  private acts(): TemplateResult {
    const { kind } = this.sheet;
    if (kind === "start")
      return html`<button class="big btn btn-primary">${icon("play", 22)} ${word("start")}</button>`;
    return html`${
      this.entry
        ? html`<button type="button" class="big btn btn-quiet" @click=${this.removed}>${icon("trash")} ${word("delete")}</button>`
        : nothing
    }<button class="big btn btn-primary">${word("save")}</button>`;
  }

  private fault(name: keyof Faults): TemplateResult | typeof nothing {
    const said = this.faults[name];
    return said ? html`<span class="fault" role="alert" id="fault-${name}">${said}</span>` : nothing;
  }

  private get dialog(): HTMLDialogElement {
    return this.querySelector("dialog") as HTMLDialogElement;
  }

  private get entry(): Entry | undefined {
    return this.sheet.kind === "edit" ? this.sheet.entry : undefined;
  }

  private set(change: Partial<Fields>): void {
    this.fields = { ...this.fields, ...change };
    this.faults = {};
  }

  private async pick(picked: Pick): Promise<void> {
    phone.book.learn(picked.id, picked);
    this.set({ picked });
    const billable = picked.id !== null && (await phone.tasks.billable(picked.id));
    if (this.fields.picked.id === picked.id) this.billable = billable;
  }

  /** What was done lately: one tap starts it again, or fills the form. */
  private async offer(): Promise<void> {
    this.offers = await phone.suggestions(this.fields.note);
  }

  private take(offer: Suggestion): void {
    const { note, tags, billable, task_id, path, color } = offer;
    void this.pick({ id: task_id, path, color });
    this.set({ note, tags, billable });
    if (this.sheet.kind === "start") this.started();
  }

  private started(): void {
    const { note, tags, billable, picked } = this.fields;
    phone.start({ note: note.trim(), tags, billable, task_id: picked.id });
    this.dialog.close();
  }

  private submit(event: Event): void {
    event.preventDefault();
    if (this.sheet.kind === "start") this.started();
    else this.save();
  }

  private save(): void {
    const { zone } = phone.book;
    const made = this.entry ? changeOf(zone, this.fields, this.entry) : addedFrom(zone, this.fields);
    if ("faults" in made) {
      this.faults = made.faults;
      return;
    }
    if (this.entry) phone.edit(this.entry, made.says);
    else phone.add(made.says);
    this.dialog.close();
  }

  private removed(): void {
    if (this.entry) phone.remove(this.entry);
    this.dialog.close();
  }

  /** A tap beside the sheet closes it, as long as nothing was typed. */
  private besides(event: Event): void {
    if (event.target === this.dialog && !this.fields.note) this.dialog.close();
  }
}
