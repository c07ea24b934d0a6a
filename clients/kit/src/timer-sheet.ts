// How the timer bar looks: one line where there is room, two on a phone.
import { css } from "lit";

export const timerSheet = css`
  .bar {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 18rem) auto auto auto;
    grid-template-areas: "about task marks when go";
    align-items: center;
    gap: 0.5rem;
    padding: 0.6875rem 0.75rem 0.6875rem 1rem;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-box);
    background: var(--color-base-100);
  }
  .bar:focus-within,
  .bar[data-running] {
    border-color: color-mix(in oklab, var(--color-primary) 55%, var(--color-base-300));
  }
  .about,
  .marks,
  .when {
    position: relative;
    min-width: 0;
  }
  .about {
    grid-area: about;
  }
  stint-task-picker {
    grid-area: task;
  }
  .marks {
    grid-area: marks;
    display: flex;
  }
  .when {
    grid-area: when;
  }
  .note {
    width: 100%;
    height: 2.5rem;
    border: 0;
    background: none;
    padding: 0;
    font-size: 1rem;
    outline: none;
  }
  .mark {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.25rem;
    min-width: 2.25rem;
    height: 2.5rem;
    padding: 0 0.375rem;
    border-radius: var(--radius-field);
    color: var(--muted);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .mark:hover {
    background: var(--color-base-200);
  }
  .mark[data-on],
  .mark[aria-pressed="true"] {
    color: var(--color-primary);
  }
  .mark[aria-pressed="true"] {
    background: color-mix(in oklab, var(--color-primary) 12%, var(--color-base-100));
  }
  .elapsed {
    height: 2.5rem;
    min-width: 5.5ch;
    padding: 0 0.5rem;
    border-radius: var(--radius-field);
    text-align: right;
    font-size: 1.125rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .elapsed:hover {
    background: var(--color-base-200);
  }
  .bar:not([data-running]) .elapsed {
    color: var(--muted);
    font-weight: 500;
  }
  .go {
    grid-area: go;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.375rem;
    height: 2.5rem;
    min-width: 6rem;
    padding: 0 1rem 0 0.75rem;
    border-radius: var(--radius-field);
    background: var(--color-primary);
    color: var(--color-primary-content);
    font-weight: 600;
  }
  .go svg {
    stroke: none;
  }
  .go:hover {
    filter: brightness(1.08);
  }
  .bar[data-running] .go {
    background: var(--color-error);
    color: var(--color-error-content);
  }
  .popover {
    position: absolute;
    z-index: 40;
    top: calc(100% + 0.5rem);
    right: 0;
    width: max-content;
  }
  .marks .popover {
    width: 19rem;
    padding: 0.5rem;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-box);
    background: var(--color-base-100);
    box-shadow: 0 12px 32px rgb(0 0 0 / 16%);
  }
  #offers {
    position: absolute;
    z-index: 40;
    top: calc(100% + 0.5rem);
    left: -0.5rem;
    width: min(34rem, calc(100vw - 3rem));
    max-height: min(24rem, 60dvh);
    margin: 0;
    padding: 0.375rem;
    overflow-y: auto;
    list-style: none;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-box);
    background: var(--color-base-100);
    box-shadow: 0 12px 32px rgb(0 0 0 / 16%);
  }
  #offers[hidden] {
    display: none;
  }
  #offers li {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 2.5rem;
    padding: 0.25rem 0.5rem;
    border-radius: var(--radius-field);
    cursor: pointer;
  }
  #offers li[data-active],
  #offers li:hover {
    background: var(--color-base-200);
  }
  #offers .dot {
    stroke: none;
  }
  .tag {
    flex: none;
    max-width: 8rem;
    padding: 0 0.375rem;
    overflow: hidden;
    text-overflow: ellipsis;
    border-radius: var(--radius-selector);
    background: var(--color-base-300);
    font-size: 0.75rem;
  }
  @media (max-width: 60rem) {
    .bar {
      grid-template-columns: minmax(0, 1fr) auto auto;
      grid-template-areas: "about about when" "task marks go";
      padding: 0.5rem 0.75rem 0.75rem;
      gap: 0.375rem 0.5rem;
    }
    .go {
      min-width: 2.75rem;
      height: 2.75rem;
    }
    .elapsed {
      padding: 0;
    }
  }
  @media (max-width: 30rem) {
    .go {
      padding: 0 0.75rem;
    }
    .says {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .marks .popover {
      right: -3.25rem;
    }
  }
`;
