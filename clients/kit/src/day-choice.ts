// Several entries of the day list, chosen for one act.

/** Several entries chosen by their boxes, with Shift a whole range; the bar below acts on them. */
export class Choosing {
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
    list.addEventListener("htmx:afterSettle", () => this.show());
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
