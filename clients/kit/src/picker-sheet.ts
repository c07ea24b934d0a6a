// How the task picker looks: a drop-down where there is room, a sheet from below on a phone.
import { css, unsafeCSS } from "lit";

// No style attributes under the Content-Security-Policy, so each level of the tree has a class.
const levels = Array.from(
  { length: 8 },
  (_, at) => `.level-${at + 1} { padding-left: ${0.5 + at * 1.15}rem; }`,
);

export const pickerSheet = css`
  :host {
    position: relative;
    min-width: 0;
  }
  .chosen {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    width: 100%;
    height: 2.5rem;
    padding: 0 0.625rem;
    border-radius: var(--radius-field);
    border: 1px solid var(--color-base-300);
    text-align: left;
  }
  .chosen:hover {
    background: var(--color-base-200);
  }
  .chosen .cut {
    flex: 0 1 auto;
  }
  .chosen .above {
    flex: 1 1 0;
    font-size: 0.8125rem;
  }
  .chosen svg:last-child {
    margin-left: auto;
  }
  .dot {
    color: var(--muted);
  }
  .dot[data-on] {
    color: var(--color-primary);
  }
  .scrim {
    display: none;
  }
  .panel {
    position: absolute;
    z-index: 40;
    top: calc(100% + 0.375rem);
    right: 0;
    width: max(100%, 25rem);
    display: flex;
    flex-direction: column;
    max-height: min(26rem, 70dvh);
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-box);
    background: var(--color-base-100);
    box-shadow: 0 12px 32px rgb(0 0 0 / 16%);
    overflow: hidden;
  }
  input {
    width: 100%;
    height: 2.75rem;
    padding: 0 0.875rem;
    border: 0;
    border-bottom: 1px solid var(--color-base-300);
    background: none;
    outline: none;
    appearance: none;
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0.375rem;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    min-height: 2.25rem;
    padding: 0.25rem 0.5rem;
    border-radius: var(--radius-field);
    cursor: pointer;
  }
  ${unsafeCSS(levels.join("\n"))}
  .row:hover {
    background: var(--color-base-200);
  }
  .row[data-active] {
    background: var(--color-base-300);
  }
  .row[aria-selected="true"] .name {
    font-weight: 600;
    color: var(--color-primary);
  }
  .row[aria-disabled="true"] .name {
    color: var(--muted);
  }
  .fold {
    flex: none;
    display: grid;
    place-items: center;
    width: 1.25rem;
    height: 1.5rem;
    color: var(--muted);
  }
  .fold svg[data-open] {
    transform: rotate(90deg);
  }
  .names {
    flex: 1 1 auto;
    min-width: 0;
    display: grid;
  }
  .row > .dot {
    flex: none;
    margin: 0 0.25rem;
  }
  .heading {
    padding: 0.625rem 0.5rem 0.25rem;
    font-size: 0.75rem;
    font-weight: 600;
    color: var(--muted);
  }
  mark {
    background: none;
    color: inherit;
    font-weight: 700;
    text-decoration: underline;
    text-decoration-color: var(--color-primary);
    text-underline-offset: 0.2em;
  }
  .star {
    flex: none;
    display: grid;
    place-items: center;
    width: 2rem;
    height: 2rem;
    border-radius: var(--radius-field);
    color: var(--muted);
    opacity: 0;
  }
  .star path {
    fill: none;
  }
  .star[data-on],
  .row:hover .star,
  .row[data-active] .star {
    opacity: 1;
  }
  .star[data-on] {
    color: var(--color-warning);
  }
  .star[data-on] path {
    fill: currentColor;
  }
  @media (hover: none) {
    .star {
      opacity: 1;
    }
  }
  .way {
    font-size: 0.8125rem;
  }
  .said {
    margin: 0;
    padding: 0.75rem 0.875rem;
    font-size: 0.875rem;
  }
  @media (max-width: 40rem) {
    .scrim {
      display: block;
      position: fixed;
      inset: 0;
      z-index: 39;
      background: rgb(0 0 0 / 45%);
    }
    .panel {
      position: fixed;
      inset: auto 0 0;
      width: 100%;
      height: 75dvh;
      max-height: none;
      border-radius: 1rem 1rem 0 0;
      padding-bottom: env(safe-area-inset-bottom);
    }
    .chosen .above {
      display: none;
    }
    input {
      flex: none;
      height: 3.25rem;
      font-size: 1rem;
    }
    .row {
      min-height: 2.75rem;
    }
  }
  /* In a dialog, which cuts off what hangs out of it, the list unfolds below the button. */
  :host([places]) .scrim {
    display: none;
  }
  :host([places]) .panel {
    position: static;
    width: 100%;
    height: auto;
    max-height: min(18rem, 45dvh);
    margin-top: 0.375rem;
    border-radius: var(--radius-field);
    box-shadow: none;
    padding-bottom: 0;
  }
`;
