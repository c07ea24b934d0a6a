// <phone-told>: what the person has to know: no network, signed out, a new version, what the queue could not do as they
// wished. What asks for an answer stays until it has one.
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Notice, Problem } from "../../kit/src/queue";
import { noticeText, problemText } from "../../kit/src/queue/texts";
import { word } from "../../kit/src/words";
import { icon } from "./icons";
import { Part } from "./part";
import { phone } from "./phone";
import { update } from "./updates";

@customElement("phone-told")
export class Told extends Part {
  /** A new version of the app waits. */
  @property({ type: Boolean }) newer = false;

  override render(): TemplateResult {
    const { offline, queued, unkept, notices, problems, signedOut } = phone.queue.state;
    return html`<div role="status" class="told">
      ${this.newer ? note("info", word("newVersion"), html`<button type="button" class="link" @click=${update}>${word("updateNow")}</button>`) : nothing}
      ${
        signedOut || phone.signedOut
          ? note(
              "warning",
              word(queued ? "signedOutKept" : "signedOut"),
              html`<a class="link" href="/login?next=/m">${word("signIn")}</a>`,
            )
          : nothing
      }
      ${offline ? note("warning", queued ? `${word("offlineNow")} ${word("notSent")}: ${queued}.` : word("offlineNow")) : nothing}
      ${unkept ? note("error", word("queueUnkept")) : nothing}
      ${problems.map((problem) => this.problem(problem))}
      ${notices.map((notice) => this.notice(notice))}
    </div>`;
  }

  private notice(notice: Notice): TemplateResult {
    const said = noticeText(notice, (instant) => phone.book.zone.clock(Date.parse(instant)));
    const read = () => phone.queue.dismiss(notice.no);
    return note(
      "info",
      said,
      html`<button type="button" class="link" @click=${read}>${word("understood")}</button>`,
    );
  }

  private problem(problem: Problem): TemplateResult {
    const act = problem.acts[0];
    const about = act?.body.note || phone.book.look(act?.body.task_id ?? null).path.at(-1) || word("noNote");
    return note(
      "error",
      `“${about}”: ${problemText(problem)}`,
      html`<button type="button" class="link" @click=${() => phone.queue.retry(problem.no)}>${word(problem.entry ? "keepMine" : "tryAgain")}</button>
        <button type="button" class="link" @click=${() => phone.queue.discard(problem.no)}>${word(problem.entry ? "takeTheirs" : "discard")}</button>`,
    );
  }
}

function note(kind: string, said: string, acts: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<p class="note note-${kind}">${icon("alert")}<span>${said}</span><span class="note-acts">${acts}</span></p>`;
}
