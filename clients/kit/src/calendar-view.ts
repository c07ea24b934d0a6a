// What the calendar draws: heads of days, their columns, blocks, what is dragged, and now.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { CalendarEntry, Look, NamedDay } from "./calendar-entries";
import {
  type Block,
  blocksOf,
  bounds,
  gaps,
  repeats,
  type Span,
  type Stretch,
  secondsOn,
  stretches,
  type Wall,
  wallAt,
} from "./calendar-layout";
import { duration } from "./clock";
import { styled } from "./styled";
import { word } from "./words";

export const HOUR = 56; // pixels, as in the sheet
const LEAST = 22; // minutes whose room the shortest block takes
const ONE_LINE = 34; // minutes below which a block has room for one line
const TWO_LINES = 56;

export interface View {
  wall: Wall;
  now: number;
  entries: CalendarEntry[];
  /** What is drawn or dragged. */
  ghost: Span | null;
  /** The entry that the ghost stands for. */
  lifted: string | null;
  look(taskId: number | null): Look;
}

export function head(day: NamedDay, view: View): TemplateResult {
  const seconds = view.entries.reduce((sum, entry) => sum + secondsOn(day, entry, view.now), 0);
  const total = hoursOf(seconds);
  return html`<a class="name" href=${day.url} aria-current=${isToday(day, view.now) ? "date" : nothing}>
    <span class="unseen">${day.label}, ${total}</span>
    <span class="weekday" aria-hidden="true">${day.name} <b>${day.number}</b></span>
    <span class="sum ${seconds ? "" : "none"}" aria-hidden="true">${total}</span>
  </a>`;
}

export function hourLabels(): TemplateResult {
  const labels = Array.from({ length: 23 }, (_, hour) => hour + 1);
  return html`<div class="hours" aria-hidden="true">
    ${labels.map((hour) => html`<span ${styled({ "--from": hour * 60 })}>${String(hour).padStart(2, "0")}:00</span>`)}
  </div>`;
}

/** A day; the `leading` one is the first that is shown. */
export function column(day: NamedDay, view: View, leading: boolean): TemplateResult {
  const [start, end] = bounds(day);
  const own = view.entries.filter((entry) => entry.start < end && (entry.end ?? view.now) >= start);
  const blocks = blocksOf(day, own, view.now, LEAST);
  const now = wallAt(day, view.now);
  const parts = new Map<string, number>();
  const key = ({ item }: Block<CalendarEntry>) => {
    const part = parts.get(item.id) ?? 0;
    parts.set(item.id, part + 1);
    return `${item.id}/${part}`;
  };
  const keyed = blocks.map((block) => ({ block, key: key(block) }));
  return html`<div class="day" data-day=${day.date} ?data-today=${now !== null}>
    ${gaps(day).map((gap) => html`<div class="gap" title=${word("clocksForward")} ${styled(rows(gap))}></div>`)}
    ${repeats(day).map(
      (twice) =>
        html`<div class="twice" title=${word("clocksBack")} ${styled(rows(twice))}><i>1.</i><i>2.</i></div>`,
    )}
    <ol aria-label=${day.label}>
      ${repeat(
        keyed,
        ({ key }) => key,
        ({ block, key }) => html`<li>${blockOf(block, key, view, leading)}</li>`,
      )}
    </ol>
    ${now === null ? nothing : html`<div class="now" ${styled({ "--from": now })}></div>`}
    ${view.ghost ? ghosts(day, view.ghost, view) : nothing}
  </div>`;
}

function blockOf(block: Block<CalendarEntry>, key: string, view: View, leading: boolean): TemplateResult {
  const { item, from, to, place, first, last } = block;
  // Tab stops at an entry once: at the first of its blocks.
  const tabStop = first || (leading && key.endsWith("/0"));
  const { path, color } = view.look(item.task_id);
  const running = item.end === null;
  const task = path.at(-1) ?? (item.task_id === null ? "" : "…");
  const minutes = to - from;
  const about = [
    item.note || word("noNote"),
    path.length ? path.join(" › ") : word("noTask"),
    ...item.tags,
    timesOf(item, view),
    lengthOf(item, view),
  ];
  return html`<button type="button" class="block" data-id=${item.id} data-key=${key}
    data-size=${minutes < ONE_LINE ? "s" : minutes < TWO_LINES ? "m" : "l"}
    ?data-running=${running} ?data-plain=${!color} ?data-first=${first} ?data-last=${last && !running}
    ?data-lifted=${item.id === view.lifted} tabindex=${tabStop ? "0" : "-1"}
    aria-describedby="keys" title=${about.slice(0, -1).join("\n")}
    ${styled({
      "--from": from,
      "--to": to,
      "--column": place.column,
      "--columns": place.columns,
      "--span": place.span,
      ...(color ? { "--task": color } : {}),
    })}>
    <span class="unseen">${about.join(", ")}</span>
    <span class="what" aria-hidden="true">${item.note || task || word("noNote")}</span>
    ${item.note && task ? html`<span class="task" aria-hidden="true">${task}</span>` : nothing}
    <span class="times" aria-hidden="true">${timesOf(item, view)}</span>
    ${first ? html`<span class="edge" data-edge="start"></span>` : nothing}
    ${last && !running ? html`<span class="edge" data-edge="end"></span>` : nothing}
  </button>`;
}

function ghosts(day: NamedDay, ghost: Span, view: View): TemplateResult[] {
  return stretches(day, ghost.start, ghost.end ?? view.now).map(
    (stretch) => html`<div class="ghost" ${styled(rows(stretch))}>
      <span>${timesOf(ghost, view)}</span> <span class="long">${lengthOf(ghost, view)}</span></div>`,
  );
}

export function timesOf({ start, end }: Span, { wall }: Pick<View, "wall">): string {
  return `${wall.time(start)} – ${end === null ? word("now") : wall.time(end)}`;
}

export function lengthOf({ start, end }: Span, { now }: Pick<View, "now">): string {
  return hoursOf(((end ?? now) - start) / 1000);
}

/** Seconds as h:mm, cut off. */
export function hoursOf(seconds: number): string {
  return duration(seconds * 1000).slice(0, -3);
}

export function isToday(day: NamedDay, now: number): boolean {
  return wallAt(day, now) !== null;
}

function rows({ from, to }: Stretch): Record<string, number> {
  return { "--from": from, "--to": to };
}
