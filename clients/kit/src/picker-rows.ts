// How the lines of the task picker's list are drawn.
import { html, nothing, type TemplateResult } from "lit";
import type { Task } from "./api";
import { type MoreRow, marked, type Part, type TaskRow } from "./task-rows";
import { word } from "./words";

export interface RowState {
  q: string;
  index: number;
  active: boolean;
  picked: boolean;
  usable: boolean;
  choose: () => void;
  fold: () => void;
  /** Absent where no favourites are kept. */
  star?: (task: Task) => void;
}

/** A task's colour; an attribute of SVG, since the page's policy forbids style attributes. */
export function dot(on: boolean, color = "currentColor"): TemplateResult {
  return html`<svg class="dot" ?data-on=${on} width="8" height="8" viewBox="0 0 8 8" aria-hidden="true"><circle
    cx="4" cy="4" r=${on ? 4 : 3.25} fill=${on ? color : "none"} stroke=${on ? "none" : "currentColor"} /></svg>`;
}

/** What is above the first line of a part. */
export function heading(part: Part): TemplateResult {
  const names = { favourites: "favourites", recent: "recent", tree: "allTasks", found: "search" } as const;
  return html`<li role="none" class="heading">${word(names[part])}</li>`;
}

/** The end of a level of which not everything was loaded. */
export function moreRow(row: MoreRow, state: RowState): TemplateResult {
  return html`<li id="row-${state.index}" role="treeitem" class="row level-${Math.min(row.level, 8)}" aria-selected="false"
    aria-level=${row.level} ?data-active=${state.active} @click=${state.choose}>
    <span class="fold"></span><span class="muted">${word("showMore")}</span></li>`;
}

export function taskRow(row: TaskRow, state: RowState): TemplateResult {
  const { task, level, open, part } = row;
  const found = part === "found";
  const way = part === "tree" ? [] : task.path.slice(0, -1);
  return html`<li id="row-${state.index}" role=${found ? "option" : "treeitem"} class="row level-${Math.min(level, 8)}"
    aria-level=${found ? nothing : level} aria-selected=${state.picked} aria-disabled=${!state.usable}
    aria-expanded=${part === "tree" && task.children ? String(open) : nothing} ?data-active=${state.active}
    title=${state.usable || !state.star ? nothing : word("notYours")} @click=${state.choose}>
    ${part === "tree" ? foldMark(row, state.fold) : nothing}
    ${dot(true, task.color)}
    <span class="names"><span class="cut name" dir="auto">${hits(task.name, state.q)}</span>
      ${task.in_archive ? html`<span class="muted way">${word("archived")}</span>` : nothing}
      ${way.length ? html`<span class="cut muted way">${hits(way.join(" › "), state.q)}</span>` : nothing}
    </span>
    ${state.star && (state.usable || task.favourite) ? starMark(task, state.star) : nothing}</li>`;
}

function foldMark({ task, open }: TaskRow, fold: () => void): TemplateResult {
  const mark = html`<svg width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" ?data-open=${open}><path d="m9 6 6 6-6 6" /></svg>`;
  return html`<span class="fold" @click=${alone(fold)}>${task.children ? mark : nothing}</span>`;
}

/** For the mouse; by keyboard favourites are kept on the Projects page, as a line of a list may hold no button. */
function starMark(task: Task, star: (task: Task) => void): TemplateResult {
  return html`<span class="star" title=${word(task.favourite ? "unfavour" : "favour")} ?data-on=${task.favourite}
    @click=${alone(() => star(task))}><svg width="16" height="16" viewBox="0 0 24 24" aria-hidden="true"><path
      d="m12 3.5 2.6 5.3 5.9.9-4.2 4.1 1 5.8-5.3-2.8-5.3 2.8 1-5.8L3.5 9.7l5.9-.9Z" /></svg></span>`;
}

/** Act on the click, and let the line not be chosen by it. */
function alone(act: () => void): (event: Event) => void {
  return (event) => {
    event.stopPropagation();
    act();
  };
}

function hits(text: string, q: string): (TemplateResult | string)[] {
  return marked(text, q).map((piece) => (piece.hit ? html`<mark>${piece.text}</mark>` : piece.text));
}
