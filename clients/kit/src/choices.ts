// Lists of checkboxes with one that stands for all of them, those that htmx brings later too.

export function installChoices(): void {
  bindAll(document);
  document.body.addEventListener("htmx:afterSwap", (event) => bindAll(event.target as Element));
}

function bindAll(within: ParentNode): void {
  for (const form of within.querySelectorAll<HTMLElement>("[data-choices]")) bind(form);
}

export function bind(form: HTMLElement): void {
  const all = form.querySelector<HTMLInputElement>("[data-select-all]");
  if (!all) return;
  const boxes = () => [
    ...form.querySelectorAll<HTMLInputElement>("input[type=checkbox]:not([data-select-all])"),
  ];
  const show = () => {
    const checked = boxes().filter((box) => box.checked).length;
    all.checked = checked > 0 && checked === boxes().length;
    all.indeterminate = checked > 0 && checked < boxes().length;
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    show();
  });
  show();
}
