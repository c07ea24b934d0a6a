// <stint-sites>: on which pages of issues Start buttons stand; each is asked of the browser when it is switched on.
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { word } from "../../kit/src/words";
import { addressFrom } from "./connection";
import { hostsOf, platform, watch } from "./platform";
import { KNOWN, SITES, wantedSites, wantSite } from "./sites";

@customElement("stint-sites")
export class SiteChoice extends LitElement {
  @state() private wanted: string[] = [];
  @state() private fault = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void wantedSites().then((sites) => {
      this.wanted = sites;
    });
    watch<string[]>(SITES, (sites) => {
      this.wanted = sites ?? [];
    });
  }

  override render(): TemplateResult {
    const known = Object.values(KNOWN);
    const own = this.wanted.filter((hosts) => !known.some((site) => site.hosts === hosts));
    return html`<section class="panel" aria-labelledby="sites">
      <h2 id="sites">${word("startButtons")}</h2>
      <p class="muted">${word("startButtonsHint")}</p>
      <ul>${[...known, ...own.map((hosts) => ({ name: nameOf(hosts), hosts }))].map(
        ({ name, hosts }) => html`<li><label class="choice">
          <input type="checkbox" class="toggle" .checked=${this.wanted.includes(hosts)} @change=${(event: Event) => void this.choose(hosts, event)} />
          <span>${name}</span></label></li>`,
      )}</ul>
      <form @submit=${this.add} novalidate>
        <label for="site">${word("ownSite")}</label>
        <div class="row"><input id="site" class="input" type="url" placeholder="https://gitlab.example.com" spellcheck="false"
          aria-invalid=${this.fault ? "true" : nothing} aria-describedby=${this.fault ? "site-fault" : nothing} />
        <button class="btn btn-quiet">${word("addSite")}</button></div>
        ${this.fault ? html`<p id="site-fault" class="fault" role="alert">${this.fault}</p>` : nothing}
      </form>
    </section>`;
  }

  private async choose(hosts: string, event: Event): Promise<void> {
    const box = event.target as HTMLInputElement;
    this.fault = "";
    if (box.checked) box.checked = await this.allow(hosts);
    else await wantSite(hosts, false);
  }

  private async allow(hosts: string): Promise<boolean> {
    const allowed = await platform.permissions.request({ origins: [hosts] });
    if (allowed) await wantSite(hosts, true);
    else this.fault = word("notPermitted");
    return allowed;
  }

  private async add(event: Event): Promise<void> {
    event.preventDefault();
    const field = this.querySelector<HTMLInputElement>("#site");
    this.fault = "";
    try {
      if (await this.allow(hostsOf(addressFrom(field?.value ?? "")))) if (field) field.value = "";
    } catch (fault) {
      this.fault = (fault as Error).message;
    }
  }
}

function nameOf(hosts: string): string {
  return new URL(hosts.replace("/*", "")).hostname;
}
