// Short messages at the bottom of the page: from the server (htmx event `stint-notice`) and from the kit.
import { word } from "./words";

export type Kind = "info" | "success" | "warning" | "error";

/** What the server has to say; `undo` is posted to take it back, `help` says what to do about it. */
interface Told {
  message: string;
  kind: Kind;
  undo?: string;
  help?: string;
}

const STAYS = { info: 5000, success: 4000, warning: 8000, error: 10_000 };

/** Show a message; with `act`, also a button that does it: as a rule it takes back what the message is about. */
export function showNotice(
  message: string,
  kind: Kind = "info",
  act?: () => unknown,
  label = word("undo"),
): void {
  const place = document.getElementById("notices");
  if (!place) return;
  const note = document.createElement("div");
  note.className = `note note-${kind}`;
  note.textContent = message;
  if (act) note.append(button(note, act, label));
  place.append(note);
  setTimeout(() => note.remove(), STAYS[kind]);
}

function button(note: HTMLElement, act: () => unknown, label: string): HTMLElement {
  const made = document.createElement("button");
  made.className = "link ml-auto shrink-0 font-semibold";
  made.textContent = label;
  made.addEventListener("click", () => {
    note.remove();
    act();
  });
  return made;
}

/** Show what the server has to say; `post` sends what a notice's button takes back. */
export function installNotices(post: (url: string) => unknown): void {
  document.body.addEventListener("stint-notice", (event) => {
    const { message, kind, undo, help } = (event as CustomEvent<Told>).detail;
    if (help) showNotice(message, kind, () => open(help, "_blank", "noopener"), word("help"));
    else showNotice(message, kind, undo ? () => post(undo) : undefined);
  });
  document.body.addEventListener("htmx:sendError", () => showNotice(word("unreachable"), "error"));
  document.body.addEventListener("htmx:responseError", (event) => {
    const request = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    if (!request.getResponseHeader("HX-Trigger")) showNotice(word("failed"), "error");
  });
}
