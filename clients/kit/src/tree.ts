// The tree of the Projects page: nodes open and close, arrow keys walk, and what is drawn anew keeps what was
// open, in focus and in sight.
import htmx from "htmx.org";
import { installTreeDrag } from "./tree-drag";
import { actOn, installTreeMenu, showMenu } from "./tree-menu";

export const ROW = "[role=row]";
const MOST_OPEN = 99;
const FIRST_SHOWN = 200;

export class Tree {
  private readonly open = new Set<string>();
  private current = "";
  private below = ""; // where something is being made
  private missed = false; // a change came while a node was being dragged

  constructor(readonly root: HTMLElement) {
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focusin", (event) => this.rove(rowOf(event.target)));
    const body = document.body;
    body.addEventListener("htmx:configRequest", (event) => this.ask(event as CustomEvent<Asked>));
    body.addEventListener("htmx:beforeSwap", (event) => this.keep(event as CustomEvent<Drawn>));
    body.addEventListener("stint-close-dialog", () => {
      if (this.below) this.open.add(this.below);
      this.below = "";
    });
    this.rove(this.rows()[0]);
  }

  rows(): HTMLElement[] {
    const all = this.root.querySelectorAll<HTMLElement>(ROW);
    return [...all].filter((row) => !row.closest("[hidden]"));
  }

  row(id: string): HTMLElement | null {
    return this.root.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);
  }

  toggle(row: HTMLElement, wanted = row.ariaExpanded !== "true"): void {
    const twigs = twigsOf(row);
    if (!twigs || (row.ariaExpanded === "true") === wanted) return;
    row.ariaExpanded = String(wanted);
    twigs.hidden = !wanted;
    const id = row.dataset.node ?? "";
    if (wanted) this.open.add(id);
    else this.open.delete(id);
    if (wanted && !twigs.childElementCount) void this.load(row, twigs, id);
  }

  /** What is made below a node is shown once it is there. */
  expect(id: string): void {
    this.below = id;
  }

  catchUp(): void {
    if (this.missed) document.body.dispatchEvent(new CustomEvent("stint-tasks", { detail: {} }));
    this.missed = false;
  }

  private async load(row: HTMLElement, twigs: HTMLElement, id: string): Promise<void> {
    row.ariaBusy = "true";
    await htmx
      .ajax("get", `${this.root.dataset.tree}?parent=${id}`, {
        source: twigs,
        target: twigs,
        swap: "innerHTML settle:0ms",
      })
      .catch(() => undefined);
    row.ariaBusy = null;
    if (row.isConnected && !twigs.childElementCount) this.toggle(row, false);
  }

  /** One row can be reached by Tab, and what can be done with it. */
  private rove(row: HTMLElement | null | undefined): void {
    if (!row) return;
    for (const stop of this.root.querySelectorAll<HTMLElement>(
      "[role=row][tabindex='0'], [role=row] [tabindex='0']",
    ))
      stop.tabIndex = -1;
    row.tabIndex = 0;
    for (const button of row.querySelectorAll<HTMLElement>("button")) button.tabIndex = 0;
    this.current = row.dataset.node ?? "";
  }

  private click(event: MouseEvent): void {
    const row = rowOf(event.target);
    if (!row) return;
    const button = (event.target as Element).closest<HTMLElement>("[data-act]");
    if (button) actOn(this, row, button.dataset.act ?? "", button);
    else if (!String(getSelection())) this.toggle(row);
  }

  private key(event: KeyboardEvent): void {
    const row = rowOf(event.target);
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const onRow = event.target === row;
    if (!onRow && ["Enter", " ", "Delete"].includes(event.key)) return;
    if (this.walk(row, event.key, event.target as HTMLElement) || this.act(row, event.key))
      event.preventDefault();
  }

  private walk(row: HTMLElement, key: string, from: HTMLElement): boolean {
    const rows = this.rows();
    const at = rows.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
    if (to !== undefined) rows[Math.min(Math.max(to, 0), rows.length - 1)]?.focus();
    else if (key === "ArrowRight") this.right(row, from, rows[at + 1]);
    else if (key === "ArrowLeft") this.left(row, from);
    else return false;
    return true;
  }

  private right(row: HTMLElement, from: HTMLElement, next?: HTMLElement): void {
    if (from === row && row.ariaExpanded === "false") this.toggle(row, true);
    else if (from === row && row.ariaExpanded === "true" && next && twigsOf(row)?.contains(next))
      next.focus();
    else step(row, from, 1);
  }

  private left(row: HTMLElement, from: HTMLElement): void {
    if (from !== row) step(row, from, -1);
    else if (row.ariaExpanded === "true") this.toggle(row, false);
    else row.closest(".twigs")?.parentElement?.querySelector<HTMLElement>(ROW)?.focus();
  }

  private act(row: HTMLElement, key: string): boolean {
    const own = "own" in row.dataset;
    if (key === "Enter" || key === " ") {
      if (row.ariaExpanded) this.toggle(row);
      else showMenu(row, row.querySelector<HTMLElement>("[data-act=menu]") ?? row);
    } else if (key === "F2" && own) actOn(this, row, "rename", row);
    else if (key === "Delete" && own) actOn(this, row, "archive", row);
    else return false;
    return true;
  }

  /** One request draws all that is open. */
  private ask(event: CustomEvent<Asked>): void {
    const { path, parameters } = event.detail;
    if (!path.startsWith(this.root.dataset.tree ?? "?") || path.includes("cursor=")) return;
    const lengths = [...this.open].slice(-MOST_OPEN).map((id) => {
      const row = this.row(id);
      return sized(id, row && twigsOf(row));
    });
    parameters.open = [sized("0", this.root.querySelector("[role=treegrid]")), ...lengths].join(",");
  }

  private keep(event: CustomEvent<Drawn>): void {
    if (event.detail.target !== this.root) return;
    if (document.querySelector(".node-dragged")) {
      event.detail.shouldSwap = false;
      this.missed = true;
      return;
    }
    const active = document.activeElement as HTMLElement | null;
    const row = rowOf(active);
    const act = row && active !== row ? active?.dataset.act : undefined;
    const at = row ? this.rows().indexOf(row) : -1;
    const top = scrollY;
    const restore = () => {
      // What was opened or closed while the answer was on its way stays so.
      for (const row of this.rows())
        if (row.ariaExpanded) this.toggle(row, this.open.has(row.dataset.node ?? ""));
      const rows = this.rows();
      const same = this.row(this.current);
      this.rove(same ?? rows[Math.max(0, Math.min(at, rows.length - 1))]);
      scrollTo({ top, behavior: "instant" });
      if (at < 0) return;
      const found = same ?? rows[Math.min(at, rows.length - 1)];
      const button = act && found?.querySelector<HTMLElement>(`[data-act=${act}]`);
      (button || found)?.focus({ preventScroll: true });
    };
    this.root.addEventListener("htmx:afterSwap", restore, { once: true });
  }
}

type Asked = { path: string; parameters: Record<string, string> };
type Drawn = { target: Element; shouldSwap: boolean };

export function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(`#tree ${ROW}`) : null;
}

/** What stands below a row. */
export function twigsOf(row: HTMLElement): HTMLElement | null {
  const next = row.nextElementSibling;
  return next instanceof HTMLElement && next.matches(".twigs") ? next : null;
}

function step(row: HTMLElement, from: HTMLElement, by: number): void {
  const buttons = [...row.querySelectorAll<HTMLElement>("button")].filter((one) => one.offsetParent);
  const to = buttons.indexOf(from) + by;
  if (to < 0) row.focus();
  else buttons[to]?.focus();
}

function sized(id: string, list: Element | null): string {
  const count = list?.querySelectorAll(":scope > .branch").length ?? 0;
  return count > FIRST_SHOWN ? `${id}.${count}` : id;
}

const root = document.getElementById("tree");
if (root) {
  const tree = new Tree(root);
  installTreeMenu(tree);
  installTreeDrag(tree);
}
