// The day list: a redraw keeps what is being edited, chosen and focused; several entries are chosen for one act.
import htmx from "htmx.org";

export function installDayList(): void {
  const list = document.getElementById("days");
  const bar = document.getElementById("many") as HTMLFormElement | null;
  if (!list || !bar) return;
  keepWhatIsOpen(list);
  new Choosing(list, bar);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancelEditor(event.target as Element);
  });
  document.addEventListener("click", (event) => unfold(event.target as Element));
}

/** Hold a redraw back while a row is edited, and afterwards put the focus back where it was. */
function keepWhatIsOpen(list: HTMLElement): void {
  let late = false;
  let focused = "";
  list.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target !== list) return;
    late = list.querySelector("[data-editing]") !== null;
    if (late) (event as CustomEvent<{ shouldSwap: boolean }>).detail.shouldSwap = false;
    focused = place(document.activeElement);
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const settled = (event as CustomEvent<{ elt: Element }>).detail.elt;
    if (settled.matches?.("[data-editing]")) focusField(settled as HTMLElement);
    if (settled === list && focused)
      document.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
    if (settled.matches?.("li.entry") && !late) settled.querySelector<HTMLElement>(".entry-note")?.focus();
    if (late && !list.querySelector("[data-editing]")) {
      late = false;
      htmx.trigger(list, "stint-days-again");
    }
  });
}

/** Where the focus is, as a selector that finds the same place in a redrawn row. */
function place(focused: Element | null): string {
  const row = focused?.closest<HTMLElement>("li.entry");
  if (!row || !focused) return "";
  const name = [...focused.classList].find((each) => each.startsWith("entry-")) ?? "entry-note";
  return `#${CSS.escape(row.id)} .${name}`;
}

function focusField(editor: HTMLElement): void {
  const name = editor.dataset.focus ?? "note";
  const field =
    editor.querySelector<HTMLElement>(".input-error") ??
    (name === "task"
      ? editor.querySelector<HTMLElement>("stint-task-picker")
      : editor.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`));
  field?.focus();
  if (field instanceof HTMLInputElement && field.type === "text") field.select();
}

function cancelEditor(inside: Element): void {
  inside.closest?.("[data-editing]")?.querySelector<HTMLElement>("[data-cancel]")?.click();
}

function unfold(clicked: Element): void {
  const opener = clicked.closest<HTMLElement>("[data-unfold], [data-fold]");
  const folded = document.getElementById(opener?.dataset.unfold ?? opener?.dataset.fold ?? "");
  if (!opener || !folded) return;
  folded.hidden = "fold" in opener.dataset || !folded.hidden;
  document
    .querySelector(`[data-unfold="${folded.id}"]`)
    ?.setAttribute("aria-expanded", String(!folded.hidden));
  if (!folded.hidden) folded.querySelector<HTMLElement>("input:not([type=hidden])")?.focus();
}

/** Several entries chosen by their boxes, with Shift a whole range; the bar below acts on them. */
class Choosing {
  private chosen = new Set<string>();
  private last: HTMLInputElement | null = null;
  private held = false;

  constructor(
    private list: HTMLElement,
    private bar: HTMLFormElement,
  ) {
    list.addEventListener("click", (event) => {
      this.held = (event as MouseEvent).shiftKey;
      if ((event.target as Element).closest("[data-choose-some]"))
        this.show(!this.list.matches("[data-choosing]"));
    });
    list.addEventListener("change", (event) => this.changed(event.target as HTMLInputElement));
    list.addEventListener("htmx:afterSwap", () => this.show());
    document.body.addEventListener("stint-chosen-done", () => this.clear());
    bar.addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-choose-none]")) this.clear();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) this.clear();
    });
  }

  private boxes(): HTMLInputElement[] {
    return [...this.list.querySelectorAll<HTMLInputElement>(".entry-choose input")];
  }

  private changed(box: HTMLInputElement): void {
    if (!box.closest(".entry-choose")) return;
    const boxes = this.boxes();
    const [from, to] = [boxes.indexOf(this.last ?? box), boxes.indexOf(box)].sort((a, b) => a - b);
    const range = this.held && this.last ? boxes.slice(from, (to ?? 0) + 1) : [box];
    for (const each of range) {
      if (box.checked) this.chosen.add(each.value);
      else this.chosen.delete(each.value);
    }
    this.last = box;
    this.show();
  }

  private clear(): void {
    this.chosen.clear();
    this.last = null;
    this.show();
    this.bar.reset();
  }

  /** Boxes that were drawn anew are checked again; what is gone is chosen no more. */
  private show(asked = false): void {
    const there = new Set(this.boxes().map((box) => box.value));
    for (const id of this.chosen) if (!there.has(id)) this.chosen.delete(id);
    for (const box of this.boxes()) box.checked = this.chosen.has(box.value);
    this.bar.hidden = this.chosen.size === 0;
    this.list.toggleAttribute("data-choosing", asked || this.chosen.size > 0);
    const count = this.bar.querySelector("[data-count]");
    if (count) count.textContent = String(this.chosen.size);
  }
}
