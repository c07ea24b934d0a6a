// <stint-task-picker>: a button with the chosen task; opens a search box over the tree. Fires `stint-pick`.
// With `places` it picks where a task goes (any task of Stint's own). A hidden field inside it takes the id.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Refused, type Task } from "./api";
import { showNotice } from "./notices";
import { dot, heading, moreRow, type RowState, taskRow } from "./picker-rows";
import { pickerSheet } from "./picker-sheet";
import { sheet } from "./sheet";
import { type Row, type Source, TaskRows } from "./task-rows";
import { word } from "./words";

const PAUSE = 25; // between the last key and the search

export interface Pick {
  id: number | null;
  path: string[];
  color?: string;
}

@customElement("stint-task-picker")
export class TaskPicker extends LitElement {
  static override styles = [sheet, pickerSheet];

  @property({ type: Boolean }) places = false;
  /** Every task that may be seen can be picked, archived ones too, or none for all of them: a filter. */
  @property({ type: Boolean }) any = false;
  /** What the button says while nothing was picked, where that means "leave as it is". */
  @property() unset = "";
  @property({ attribute: false }) picked: Pick = { id: null, path: [] };
  /** Where tasks come from, when not straight from the server. */
  @property({ attribute: false }) source?: Source;
  @state() private open = false;
  @state() private rows: Row[] | null = null;
  @state() private active = -1;
  @state() private q = "";
  private tree = new TaskRows();
  private searching?: AbortController;
  private pause?: ReturnType<typeof setTimeout>;
  private leave = (event: Event) => {
    if (!event.composedPath().includes(this)) this.close(false);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    const id = Number(this.querySelector("input")?.value);
    // In a form the server says what is picked: a hidden field with the id, and the names on the way to it.
    const path = [...this.querySelectorAll("data")].map((name) => name.value);
    if (id) this.picked = { id, path, color: this.querySelector("input")?.dataset.color };
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".chosen")?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.leave);
  }

  override render(): TemplateResult {
    const path = this.picked.path;
    const name =
      path.at(-1) ??
      (this.unset || (this.places ? word("topLevel") : this.picked.id ? word("choose") : word("noTask")));
    return html`
      <button type="button" class="chosen" part="box" aria-haspopup="dialog" aria-expanded=${this.open} @click=${this.toggle}
        title=${path.join(" › ") || word("choose")}>
        ${dot(path.length > 0, this.picked.color)}
        <span class="cut ${path.length ? "" : "muted"}" dir="auto">${name}</span>
        ${path.length > 1 ? html`<span class="cut muted above">${path.slice(0, -1).join(" › ")}</span>` : nothing}
        <svg width="16" height="16" viewBox="0 0 24 24" class="muted" aria-hidden="true"><path d="m7 10 5 5 5-5" /></svg>
      </button>
      ${this.open ? this.panel() : nothing}
    `;
  }

  private panel(): TemplateResult {
    return html`
      <div class="scrim" @click=${() => this.close()}></div>
      <div class="panel" role="dialog" aria-label=${word("choose")} @keydown=${this.key}>
        <input type="search" role="combobox" aria-expanded="true" aria-controls="rows" aria-autocomplete="list"
          aria-activedescendant=${this.active >= -1 && this.rows ? `row-${this.active}` : nothing}
          aria-label=${word("search")} placeholder=${word("search")} autocomplete="off" spellcheck="false"
          .value=${this.q} @input=${this.typed} />
        <ul id="rows" role=${this.q ? "listbox" : "tree"} aria-label=${word("choose")}>
          ${this.q ? nothing : this.none()} ${this.rows?.map((row, index) => this.row(row, index))}
        </ul>
        ${this.rows?.length ? nothing : html`<p class="said muted" role="status">${this.rows ? this.emptyWord() : word("loading")}</p>`}
      </div>
    `;
  }

  private none(): TemplateResult {
    return html`<li id="row--1" role="treeitem" class="row" ?data-active=${this.active === -1} aria-level="1"
      aria-selected=${this.picked.id === null} @click=${() => this.pick({ id: null, path: [] })}>
      <span class="fold"></span><span class="muted">${this.noneWord()}</span></li>`;
  }

  private row(row: Row, index: number): TemplateResult {
    const state: RowState = {
      q: this.q,
      index,
      active: index === this.active,
      picked: row.kind === "task" && row.task.id === this.picked.id,
      usable: row.kind === "task" && this.usable(row.task),
      choose: () => this.choose(index),
      fold: () => this.foldAt(index),
      star: this.places || this.any ? undefined : (task: Task) => void this.star(task),
    };
    const begins = row.part !== "found" && row.part !== this.rows?.[index - 1]?.part;
    const parted = begins && this.rows?.[0]?.part !== "tree";
    return html`${parted ? heading(row.part) : nothing}${row.kind === "task" ? taskRow(row, state) : moreRow(row, state)}`;
  }

  private noneWord(): string {
    return word(this.places ? "topLevel" : this.any ? "allTasks" : "noTask");
  }

  private emptyWord(): string {
    return this.q ? word("noMatch") : this.places ? word("noPlaces") : word("noTasks");
  }

  private usable(task: Task): boolean {
    return this.any || (this.places ? !task.read_only : task.trackable);
  }

  private toggle(): void {
    if (this.open) this.close();
    else void this.show();
  }

  private async show(): Promise<void> {
    this.open = true;
    this.q = "";
    this.active = -1;
    this.rows = null;
    this.tree = new TaskRows(this.source, this.any);
    document.addEventListener("pointerdown", this.leave);
    await this.updateComplete;
    this.renderRoot.querySelector("input")?.focus();
    await this.refresh(() => this.tree.load(!this.places && !this.any));
  }

  close(focus = true): void {
    this.open = false;
    this.searching?.abort();
    clearTimeout(this.pause);
    document.removeEventListener("pointerdown", this.leave);
    if (focus) this.renderRoot.querySelector<HTMLElement>(".chosen")?.focus();
  }

  /** Do something to the tree, then show it; a refusal is told. */
  private async refresh(change: () => Promise<void> | void): Promise<void> {
    try {
      await change();
      if (!this.q) this.rows = this.tree.rows();
    } catch (fault) {
      if (fault instanceof Refused) showNotice(fault.message, "error");
      this.rows ??= [];
    }
  }

  private typed(event: Event): void {
    this.q = (event.target as HTMLInputElement).value.trim();
    this.searching?.abort();
    clearTimeout(this.pause);
    if (this.q) this.pause = setTimeout(() => void this.search(), PAUSE);
    else {
      this.active = -1;
      this.rows = this.tree.rows();
    }
  }

  private async search(): Promise<void> {
    this.searching = new AbortController();
    const { signal } = this.searching;
    await this.refresh(async () => {
      try {
        this.rows = await this.tree.find(this.q, !this.places && !this.any, signal);
        this.active = this.rows.length ? 0 : -2;
      } catch (fault) {
        if (!signal.aborted) throw fault;
      }
    });
  }

  private key(event: KeyboardEvent): void {
    const last = (this.rows?.length ?? 0) - 1;
    const first = this.q ? 0 : -1;
    const row = this.rows?.[this.active];
    const acts: Record<string, () => unknown> = {
      ArrowDown: () => this.activate(Math.min(last, this.active + 1)),
      ArrowUp: () => this.activate(Math.max(first, this.active - 1)),
      Escape: () => this.close(),
      Enter: () =>
        this.active === -1 ? !this.q && this.pick({ id: null, path: [] }) : this.choose(this.active),
    };
    if (!this.q && row?.kind === "task") {
      if (row.task.children && !row.open) acts.ArrowRight = () => this.foldAt(this.active);
      acts.ArrowLeft = () =>
        row.open ? this.foldAt(this.active) : this.activate(this.parentOf(this.active));
    }
    const act = acts[event.key];
    if (event.key === "Tab") this.close(false);
    if (!act || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** Keep a task at hand, or no more; shown at once, taken back where it is refused. */
  private async star(task: Task): Promise<void> {
    const favourite = !task.favourite;
    const show = (now: boolean) => {
      this.tree.mark(task, now);
      const change = (row: Row) =>
        row.kind === "task" && row.task.id === task.id ? { ...row, task: { ...task, favourite: now } } : row;
      this.rows = this.q ? (this.rows?.map(change) ?? null) : this.tree.rows();
    };
    show(favourite);
    try {
      await call(favourite ? "PUT" : "DELETE", "/tasks/{task_id}/favourite", { path: { task_id: task.id } });
    } catch (fault) {
      show(!favourite);
      showNotice(fault instanceof Refused ? fault.message : word("failed"), "error");
    }
  }

  private activate(index: number): void {
    this.active = index;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" }),
    );
  }

  private parentOf(index: number): number {
    const level = this.rows?.[index]?.level ?? 1;
    for (let above = index - 1; above >= 0; above--)
      if ((this.rows?.[above]?.level ?? 0) < level) return above;
    return -1;
  }

  private foldAt(index: number): void {
    const row = this.rows?.[index];
    if (row?.kind !== "task" || !row.task.children) return;
    this.active = index;
    void this.refresh(() => (row.open ? this.tree.fold(row.task.id) : this.tree.unfold(row.task.id)));
  }

  private choose(index: number): void {
    const row = this.rows?.[index];
    if (row?.kind === "more") void this.refresh(() => this.tree.more(row.parent));
    if (row?.kind !== "task") return;
    const { id, path, color } = row.task;
    if (this.usable(row.task)) this.pick({ id, path, color });
    else if (!this.q) this.foldAt(index);
  }

  private pick(pick: Pick): void {
    this.picked = pick;
    const field = this.querySelector("input");
    const none = this.unset && !this.any ? "none" : "";
    if (!this.any) this.unset = "";
    if (field) field.value = pick.id === null ? none : String(pick.id);
    this.close();
    this.dispatchEvent(new CustomEvent<Pick>("stint-pick", { detail: pick, bubbles: true, composed: true }));
  }
}
