// Small kindnesses of forms and menus.

export function installForms(): void {
  guessTimeZone();
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if ("busy" in form.dataset) showBusy(form);
  });
  // The browser's back button may bring a page back as it was left: with its button still busy.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-busy]")) showReady(form);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const asked = (event as CustomEvent<{ elt: Element }>).detail.elt;
    if (asked.matches("form[data-busy]")) showReady(asked);
  });
  document.addEventListener("click", (event) => closeMenus(event.target as Element));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });
}

export function guessTimeZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-guess=timezone]")) {
    const untouched = ![...select.options].some((option) => option.defaultSelected);
    if (untouched && [...select.options].some((option) => option.value === zone)) select.value = zone;
  }
}

function showBusy(form: HTMLFormElement): void {
  // After the browser has gathered the fields: a disabled button would not send its value.
  setTimeout(() => {
    for (const button of form.querySelectorAll<HTMLButtonElement>("button")) button.disabled = true;
  });
}

function showReady(form: Element): void {
  for (const button of form.querySelectorAll("button")) button.disabled = false;
}

function closeMenus(clicked: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    const inside = clicked?.closest("details[data-menu]") === menu;
    const chose = inside && clicked?.closest("button:not([data-set-theme]), a");
    if (!inside || chose) {
      menu.open = false;
      if (!clicked) menu.querySelector("summary")?.focus();
    }
  }
}
