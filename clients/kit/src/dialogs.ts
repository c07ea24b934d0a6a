// The page's one dialog, filled by htmx, and the question before what cannot be undone.

type Confirm = CustomEvent<{ question: string | null; issueRequest: (skip: boolean) => void }>;

export function installDialogs(): void {
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const { target, xhr } = (event as CustomEvent<{ target: Element; xhr?: XMLHttpRequest }>).detail;
    // An answer without a body, as a rule the one that closes the dialog, ends here too.
    const filled = target.id === "dialog-body" && xhr?.getResponseHeader("HX-Reswap") !== "none";
    if (filled && !dialog("dialog")?.open) dialog("dialog")?.showModal();
  });
  document.body.addEventListener("stint-close-dialog", () => dialog("dialog")?.close());
  document.body.addEventListener("htmx:confirm", (event) => ask(event as Confirm));
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-close-dialog]")) dialog("dialog")?.close();
  });
}

function ask(event: Confirm): void {
  const confirm = dialog("confirm");
  if (!event.detail.question || !confirm) return;
  event.preventDefault();
  const text = confirm.querySelector("#confirm-text");
  if (text) text.textContent = event.detail.question;
  confirm.returnValue = "";
  confirm.addEventListener(
    "close",
    () => {
      if (confirm.returnValue === "yes") event.detail.issueRequest(true);
      else if (event.target instanceof HTMLSelectElement) putBack(event.target);
    },
    { once: true },
  );
  confirm.showModal();
}

/** What was chosen is not wanted after all. */
function putBack(select: HTMLSelectElement): void {
  for (const option of select.options) option.selected = option.defaultSelected;
}

function dialog(id: string): HTMLDialogElement | null {
  return document.getElementById(id) as HTMLDialogElement | null;
}
