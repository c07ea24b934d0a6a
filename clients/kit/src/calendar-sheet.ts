// How the calendar looks. A minute is a sixtieth of --hour; blocks are tinted with the colour of their task, on
// which the page's own text keeps its contrast.
import { css } from "lit";

export const calendarSheet = css`
  :host {
    --hour: 56px;
    --line: color-mix(in oklab, var(--color-base-content) 12%, var(--color-base-100));
    --half: color-mix(in oklab, var(--color-base-content) 6%, var(--color-base-100));
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    margin-bottom: 0.75rem;
  }
  .total {
    margin-left: auto;
    color: var(--muted);
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
  }
  .total b {
    margin-left: 0.25rem;
    color: var(--color-base-content);
    font-weight: 600;
  }
  .frame {
    position: relative;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-box);
    background: var(--color-base-100);
    overflow: hidden;
  }
  .scroller {
    max-height: max(24rem, calc(100dvh - 19rem));
    overflow: auto;
    overscroll-behavior: contain;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .heads,
  .body {
    display: grid;
    grid-template-columns: 3.25rem repeat(var(--days), minmax(0, 1fr));
  }
  .scroller[data-week] > * {
    min-width: 44rem;
  }
  .heads {
    position: sticky;
    top: 0;
    z-index: 6;
    border-bottom: 1px solid var(--color-base-300);
    background: var(--color-base-100);
  }
  .corner {
    position: sticky;
    left: 0;
    z-index: 1;
    background: var(--color-base-100);
  }
  .name {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 0.5rem;
    padding: 0.5rem 0.5rem 0.4375rem;
    border-left: 1px solid var(--line);
    color: inherit;
    font-size: 0.8125rem;
    text-decoration: none;
    font-variant-numeric: tabular-nums;
  }
  .name:hover {
    background: var(--color-base-200);
  }
  .name:focus-visible {
    outline-offset: -2px;
  }
  .weekday {
    color: var(--muted);
  }
  .weekday b {
    margin-left: 0.125rem;
    color: var(--color-base-content);
    font-weight: 600;
  }
  .name[aria-current] b {
    padding: 0.0625rem 0.375rem;
    border-radius: 1rem;
    background: var(--color-primary);
    color: var(--color-primary-content);
  }
  .sum {
    font-weight: 600;
  }
  .sum.none {
    color: var(--muted);
    font-weight: 400;
  }
  .body {
    position: relative;
    height: calc(24 * var(--hour));
  }
  .hours {
    position: sticky;
    left: 0;
    z-index: 4;
    background: var(--color-base-100);
  }
  .hours span {
    position: absolute;
    right: 0.5rem;
    top: calc(var(--from) * var(--hour) / 60);
    transform: translateY(-50%);
    color: var(--muted);
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
  }
  .day {
    position: relative;
    min-width: 0;
    border-left: 1px solid var(--line);
    background-image:
      linear-gradient(to bottom, var(--line) 1px, transparent 1px),
      linear-gradient(to bottom, transparent calc(50% - 0.5px), var(--half) calc(50% - 0.5px) calc(50% + 0.5px), transparent calc(50% + 0.5px));
    background-size: 100% var(--hour);
    cursor: cell;
    -webkit-user-select: none;
    user-select: none;
    -webkit-touch-callout: none;
  }
  .day[data-today] {
    background-color: color-mix(in oklab, var(--color-primary) 4%, var(--color-base-100));
  }
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .gap,
  .twice,
  .block,
  .ghost {
    position: absolute;
    top: calc(var(--from) * var(--hour) / 60);
    height: calc((var(--to) - var(--from)) * var(--hour) / 60);
  }
  .gap,
  .twice {
    left: 0;
    right: 0;
  }
  .gap {
    background: repeating-linear-gradient(-45deg, var(--line) 0 1px, var(--color-base-200) 1px 7px);
    cursor: not-allowed;
  }
  .twice {
    display: grid;
    grid-template-columns: 1fr 1fr;
    background: color-mix(in oklab, var(--color-warning) 10%, transparent);
    color: var(--muted);
    font-size: 0.6875rem;
    text-align: right;
  }
  .twice i {
    padding: 0.125rem 0.25rem;
    border-right: 1px dashed var(--line);
    font-style: normal;
  }
  .block {
    z-index: 2;
    left: calc(var(--column) * 100% / var(--columns) + 1px);
    width: calc(var(--span) * 100% / var(--columns) - 3px);
    min-height: 20px;
    padding: 0.1875rem 0.375rem 0.125rem 0.5rem;
    overflow: hidden;
    border-radius: 0.3125rem;
    background: color-mix(in oklab, var(--task) 24%, var(--color-base-100));
    box-shadow:
      inset 3px 0 var(--task),
      0 0 0 1px var(--color-base-100);
    font-size: 0.8125rem;
    line-height: 1.3;
    text-align: left;
    cursor: grab;
    display: flex;
    flex-direction: column;
    align-items: stretch;
    -webkit-user-select: none;
    user-select: none;
  }
  .block[data-plain] {
    --task: color-mix(in oklab, var(--color-base-content) 40%, var(--color-base-100));
  }
  .block:hover {
    background: color-mix(in oklab, var(--task) 32%, var(--color-base-100));
  }
  .block:focus-visible {
    z-index: 3;
    outline-offset: 0;
  }
  .block:not([data-first]) {
    border-top-left-radius: 0;
    border-top-right-radius: 0;
  }
  .block:not([data-last]) {
    border-bottom-left-radius: 0;
    border-bottom-right-radius: 0;
  }
  .block[data-running] {
    border-bottom: 2px solid var(--color-primary);
  }
  .block[data-lifted] {
    opacity: 0.4;
  }
  .block > span:not(.edge) {
    flex: none;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .what {
    font-weight: 500;
  }
  .block .task,
  .block .times {
    font-size: 0.75rem;
    color: color-mix(in oklab, var(--color-base-content) 88%, var(--color-base-100));
    font-variant-numeric: tabular-nums;
  }
  .block[data-size="s"] {
    flex-direction: row;
    align-items: center;
    gap: 0.375rem;
    padding-top: 0;
    padding-bottom: 0;
  }
  .block[data-size="s"] .what {
    flex: 0 1 auto;
  }
  .block[data-size="s"] .task {
    flex: 1 1 0;
    min-width: 0;
  }
  .block[data-size="s"] .times,
  .block[data-size="m"] .task + .times {
    display: none;
  }
  .edge {
    position: absolute;
    left: 0;
    right: 0;
    height: 6px;
    cursor: ns-resize;
  }
  .edge[data-edge="start"] {
    top: 0;
  }
  .edge[data-edge="end"] {
    bottom: 0;
  }
  .ghost {
    z-index: 5;
    left: 1px;
    right: 2px;
    min-height: 20px;
    padding: 0.125rem 0.5rem;
    overflow: hidden;
    border: 1.5px dashed var(--color-primary);
    border-radius: 0.3125rem;
    background: color-mix(in oklab, var(--color-primary) 16%, var(--color-base-100));
    opacity: 0.94;
    font-size: 0.8125rem;
    font-weight: 600;
    line-height: 1.25;
    font-variant-numeric: tabular-nums;
    pointer-events: none;
  }
  .ghost .long {
    font-weight: 400;
  }
  .scroller[data-dragging],
  .scroller[data-dragging] * {
    cursor: grabbing;
  }
  .now {
    position: absolute;
    z-index: 4;
    left: -1px;
    right: 0;
    top: calc(var(--from) * var(--hour) / 60);
    height: 0;
    border-top: 2px solid var(--color-error);
    pointer-events: none;
  }
  .now::before {
    content: "";
    position: absolute;
    left: -4px;
    top: -5px;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--color-error);
  }
  .empty {
    position: absolute;
    inset: auto 1rem 1.5rem 4rem;
    z-index: 5;
    width: fit-content;
    max-width: 26rem;
    margin: 0 auto;
    padding: 0.625rem 0.875rem;
    border: 1px solid var(--color-base-300);
    border-radius: var(--radius-field);
    background: var(--color-base-100);
    color: var(--muted);
    font-size: 0.875rem;
    text-align: center;
    pointer-events: none;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (max-width: 40rem) {
    .top {
      gap: 0.5rem;
    }
    .total {
      display: none;
    }
    slot[name="new"] {
      display: block;
      margin-left: auto;
    }
    .scroller {
      max-height: max(22rem, calc(100dvh - 28rem));
    }
  }
  @media (pointer: coarse) {
    .edge {
      height: 12px;
    }
    .block {
      touch-action: pan-x pan-y;
    }
  }
`;
