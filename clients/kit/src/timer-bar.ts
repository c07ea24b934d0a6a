// <stint-timer-bar>: note, task, tags, billable, elapsed, Start and Stop. The server's page gives the first state
// (`data-from` names its JSON); after that the event stream says when to look again.
import { html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Suggestion, Timer as TimerAnswer } from "./api";
import { duration, pageReadAt } from "./clock";
import { sheet } from "./sheet";
import { Suggestions } from "./suggestions";
import type { Pick } from "./task-picker";
import "./task-picker";
import { Timer } from "./timer";
import { timerSheet } from "./timer-sheet";
import { word } from "./words";

type Popover = "tags" | "start";

@customElement("stint-timer-bar")
export class TimerBar extends LitElement {
  static override styles = [sheet, timerSheet];

  @state() private now = Date.now();
  @state() private opened: Popover | null = null;
  private readonly timer = new Timer(this);
  private readonly offers = new Suggestions(this);
  private beat?: ReturnType<typeof setTimeout>;
  private readonly title0 = document.title;
  private readonly heard: Record<string, (event: Event) => void> = {
    "stint-toggle-timer": () => this.toggle(),
    pointerdown: (event) => {
      if (!event.composedPath().includes(this)) this.close();
    },
  };

  override connectedCallback(): void {
    super.connectedCallback();
    const given = document.getElementById(this.dataset.from ?? "")?.textContent;
    if (given) this.timer.begin(JSON.parse(given) as TimerAnswer & { path: string[] }, pageReadAt());
    else void this.timer.load();
    for (const [name, act] of Object.entries(this.heard)) document.body.addEventListener(name, act);
    this.tick();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const [name, act] of Object.entries(this.heard)) document.body.removeEventListener(name, act);
    clearTimeout(this.beat);
    document.title = this.title0;
  }

  override render(): TemplateResult {
    const { entry, draft, busy } = this.timer;
    const icon = entry
      ? svg`<rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />`
      : svg`<path d="M8 5.2v13.6l11-6.8z" fill="currentColor" />`;
    return html`
      <form class="bar" ?data-running=${entry !== null} @submit=${this.submit} @keydown=${this.key}>
        <span class="about">
          <input class="note" role="combobox" aria-label=${word("note")} placeholder=${word("note")} maxlength="3000"
            autocomplete="off" aria-autocomplete="list" aria-controls="offers" aria-expanded=${this.offers.items.length > 0}
            aria-activedescendant=${this.offers.active >= 0 ? `offer-${this.offers.active}` : nothing}
            .value=${draft.note} @input=${this.typed} @focus=${() => void this.offers.ask(draft.note)}
            @blur=${() => this.offers.close()} @change=${() => void this.timer.saveNote()} />
          ${this.offered()}
        </span>
        <stint-task-picker .picked=${draft.picked}
          @stint-pick=${(event: CustomEvent<Pick>) => void this.timer.set({ picked: event.detail })}></stint-task-picker>
        <span class="marks">${this.marks()}</span>
        <span class="when">
          <button type="button" class="elapsed" aria-haspopup="dialog"
            aria-label="${word("elapsed")} ${this.elapsed()}" aria-expanded=${this.opened === "start"}
            title=${word("changeStart")} @click=${() => this.open("start")}>${this.elapsed()}</button>
          ${this.opened === "start" ? this.startedAt() : nothing}
        </span>
        <button class="go" type="submit" aria-disabled=${busy}>
          <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">${icon}</svg>
          <span class="says">${word(entry ? "stop" : "start")}</span>
        </button>
      </form>
    `;
  }

  private offered(): TemplateResult {
    return html`<ul id="offers" role="listbox" aria-label=${word("recent")} ?hidden=${this.offers.items.length === 0}
      @pointerdown=${(event: Event) => event.preventDefault()}>
      ${this.offers.items.map(
        (
          item,
          index,
        ) => html`<li id="offer-${index}" role="option" aria-selected=${index === this.offers.active}
          ?data-active=${index === this.offers.active} @click=${() => this.take(item)}>
          <span class="cut" dir="auto">${item.note || word("noNote")}</span>
          ${
            item.path.length
              ? html`<svg class="dot" width="8" height="8" viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" fill=${item.color} /></svg>
                <span class="cut muted" dir="auto">${item.path.at(-1)}</span>`
              : nothing
          }
          ${item.tags.map((tag) => html`<span class="tag">${tag}</span>`)}</li>`,
      )}</ul>`;
  }

  private marks(): TemplateResult {
    const { entry, draft } = this.timer;
    const tagged = draft.tags.length
      ? `${word("tags")} ${draft.tags.length}: ${draft.tags.join(", ")}`
      : word("tags");
    return html`
      <button type="button" class="mark" ?data-on=${draft.tags.length > 0} aria-haspopup="dialog"
        aria-expanded=${this.opened === "tags"} aria-label=${tagged}
        title=${draft.tags.join(", ") || word("tags")} @click=${() => this.open("tags")}>
        <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 4h7l9 9-7 7-9-9z" /><path d="M8 8h.01" /></svg>
        ${draft.tags.length ? html`<span>${draft.tags.length}</span>` : nothing}
      </button>
      <button type="button" class="mark" aria-pressed=${draft.billable} aria-label=${word("billable")}
        title=${word("billable")} @click=${() => void this.timer.set({ billable: !draft.billable })}>
        <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5" /><path d="M14.8 9.2A3 3 0 0 0 12 7.6c-1.6 0-2.9.9-2.9 2.2 0 3 5.8 1.5 5.8 4.5 0 1.3-1.3 2.2-2.9 2.2a3 3 0 0 1-2.9-1.7M12 6v1.5M12 16.5V18" /></svg>
      </button>
      ${
        entry
          ? html`<button type="button" class="mark" aria-label=${word("discard")} title=${word("discard")}
              @click=${() => void this.timer.discard()}>
              <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M9 7V4.5h6V7M6 7l1 12.5h10L18 7M10 11v5M14 11v5" /></svg>
            </button>`
          : nothing
      }
      ${
        this.opened === "tags"
          ? html`<span class="popover" role="dialog" aria-label=${word("tags")}><stint-tags .tags=${draft.tags}
              @stint-tags=${(event: CustomEvent<string[]>) => void this.timer.set({ tags: event.detail })}></stint-tags></span>`
          : nothing
      }`;
  }

  private startedAt(): TemplateResult {
    return html`<span class="popover" role="dialog" aria-label=${word("startedAt")}><stint-started-at .ahead=${this.timer.ahead}
      @stint-started=${(event: CustomEvent<string | null>) => {
        this.close();
        this.renderRoot.querySelector<HTMLElement>(".elapsed")?.focus();
        if (event.detail) void this.timer.set({ start: event.detail });
      }}></stint-started-at></span>`;
  }

  private elapsed(): string {
    const start = this.timer.entry?.start ?? this.timer.draft.start;
    return start ? duration(this.now + this.timer.ahead - Date.parse(start)) : "0:00:00";
  }

  private tick(): void {
    this.now = Date.now();
    const { entry, draft, ahead } = this.timer;
    const about = draft.note || draft.picked.path.at(-1);
    document.title = entry ? [this.elapsed(), about, "Stint"].filter(Boolean).join(" · ") : this.title0;
    const past = entry ? (this.now + ahead - Date.parse(entry.start)) % 1000 : 0;
    clearTimeout(this.beat);
    this.beat = setTimeout(() => this.tick(), 1000 - past + 5);
  }

  override updated(): void {
    // The title says at once what the bar says.
    const running = this.timer.entry !== null;
    if (running === (document.title === this.title0)) this.tick();
  }

  private typed(event: Event): void {
    this.timer.type((event.target as HTMLInputElement).value);
    void this.offers.ask(this.timer.draft.note);
  }

  private take(item: Suggestion): void {
    this.offers.close();
    const { note, tags, billable } = item;
    const picked = { id: item.task_id, path: item.path, color: item.color };
    void this.timer.set({ note, tags, billable, picked });
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.close();
    const inNote = (event.target as Element).classList.contains("note");
    if (!inNote || event.isComposing || this.offers.items.length === 0) return;
    const { chosen } = this.offers;
    const acts: Record<string, (() => void) | undefined> = {
      ArrowDown: () => this.offers.move(1),
      ArrowUp: () => this.offers.move(-1),
      Enter: chosen && (() => this.take(chosen)),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private async open(popover: Popover): Promise<void> {
    const closing = this.opened === popover;
    this.opened = closing ? null : popover;
    if (closing) return;
    // Rarely needed: loaded when it is.
    await (popover === "tags" ? import("./tags-input") : import("./started-at"));
    await this.updateComplete;
    const field = this.renderRoot.querySelector<LitElement>(".popover > *");
    await field?.updateComplete;
    field?.focus();
  }

  private close(): void {
    this.opened = null;
    this.offers.close();
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.toggle();
  }

  private toggle(): void {
    this.close();
    if (!this.timer.busy) void (this.timer.entry ? this.timer.stop() : this.timer.start());
  }
}
