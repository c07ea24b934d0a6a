// What the components say comes with the page, in the reader's language; see src/stint/web/words.py. Programs that are
// no page of the server bring their own by `useWords`.
let words: Record<string, string> | undefined;

export function useWords(other: Record<string, string>): void {
  words = other;
}

export function word(key: string): string {
  words ??= JSON.parse(globalThis.document?.getElementById("words")?.textContent || "{}") as Record<
    string,
    string
  >;
  return words[key] ?? key;
}
