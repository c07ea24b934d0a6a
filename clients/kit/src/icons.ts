// The icons of the components, drawn as the pages' own (see stint/web/icons.py).
import { html, svg, type TemplateResult } from "lit";

const SHAPES = {
  play: svg`<path fill="currentColor" d="M7.5 5.2v13.6a.7.7 0 0 0 1.1.6l10.4-6.8a.7.7 0 0 0 0-1.2L8.6 4.6a.7.7 0 0 0-1.1.6z"/>`,
  stop: svg`<rect fill="currentColor" x="6.5" y="6.5" width="11" height="11" rx="1.5"/>`,
  chevron: svg`<path d="m9 6 6 6-6 6"/>`,
  search: svg`<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.3-4.3"/>`,
  lock: svg`<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`,
};

export function icon(name: keyof typeof SHAPES, classes = "size-4"): TemplateResult {
  return html`<svg class="${classes} shrink-0" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[name]}</svg>`;
}
