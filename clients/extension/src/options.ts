// The options: which server, and where else Start buttons stand.
import { word } from "../../kit/src/words";
import { ConnectForm } from "./connect-form";
import { platform } from "./platform";
import { SiteChoice } from "./site-choice";
import { speak } from "./speaking";

async function open(): Promise<void> {
  await speak();
  document.title = `Stint: ${word("options")}`;
  const version = document.createElement("p");
  version.className = "muted";
  version.textContent = `Stint ${platform.runtime.getManifest().version}`;
  document.querySelector("main")?.append(new ConnectForm(), new SiteChoice(), version);
}

void open();
