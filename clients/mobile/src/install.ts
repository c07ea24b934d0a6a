// Putting the app on the home screen: browsers that offer it are asked when the person wishes; on an iPhone or iPad
// people do it themselves, and are told how.
type Offer = Event & { prompt(): Promise<unknown> };

let offer: Offer | undefined;

/** Whether the app runs from the home screen. */
export function installed(): boolean {
  return (
    matchMedia("(display-mode: standalone)").matches ||
    (navigator as { standalone?: boolean }).standalone === true
  );
}

/** What is to be said: "offer" where `install` works, "ios" where only the browser's own menu does. */
export function way(): "offer" | "ios" | "none" {
  if (installed()) return "none";
  if (offer) return "offer";
  return onIos(navigator) ? "ios" : "none";
}

export function onIos({
  userAgent,
  maxTouchPoints,
}: Pick<Navigator, "userAgent" | "maxTouchPoints">): boolean {
  // An iPad says that it is a Mac, which has no touch screen.
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}

export async function install(): Promise<void> {
  await offer?.prompt();
  offer = undefined;
}

export function watchInstall(changed: () => void): void {
  addEventListener("beforeinstallprompt", (event) => {
    // Not in the middle of the work: the settings offer it.
    event.preventDefault();
    offer = event as Offer;
    changed();
  });
  addEventListener("appinstalled", () => {
    offer = undefined;
    changed();
  });
}
