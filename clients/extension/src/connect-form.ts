// <stint-connect>: connects the extension with a server by a sign-in or a token, and parts it again.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { OfflineQueue } from "../../kit/src/queue";
import { word } from "../../kit/src/words";
import {
  addressFrom,
  answered,
  begin,
  byToken,
  CONNECTION,
  type Connection,
  connect,
  connection,
  disconnect,
  type Waiting,
} from "./connection";
import { queueOf } from "./desk";
import { alert } from "./icons";
import { hostsOf, platform, watch } from "./platform";

@customElement("stint-connect")
export class ConnectForm extends LitElement {
  @state() private made?: Connection;
  @state() private waiting?: Waiting;
  @state() private fault = "";
  @state() private busy = false;
  private queue?: OfflineQueue;
  private poll?: ReturnType<typeof setTimeout>;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void connection().then((made) => this.belong(made));
    watch<Connection>(CONNECTION, (made) => this.belong(made));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.poll);
  }

  private belong(made?: Connection): void {
    this.made = made;
    this.queue = made && queueOf(made);
    this.queue?.subscribe(() => this.requestUpdate());
    void this.queue?.open();
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="server">
      <h2 id="server">${word("server")}</h2>
      ${this.waiting ? this.code(this.waiting) : this.made && !this.queue?.state.signedOut ? this.connected(this.made) : this.form()}
    </section>`;
  }

  private connected({ address, person }: Connection): TemplateResult {
    return html`<p role="status">${word("connectedTo")} <a class="link" href=${address}>${address}</a><br />
        <strong>${person.name}</strong> <span class="muted">${person.email} · ${person.account.name}</span></p>
      ${this.unsent()}
      <button type="button" class="btn btn-quiet" @click=${() => void this.leave()}>${word("disconnect")}</button>`;
  }

  private form(): TemplateResult {
    const again = this.made !== undefined;
    return html`
      ${again ? html`<p class="note note-warning">${alert}<span>${word("signedOut")}</span></p>` : html`<p class="muted">${word("connectHint")}</p>`}
      ${again ? this.unsent() : nothing}
      <form @submit=${this.signIn} novalidate>
        <label for="address">${word("address")}</label>
        <input id="address" class="input" type="url" inputmode="url" autocomplete="url" spellcheck="false" required
          placeholder="https://stint.example.com" .value=${this.made?.address ?? ""} aria-invalid=${this.fault ? "true" : nothing}
          aria-describedby=${this.fault ? "fault" : nothing} />
        ${this.fault ? html`<p id="fault" class="fault" role="alert">${this.fault}</p>` : nothing}
        <button class="btn btn-primary" ?disabled=${this.busy}>${word(again ? "signInAgain" : "connect")}</button>
        <details>
          <summary>${word("useToken")}</summary>
          <div class="token">
            <p class="muted">${word("tokenHint")}</p>
            <label for="token">${word("token")}</label>
            <input id="token" class="input" type="password" autocomplete="off" spellcheck="false" placeholder="stint_…" />
            <button type="button" class="btn btn-quiet" ?disabled=${this.busy} @click=${this.takeToken}>${word("connectByToken")}</button>
          </div>
        </details>
      </form>`;
  }

  private code({ code, page }: Waiting): TemplateResult {
    return html`<div role="status">
        <p>${word("compareCode")}</p>
        <p class="code">${code}</p>
      </div>
      <p class="acts"><button type="button" class="btn btn-primary" @click=${() => void platform.tabs.create({ url: page })}>${word("openAgain")}</button>
      <button type="button" class="btn btn-quiet" @click=${() => this.stopWaiting()}>${word("cancel")}</button></p>`;
  }

  private unsent(): TemplateResult | typeof nothing {
    const count = this.queue?.state.queued ?? 0;
    return count ? html`<p class="muted">${word("keptHere").replace("{count}", String(count))}</p>` : nothing;
  }

  private signIn(event: Event): void {
    event.preventDefault();
    void this.attempt(async (address) => {
      this.waiting = await begin(address);
      await platform.tabs.create({ url: this.waiting.page });
      this.ask(this.waiting);
    });
  }

  private takeToken(): void {
    const token = this.querySelector<HTMLInputElement>("#token")?.value ?? "";
    void this.attempt(async (address) => {
      if (!token.trim()) throw new Error(word("tokenMissing"));
      await connect(await byToken(address, token));
    });
  }

  /** Do something with the server of the address that was typed, once the browser may reach it; show what is wrong. */
  private async attempt(act: (address: string) => Promise<void>): Promise<void> {
    this.fault = "";
    this.busy = true;
    try {
      const address = addressFrom(this.querySelector<HTMLInputElement>("#address")?.value ?? "");
      // The browser asks the person only while it answers their click: nothing may be awaited before.
      if (!(await platform.permissions.request({ origins: [hostsOf(address)] })))
        throw new Error(word("notPermitted"));
      await act(address);
    } catch (fault) {
      this.fault = (fault as Error).message;
    } finally {
      this.busy = false;
    }
  }

  /** Ask until somebody has answered on the page of the server. */
  private ask(waiting: Waiting): void {
    this.poll = setTimeout(async () => {
      try {
        const made = await answered(waiting);
        if (this.waiting !== waiting) return;
        if (!made) return this.ask(waiting);
        this.stopWaiting();
        await connect(made);
      } catch (fault) {
        this.stopWaiting();
        this.fault = (fault as Error).message;
      }
    }, waiting.interval * 1000);
  }

  private stopWaiting(): void {
    clearTimeout(this.poll);
    this.waiting = undefined;
  }

  private async leave(): Promise<void> {
    if (this.made) await disconnect(this.made);
  }
}
