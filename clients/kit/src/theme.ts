// Light, dark, or what the system says. theme.js sets the choice before the first paint; this lets people choose.
const KEY = "stint-theme";

export function chosenTheme(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export function chooseTheme(theme: string): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try {
    if (theme) localStorage.setItem(KEY, theme);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  mark(theme);
}

function mark(theme: string): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-set-theme]"))
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme));
}

export function installTheme(): void {
  mark(chosenTheme());
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-set-theme]");
    if (button) chooseTheme(button.dataset.setTheme ?? "");
  });
}
