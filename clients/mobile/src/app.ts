// <stint-phone>: the app: the page on top, and at the thumb what runs, Add, Start and the way to the other pages.
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { watchEvents } from "../../kit/src/events";
import { word } from "../../kit/src/words";
import { icon } from "./icons";
import { watchInstall } from "./install";
import { Part } from "./part";
import { HOUR, phone } from "./phone";
import { watchUpdates } from "./updates";
import "./day-page";
import "./running";
import "./settings-page";
import "./task-sheet";
import "./tasks-page";
import "./told";

const SECOND = 1000;
const DAY = /^#(\d{4}-\d\d-\d\d)$/;
type Page = "day" | "tasks" | "settings";

@customElement("stint-phone")
export class App extends Part {
  @state() private hash = location.hash;
  @state() private newer = false;

  override connectedCallback(): void {
    this.replaceChildren();
    super.connectedCallback();
    addEventListener("hashchange", () => {
      this.hash = location.hash;
      this.querySelector("main")?.scrollTo(0, 0);
    });
    watchInstall(() => phone.beat());
    void watchUpdates(() => {
      this.newer = true;
    });
    void this.begin();
  }

  private async begin(): Promise<void> {
    const wanted = new URLSearchParams(location.search).get("do");
    if (wanted) history.replaceState(null, "", location.pathname + location.hash);
    const begun = phone.begin(() => void phone.shortcut(wanted));
    this.tick();
    await begun;
    this.listen();
  }

  /** Follow what happens elsewhere. */
  private listen(): void {
    const on = (name: string, act: (told: object) => unknown) =>
      document.body.addEventListener(
        `stint-${name}`,
        (event) => void act((event as CustomEvent).detail ?? {}),
      );
    on("timer", () => phone.queue.refresh());
    on("entry", () => phone.book.readWeeks());
    // An event without an instant only says that the stream was away for a while.
    on("tasks", (told) => phone.tasksChanged("at" in told ? 0 : HOUR));
    on("signed-out", () => phone.leave());
    watchEvents();
    // The stream is the first to know that the network went or came.
    const lost = this.querySelector("[data-offline]");
    if (lost) new MutationObserver(() => void phone.queue.refresh()).observe(lost, { attributes: true });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void phone.queue.refresh();
    });
  }

  /** What runs is counted by the second. */
  private tick(): void {
    if (phone.running && !document.hidden) phone.beat();
    setTimeout(() => this.tick(), SECOND - (Date.now() % SECOND));
  }

  override render(): TemplateResult {
    const { page } = this;
    const { sheet } = phone;
    return html`
      <span data-offline hidden></span>
      <main id="main" class="page page-${page}">
        <phone-told ?newer=${this.newer}></phone-told>
        ${phone.book.me ? this.content(page) : this.opening()}
      </main>
      <div class="dock">
        <div id="notices" class="notices" role="status" aria-live="polite"></div>
        <phone-running></phone-running>
        ${page === "day" && phone.book.me ? this.acts() : nothing}
        ${this.ways(page)}
      </div>
      ${sheet ? keyed(sheet, html`<phone-sheet .sheet=${sheet}></phone-sheet>`) : nothing}`;
  }

  private get page(): Page {
    return this.hash === "#tasks" ? "tasks" : this.hash === "#settings" ? "settings" : "day";
  }

  private get day(): string {
    return DAY.exec(this.hash)?.[1] ?? phone.book.today;
  }

  private content(page: Page): TemplateResult {
    if (page === "tasks") return html`<phone-tasks></phone-tasks>`;
    if (page === "settings") return html`<phone-settings></phone-settings>`;
    return html`<phone-day .day=${this.day}></phone-day>`;
  }

  private opening(): TemplateResult {
    if (!phone.unreachable) return html`<p class="empty muted" role="status">${word("loading")}</p>`;
    return html`<div class="empty"><p role="status">${word("unreachable")}</p>
      <button type="button" class="btn btn-primary" @click=${() => location.reload()}>${word("tryAgain")}</button></div>`;
  }

  private acts(): TemplateResult {
    return html`<p class="acts">
      <button type="button" class="big btn btn-quiet" @click=${() => phone.open({ kind: "add", day: this.day })}>${icon("plus", 22)} ${word("add")}</button>
      <button type="button" class="big btn btn-primary" @click=${() => phone.open({ kind: "start" })}>${icon("play", 22)} ${word("start")}</button>
    </p>`;
  }

  private ways(page: Page): TemplateResult {
    const way = (to: Page, hash: string, name: "clock" | "tree" | "settings", label: string) =>
      html`<li><a href=${hash} class="tab-place" aria-current=${page === to ? "page" : nothing}>${icon(name, 22)}<span>${label}</span></a></li>`;
    return html`<nav aria-label=${word("pages")}><ul class="ways">
      ${way("day", "#", "clock", word("timesheet"))}
      ${way("tasks", "#tasks", "tree", word("tasks"))}
      ${way("settings", "#settings", "settings", word("settings"))}
    </ul></nav>`;
  }
}
