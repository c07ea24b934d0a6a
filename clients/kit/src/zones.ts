// A time zone is found by typing part of its name. The select that the server sent stays in the form and keeps the
// choice; without scripts it is the control.
import { word } from "./words";

const SHOWN = 60;

export type Zone = { value: string; name: string };

/** The zones in which every word of the query stands, those that begin with it first. */
export function findZones(zones: Zone[], query: string): Zone[] {
  const words = query
    .toLowerCase()
    .replaceAll("_", " ")
    .split(/[\s/]+/)
    .filter(Boolean);
  const found = zones.filter(({ name }) => words.every((part) => name.toLowerCase().includes(part)));
  const first = words[0] ?? "";
  const begins = ({ name }: Zone) =>
    name
      .toLowerCase()
      .split(/[\s/]/)
      .some((part) => part.startsWith(first));
  return [...found.filter(begins), ...found.filter((zone) => !begins(zone))];
}

export function clockIn(zone: string, now = new Date()): string {
  try {
    const format = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    return new Intl.DateTimeFormat("en-GB", format).format(now);
  } catch {
    return ""; // a zone that this browser does not know
  }
}

export function installZones(select: HTMLSelectElement): void {
  const zones = [...select.options].map((option) => ({ value: option.value, name: option.text }));
  const box = document.createElement("div");
  box.className = "zones";
  const list = document.createElement("ul");
  list.className = "zones-list";
  list.id = `${select.id}-list`;
  list.role = "listbox";
  list.ariaLabel = word("zones");
  list.hidden = true;
  const input = inputOf(select, list);
  box.append(input, list);
  select.hidden = true;
  select.removeAttribute("id");
  select.after(
    box,
    hint(select, () => rest()),
  );
  let marked = 0;

  const rest = () => {
    list.hidden = true;
    input.ariaExpanded = "false";
    input.removeAttribute("aria-activedescendant");
    input.value = select.options[select.selectedIndex]?.text ?? "";
  };
  const mark = (index: number) => {
    const rows = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    marked = Math.max(0, Math.min(index, rows.length - 1));
    for (const [at, row] of rows.entries()) row.ariaSelected = String(at === marked);
    const row = rows[marked];
    row?.scrollIntoView({ block: "nearest" });
    if (row) input.setAttribute("aria-activedescendant", row.id);
  };
  const open = (query: string) => {
    const found = findZones(zones, query);
    const from = query ? 0 : Math.max(0, found.findIndex((zone) => zone.value === select.value) - 3);
    list.replaceChildren(...found.slice(from, from + SHOWN).map((zone, at) => row(list.id, zone, at)));
    if (!found.length) list.append(nothing());
    list.hidden = false;
    input.ariaExpanded = "true";
    mark(query ? 0 : found.findIndex((zone) => zone.value === select.value) - from);
  };
  const choose = (value: string | undefined) => {
    if (value) select.value = value;
    rest();
  };

  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => list.hidden && open(""));
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("blur", rest);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      if (list.hidden) open("");
      else mark(marked + step);
    } else if (event.key === "Enter" && !list.hidden) {
      choose(list.querySelectorAll<HTMLElement>("[role=option]")[marked]?.dataset.zone);
    } else if (event.key === "Escape" && !list.hidden) rest();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Before the box loses the focus, which would close the list.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const chosen = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (chosen) choose(chosen.dataset.zone);
  });
  rest();
}

function inputOf(select: HTMLSelectElement, list: HTMLElement): HTMLInputElement {
  const input = document.createElement("input");
  input.id = select.id;
  input.className = `input w-full${select.classList.contains("input-error") ? " input-error" : ""}`;
  input.autocomplete = "off";
  input.spellcheck = false;
  input.role = "combobox";
  input.ariaAutoComplete = "list";
  input.setAttribute("aria-controls", list.id);
  const described = select.getAttribute("aria-describedby");
  if (described) input.setAttribute("aria-describedby", described);
  return input;
}

function row(list: string, zone: Zone, at: number): HTMLElement {
  const made = document.createElement("li");
  made.role = "option";
  made.id = `${list}-${at}`;
  made.dataset.zone = zone.value;
  const clock = document.createElement("span");
  clock.className = "muted";
  clock.textContent = clockIn(zone.value);
  made.append(zone.name, clock);
  return made;
}

function nothing(): HTMLElement {
  const made = document.createElement("li");
  made.className = "muted";
  made.textContent = word("noZone");
  return made;
}

/** A button that takes the zone this browser is in, where it is another one. */
function hint(select: HTMLSelectElement, chosen: () => void): HTMLElement {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...select.options].find(({ value }) => value === zone);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link link-primary link-hover mt-2 text-sm";
  button.textContent = `${word("zoneHere")} ${option?.text ?? ""}`;
  button.hidden = !option || option.selected;
  button.addEventListener("click", () => {
    select.value = zone;
    button.hidden = true;
    chosen();
  });
  return button;
}
