// What is typed in the popup and not yet sent: a popup closes at any click beside it, and must not lose that.
import { platform } from "./platform";

/** Of the timer that is being prepared, or the note of the one that runs. */
type Kind = "next" | "running";

export async function keptDraft<T>(kind: Kind): Promise<T | undefined> {
  const key = `draft ${kind}`;
  return ((await platform.storage.session.get(key))[key] as T | null | undefined) ?? undefined;
}

export function keepDraft(kind: Kind, draft: object | null): void {
  void platform.storage.session.set({ [`draft ${kind}`]: draft });
}
