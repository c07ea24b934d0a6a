// What is typed in the popup before a start: a popup closes at any click beside it, and must not lose that.
import { platform } from "./platform";

const DRAFT = "draft";

export async function keptDraft<T>(): Promise<T | undefined> {
  return ((await platform.storage.session.get(DRAFT))[DRAFT] as T | null | undefined) ?? undefined;
}

export function keepDraft(draft: unknown): void {
  void platform.storage.session.set({ [DRAFT]: draft });
}
