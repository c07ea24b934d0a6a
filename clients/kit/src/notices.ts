// Short messages at the bottom of the page: from the server (htmx event `stint-notice`) and from the kit.
import htmx from "htmx.org";
import { word } from "./words";

export type Kind = "info" | "success" | "warning" | "error";

const STAYS = { info: 5000, success: 4000, warning: 8000, error: 10_000 };

/** Show a message; with `undo`, also a button that takes back what the message is about. */
export function showNotice(message: string, kind: Kind = "info", undo?: () => unknown): void {
  const place = document.getElementById("notices");
  if (!place) return;
  const note = document.createElement("div");
  note.className = `note note-${kind}`;
  note.textContent = message;
  if (undo) note.append(undoButton(note, undo));
  place.append(note);
  setTimeout(() => note.remove(), STAYS[kind]);
}

function undoButton(note: HTMLElement, undo: () => unknown): HTMLElement {
  const button = document.createElement("button");
  button.className = "link ml-auto font-semibold";
  button.textContent = word("undo");
  button.addEventListener("click", () => {
    note.remove();
    undo();
  });
  return button;
}

export function installNotices(): void {
  document.body.addEventListener("stint-notice", (event) => {
    const { message, kind, undo } = (event as CustomEvent<{ message: string; kind: Kind; undo?: string }>)
      .detail;
    showNotice(message, kind, undo ? () => htmx.ajax("post", undo, { swap: "none" }) : undefined);
  });
  document.body.addEventListener("htmx:sendError", () => showNotice(word("unreachable"), "error"));
  document.body.addEventListener("htmx:responseError", (event) => {
    const request = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    if (!request.getResponseHeader("HX-Trigger")) showNotice(word("failed"), "error");
  });
}
