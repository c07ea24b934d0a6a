// Buttons that copy: `data-copy` finds what is copied, a `span` inside says that it was.
import { word } from "./words";

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  const source = button && document.querySelector<HTMLElement>(button.dataset.copy ?? "");
  if (button && source) void copy(button, source);
});

async function copy(button: HTMLElement, source: HTMLElement): Promise<void> {
  getSelection()?.selectAllChildren(source);
  // Only pages that came by https may use the clipboard; the older way needs the text selected.
  if (navigator.clipboard) await navigator.clipboard.writeText(source.innerText.trim());
  else document.execCommand("copy");
  const label = button.querySelector("span");
  if (!label || label.dataset.said) return;
  label.dataset.said = label.textContent ?? "";
  label.textContent = word("copied");
  setTimeout(() => {
    label.textContent = label.dataset.said ?? "";
    delete label.dataset.said;
  }, 2000);
}
