// Moving nodes of the tree by drag: below another node of our own, or to the top level.
import htmx from "htmx.org";
import { rowOf, type Tree, twigsOf } from "./tree";

const OPENS_AFTER = 700;

export function installTreeDrag(tree: Tree): void {
  const drop = document.getElementById("node-drop");
  if (drop) new Drag(tree, drop);
}

class Drag {
  private row?: HTMLElement;
  private over?: HTMLElement;
  private opens?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly tree: Tree,
    private readonly top: HTMLElement,
  ) {
    tree.root.addEventListener("dragstart", (event) => this.start(event));
    // Entering must be allowed as well as staying; the first event on a row is of the former kind.
    for (const kind of ["dragenter", "dragover"] as const) {
      tree.root.addEventListener(kind, (event) => this.move(event));
      top.addEventListener(kind, (event) => this.rise(event));
    }
    tree.root.addEventListener("drop", (event) => this.drop(event, rowOf(event.target)));
    tree.root.addEventListener("dragleave", (event) => {
      if (!tree.root.contains(event.relatedTarget as Node | null)) this.hover();
    });
    top.addEventListener("dragleave", () => top.classList.remove("drop-here"));
    top.addEventListener("drop", (event) => this.drop(event, null));
    document.addEventListener("dragend", () => this.end());
  }

  private start(event: DragEvent): void {
    const row = rowOf(event.target);
    if (!row || !event.dataTransfer) return;
    this.row = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.querySelector("[data-name]")?.textContent ?? "");
    row.classList.add("node-dragged");
    // Not at once: Chromium ends a drag whose start changes what is under the pointer.
    setTimeout(() => {
      this.top.hidden = this.row !== row;
      this.say("top");
    });
  }

  private move(event: DragEvent): void {
    const row = rowOf(event.target);
    if (!this.row) return;
    if (row !== this.over) this.hover(row ?? undefined);
    if (!row || this.refusal(row)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "move";
  }

  private rise(event: DragEvent): void {
    this.hover();
    if (!this.row) return;
    event.preventDefault();
    this.top.classList.add("drop-here");
  }

  /** Mark what is under the pointer; a closed node opens when it stays. */
  private hover(row?: HTMLElement): void {
    clearTimeout(this.opens);
    this.over?.classList.remove("drop-here", "drop-refused");
    this.over = row;
    const refused = row && this.refusal(row);
    this.say(refused || "top");
    if (!row || row === this.row) return;
    row.classList.add(refused ? "drop-refused" : "drop-here");
    this.opens = setTimeout(() => this.tree.toggle(row, true), OPENS_AFTER);
  }

  private refusal(row: HTMLElement): "locked" | "own" | "" {
    const branch = this.row?.parentElement;
    if (branch?.contains(row)) return "own";
    return "own" in row.dataset ? "" : "locked";
  }

  private drop(event: DragEvent, row: HTMLElement | null): void {
    const moved = this.row;
    if (!moved || (row && this.refusal(row))) return;
    event.preventDefault();
    this.end();
    if (
      row &&
      twigsOf(row)?.contains(moved.parentElement) &&
      twigsOf(row) === moved.parentElement?.parentElement
    )
      return; // it is there already
    const to = row?.dataset.node ?? "";
    if (row) this.tree.expect(to);
    void htmx.ajax("post", `/projects/${moved.dataset.node}/move?to=${to}`, {
      source: this.tree.root,
      swap: "none",
    });
  }

  private end(): void {
    this.hover();
    this.row?.classList.remove("node-dragged");
    this.row = undefined;
    this.top.hidden = true;
    this.top.classList.remove("drop-here");
    this.tree.catchUp();
  }

  private say(what: "top" | "locked" | "own"): void {
    const text = this.top.dataset[what] ?? "";
    if (this.top.textContent !== text) this.top.textContent = text;
    this.top.classList.toggle("drop-refused", what !== "top");
  }
}
