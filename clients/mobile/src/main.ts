// The phone app. It opens from what the phone keeps of it (sw.ts) and of the person (kept.ts, the queue).
import { installTheme } from "../../kit/src/theme";
import "./phone.css";
import "./app";

installTheme();

// What the phone draws around the app follows a theme that was chosen here.
const frames = [...document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")];
const own = frames.map((frame) => frame.content);
new MutationObserver(colorFrames).observe(document.documentElement, { attributeFilter: ["data-theme"] });
colorFrames();

function colorFrames(): void {
  const chosen = document.documentElement.dataset.theme && getComputedStyle(document.body).backgroundColor;
  for (const [at, frame] of frames.entries()) frame.content = chosen || (own[at] ?? "");
}
