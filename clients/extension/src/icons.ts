// The icons of the popup, as the pages have them.
import { html, type SVGTemplateResult, svg } from "lit";

const icon = (inside: SVGTemplateResult, size = 18) =>
  html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true">${inside}</svg>`;

export const play = icon(svg`<path d="M8 5.2v13.6l11-6.8z" fill="currentColor" />`, 16);
export const stop = icon(svg`<rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />`, 16);
export const coin = icon(
  svg`<circle cx="12" cy="12" r="8.5" /><path d="M14.8 9.2A3 3 0 0 0 12 7.6c-1.6 0-2.9.9-2.9 2.2 0 3 5.8 1.5 5.8 4.5 0 1.3-1.3 2.2-2.9 2.2a3 3 0 0 1-2.9-1.7M12 6v1.5M12 16.5V18" />`,
);
export const leave = icon(
  svg`<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5" />`,
);
export const gear = icon(
  svg`<path d="M4 7h10M18 7h2M4 17h2M10 17h10" /><circle cx="16" cy="7" r="2.2" /><circle cx="8" cy="17" r="2.2" />`,
);
export const alert = icon(svg`<circle cx="12" cy="12" r="9" /><path d="M12 7.5v5.5M12 16.5h.01" />`);
