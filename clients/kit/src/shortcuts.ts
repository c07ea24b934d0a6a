// Keys for who would rather not reach for the mouse. What a page offers it marks by `data-shortcut`: one key
// ("n", "/") or two, one after the other ("g t"). The overlay lists the same marks, so that it stays true.
const STORE = "stint-shortcuts";
const PATIENCE = 1500; // between the two keys of a pair

type Act = () => void;

export function installShortcuts(): void {
  const overlay = document.querySelector<HTMLDialogElement>("#shortcuts");
  if (!overlay) return;
  const show = () => {
    list(overlay);
    overlay.showModal();
  };
  const usual: Record<string, Act> = {
    "?": show,
    n: () => field("stint-timer-bar", "input")?.focus(),
    s: () => document.body.dispatchEvent(new CustomEvent("stint-toggle-timer")),
    "/": search,
  };
  let first = "";
  let forget: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("keydown", (event) => {
    if (!meant(event)) return;
    const keys = first ? `${first} ${event.key}` : event.key;
    clearTimeout(forget);
    first = "";
    const place = marked(keys);
    const act = place ? () => use(place) : usual[keys];
    if (act) {
      event.preventDefault();
      act();
    } else if (document.querySelector(`[data-shortcut^="${CSS.escape(event.key)} "]`)) {
      first = event.key;
      forget = setTimeout(() => {
        first = "";
      }, PATIENCE);
    }
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-show-shortcuts]")) show();
  });
  const choice = overlay.querySelector<HTMLInputElement>("[data-shortcuts-on]");
  choice?.addEventListener("change", () => remember(choice.checked));
}

/** Whether a key press is a shortcut at all, and not typing or somebody else's. */
function meant(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.repeat) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (document.querySelector("dialog[open]")) return false;
  // Inside a component the event's own target is the component; the path tells the field.
  const target = event.composedPath()[0];
  if (target instanceof HTMLElement && types(target)) return false;
  return event.key.length === 1 && (wanted() || event.key === "?");
}

function types(target: HTMLElement): boolean {
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "submit"].includes(target.type);
  const takes = target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  return takes || target.isContentEditable;
}

function marked(keys: string): HTMLElement | undefined {
  const found = document.querySelectorAll<HTMLElement>(`[data-shortcut="${CSS.escape(keys)}"]`);
  return [...found].find((place) => !place.closest("[hidden], [disabled], [inert]"));
}

function use(place: HTMLElement): void {
  if (place instanceof HTMLInputElement) {
    place.focus();
    place.select();
  } else place.click();
}

function search(): void {
  const box = document.querySelector<HTMLInputElement>("main input[type=search]");
  if (box) use(box);
  else field("stint-timer-bar", "stint-task-picker", "button")?.click();
}

/** The first such thing inside nested components. */
function field(...path: string[]): HTMLElement | null {
  let within: ParentNode | null = document;
  let found: HTMLElement | null = null;
  for (const name of path) {
    found = within?.querySelector<HTMLElement>(name) ?? null;
    within = found?.shadowRoot ?? found;
  }
  return found;
}

function list(overlay: HTMLElement): void {
  const choice = overlay.querySelector<HTMLInputElement>("[data-shortcuts-on]");
  if (choice) choice.checked = wanted();
  const shown = new Set<string>();
  for (const row of overlay.querySelectorAll("[data-from-page]")) row.remove();
  for (const place of document.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    const keys = place.dataset.shortcut ?? "";
    if (shown.has(keys) || marked(keys) !== place) continue;
    shown.add(keys);
    overlay
      .querySelector(keys.includes(" ") ? "[data-places]" : "[data-acts]")
      ?.append(row(keys, label(place)));
  }
  for (const usual of overlay.querySelectorAll<HTMLElement>("[data-keys]"))
    usual.hidden = shown.has(usual.dataset.keys ?? "");
}

function row(keys: string, says: string): HTMLElement {
  const made = document.createElement("div");
  made.dataset.fromPage = "";
  const term = document.createElement("dt");
  term.textContent = says;
  const definition = document.createElement("dd");
  for (const key of keys.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    definition.append(cap);
  }
  made.append(term, definition);
  return made;
}

function label(place: HTMLElement): string {
  return place.dataset.shortcutLabel || place.ariaLabel || place.textContent?.trim() || "";
}

/** Shortcuts of one key can be switched off: speech input and shaky hands press them unmeant (WCAG 2.1.4). */
function wanted(): boolean {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function remember(on: boolean): void {
  try {
    if (on) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, "off");
  } catch {
    // Without storage they stay on.
  }
}
