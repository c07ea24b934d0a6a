// <stint-calendar>: a day or a week, hours down and days across; entries are blocks that can be dragged, resized and
// opened. The page gives the first state (`data-from` names its JSON); after that events say when to look again.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { call, Refused } from "./api";
import { CalendarDrag, type Dragging, type DragHost } from "./calendar-drag";
import {
  CalendarEntries,
  type CalendarEntry,
  daysOf,
  type Fields,
  type Given,
  type Look,
  type NamedDay,
} from "./calendar-entries";
import "./calendar-form";
import type { Action, CalendarForm, FormHost, Subject } from "./calendar-form";
import { actOf } from "./calendar-keys";
import {
  dayAt,
  type Grab,
  instantAt,
  MINUTE,
  type Span,
  secondsOn,
  snap,
  Wall,
  wallAt,
} from "./calendar-layout";
import { calendarSheet } from "./calendar-sheet";
import { column, HOUR, head, hourLabels, hoursOf, timesOf, type View } from "./calendar-view";
import { pageReadAt, serverAhead, uuid7 } from "./clock";
import { tell } from "./events";
import { showNotice } from "./notices";
import { sheet } from "./sheet";
import { styled } from "./styled";
import { word } from "./words";

const BEAT = 5000; // what runs grows by less than a pixel meanwhile
const PAUSE = 60; // gathers events that come together
const FRESH = 30 * MINUTE; // the length of an entry made without a drag
const MORNING = 8 * 60;
const LEAST_GAP = 5 * MINUTE; // time since the last entry that a new one is offered for
const LONGEST_GAP = 4 * 60 * MINUTE;

@customElement("stint-calendar")
export class Calendar extends LitElement implements DragHost, FormHost {
  static override styles = [sheet, calendarSheet];

  days: NamedDay[] = [];
  wall!: Wall;
  @state() now = Date.now();
  @state() private draft: Span | null = null;
  @state() private said = "";
  private entries!: CalendarEntries;
  private takes: (Span & { id: string })[] = [];
  private drag = new CalendarDrag(this);
  private ahead = 0;
  private beat?: ReturnType<typeof setInterval>;
  private pause?: ReturnType<typeof setTimeout>;
  private tick = () => {
    if (!document.hidden) this.now = Date.now() + this.ahead;
  };
  private refetch = () => {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.reload(), PAUSE);
  };
  private relearn = () => void this.entries.relearn();

  override connectedCallback(): void {
    super.connectedCallback();
    const given = JSON.parse(document.getElementById(this.dataset.from ?? "")?.textContent ?? "") as Given;
    this.ahead = serverAhead(given.now, pageReadAt());
    this.now = Date.now() + this.ahead;
    const days = daysOf(given);
    const narrow = given.narrow && matchMedia("(max-width: 40rem)").matches;
    this.days = narrow ? days.filter((day) => day.date === given.of) : days;
    this.wall = new Wall(days, given.zone);
    this.entries = new CalendarEntries(given, () => this.requestUpdate());
    this.beat = setInterval(this.tick, BEAT);
    document.addEventListener("visibilitychange", this.tick);
    for (const kind of ["stint-entry", "stint-timer"]) document.body.addEventListener(kind, this.refetch);
    document.body.addEventListener("stint-tasks", this.relearn);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.beat);
    clearTimeout(this.pause);
    document.removeEventListener("visibilitychange", this.tick);
    for (const kind of ["stint-entry", "stint-timer"]) document.body.removeEventListener(kind, this.refetch);
    document.body.removeEventListener("stint-tasks", this.relearn);
  }

  override firstUpdated(): void {
    this.drag.listen();
    const today = dayAt(this.days, this.now);
    const first = Math.min(...this.entries.shown.flatMap((entry) => this.beginning(entry)), MORNING);
    const room = this.scroller.clientHeight / HOUR;
    const wall = today ? Math.max(first, (wallAt(today, this.now) ?? 0) - room * 45) : first;
    this.scroller.scrollTop = ((wall - 20) / 60) * HOUR;
  }

  override render(): TemplateResult {
    const { view } = this;
    const week = this.days.length > 1;
    const total = view.entries.reduce(
      (sum, entry) => sum + this.days.reduce((all, day) => all + secondsOn(day, entry, this.now), 0),
      0,
    );
    return html`
      <div class="top">
        <slot name="tools"></slot>
        <span class="total">${word("total")} <b>${hoursOf(total)}</b></span>
        <slot name="new" @click=${this.addNow}></slot>
      </div>
      <div class="frame">
        <div class="scroller" role="region" aria-label=${word("calendar")} tabindex="0"
          ${styled({ "--days": this.days.length })} ?data-week=${week} ?data-dragging=${this.drag.current !== null}
          @click=${this.press} @keydown=${this.key}>
          <div class="heads"><span class="corner"></span>${this.days.map((day) => head(day, view))}</div>
          <div class="body">
            ${hourLabels()}${this.days.map((day, index) => column(day, view, index === 0))}
          </div>
        </div>
        ${view.entries.length || this.draft || this.drag.current ? nothing : html`<p class="empty">${word("emptyCalendar")}</p>`}
      </div>
      <p id="keys" class="unseen">${word("calendarKeys")}</p>
      <p class="unseen" role="status">${this.said}</p>
      <stint-calendar-form .host=${this}></stint-calendar-form>
    `;
  }

  private get view(): View {
    const { current } = this.drag;
    const [first, last] = [this.days[0], this.days.at(-1)];
    const entries = first && last ? this.entries.shown.filter((entry) => this.reaches(entry)) : [];
    return {
      wall: this.wall,
      now: this.now,
      entries,
      ghost: current ?? this.draft,
      lifted: current?.id ?? null,
      look: (id) => this.entries.look(id),
    };
  }

  private reaches(entry: CalendarEntry): boolean {
    return this.days.some((day) => secondsOn(day, entry, this.now) > 0 || dayAt([day], entry.start));
  }

  private beginning(entry: CalendarEntry): number[] {
    const day = dayAt(this.days, entry.start);
    return day ? [wallAt(day, entry.start) ?? 0] : [];
  }

  get scroller(): HTMLElement {
    return this.renderRoot.querySelector(".scroller") as HTMLElement;
  }

  private get form(): CalendarForm {
    return this.renderRoot.querySelector("stint-calendar-form") as CalendarForm;
  }

  private async reload(): Promise<void> {
    const [first, last] = [this.days[0]?.date, this.days.at(-1)?.date];
    try {
      this.tick();
      if (first && last) await this.entries.load(first, last);
    } catch {
      // The page says itself when it is offline, and tells everybody to look again when it is not any more.
    }
  }

  // What the pointer does.

  grab(target: Element, at: number): { grab: Grab; id: string | null } | null {
    const id = target.closest<HTMLElement>("[data-id]")?.dataset.id;
    if (!id) return { grab: { kind: "create", anchor: at }, id: null };
    const entry = this.entries.entry(id);
    if (!entry) return null;
    const { start, end } = entry;
    const edge = target.closest<HTMLElement>("[data-edge]")?.dataset.edge;
    if (end === null || edge === "start") return { grab: { kind: "start", start, end }, id };
    if (edge === "end") return { grab: { kind: "end", start, end }, id };
    return { grab: { kind: "move", start, end, grip: at - start }, id };
  }

  drop({ id, start, end }: Dragging): void {
    if (id) void this.change(id, { start, end });
    else this.add(start, end ?? start + FRESH);
  }

  create(at: number): void {
    const { start, end } = fresh(snap(at - 7 * MINUTE, 15));
    this.add(start, end);
  }

  private press(event: Event): void {
    const block = (event.composedPath()[0] as Element).closest<HTMLElement>(".block");
    const entry = this.entries.entry(block?.dataset.id ?? "");
    if (block && entry) void this.form.open(entry, block.getBoundingClientRect());
  }

  private addNow(event: Event): void {
    const day = dayAt(this.days, this.now) ?? this.days[0];
    if (!day) return;
    const { start, end } = this.likely(day);
    this.add(start, end, (event.target as Element).closest("button") ?? undefined);
  }

  /** What a new entry most likely is about: today since the last one ended, else half an hour. */
  private likely(day: NamedDay): { start: number; end: number } {
    if (wallAt(day, this.now) === null) return fresh(instantAt(day, 9 * 60));
    const ends = this.entries.shown.map((entry) => entry.end ?? this.now).filter((end) => end <= this.now);
    const last = Math.max(...ends, 0);
    const free = this.now - last;
    return free >= LEAST_GAP && free <= LONGEST_GAP
      ? { start: last, end: snap(this.now, 1) }
      : fresh(snap(this.now, 15) - FRESH);
  }

  private add(start: number, end: number, anchor?: Element): void {
    this.draft = { start, end };
    const subject = { start, end, id: null, version: 0, task_id: null, note: "", tags: [], billable: false };
    void this.updateComplete.then(() => {
      const beside = anchor ?? this.renderRoot.querySelector(".ghost") ?? this.scroller;
      void this.form.open(subject, beside.getBoundingClientRect());
    });
  }

  // What the keyboard does.

  private key(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") this.takeBack(event);
    const block = (event.composedPath()[0] as Element).closest<HTMLElement>(".block");
    const entry = this.entries.entry(block?.dataset.id ?? "");
    const act = block && entry ? actOf(event, entry, this.days, this.now) : null;
    if (!block || !entry || !act) return;
    event.preventDefault();
    if (act.kind === "go") this.go(block, act.down, act.across);
    else if (act.kind === "delete") this.act("delete", { ...entry });
    else void this.change(entry.id, act.span);
  }

  private go(from: HTMLElement, down: number, across: number): void {
    const day = from.closest(".day") as HTMLElement;
    const blocks = (column: Element) => [...column.querySelectorAll<HTMLElement>(".block")];
    if (down) blocks(day)[blocks(day).indexOf(from) + down]?.focus();
    let column = day;
    while (across) {
      const next = across > 0 ? column.nextElementSibling : column.previousElementSibling;
      if (!next?.matches(".day")) return;
      column = next as HTMLElement;
      const top = (block: HTMLElement) => Math.abs(block.offsetTop - from.offsetTop);
      const nearest = blocks(column).sort((one, other) => top(one) - top(other))[0];
      nearest?.focus();
      if (nearest) return;
    }
  }

  // What happens to entries: shown at once, taken back with the reason when refused.

  private async change(id: string, span: Span): Promise<void> {
    const before = this.entries.entry(id);
    if (!before) return;
    this.takes.push({ id, start: before.start, end: before.end });
    await this.move(id, span);
  }

  private async move(id: string, { start, end }: Span): Promise<void> {
    const done = this.entries.change(id, end === null ? { start } : { start, end });
    this.said = `${timesOf({ start, end }, this)}, ${dayAt(this.days, start)?.label ?? this.wall.date(start)}`;
    await this.focusOn(id);
    await this.tellFault(done);
  }

  /** Take the last move or change of length back. */
  private takeBack(event: KeyboardEvent): void {
    const last = this.takes.pop();
    if (!last || !this.entries.entry(last.id)) return;
    event.preventDefault();
    void this.move(last.id, last);
  }

  async focusOn(id: string): Promise<void> {
    await this.updateComplete;
    const block = this.renderRoot.querySelector<HTMLElement>(`.block[data-id="${id}"]`);
    block?.focus();
    block?.scrollIntoView({ block: "nearest" });
  }

  private async tellFault(done: Promise<unknown>): Promise<boolean> {
    try {
      await done;
      return true;
    } catch (fault) {
      showNotice(fault instanceof Refused ? fault.message : word("failed"), "error");
      return false;
    }
  }

  look(taskId: number | null): Look {
    return this.entries.look(taskId);
  }

  learn(taskId: number, look: Partial<Look>): void {
    this.entries.learn(taskId, look);
  }

  async save(subject: Subject, fields: Partial<Fields>): Promise<string> {
    const id = subject.id ?? uuid7();
    if (subject.id) await this.entries.change(id, fields, subject.version);
    else await this.entries.add({ ...subject, ...fields }, id);
    const saved = this.entries.entry(id);
    if (saved && !this.reaches(saved)) showNotice(`${word("savedOn")} ${this.wall.date(saved.start)}`);
    return id;
  }

  split(subject: Subject, at: number): Promise<void> {
    return this.entries.split(subject.id ?? "", at, subject.version);
  }

  act(action: Action, subject: Subject): void {
    const id = subject.id ?? "";
    const { task_id, note, tags, billable } = subject;
    if (action === "continue") {
      const body = { id: uuid7(), task_id, note, tags, billable };
      const started = call("POST", "/timer/start", { body });
      void this.tellFault(started.then(() => tell("timer", {})));
    } else if (action === "duplicate") void this.duplicate(subject);
    else void this.discard(id);
  }

  private async duplicate({ start, end, task_id, note, tags, billable }: Subject): Promise<void> {
    const id = uuid7();
    const done = this.entries.add({ start, end, task_id, note, tags, billable }, id);
    await this.focusOn(id);
    if (await this.tellFault(done)) showNotice(word("duplicated"), "success", () => this.discard(id));
  }

  private async discard(id: string): Promise<void> {
    const block = this.renderRoot.querySelector<HTMLElement>(`.block[data-id="${id}"]`);
    const blocks = [...this.renderRoot.querySelectorAll<HTMLElement>(".block")];
    const next = block && blocks[blocks.indexOf(block) + 1]?.dataset.id;
    const done = this.entries.remove(id);
    if (next) await this.focusOn(next);
    else this.scroller.focus({ preventScroll: true });
    const undo = () => void this.tellFault(this.entries.restore(id).then(() => this.focusOn(id)));
    if (await this.tellFault(done)) showNotice(word("entryDeleted"), "info", undo);
  }

  drawn({ start, end }: Fields): void {
    if (this.draft) this.draft = { start, end };
  }

  closed(subject: Subject | null, unsaved: Partial<Fields>): void {
    this.draft = null;
    if (!subject || !Object.keys(unsaved).length) return;
    showNotice(word("notSaved"), "info", () => {
      if (!subject.id) this.draft = { start: subject.start, end: subject.end };
      void this.form.open(subject, this.scroller.getBoundingClientRect(), unsaved);
    });
  }
}

const fresh = (start: number) => ({ start, end: start + FRESH });
