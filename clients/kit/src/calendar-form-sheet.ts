// How the form of an entry looks: beside its block where there is room, a sheet from below on a phone.
import { css } from "lit";

export const formSheet = css`
  dialog {
    position: fixed;
    inset: auto;
    left: var(--left, 50%);
    top: var(--top, 10%);
    width: min(24.5rem, calc(100vw - 1rem));
    margin: 0;
    padding: 0;
    overflow: visible;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-box);
    background: var(--color-base-100);
    color: var(--color-base-content);
    box-shadow: 0 16px 40px rgb(0 0 0 / 20%);
  }
  dialog::backdrop {
    background: transparent;
  }
  form {
    display: flex;
    flex-direction: column;
    gap: 0.625rem;
    padding: 0.875rem;
  }
  input:not([type="checkbox"]) {
    min-width: 0;
    height: 2.5rem;
    padding: 0 0.625rem;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-field);
    background: var(--color-base-100);
  }
  input:not([type="checkbox"])[aria-invalid] {
    border-color: var(--color-error);
  }
  .note {
    font-size: 1rem;
  }
  .when {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    font-variant-numeric: tabular-nums;
  }
  .times {
    display: inline-flex;
    align-items: center;
    gap: 0.375rem;
  }
  .when .from,
  .when .to {
    width: 4.5rem;
    text-align: center;
  }
  .when [type="date"] {
    width: 9.25rem;
    font-size: 0.875rem;
  }
  .foot {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  .long {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .tick {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    width: fit-content;
    min-height: 1.75rem;
    font-size: 0.875rem;
  }
  .tick input {
    width: 1.125rem;
    height: 1.125rem;
    accent-color: var(--color-primary);
  }
  footer {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 0.5rem;
    margin-top: 0.125rem;
  }
  .acts {
    display: flex;
    margin-right: auto;
    margin-left: -0.375rem;
  }
  .act {
    display: grid;
    place-items: center;
    width: 2.25rem;
    height: 2.25rem;
    border-radius: var(--radius-field);
    color: var(--muted);
  }
  .act:hover {
    background: var(--color-base-300);
    color: var(--color-base-content);
  }
  .quiet,
  .go {
    height: 2.375rem;
    padding: 0 0.875rem;
    border-radius: var(--radius-field);
    font-weight: 600;
    font-size: 0.875rem;
  }
  .quiet:hover {
    background: var(--color-base-300);
  }
  .cutting .quiet,
  .stale .quiet {
    border: 1px solid color-mix(in oklab, var(--color-base-content) 22%, var(--color-base-100));
  }
  .go {
    background: var(--color-primary);
    color: var(--color-primary-content);
  }
  .go:hover {
    filter: brightness(1.08);
  }
  .cutting {
    display: flex;
    align-items: end;
    justify-content: space-between;
    gap: 0.5rem;
    padding-top: 0.625rem;
    border-top: 1px solid var(--color-base-300);
    font-size: 0.875rem;
  }
  .cutting .at {
    width: 5rem;
    margin-left: 0.5rem;
    text-align: center;
  }
  .fault,
  .stale {
    margin: 0;
    padding: 0.5rem 0.625rem;
    border: 1px solid color-mix(in oklab, var(--color-error) 35%, var(--color-base-100));
    border-radius: var(--radius-field);
    background: color-mix(in oklab, var(--color-error) 9%, var(--color-base-100));
    font-size: 0.875rem;
  }
  .stale {
    border-color: color-mix(in oklab, var(--color-warning) 60%, var(--color-base-100));
    background: color-mix(in oklab, var(--color-warning) 14%, var(--color-base-100));
  }
  .stale p {
    margin: 0 0 0.375rem;
  }
  .stale .is {
    font-weight: 600;
  }
  @media (max-width: 40rem) {
    dialog {
      inset: auto 0 0;
      width: 100%;
      max-width: none;
      border-radius: 1rem 1rem 0 0;
      padding-bottom: env(safe-area-inset-bottom);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 45%);
    }
    .act,
    .quiet,
    .go {
      min-width: 2.75rem;
      height: 2.75rem;
    }
    .tick {
      min-height: 2.5rem;
    }
  }
`;
