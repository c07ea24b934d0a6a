// Small kindnesses of forms and menus.

export function installForms(): void {
  guessTimeZone();
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if ("busy" in form.dataset) showBusy(form);
  });
  // The browser's back button may bring a page back as it was left: with its button still busy.
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll<HTMLButtonElement>("[data-busy] button"))
      button.disabled = false;
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
