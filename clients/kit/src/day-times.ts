// While times are typed in a form, the others follow: a new end changes the duration, a new duration the end. What
// was typed the server reads; see `times` in src/stint/web/views/entries.py.
import { csrfToken } from "./csrf";

interface Times {
  start?: string;
  end?: string;
  duration?: string;
  later?: string;
}

export function installTimes(): void {
  document.addEventListener("input", (event) => remember(event.target as Element));
  document.addEventListener("change", (event) => void follow(event.target as Element));
}

/** Keep which time was typed last: of end and duration it decides which one counts. */
function remember(field: Element): void {
  const by = timesOf(field)?.by;
  if (!by || !(field instanceof HTMLInputElement)) return;
  const name = plain(field);
  if (name === "end" || name === "duration") by.value = name;
  else if (!by.value) by.value = "start";
}

async function follow(field: Element): Promise<void> {
  const times = timesOf(field);
  if (!times) return;
  const { form, place } = times;
  const before = new Map(fieldsOf(place).map((each) => [each, each.value]));
  const query = form.dataset.prefix ? `?prefix=${form.dataset.prefix}` : "";
  let read: Times;
  try {
    const response = await fetch(`${place.dataset.times}${query}`, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
      body: new FormData(form),
    });
    read = (await response.json()) as Times;
  } catch {
    return; // saving reads them again
  }
  for (const [each, value] of before) {
    const now = read[plain(each) as keyof Times];
    // What was typed on meanwhile stays.
    if (!now || each.value !== value || now === value) continue;
    each.value = now;
    if (each === document.activeElement) each.select();
  }
  const later = place.querySelector("[data-later]");
  if (later) later.textContent = read.later ?? "";
}

function timesOf(
  field: Element,
): { place: HTMLElement; form: HTMLFormElement; by: HTMLInputElement | null } | null {
  const place = field.closest<HTMLElement>("[data-times]");
  const form = place?.closest("form");
  return place && form ? { place, form, by: form.querySelector('[name$="by"]') } : null;
}

function fieldsOf(place: HTMLElement): HTMLInputElement[] {
  return [...place.querySelectorAll<HTMLInputElement>("input[type=text]")];
}

/** The name of a field without its form's prefix. */
function plain(field: HTMLInputElement): string {
  return field.name.split("-").at(-1) ?? "";
}
