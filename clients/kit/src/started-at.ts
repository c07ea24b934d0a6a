// <stint-started-at>: when the timer began, or is to begin: minutes ago at one press, or a time as people type it,
// which the server reads. Fires `stint-started` with the instant, and closes.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, Refused } from "./api";
import { sheet } from "./sheet";
import { word } from "./words";

const MINUTES = [5, 15, 30, 60];

@customElement("stint-started-at")
export class StartedAt extends LitElement {
  static override styles = [
    sheet,
    css`
      .panel {
        width: 16rem;
        padding: 0.875rem;
        border: 1px solid var(--color-base-300);
        border-radius: var(--radius-box);
        background: var(--color-base-100);
        box-shadow: 0 12px 32px rgb(0 0 0 / 16%);
        font-size: 0.875rem;
      }
      label {
        display: block;
        margin-bottom: 0.375rem;
        font-weight: 500;
      }
      .line {
        display: flex;
        gap: 0.5rem;
      }
      input {
        flex: 1;
        min-width: 0;
        height: 2.5rem;
        padding: 0 0.625rem;
        border: 1px solid color-mix(in oklab, var(--color-base-content) 20%, var(--color-base-100));
        border-radius: var(--radius-field);
        background: var(--color-base-100);
      }
      .line button {
        padding: 0 0.875rem;
        border-radius: var(--radius-field);
        background: var(--color-primary);
        color: var(--color-primary-content);
        font-weight: 600;
      }
      .ago {
        display: grid;
        grid-template-columns: repeat(4, 1fr);
        gap: 0.375rem;
        margin-top: 0.625rem;
      }
      .ago button {
        min-height: 2.5rem;
        border-radius: var(--radius-field);
        background: var(--color-base-200);
      }
      .ago button:hover {
        background: var(--color-base-300);
      }
      .fault {
        margin: 0.5rem 0 0;
        color: var(--color-error);
      }
    `,
  ];

  /** How far the server's clock is ahead, in milliseconds. */
  @property({ type: Number }) ahead = 0;
  @state() private fault = "";

  override render(): TemplateResult {
    return html`<form class="panel" @submit=${this.submit} @keydown=${this.key}>
      <label for="at">${word("startedAt")}</label>
      <span class="line"><input id="at" autocomplete="off" spellcheck="false" placeholder="9:30" />
        <button type="submit">${word("set")}</button></span>
      ${this.fault ? html`<p class="fault" role="alert">${this.fault}</p>` : nothing}
      <span class="ago" role="group" aria-label=${word("minutesAgo")}>
        ${MINUTES.map(
          (minutes) => html`<button type="button" aria-label="${minutes} ${word("minutesAgo")}"
            @click=${() => this.tell(new Date(Date.now() + this.ahead - minutes * 60_000).toISOString())}>−${minutes}</button>`,
        )}
      </span>
    </form>`;
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.tell(null);
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const text = this.renderRoot.querySelector("input")?.value ?? "";
    try {
      const typed = await call("GET", "/times", { query: { text } });
      this.tell(typed.instant);
    } catch (fault) {
      this.fault = fault instanceof Refused ? fault.message : word("failed");
    }
  }

  private tell(start: string | null): void {
    this.dispatchEvent(new CustomEvent("stint-started", { detail: start }));
  }
}
