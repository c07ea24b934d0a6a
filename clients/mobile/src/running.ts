// <phone-running>: what runs, always at the thumb: what it is, how long, and Stop.
import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { duration } from "../../kit/src/clock";
import { word } from "../../kit/src/words";
import { icon } from "./icons";
import { Part } from "./part";
import { phone } from "./phone";
import { dot, names } from "./task-name";

@customElement("phone-running")
export class Running extends Part {
  override render(): TemplateResult | typeof nothing {
    const entry = phone.running;
    if (!entry) return nothing;
    const { path, color } = phone.book.look(entry.task_id);
    return html`<section class="running" aria-label=${word("running")}>
      <button type="button" class="what" @click=${() => phone.open({ kind: "edit", entry })}>
        <span class="cut font-medium" dir="auto">${entry.note || path.at(-1) || word("noNote")}</span>
        <span class="about muted">${dot(path.length > 0, color)}<span class="cut" dir="auto">${names(path)}</span></span>
      </button>
      <span class="elapsed" role="timer" aria-label=${word("elapsed")}>${duration(phone.secondsIn(entry) * 1000)}</span>
      <button type="button" class="stop" aria-label=${word("stop")} @click=${() => phone.stop()}>${icon("stop", 26)}</button>
    </section>`;
  }
}
