// <stint-tags>: tags as chips with a field for one more, which offers those used before. Fires `stint-tags` with
// all of them. Inside a form a hidden field in it takes them, separated by commas; its value is what it begins with.
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call } from "./api";
import { sheet } from "./sheet";
import { word } from "./words";

const OFFERED = 8;

@customElement("stint-tags")
export class TagsInput extends LitElement {
  static override styles = [
    sheet,
    css`
      :host {
        position: relative;
      }
      .field {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem;
        min-height: 2.5rem;
        padding: 0.25rem 0.5rem;
        border: 1px solid color-mix(in oklab, var(--color-base-content) 20%, var(--color-base-100));
        border-radius: var(--radius-field);
        background: var(--color-base-100);
      }
      .field:focus-within {
        outline: 2px solid var(--color-primary);
        outline-offset: 1px;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 0.125rem;
        max-width: 12rem;
        padding-left: 0.5rem;
        border-radius: var(--radius-selector);
        background: var(--color-base-300);
        font-size: 0.8125rem;
      }
      .chip button {
        display: grid;
        place-items: center;
        width: 1.5rem;
        height: 1.5rem;
        border-radius: var(--radius-selector);
      }
      input {
        flex: 1 1 5rem;
        min-width: 4rem;
        height: 1.75rem;
        padding: 0 0.25rem;
        border: 0;
        background: none;
        outline: none;
      }
      ul {
        position: absolute;
        z-index: 45;
        top: calc(100% + 0.25rem);
        left: 0;
        right: 0;
        max-height: 14rem;
        margin: 0;
        padding: 0.375rem;
        overflow-y: auto;
        list-style: none;
        border: 1px solid var(--color-base-300);
        border-radius: var(--radius-box);
        background: var(--color-base-100);
        box-shadow: 0 12px 32px rgb(0 0 0 / 16%);
      }
      li {
        min-height: 2.25rem;
        padding: 0.375rem 0.5rem;
        border-radius: var(--radius-field);
        cursor: pointer;
      }
      li[data-active],
      li:hover {
        background: var(--color-base-200);
      }
    `,
  ];

  @property({ attribute: false }) tags: string[] = [];
  @state() private typed = "";
  @state() private offered: string[] = [];
  @state() private active = -1;
  private asking?: AbortController;

  override connectedCallback(): void {
    super.connectedCallback();
    const given = this.hiddenField?.value ?? "";
    if (given) this.tags = split(given);
  }

  override render(): TemplateResult {
    return html`
      <div class="field" part="box" @click=${() => this.focus()}>
        ${this.tags.map(
          (tag) => html`<span class="chip"><span class="cut" dir="auto">${tag}</span>
            <button type="button" aria-label="${word("removeTag")} ${tag}" @click=${() => this.drop(tag)}>
              <svg width="14" height="14" viewBox="0 0 24 24" aria-hidden="true"><path d="m6 6 12 12M18 6 6 18" /></svg>
            </button></span>`,
        )}
        <input role="combobox" aria-expanded=${this.offered.length > 0} aria-controls="offered" aria-autocomplete="list"
          aria-activedescendant=${this.active >= 0 ? `tag-${this.active}` : nothing} aria-label=${word("tags")}
          placeholder=${this.tags.length ? "" : word("addTag")} autocomplete="off" maxlength="190" .value=${this.typed}
          @input=${this.type} @keydown=${this.key} @focus=${() => void this.ask()} @blur=${this.leave} />
      </div>
      <ul id="offered" role="listbox" aria-label=${word("tags")} ?hidden=${this.offered.length === 0}
        @pointerdown=${(event: Event) => event.preventDefault()}>
        ${this.offered.map(
          (tag, index) => html`<li id="tag-${index}" role="option" aria-selected=${index === this.active}
            ?data-active=${index === this.active} class="cut" dir="auto" @click=${() => this.add(tag)}>${tag}</li>`,
        )}
      </ul>`;
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  private get hiddenField(): HTMLInputElement | null {
    return this.querySelector("input");
  }

  private type(event: Event): void {
    this.typed = (event.target as HTMLInputElement).value;
    if (this.typed.includes(",")) this.add(...split(this.typed));
    else void this.ask();
  }

  private key(event: KeyboardEvent): void {
    const last = this.offered.length - 1;
    const chosen = this.offered[this.active];
    const acts: Record<string, (() => void) | false> = {
      ArrowDown: last >= 0 && (() => this.move(Math.min(last, this.active + 1))),
      ArrowUp: last >= 0 && (() => this.move(Math.max(-1, this.active - 1))),
      Enter: Boolean(chosen || this.typed.trim()) && (() => this.add(chosen ?? this.typed)),
      Escape: last >= 0 && (() => this.close()),
      Backspace: !this.typed && this.tags.length > 0 && (() => this.drop(this.tags.at(-1) as string)),
    };
    const act = acts[event.key];
    if (!act || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  private move(index: number): void {
    this.active = index;
  }

  private add(...tags: string[]): void {
    const kept = [...new Set([...this.tags, ...tags.map((tag) => tag.trim()).filter(Boolean)])];
    this.typed = "";
    this.close();
    if (kept.length !== this.tags.length) this.set(kept);
  }

  private drop(tag: string): void {
    this.set(this.tags.filter((each) => each !== tag));
    this.focus();
  }

  private set(tags: string[]): void {
    this.tags = tags;
    if (this.hiddenField) this.hiddenField.value = tags.join(", ");
    this.dispatchEvent(new CustomEvent("stint-tags", { detail: tags, bubbles: true, composed: true }));
  }

  private leave(): void {
    if (this.typed.trim()) this.add(this.typed);
    else this.close();
  }

  private close(): void {
    this.asking?.abort();
    this.offered = [];
    this.active = -1;
  }

  private async ask(): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const query = { q: this.typed.trim(), limit: OFFERED + this.tags.length };
    try {
      const page = await call("GET", "/tags", { query, signal: asking.signal });
      this.offered = page.items.filter((tag) => !this.tags.includes(tag)).slice(0, OFFERED);
      this.active = -1;
    } catch {
      this.offered = []; // without suggestions a tag can still be typed
    }
  }
}

function split(text: string): string[] {
  return text
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
}
