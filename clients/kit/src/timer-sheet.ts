// How the timer bar looks: one line where there is room, two on a phone.
import { css } from "lit";

export const timerSheet = css`
  .bar {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 20rem) auto auto;
    align-items: center;
    gap: 0.75rem;
    padding: 0.6875rem 0.75rem 0.6875rem 1rem;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-box);
    background: var(--color-base-100);
  }
  .bar:focus-within,
  .bar[data-running] {
    border-color: color-mix(in oklab, var(--color-primary) 55%, var(--color-base-300));
  }
  .note {
    height: 2.5rem;
    border: 0;
    background: none;
    padding: 0;
    font-size: 1rem;
    outline: none;
  }
  .elapsed {
    min-width: 5.5ch;
    padding: 0 0.375rem;
    text-align: right;
    font-size: 1.125rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .bar:not([data-running]) .elapsed {
    color: var(--muted);
    font-weight: 500;
  }
  .go {
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
  @media (max-width: 40rem) {
    .bar {
      grid-template-columns: minmax(0, 1fr) auto auto;
      padding: 0.625rem 0.75rem 0.75rem;
      gap: 0.625rem;
    }
    .note {
      grid-column: 1 / -1;
    }
    stint-task-picker {
      min-width: 0;
    }
    .go {
      min-width: 3rem;
      height: 2.75rem;
    }
    .elapsed {
      padding: 0;
    }
  }
`;
