// What the queue tells, as sentences in the reader's language.
import { word } from "../words";
import type { Notice, Problem } from "./state";

/** A notice as a sentence; `time` writes an instant as the reader's clock shows it. */
export function noticeText(notice: Notice, time: (instant: string) => string): string {
  const kind = notice.kind[0]?.toUpperCase() + notice.kind.slice(1);
  return filled(`queue${kind}`, { time: notice.end ? time(notice.end) : "", detail: notice.detail ?? "" });
}

export function problemText(problem: Problem): string {
  return problem.entry ? word("queueConflict") : filled("queueRefused", { detail: problem.detail });
}

function filled(key: string, values: { time?: string; detail?: string }): string {
  return word(key).replace(/\$(time|detail)/g, (_, name: "time" | "detail") => values[name] ?? "");
}
