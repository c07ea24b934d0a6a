// How the app names a task: its colour, its own name, and where it stands.
import { dot } from "../../kit/src/picker-rows";
import { word } from "../../kit/src/words";

export { dot };

/** A path as "Website, Design": the task first, then the one above it. */
export function names(path: string[]): string {
  if (!path.length) return word("noTask");
  return [path.at(-1), path.at(-2)].filter(Boolean).join(" · ");
}
