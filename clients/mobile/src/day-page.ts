// <phone-day>: the timesheet of a day, below the strip of its week.
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Entry } from "../../kit/src/api";
import { duration } from "../../kit/src/clock";
import { word } from "../../kit/src/words";
import { icon } from "./icons";
import { Part } from "./part";
import { phone } from "./phone";
import { hours, longDay, shortDay } from "./says";
import { dot, names } from "./task-name";
import { addDays, daysOf } from "./zone";

@customElement("phone-day")
export class DayPage extends Part {
  @property() day = "";

  override willUpdate(): void {
    void phone.book.want(phone.book.weekOf(this.day));
  }

  override render(): TemplateResult {
    const first = phone.book.weekOf(this.day);
    const entries = phone.entriesOf(this.day);
    return html`
      ${this.strip(first)}
      <header class="day-head">
        <h1>${this.day === phone.book.today ? word("today") : longDay(this.day)}</h1>
        <span class="total"><span class="sr-only">${word("total")}</span> ${hours(phone.secondsOf(this.day))}</span>
      </header>
      ${entries ? this.list(entries) : html`<p class="empty muted" role="status">${phone.book.fault || word("loading")}</p>`}
    `;
  }

  private strip(first: string): TemplateResult {
    const days = daysOf(first);
    const total = days.reduce((sum, day) => sum + phone.secondsOf(day), 0);
    return html`<section class="week" aria-label=${word("week")}>
      <p class="week-head">
        <a class="round" href="#${addDays(this.day, -7)}" aria-label=${word("weekBefore")}>${icon("back")}</a>
        <span>${word("week")} <strong>${hours(total)}</strong></span>
        <a class="round" href="#${addDays(this.day, 7)}" aria-label=${word("weekAfter")}>${icon("forth")}</a>
      </p>
      <ul>${days.map((day) => this.chip(day))}</ul>
    </section>`;
  }

  private chip(day: string): TemplateResult {
    const [weekday, number] = shortDay(day);
    const seconds = phone.secondsOf(day);
    return html`<li><a href="#${day}" ?data-today=${day === phone.book.today}
      aria-current=${day === this.day ? "date" : nothing}>
      <span class="muted">${weekday}</span> <strong>${number}</strong>
      <span class="muted">${seconds ? hours(seconds) : "–"}</span></a></li>`;
  }

  private list(entries: Entry[]): TemplateResult {
    if (!entries.length)
      return html`<div class="empty"><p class="font-medium">${word("noTimeYet")}</p><p class="muted">${word("noTimeHint")}</p></div>`;
    return html`<ul class="entries" aria-label=${word("entries")}>${entries.map((entry) => this.row(entry))}</ul>`;
  }

  private row(entry: Entry): TemplateResult {
    const { path, color } = phone.book.look(entry.task_id);
    const note = entry.note || word("noNote");
    const running = entry.end === null;
    return html`<li class="entry-line">
      <button type="button" class="entry-open" @click=${() => phone.open({ kind: "edit", entry })}>
        <span class="entry-note-text ${entry.note ? "" : "muted"}" dir="auto">${note}</span>
        <span class="about muted">${dot(path.length > 0, color)}<span class="cut" dir="auto">${names(path)}</span>
          ${entry.tags.map((tag) => html`<span class="badge-quiet" dir="auto">${tag}</span>`)}</span>
        <span class="numbers">
          <strong>${running ? duration(phone.secondsIn(entry) * 1000) : hours(phone.secondsIn(entry))}</strong>
          <span class="muted hours">${this.times(entry)}</span>
        </span>
      </button>
      ${
        running
          ? html`<span class="round live" title=${word("running")}><span class="sr-only">${word("running")}</span></span>`
          : html`<button type="button" class="round" aria-label="${word("continue")}: ${note}"
              @click=${() => phone.resume(entry)}>${icon("play")}</button>`
      }
    </li>`;
  }

  private times(entry: Entry): TemplateResult {
    const { zone } = phone.book;
    const end = entry.end === null ? word("now") : zone.clock(Date.parse(entry.end));
    const waits = phone.waits(entry.id);
    return html`${zone.clock(Date.parse(entry.start))}–${end}${
      waits
        ? html`<span class="waits" title=${word("notSent")}>${icon("waiting", 16)}<span class="sr-only">${word("notSent")}</span></span>`
        : nothing
    }`;
  }
}
