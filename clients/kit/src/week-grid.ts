// The week grid: hours typed into cells. The server reads what was typed and answers with the whole grid; `merge` takes
// over what is new without touching a cell in which somebody types.
import { csrfToken } from "./csrf";
import type { TaskPicker } from "./task-picker";
import { word } from "./words";

const PAUSE = 80; // gathers events that come together
const EVENTS = ["stint-entry", "stint-timer", "stint-tasks"];

interface Refusal {
  message: string;
  was?: number;
  text?: string;
}

interface Answer {
  ok: boolean;
  text: string;
  refusal?: Refusal;
}

export class WeekGrid {
  private turn: Promise<unknown> = Promise.resolve();
  private pause?: ReturnType<typeof setTimeout>;

  constructor(private readonly place: HTMLElement) {
    const table = this.table;
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("focusin", (event) => cellOf(event)?.select());
    table.addEventListener("focusout", (event) => this.commit(cellOf(event)));
    table.addEventListener("input", (event) => clear(cellOf(event)));
    table.addEventListener("mousedown", grip);
    place.addEventListener("click", (event) => this.link(event));
    place.addEventListener("stint-pick", (event) => this.add(event as CustomEvent<{ id: number | null }>));
    for (const name of EVENTS) document.body.addEventListener(name, () => this.lookAgain());
    addEventListener("beforeunload", (event) => this.part(event));
  }

  private get table(): HTMLTableElement {
    return this.place.querySelector("table") as HTMLTableElement;
  }

  private rows(): HTMLTableRowElement[] {
    return rowsOf(this.table);
  }

  private get query(): URLSearchParams {
    return new URLSearchParams(this.place.dataset.query);
  }

  // Moving about.

  private key(event: KeyboardEvent): void {
    const cell = cellOf(event);
    if (!cell || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.shiftKey && event.key !== "Enter") return;
    const acts: Record<string, () => boolean> = {
      Enter: () => {
        this.commit(cell, true);
        return this.leave(cell, event.shiftKey ? -1 : 1, 0);
      },
      ArrowDown: () => this.leave(cell, 1, 0),
      ArrowUp: () => this.leave(cell, -1, 0),
      ArrowLeft: () => atEdge(cell, "start") && this.leave(cell, 0, -1),
      ArrowRight: () => atEdge(cell, "end") && this.leave(cell, 0, 1),
      Escape: () => takeBack(cell),
      F2: () => edit(cell),
    };
    if (acts[event.key]?.()) event.preventDefault();
  }

  private leave(cell: HTMLInputElement, down: number, across: number): boolean {
    const rows = this.rows();
    const row = cell.closest("tr") as HTMLTableRowElement;
    const to = cellsOf(rows[rows.indexOf(row) + down] ?? row)[cellsOf(row).indexOf(cell) + across];
    if (to && to !== cell) to.focus();
    else cell.select();
    return true;
  }

  // Rows.

  private link(event: Event): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-rows]");
    if (!link || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey) return;
    event.preventDefault();
    void this.show(new URL(link.href).searchParams);
  }

  private add(event: CustomEvent<{ id: number | null }>): void {
    const picker = event.target as TaskPicker;
    const key = event.detail.id === null ? "none" : String(event.detail.id);
    const label = picker.getAttribute("unset") ?? "";
    picker.picked = { id: null, path: [] };
    void picker.updateComplete.then(() => {
      picker.unset = label;
    });
    const query = this.query;
    if (!query.getAll("row").includes(key)) query.append("row", key);
    void this.show(query, key);
  }

  /** Show the week with the rows of an address, and go to a row's cell: today's, else the first. */
  private async show(query: URLSearchParams, key = ""): Promise<void> {
    const before = new Set(this.rows().map((row) => row.dataset.key));
    this.address(query.toString());
    await this.refresh();
    const added = this.rows().find((row) => (key ? row.dataset.key === key : !before.has(row.dataset.key)));
    const cell = added?.querySelector<HTMLInputElement>("td[data-today] input, td input");
    if (cell) cell.focus();
    else this.place.querySelector<HTMLElement>("stint-task-picker")?.focus();
  }

  /** The address names the rows that have no time, so that they are there again after a reload. */
  private address(query: string): void {
    if (query === this.place.dataset.query) return;
    this.place.dataset.query = query;
    history.replaceState(history.state, "", `${this.place.dataset.page}?${query}`);
  }

  // Asking and saving, one after the other, so that no answer is older than the one before.

  private next(act: () => Promise<void>): Promise<void> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Save what was typed into a cell. What was refused is not tried again unless somebody `insists`. */
  private commit(cell: HTMLInputElement | null, insists = false): void {
    if (!cell || !typing(cell)) {
      clear(cell);
      return;
    }
    const sent = cell.value;
    if (cell.dataset.sent === sent || (cell.dataset.refused === sent && !insists)) return;
    cell.dataset.sent = sent;
    void this.next(() => this.save(cell, sent));
  }

  private async save(cell: HTMLInputElement, sent: string): Promise<void> {
    const { day = "", was = "" } = cell.dataset;
    const task = cell.closest("tr")?.dataset.key ?? "";
    const typed = new URLSearchParams({ task, day, was, typed: sent });
    const answer = await this.ask(this.place.dataset.cell, typed);
    if (cell.dataset.sent === sent) delete cell.dataset.sent;
    if (answer?.ok) {
      clear(cell);
      this.merge(answer.text, cell, sent);
    } else if (cell.value === sent) {
      refuse(cell, answer?.refusal ?? { message: word(answer ? "notSavedYet" : "unreachable") });
      cell.toggleAttribute("data-unsent", !answer?.refusal);
    }
  }

  private lookAgain(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      // What did not arrive is sent again: the page hears of changes again, so the server can be reached.
      for (const cell of this.table.querySelectorAll<HTMLInputElement>("[data-unsent]"))
        this.commit(cell, true);
      void this.refresh();
    }, PAUSE);
  }

  private refresh(): Promise<void> {
    return this.next(async () => {
      const answer = await this.ask(this.place.dataset.grid);
      if (answer?.ok) this.merge(answer.text);
    });
  }

  private async ask(url = "", body?: URLSearchParams): Promise<Answer | null> {
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    try {
      const method = body ? "POST" : "GET";
      // Kept alive, so that what was typed last is saved though its page is left.
      const response = await fetch(`${url}?${this.query}`, { method, headers, body, keepalive: !!body });
      const text = await response.text();
      const told = JSON.parse(response.headers.get("HX-Trigger") ?? "{}") as Record<string, object>;
      for (const [name, detail] of Object.entries(told))
        document.body.dispatchEvent(new CustomEvent(name, { detail }));
      const json = response.headers.get("Content-Type")?.startsWith("application/json");
      return { ok: response.ok, text, refusal: json ? (JSON.parse(text) as Refusal) : undefined };
    } catch {
      return null;
    }
  }

  /** Save what is being typed when the page is left, and ask before what could not be saved is lost. */
  private part(event: Event): void {
    const cells = this.rows().flatMap(cellsOf);
    for (const cell of cells) this.commit(cell);
    if (cells.some((cell) => cell.dataset.refused !== undefined && typing(cell))) event.preventDefault();
  }

  // Taking over what the server shows.

  /** Take over a newer grid; `saved` is the cell whose own change is in it, `sent` what it said. */
  merge(html: string, saved?: HTMLInputElement, sent?: string): void {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.querySelector<HTMLElement>("[data-week]");
    const table = fresh?.querySelector("table");
    if (!fresh || !table) return;
    this.address(fresh.dataset.query ?? "");
    for (const part of this.place.querySelectorAll<HTMLElement>("[data-part]"))
      renew(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`));
    this.mergeRows(rowsOf(table), saved, sent);
    this.table.hidden = this.rows().length === 0;
    const totals = this.table.querySelectorAll("tfoot td");
    table.querySelectorAll("tfoot td").forEach((cell, at) => {
      renew(totals[at], cell);
    });
  }

  private mergeRows(fresh: HTMLTableRowElement[], saved?: HTMLInputElement, sent?: string): void {
    const body = this.table.querySelector("tbody") as HTMLElement;
    const wanted = new Set(fresh.map((row) => row.dataset.key));
    for (const row of this.rows()) if (!wanted.has(row.dataset.key) && !inUse(row)) row.remove();
    const known = new Map(this.rows().map((row) => [row.dataset.key, row]));
    let at = body.firstElementChild as HTMLElement | null;
    for (const row of fresh) {
      while (at && !wanted.has(at.dataset.key)) at = at.nextElementSibling as HTMLElement | null;
      const here = known.get(row.dataset.key);
      if (here) mergeRow(here, row, saved, sent);
      // A row in its place is not moved: that would take the focus from its cells.
      if (here && here === at) at = at.nextElementSibling as HTMLElement | null;
      else body.insertBefore(here ?? document.importNode(row, true), at);
    }
  }
}

function mergeRow(
  here: HTMLTableRowElement,
  fresh: HTMLTableRowElement,
  saved?: HTMLInputElement,
  sent?: string,
): void {
  [...fresh.children].forEach((to, at) => {
    const cell = here.children[at];
    const [old, now] = [cell?.querySelector("input"), to.querySelector("input")];
    if (!cell || !old || !now) renew(cell, to);
    else mergeCell(old, now, old === saved ? sent : undefined);
  });
}

function mergeCell(old: HTMLInputElement, now: HTMLInputElement, sent?: string): void {
  renew(old.parentElement?.querySelector(".week-marks"), now.parentElement?.querySelector(".week-marks"));
  // What is being typed keeps what it was typed over: the server then says when that is not true any more.
  if (typing(old) && sent === undefined) return;
  const before = old.value;
  const kept = typing(old) && before !== sent ? before : now.defaultValue;
  old.defaultValue = now.defaultValue;
  old.dataset.was = now.dataset.was;
  old.title = now.title;
  if (before === kept) return;
  old.value = kept;
  if (document.activeElement === old) old.select();
}

/** Put in what is new, if it is. */
function renew(old: Element | null | undefined, now: Element | null | undefined): void {
  if (!old || !now) return;
  if (old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;
  if (old.className !== now.className) old.className = now.className;
}

function typing(cell: HTMLInputElement): boolean {
  return cell.value !== cell.defaultValue;
}

function inUse(row: HTMLTableRowElement): boolean {
  const focused = document.activeElement;
  return cellsOf(row).some((cell) => typing(cell) || cell === focused);
}

function refuse(cell: HTMLInputElement, { message, was, text }: Refusal): void {
  if (was !== undefined) {
    cell.dataset.was = String(was);
    cell.defaultValue = text ?? "";
  }
  clear(cell);
  cell.dataset.refused = cell.value;
  const said = document.createElement("p");
  said.className = "week-said";
  said.id = `said-${cell.name}`;
  said.setAttribute("role", "alert");
  said.textContent = message;
  cell.setAttribute("aria-invalid", "true");
  cell.setAttribute("aria-describedby", said.id);
  cell.after(said);
}

function clear(cell: HTMLInputElement | null): void {
  if (!cell?.hasAttribute("aria-invalid")) return;
  for (const name of ["aria-invalid", "aria-describedby", "data-refused", "data-unsent"])
    cell.removeAttribute(name);
  cell.parentElement?.querySelector(".week-said")?.remove();
}

function takeBack(cell: HTMLInputElement): boolean {
  clear(cell);
  cell.value = cell.defaultValue;
  cell.select();
  return true;
}

/** Change what is there rather than replace it. */
function edit(cell: HTMLInputElement): boolean {
  cell.setSelectionRange(cell.value.length, cell.value.length);
  return true;
}

/** Whether an arrow leads out of the cell: all of it is selected, or the caret stands at that end. */
function atEdge(cell: HTMLInputElement, edge: "start" | "end"): boolean {
  const [from, to, length] = [cell.selectionStart ?? 0, cell.selectionEnd ?? 0, cell.value.length];
  if (from === 0 && to === length) return true;
  return from === to && from === (edge === "start" ? 0 : length);
}

/** A first click into a cell selects what is there, so that typing replaces it. */
function grip(event: MouseEvent): void {
  const cell = cellOf(event);
  if (!cell || document.activeElement === cell) return;
  event.preventDefault();
  cell.focus();
}

function cellOf(event: Event): HTMLInputElement | null {
  return event.target instanceof HTMLInputElement ? event.target : null;
}

function rowsOf(table: HTMLTableElement): HTMLTableRowElement[] {
  return [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")];
}

function cellsOf(row: HTMLTableRowElement): HTMLInputElement[] {
  return [...row.querySelectorAll<HTMLInputElement>("td input")];
}

const place = document.querySelector<HTMLElement>("[data-week]");
if (place) new WeekGrid(place);
