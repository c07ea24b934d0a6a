// The Start button on the pages of issues: put there where the person allowed it, on pages that build themselves anew.
import { issueOn } from "./issues";
import type { Answer, Asked, ToButtons } from "./messages";
import { platform } from "./platform";

const MARK = "stint-start";
const SETTLES = 200; // milliseconds without a change of the page
let running: string | null = null;
let port: chrome.runtime.Port | undefined;
let pause: ReturnType<typeof setTimeout> | undefined;

function say(key: string): string {
  return platform.i18n.getMessage(key);
}

function place(): void {
  const issue = issueOn(document);
  const there = document.querySelector<HTMLButtonElement>(`.${MARK}`);
  if (!issue) {
    there?.remove();
    return;
  }
  const button = there ?? made();
  if (issue.heading.nextElementSibling !== button) issue.heading.after(button);
  button.dataset.note = issue.note;
  show(button);
}

function made(): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = MARK;
  button.addEventListener("click", () => void start(button));
  return button;
}

function show(button: HTMLButtonElement): void {
  const on = running !== null && running === button.dataset.note;
  const text = say(on ? "buttonRuns" : "buttonStart");
  if (button.textContent !== text) button.textContent = text;
  button.toggleAttribute("data-running", on);
  button.disabled = on;
}

async function start(button: HTMLButtonElement): Promise<void> {
  const note = button.dataset.note ?? "";
  button.disabled = true;
  try {
    const answer: Answer = await platform.runtime.sendMessage({ act: "start", note } satisfies Asked);
    if (answer?.started) running = note;
    listen();
  } catch {
    // The extension was updated or removed meanwhile: this script is its past.
    button.remove();
    watching.disconnect();
    return;
  }
  show(button);
}

/** Hear of what runs; a background that went to sleep is woken by asking again. */
function listen(): void {
  if (port) return;
  try {
    port = platform.runtime.connect();
  } catch {
    return;
  }
  port.onMessage.addListener((told: ToButtons) => {
    running = told.running;
    place();
  });
  port.onDisconnect.addListener(() => {
    port = undefined;
  });
}

const watching = new MutationObserver(() => {
  clearTimeout(pause);
  pause = setTimeout(place, SETTLES);
});
watching.observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) listen();
});
listen();
place();
