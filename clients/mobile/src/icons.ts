// The app's icons, as those of the pages: strokes in a box of 24 by 24. Outlines follow Lucide (ISC licence).
import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

const ICONS = {
  alert: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5"/><path d="M12 16.5h.01"/>`,
  back: svg`<path d="m15 6-6 6 6 6"/>`,
  clock: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>`,
  coin: svg`<circle cx="12" cy="12" r="8.5"/><path d="M14.8 9.2A3 3 0 0 0 12 7.6c-1.6 0-2.9.9-2.9 2.2 0 3 5.8 1.5 5.8 4.5 0 1.3-1.3 2.2-2.9 2.2a3 3 0 0 1-2.9-1.7M12 6v1.5M12 16.5V18"/>`,
  forth: svg`<path d="m9 6 6 6-6 6"/>`,
  play: svg`<path d="M7.5 5.2v13.6a.7.7 0 0 0 1.1.6l10.4-6.8a.7.7 0 0 0 0-1.2L8.6 4.6a.7.7 0 0 0-1.1.6z" fill="currentColor"/>`,
  plus: svg`<path d="M12 5v14"/><path d="M5 12h14"/>`,
  settings: svg`<path d="M4 7h9"/><path d="M17 7h3"/><circle cx="15" cy="7" r="2"/><path d="M4 17h3"/><path d="M11 17h9"/><circle cx="9" cy="17" r="2"/>`,
  share: svg`<path d="M12 15V3.5"/><path d="m8 7 4-4 4 4"/><path d="M7 11H5.5v9.5h13V11H17"/>`,
  star: svg`<path d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z"/>`,
  stop: svg`<rect x="6.5" y="6.5" width="11" height="11" rx="1.5" fill="currentColor"/>`,
  trash: svg`<path d="M4 7h16"/><path d="M9 7V4.5h6V7"/><path d="M6 7l1 12.5h10L18 7"/><path d="M10 11v5"/><path d="M14 11v5"/>`,
  tree: svg`<rect x="3.5" y="4" width="7" height="5" rx="1"/><rect x="13.5" y="10" width="7" height="4" rx="1"/><rect x="13.5" y="16.5" width="7" height="4" rx="1"/><path d="M7 9v9.5h6.5"/><path d="M7 12h6.5"/>`,
  waiting: svg`<path d="M7 18a4.5 4.5 0 0 1-.5-9A6 6 0 0 1 18 10.2 4 4 0 0 1 17.5 18"/><path d="M12 20v-7"/><path d="m9 15.5 3-3 3 3"/>`,
  x: svg`<path d="m6 6 12 12"/><path d="M18 6 6 18"/>`,
} satisfies Record<string, SVGTemplateResult>;

/** Hidden from screen readers: the words beside it say the same. */
export function icon(name: keyof typeof ICONS, size = 20): TemplateResult {
  return html`<svg class="icon icon-${name}" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true">${ICONS[name]}</svg>`;
}
