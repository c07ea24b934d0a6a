// A list of checkboxes with one that stands for all of them.

export function installChoices(): void {
  for (const form of document.querySelectorAll<HTMLElement>("[data-choices]")) bind(form);
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
