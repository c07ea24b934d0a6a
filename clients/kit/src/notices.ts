// Short messages at the bottom of the page: from the server (htmx event `stint-notice`) and from the kit.
import { word } from "./words";

export type Kind = "info" | "success" | "warning" | "error";

const STAYS = { info: 5000, success: 4000, warning: 8000, error: 10_000 };

export function showNotice(message: string, kind: Kind = "info"): void {
  const place = document.getElementById("notices");
  if (!place) return;
  const note = document.createElement("div");
  note.className = `note note-${kind}`;
  note.textContent = message;
  place.append(note);
  setTimeout(() => note.remove(), STAYS[kind]);
}

export function installNotices(): void {
  document.body.addEventListener("stint-notice", (event) => {
    const { message, kind } = (event as CustomEvent<{ message: string; kind: Kind }>).detail;
    showNotice(message, kind);
  });
  document.body.addEventListener("htmx:sendError", () => showNotice(word("unreachable"), "error"));
  document.body.addEventListener("htmx:responseError", (event) => {
    const request = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    if (!request.getResponseHeader("HX-Trigger")) showNotice(word("failed"), "error");
  });
}
