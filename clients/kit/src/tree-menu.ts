// What can be done with a node of the tree. One menu serves all rows: it stands outside the tree, so that no row
// clips it and no redraw closes it.
import htmx from "htmx.org";
import { call } from "./api";
import { showNotice } from "./notices";
import type { Tree } from "./tree";

const GAP = 4;
const FAR = 60; // scrolled so far, a menu no longer stands beside its row
let shownAt = 0;
let tree: Tree;
let meant: { row: HTMLElement; opener: HTMLElement } | undefined;

export function installTreeMenu(of: Tree): void {
  tree = of;
  const menu = popover("node-menu");
  menu?.addEventListener("click", (event) => {
    const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset.act;
    if (!act || !meant) return;
    menu.hidePopover();
    back()?.focus({ preventScroll: true });
    actOn(tree, meant.row, act, meant.opener);
  });
  menu?.addEventListener("keydown", walk);
  addEventListener("scroll", leave, { passive: true });
  document.addEventListener("input", check);
}

/** Do what a button of a row, a key or the menu asks for. */
export function actOn(of: Tree, row: HTMLElement, act: string, opener: HTMLElement): void {
  const id = row.dataset.node ?? "";
  const dialog = (path: string) => htmx.ajax("get", path, { target: "#dialog-body", swap: "innerHTML" });
  const post = (path: string) => htmx.ajax("post", path, { source: of.root, swap: "none" });
  if (act === "menu") showMenu(row, opener);
  else if (act === "lock") showAt("node-lock", opener);
  else if (act === "favourite") void favour(row, id);
  else if (act === "start" || act === "archive") void post(`/projects/${id}/${act}`);
  else if (act === "new") {
    of.expect(id);
    void dialog(`/projects/new?parent=${id}`);
  } else void dialog(`/projects/${id}/${act}`);
}

export function showMenu(row: HTMLElement, opener: HTMLElement): void {
  const menu = popover("node-menu");
  if (!menu) return;
  meant = { row, opener };
  const star = row.querySelector("[data-act=favourite]");
  const offered: Record<string, boolean> = {
    own: "own" in row.dataset,
    track: !!row.querySelector("[data-act=start]"),
    star: !!star,
    locked: !!row.querySelector("[data-act=lock]"),
  };
  for (const item of menu.querySelectorAll<HTMLElement>("[data-for]"))
    item.hidden = !offered[item.dataset.for ?? ""];
  menu.toggleAttribute("data-favourite", star?.ariaPressed === "true");
  const name = menu.querySelector("[data-menu-name]");
  if (name) name.textContent = row.querySelector("[data-name]")?.textContent ?? "";
  showAt("node-menu", opener);
  menu.querySelector<HTMLElement>("li:not([hidden]) button")?.focus({ preventScroll: true });
}

function showAt(id: string, opener: HTMLElement): void {
  const box = popover(id);
  if (!box) return;
  box.showPopover();
  shownAt = scrollY;
  const at = opener.getBoundingClientRect();
  const left = Math.min(at.right - box.offsetWidth, innerWidth - box.offsetWidth - GAP);
  const fits = at.bottom + GAP + box.offsetHeight < innerHeight;
  box.style.setProperty("left", `${Math.max(GAP, left)}px`);
  box.style.setProperty(
    "top",
    `${Math.max(GAP, fits ? at.bottom + GAP : at.top - GAP - box.offsetHeight)}px`,
  );
}

/** The star shows at once what was chosen; it falls back if the server will not have it. */
async function favour(row: HTMLElement, id: string): Promise<void> {
  const star = row.querySelector<HTMLElement>("[data-act=favourite]");
  const wanted = star?.ariaPressed !== "true";
  if (star) star.ariaPressed = String(wanted);
  try {
    const path = { task_id: Number(id) };
    if (wanted) await call("PUT", "/tasks/{task_id}/favourite", { path });
    else await call("DELETE", "/tasks/{task_id}/favourite", { path });
  } catch (fault) {
    if (star) star.ariaPressed = String(!wanted);
    showNotice((fault as Error).message, "error");
  }
}

function walk(event: KeyboardEvent): void {
  const menu = popover("node-menu");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !by) return;
  event.preventDefault();
  const buttons = [...menu.querySelectorAll<HTMLElement>("li:not([hidden]) button")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  buttons[(at + by + buttons.length) % buttons.length]?.focus();
}

function leave(): void {
  if (Math.abs(scrollY - shownAt) < FAR) return;
  for (const box of document.querySelectorAll<HTMLElement>(".node-menu:popover-open")) box.hidePopover();
}

/** What opened the menu; a redraw may have made it anew. */
function back(): HTMLElement | null {
  if (!meant || meant.opener.isConnected) return meant?.opener ?? null;
  const row = tree.row(meant.row.dataset.node ?? "");
  return row?.querySelector<HTMLElement>("[data-act=menu]") ?? row;
}

/** Choosing another colour means that colour. */
function check(event: Event): void {
  const id = (event.target as HTMLElement).dataset?.checks;
  const radio = id ? document.getElementById(id) : null;
  if (radio instanceof HTMLInputElement) radio.checked = true;
}

function popover(id: string): HTMLElement | null {
  return document.getElementById(id);
}
