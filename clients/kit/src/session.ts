// The end of a session loses nothing: whatever the page holds stays, a dialog leads to the sign-in in another
// window, and back here the same act works again. The server (HX-Trigger) and api.ts tell by `stint-signed-out`.
import { catchUp } from "./events";
import { whoIsSignedIn } from "./whoami";

export function installSession(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#signed-out");
  if (!dialog) return;
  const stillOut = dialog.querySelector<HTMLElement>("[data-still-out]");
  const goOn = async (asked: boolean) => {
    const user = await whoIsSignedIn();
    if (user === dialog.dataset.user) {
      dialog.close();
      catchUp();
    } else if (user) location.reload();
    else if (stillOut && asked) stillOut.hidden = false;
  };
  document.body.addEventListener("stint-signed-out", () => {
    if (dialog.open) return;
    if (stillOut) stillOut.hidden = true;
    dialog.showModal();
  });
  dialog.querySelector("[data-go-on]")?.addEventListener("click", () => void goOn(true));
  // Who comes back from the other window need not be asked whether they are back.
  addEventListener("focus", () => {
    if (dialog.open) void goOn(false);
  });
  // The Back button must not show a page to somebody else than it was made for.
  addEventListener("pageshow", async (event) => {
    const user = event.persisted ? await whoIsSignedIn() : null;
    if (user !== null && user !== dialog.dataset.user) location.reload();
  });
}
