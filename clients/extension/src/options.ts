// The options: which server, and where else Start buttons stand.
import { word } from "../../kit/src/words";
import { ConnectForm } from "./connect-form";
import { SiteChoice } from "./site-choice";
import { speak } from "./speaking";

async function open(): Promise<void> {
  await speak();
  document.title = `Stint: ${word("options")}`;
  document.querySelector("main")?.append(new ConnectForm(), new SiteChoice());
}

void open();
