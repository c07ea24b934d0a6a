// What the components say comes with the page, in the reader's language; see src/stint/web/words.py.
let words: Record<string, string> | undefined;

export function word(key: string): string {
  words ??= JSON.parse(document.getElementById("words")?.textContent || "{}") as Record<string, string>;
  return words[key] ?? key;
}
