// <phone-tasks>: what to track on: favourites, recent ones, the tree, or what a search finds. A tap starts it.
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { call, Refused, type Task } from "../../kit/src/api";
import { showNotice } from "../../kit/src/notices";
import { marked, type Part as Place, type Row, TaskRows } from "../../kit/src/task-rows";
import { word } from "../../kit/src/words";
import { icon } from "./icons";
import { Part } from "./part";
import { phone } from "./phone";
import { dot } from "./task-name";

const PAUSE = 120; // between the last key and the search: there may be a slow network
const HEADINGS = { favourites: "favourites", recent: "recent", tree: "allTasks", found: "search" } as const;

@customElement("phone-tasks")
export class TasksPage extends Part {
  @state() private rows: Row[] | null = null;
  @state() private q = "";
  @state() private fault = "";
  private tree = new TaskRows(phone.tasks);
  private searching?: AbortController;
  private pause?: ReturnType<typeof setTimeout>;
  private readonly again = () => void this.load();

  override connectedCallback(): void {
    super.connectedCallback();
    document.body.addEventListener("stint-tasks", this.again);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.body.removeEventListener("stint-tasks", this.again);
    this.searching?.abort();
  }

  override render(): TemplateResult {
    return html`
      <h1 class="page-title">${word("tasks")}</h1>
      ${this.fault ? html`<p class="empty muted" role="status">${this.fault}</p>` : nothing}
      ${this.rows ? this.list(this.rows) : html`<p class="empty muted" role="status">${word("loading")}</p>`}
      <form class="finder" role="search" @submit=${(event: Event) => event.preventDefault()}>
        <input type="search" aria-label=${word("search")} placeholder=${word("search")} autocomplete="off"
          spellcheck="false" enterkeyhint="search" .value=${this.q} @input=${this.typed} />
      </form>`;
  }

  private list(rows: Row[]): TemplateResult {
    if (!rows.length)
      return html`<p class="empty muted" role="status">${word(this.q ? "noMatch" : "noTasks")}</p>`;
    const parts: Place[] = ["favourites", "recent", "tree", "found"];
    return html`${parts.map((part) => {
      const own = rows.filter((row) => row.part === part);
      return own.length
        ? html`<section aria-label=${word(HEADINGS[part])}><h2>${word(HEADINGS[part])}</h2>
            <ul class="tasks">${own.map((row) => (row.kind === "task" ? this.task(row) : this.more(row.parent)))}</ul></section>`
        : nothing;
    })}`;
  }

  private task(row: Row & { kind: "task" }): TemplateResult {
    const { task, level, open, part } = row;
    const folds = part === "tree" && task.children > 0;
    return html`<li class="task-line level-${Math.min(level, 6)}">
      ${
        folds
          ? html`<button type="button" class="round fold-mark" aria-expanded=${open} aria-label=${task.name}
              @click=${() => this.act(() => (open ? this.tree.fold(task.id) : this.tree.unfold(task.id)))}>${icon("forth")}</button>`
          : nothing
      }
      <button type="button" class="task-start" ?disabled=${!task.trackable}
        @click=${() => phone.startOn(task)}>
        ${task.trackable ? html`<span class="sr-only">${word("start")}: </span>` : nothing}
        ${dot(true, task.color)}<span class="task-names"><span class="cut" dir="auto">${this.hits(task.name)}</span>
        ${part !== "tree" && task.path.length > 1 ? html`<span class="cut muted task-way">${this.hits(task.path.slice(0, -1).join(" › "))}</span>` : nothing}</span>
        ${task.trackable ? icon("play") : nothing}
      </button>
      <button type="button" class="round star-mark" aria-pressed=${task.favourite}
        aria-label="${word("favourite")}: ${task.name}" @click=${() => this.star(task)}>${icon("star")}</button>
    </li>`;
  }

  private more(parent: number | null): TemplateResult {
    return html`<li><button type="button" class="task-start muted" @click=${() => this.act(() => this.tree.more(parent))}>${word("showMore")}</button></li>`;
  }

  private hits(text: string): (TemplateResult | string)[] {
    return marked(text, this.q).map((piece) => (piece.hit ? html`<mark>${piece.text}</mark>` : piece.text));
  }

  private load(): Promise<void> {
    this.tree = new TaskRows(phone.tasks);
    return this.act(() => this.tree.load(true));
  }

  /** Do something to the tree, then show it; why it could not be done is said. */
  private async act(change: () => Promise<void> | void): Promise<void> {
    try {
      await change();
      this.fault = "";
      if (!this.q) this.rows = this.tree.rows();
    } catch (fault) {
      if (fault instanceof Refused) this.fault = fault.message;
      this.rows ??= [];
    }
  }

  private typed(event: Event): void {
    this.q = (event.target as HTMLInputElement).value.trim();
    this.searching?.abort();
    clearTimeout(this.pause);
    if (this.q) this.pause = setTimeout(() => void this.search(), PAUSE);
    else this.rows = this.tree.rows();
  }

  private async search(): Promise<void> {
    this.searching = new AbortController();
    const { signal } = this.searching;
    await this.act(async () => {
      const rows = await this.tree.find(this.q, true, signal);
      if (!signal.aborted) this.rows = rows;
    });
  }

  /** Keep a task at hand, or no more; shown at once, taken back where it is refused. */
  private async star(task: Task): Promise<void> {
    const show = (favourite: boolean) => {
      this.tree.mark(task, favourite);
      const change = (row: Row): Row =>
        row.kind === "task" && row.task.id === task.id ? { ...row, task: { ...task, favourite } } : row;
      this.rows = this.q ? (this.rows?.map(change) ?? null) : this.tree.rows();
    };
    show(!task.favourite);
    try {
      const path = { task_id: task.id };
      await call(task.favourite ? "DELETE" : "PUT", "/tasks/{task_id}/favourite", { path });
    } catch (fault) {
      show(task.favourite);
      showNotice(fault instanceof Refused ? fault.message : word("failed"), "error");
    }
  }
}
