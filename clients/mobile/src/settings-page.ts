// <phone-settings>: who is signed in, how the app looks, what is not sent yet, and how to have it on the home screen.
import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { chosenTheme } from "../../kit/src/theme";
import { word } from "../../kit/src/words";
import { icon } from "./icons";
import { install, installed, way } from "./install";
import { Part } from "./part";
import { phone } from "./phone";
import { keptHere } from "./updates";

const THEMES = { "": "themeSystem", stint: "themeLight", "stint-dark": "themeDark" } as const;

@customElement("phone-settings")
export class SettingsPage extends Part {
  override render(): TemplateResult {
    return html`
      <h1 class="page-title">${word("settings")}</h1>
      ${this.person()} ${this.home()} ${this.looks()} ${this.sending()}
      <p class="setting"><a class="btn btn-quiet w-full" href="/">${word("wholeTimesheet")}</a></p>
      ${this.signOut()}
      <p class="setting muted">Stint ${document.documentElement.dataset.version}</p>`;
  }

  private person(): TemplateResult | typeof nothing {
    const { me } = phone.book;
    if (!me) return nothing;
    return html`<section class="setting panel" aria-label=${word("person")}>
      <p class="font-medium" dir="auto">${me.name}</p>
      <p class="muted">${me.email}</p>
      <p class="muted" dir="auto">${me.account.name} · ${me.timezone.replaceAll("_", " ")}</p>
    </section>`;
  }

  private home(): TemplateResult | typeof nothing {
    const offered = way();
    if (offered === "none") return nothing;
    return html`<section class="setting panel" aria-labelledby="home-title">
      <h2 id="home-title">${word("installTitle")}</h2>
      ${
        offered === "offer"
          ? html`<p class="muted">${word("installHint")}</p>
            <button type="button" class="btn btn-primary w-full" @click=${() => install()}>${word("install")}</button>`
          : html`<p class="muted">${icon("share")} ${word("installIos")}</p>`
      }</section>`;
  }

  private looks(): TemplateResult {
    const now = chosenTheme();
    return html`<section class="setting panel" aria-labelledby="looks-title">
      <h2 id="looks-title">${word("looks")}</h2>
      <p class="themes">${Object.entries(THEMES).map(
        ([theme, name]) => html`<button type="button" class="theme-choice" data-set-theme=${theme}
          aria-pressed=${String(theme === now)}>${word(name)}</button>`,
      )}</p>
    </section>`;
  }

  private sending(): TemplateResult {
    const { queued, offline } = phone.queue.state;
    return html`<section class="setting panel" aria-labelledby="sending-title">
      <h2 id="sending-title">${word("sending")}</h2>
      <p role="status">${offline ? word("offlineNow") : word("onlineNow")}
        ${queued ? `${word("notSent")}: ${queued}.` : word("allSent")}</p>
      ${queued ? html`<button type="button" class="btn btn-quiet w-full" @click=${() => phone.queue.flush()}>${word("sendNow")}</button>` : nothing}
      <p class="muted">${keptHere() || installed() ? word("worksOffline") : word("needsHttps")}</p>
    </section>`;
  }

  private signOut(): TemplateResult {
    const { wouldLose } = phone;
    return html`<div class="setting">${
      wouldLose
        ? html`<p class="note note-warning" role="alert">${word("signOutLoses").replace("{count}", String(wouldLose))}</p>
          <button type="button" class="btn btn-error w-full" @click=${() => phone.signOut(true)}>${word("signOutNow")}</button>`
        : html`<button type="button" class="btn btn-quiet w-full" @click=${() => phone.signOut()}>${word("signOut")}</button>`
    }</div>`;
  }
}
