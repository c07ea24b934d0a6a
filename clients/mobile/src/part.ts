// What the app's parts have in common: they are drawn into the page itself, and anew when the app's state changes.
import { LitElement } from "lit";
import { phone } from "./phone";

export abstract class Part extends LitElement {
  private leave?: () => void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.leave = phone.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave?.();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
