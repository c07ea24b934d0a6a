// The words of the extension: written with the server's (src/stint/web/extension_words.py), bundled as JSON.
import { useWords } from "../../kit/src/words";
import { platform } from "./platform";

const LANGUAGES = ["en", "de"];

export async function speak(): Promise<void> {
  const [wanted = ""] = platform.i18n.getUILanguage().split("-");
  const language = LANGUAGES.includes(wanted) ? wanted : "en";
  const answer = await fetch(platform.runtime.getURL(`words/${language}.json`));
  useWords((await answer.json()) as Record<string, string>);
  if (globalThis.document) document.documentElement.lang = language;
}
