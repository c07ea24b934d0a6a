// The day list: a redraw keeps what is being edited, chosen and focused; several entries are chosen for one act.
import htmx from "htmx.org";
import { LitElement } from "lit";
import { Choosing } from "./day-choice";

const OPEN = "[data-editing], details[data-menu][open]";

interface Place {
  row: string;
  index: number;
  stop: number;
}

export function installDayList(): void {
  const list = document.getElementById("days");
  const bar = document.getElementById("many") as HTMLFormElement | null;
  if (!list || !bar) return;
  void import("./tags-input"); // the editors hold it; no need to have it before the page is shown
  keepWhatIsOpen(list);
  new Choosing(list, bar);
  document.addEventListener("keydown", (event) => key(event, list));
  document.addEventListener("click", (event) => unfold(event.target as Element));
}

/** Hold a stretch's redraw back while a row in it is edited, and keep the focus where it was. */
function keepWhatIsOpen(list: HTMLElement): void {
  const late = new Set<Element>();
  let focused: Place | null = null;
  const catchUp = () => {
    for (const stretch of late) {
      if (stretch.querySelector(OPEN)) continue;
      late.delete(stretch);
      htmx.trigger(stretch, "stint-days-again");
    }
  };
  document.addEventListener("focusin", (event) => {
    focused = placeOf(event.target as Element, list);
  });
  list.addEventListener("toggle", catchUp, true);
  list.addEventListener("htmx:beforeSwap", (event) => {
    const stretch = event.target as Element;
    if (!stretch.matches(".stretch") || !stretch.querySelector(OPEN)) return;
    late.add(stretch);
    (event as CustomEvent<{ shouldSwap: boolean }>).detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const settled = (event as CustomEvent<{ elt: Element }>).detail.elt;
    if (settled.matches?.("[data-editing]")) focusField(settled as HTMLElement);
    else if (settled.matches?.("li.entry")) settled.querySelector<HTMLElement>(".entry-note")?.focus();
    else if (settled.id === "add") added(settled as HTMLElement);
    else if (settled.matches?.(".stretch") && focused && !document.activeElement?.closest("a, button, input"))
      goBack(focused, list);
    catchUp();
  });
}

/** Where in the list the focus is: the row and which of its stops. */
function placeOf(focus: Element, list: HTMLElement): Place | null {
  const row = focus.closest<HTMLElement>("li.entry");
  if (!row || !list.contains(row)) return null;
  const stop = focus.closest(".dropdown-content") ? row.querySelector("summary") : focus;
  return { row: row.id, index: rowsOf(list).indexOf(row), stop: stopsOf(row).indexOf(stop as HTMLElement) };
}

/** Focus the same place after a redraw; where the row is gone, in the one that took its turn. */
function goBack({ row, index, stop }: Place, list: HTMLElement): void {
  const rows = rowsOf(list);
  const there = rows.find((each) => each.id === row) ?? rows[Math.min(index, rows.length - 1)];
  if (there) (stopsOf(there)[stop] ?? stopsOf(there)[1])?.focus({ preventScroll: true });
}

function rowsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("li.entry")];
}

/** What of a row takes the focus; the marks come last, for not every row has them. */
function stopsOf(row: HTMLElement): HTMLElement[] {
  const fixed = [".entry-choose input", ".entry-note", ".entry-task", ".entry-times", ".entry-length"];
  const stops = [...fixed, ".entry-acts > button", "summary"].map((name) =>
    row.querySelector<HTMLElement>(name),
  );
  return stops.filter((stop) => stop !== null);
}

function focusField(editor: HTMLElement): void {
  const name = editor.dataset.focus ?? "note";
  const wrong = editor.querySelector<HTMLElement>(".input-error, [data-wrong]");
  const field = wrong ?? editor.querySelector<HTMLElement>(`[name="${name === "task" ? "task_id" : name}"]`);
  const place = field?.closest<HTMLElement>("stint-task-picker, stint-tags") ?? field;
  // A component that has just come into the page has drawn nothing yet.
  if (place instanceof LitElement) void place.updateComplete.then(() => place.focus());
  else place?.focus();
  if (place instanceof HTMLInputElement && place.type === "text") place.select();
}

function key(event: KeyboardEvent, list: HTMLElement): void {
  const inside = event.target as HTMLElement;
  if (event.defaultPrevented || event.isComposing || !inside.closest) return;
  if (event.key === "Escape") inside.closest(".editor")?.querySelector<HTMLElement>("[data-cancel]")?.click();
  // Enter in a component's field reaches no form by itself.
  if (event.key === "Enter" && inside.matches("stint-tags")) inside.closest("form")?.requestSubmit();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !inside.matches(".entry-note")) return;
  event.preventDefault();
  const rows = rowsOf(list);
  const to = rows[rows.indexOf(inside.closest("li") as HTMLElement) + step];
  to?.querySelector<HTMLElement>(".entry-note")?.focus();
}

function unfold(clicked: Element): void {
  const opener = clicked.closest<HTMLElement>("[data-unfold], [data-fold]");
  const folded = document.getElementById(opener?.dataset.unfold ?? opener?.dataset.fold ?? "");
  if (!opener || !folded) return;
  folded.hidden = "fold" in opener.dataset || !folded.hidden;
  const button = showUnfolded(folded);
  if (folded.hidden) button?.focus();
  else folded.querySelector<HTMLElement>("input:not([type=hidden])")?.focus();
}

function showUnfolded(folded: HTMLElement): HTMLElement | null {
  const button = document.querySelector<HTMLElement>(`[data-unfold="${folded.id}"]`);
  button?.setAttribute("aria-expanded", String(!folded.hidden));
  return button;
}

/** After time was added its form is folded up; else it says what is wrong, and that is where to go on. */
function added(form: HTMLElement): void {
  const button = showUnfolded(form);
  if (form.hidden) button?.focus();
  else focusField(form);
}
