// What the person has to know: signed out, what the queue could not do as they wished, what it did otherwise.
import { html, nothing, type TemplateResult } from "lit";
import type { Notice, OfflineQueue, Problem } from "../../kit/src/queue";
import { noticeText, problemText } from "../../kit/src/queue/texts";
import { word } from "../../kit/src/words";
import type { Book } from "./book";
import { alert } from "./icons";
import { platform } from "./platform";

export function told(queue: OfflineQueue, book: Book, timeZone: string): TemplateResult {
  const { queued, signedOut, unkept, problems, notices } = queue.state;
  const signIn = () => void platform.runtime.openOptionsPage().then(() => window.close());
  return html`<div class="told">
    ${signedOut ? note("warning", word(queued ? "signedOutKept" : "signedOut"), act("signInAgain", signIn)) : nothing}
    ${unkept ? note("error", word("queueUnkept")) : nothing}
    ${problems.map((problem) => problemNote(problem, queue, book))}
    ${notices.map((notice) =>
      note(
        "info",
        saying(notice, timeZone),
        act("understood", () => void queue.dismiss(notice.no)),
      ),
    )}
  </div>`;
}

function problemNote(problem: Problem, queue: OfflineQueue, book: Book): TemplateResult {
  const [refused] = problem.acts;
  const task = book.tasks[refused?.body.task_id ?? 0]?.path.at(-1);
  const about = refused?.body.note || task || word("noNote");
  return note(
    "error",
    `“${about}”: ${problemText(problem)}`,
    html`${act(problem.entry ? "keepMine" : "tryAgain", () => void queue.retry(problem.no))}
      ${act(problem.entry ? "takeTheirs" : "discard", () => void queue.discard(problem.no))}`,
  );
}

function saying(notice: Notice, timeZone: string): string {
  const clock = new Intl.DateTimeFormat([], { timeZone, timeStyle: "short" });
  return noticeText(notice, (instant) => clock.format(Date.parse(instant)));
}

function note(kind: string, said: string, acts: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="note note-${kind}" role="status">${alert}<span>${said}<span class="acts">${acts}</span></span></div>`;
}

function act(key: string, does: () => void): TemplateResult {
  return html`<button type="button" class="link font-semibold" @click=${does}>${word(key)}</button>`;
}
