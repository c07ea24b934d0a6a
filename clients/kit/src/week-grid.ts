// The week grid: hours typed into cells. The server reads what was typed and answers with the whole grid; `merge` takes
// over what is new without touching a cell in which somebody types.
import { csrfToken } from "./csrf";
import { showNotice } from "./notices";
import type { TaskPicker } from "./task-picker";
import { word } from "./words";

const PAUSE = 80; // gathers events that come together
const EVENTS = ["stint-entry", "stint-timer", "stint-tasks"];

interface Refusal {
  message: string;
  was?: number;
  text?: string;
}

export class WeekGrid {
  private saving = Promise.resolve();
  private saves = 0;
  private pause?: ReturnType<typeof setTimeout>;

  constructor(private readonly place: HTMLElement) {
    const table = this.table;
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("focusin", (event) => cellOf(event)?.select());
    table.addEventListener("focusout", (event) => {
      const cell = cellOf(event);
      if (cell) this.commit(cell);
    });
    table.addEventListener("input", (event) => clear(cellOf(event)));
    table.addEventListener("mousedown", grip);
    place.addEventListener("click", (event) => this.link(event));
    place.addEventListener("stint-pick", (event) => this.add(event as CustomEvent<{ id: number | null }>));
    for (const name of EVENTS) document.body.addEventListener(name, () => this.refreshSoon());
  }

  private get table(): HTMLTableElement {
    return this.place.querySelector("table") as HTMLTableElement;
  }

  // Moving about.

  private key(event: KeyboardEvent): void {
    const cell = cellOf(event);
    if (!cell || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const acts: Record<string, () => boolean> = {
      Enter: () => this.leave(cell, event.shiftKey ? -1 : 1, 0),
      ArrowDown: () => this.leave(cell, 1, 0),
      ArrowUp: () => this.leave(cell, -1, 0),
      ArrowLeft: () => atEdge(cell, "start") && this.leave(cell, 0, -1),
      ArrowRight: () => atEdge(cell, "end") && this.leave(cell, 0, 1),
      Escape: () => takeBack(cell),
    };
    if (event.shiftKey && event.key !== "Enter") return;
    if (acts[event.key]?.()) event.preventDefault();
  }

  private leave(cell: HTMLInputElement, down: number, across: number): boolean {
    const rows = this.rows();
    const row = cell.closest("tr") as HTMLTableRowElement;
    const cells = cellsOf(row);
    const to = cellsOf(rows[rows.indexOf(row) + down] ?? row)[cells.indexOf(cell) + across];
    if (to && to !== cell) to.focus();
    else {
      this.commit(cell);
      cell.select();
    }
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
    this.place.dataset.query = query.toString();
    history.replaceState(history.state, "", `${this.place.dataset.page}?${query}`);
    await this.refresh();
    const added = this.rows().find((row) => (key ? row.dataset.key === key : !before.has(row.dataset.key)));
    const cell = added?.querySelector<HTMLInputElement>("td[data-today] input, td input");
    if (cell) cell.focus();
    else this.place.querySelector<HTMLElement>("stint-task-picker")?.focus();
  }

  private get query(): URLSearchParams {
    return new URLSearchParams(this.place.dataset.query);
  }

  private rows(): HTMLTableRowElement[] {
    return rowsOf(this.table);
  }

  // Saving, one after the other, so that no answer is older than the one before.

  private commit(cell: HTMLInputElement): void {
    if (cell.value === cell.defaultValue || cell.dataset.sent === cell.value) return;
    cell.dataset.sent = cell.value;
    this.saves++;
    this.saving = this.saving
      .then(() => this.save(cell))
      .finally(() => {
        this.saves--;
      });
  }

  private async save(cell: HTMLInputElement): Promise<void> {
    const sent = cell.dataset.sent ?? "";
    const { day = "", was = "" } = cell.dataset;
    const task = cell.closest("tr")?.dataset.key ?? "";
    const body = new URLSearchParams({ task, day, was, typed: sent });
    const response = await this.ask(this.place.dataset.cell, body);
    delete cell.dataset.sent;
    if (!response) refuse(cell, { message: word("unreachable") });
    else if (response.ok) {
      if (cell.value === sent) cell.value = cell.defaultValue;
      this.merge(await response.text(), cell);
    } else if (response.headers.get("Content-Type")?.startsWith("application/json"))
      refuse(cell, (await response.json()) as Refusal);
  }

  private refreshSoon(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.refresh(), PAUSE);
  }

  private async refresh(): Promise<void> {
    if (this.saves) return; // the answer to the last of them is the grid anew
    const response = await this.ask(this.place.dataset.grid);
    if (response?.ok && !this.saves) this.merge(await response.text());
  }

  private async ask(url = "", body?: URLSearchParams): Promise<Response | null> {
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    try {
      const method = body ? "POST" : "GET";
      const response = await fetch(`${url}?${this.query}`, { method, headers, body });
      const told = JSON.parse(response.headers.get("HX-Trigger") ?? "{}") as Record<string, object>;
      for (const [name, detail] of Object.entries(told))
        document.body.dispatchEvent(new CustomEvent(name, { detail }));
      if (!response.ok && response.status >= 500) showNotice(word("failed"), "error");
      return response;
    } catch {
      return null;
    }
  }

  // Taking over what the server shows.

  /** Take over a newer grid; `saved` is the cell whose own change is in it. */
  merge(html: string, saved?: HTMLInputElement): void {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.querySelector<HTMLElement>("[data-week]");
    const table = fresh?.querySelector("table");
    if (!fresh || !table) return;
    for (const part of this.place.querySelectorAll<HTMLElement>("[data-part]"))
      renew(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`));
    this.table.hidden = table.hidden;
    this.mergeRows(rowsOf(table), saved);
    const foot = [...(table.tFoot?.rows[0]?.cells ?? [])];
    foot.forEach((cell, at) => {
      renew(this.table.tFoot?.rows[0]?.cells[at], cell);
    });
  }

  private mergeRows(fresh: HTMLTableRowElement[], saved?: HTMLInputElement): void {
    const body = this.table.querySelector("tbody") as HTMLElement;
    const wanted = new Set(fresh.map((row) => row.dataset.key));
    for (const row of this.rows())
      if (!wanted.has(row.dataset.key) && !cellsOf(row).some(typing)) row.remove();
    const known = new Map(this.rows().map((row) => [row.dataset.key, row]));
    let at = body.firstElementChild as HTMLElement | null;
    for (const row of fresh) {
      while (at && !wanted.has(at.dataset.key)) at = at.nextElementSibling as HTMLElement | null;
      const here = known.get(row.dataset.key);
      if (here) mergeRow(here, row, saved);
      // A row in its place is not moved: that would take the focus from its cells.
      if (here && here === at) at = at.nextElementSibling as HTMLElement | null;
      else body.insertBefore(here ?? document.importNode(row, true), at);
    }
  }
}

function mergeRow(here: HTMLTableRowElement, fresh: HTMLTableRowElement, saved?: HTMLInputElement): void {
  [...fresh.cells].forEach((to, at) => {
    const cell = here.cells[at];
    const [old, now] = [cell?.querySelector("input"), to.querySelector("input")];
    if (!cell || !old || !now) renew(cell, to);
    else mergeCell(old, now, old === saved);
  });
}

function mergeCell(old: HTMLInputElement, now: HTMLInputElement, saved: boolean): void {
  const mark = old.parentElement?.querySelector(".week-running");
  const fresh = now.parentElement?.querySelector(".week-running");
  if (mark && !fresh) mark.remove();
  if (fresh && !mark) old.after(document.importNode(fresh, true));
  // What is being typed keeps what it was typed over: the server then says when that is not true any more.
  if (typing(old) && !saved) return;
  const kept = typing(old) ? old.value : now.defaultValue;
  old.defaultValue = now.defaultValue;
  old.dataset.was = now.dataset.was;
  if (old.value === kept) return;
  old.value = kept;
  if (document.activeElement === old) old.select();
}

/** Put in what is new, if it is. */
function renew(old: Element | null | undefined, now: Element | null): void {
  if (!old || !now) return;
  if (old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;
  if (old.className !== now.className) old.className = now.className;
}

function typing(cell: HTMLInputElement): boolean {
  return cell.value !== cell.defaultValue;
}

function refuse(cell: HTMLInputElement, { message, was, text }: Refusal): void {
  if (was !== undefined) {
    cell.dataset.was = String(was);
    cell.defaultValue = text ?? "";
  }
  clear(cell);
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
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("aria-describedby");
  cell.parentElement?.querySelector(".week-said")?.remove();
}

function takeBack(cell: HTMLInputElement): boolean {
  clear(cell);
  cell.value = cell.defaultValue;
  cell.select();
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
