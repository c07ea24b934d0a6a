// The service worker as the app's page sees it: registers it, and tells when a new version is ready to take over.
const HOURLY = 60 * 60 * 1000;

let waiting: ServiceWorker | null = null;

/** Register, and call `ready` when a new version waits for `update`. */
export async function watchUpdates(ready: () => void): Promise<void> {
  // Only by https or on the phone itself do browsers have service workers.
  if (!("serviceWorker" in navigator)) return;
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled || waiting) location.reload();
  });
  const look = (registration: ServiceWorkerRegistration) => {
    if (!registration.waiting || !registration.active) return;
    waiting = registration.waiting;
    ready();
  };
  try {
    // Its pages are the app's alone: the rest of Stint asks the server as ever.
    const registration = await navigator.serviceWorker.register("/sw.js", {
      scope: "/m",
      updateViaCache: "none",
    });
    look(registration);
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", () => look(registration));
    });
    setInterval(() => void registration.update().catch(() => undefined), HOURLY);
  } catch {
    // Without it the app works as long as there is a network; the settings say so.
  }
}

/** Let the new version take over; the page loads anew once it has. */
export function update(): void {
  waiting?.postMessage("take-over");
}

/** Whether the app would open without a network. */
export function keptHere(): boolean {
  return "serviceWorker" in navigator && navigator.serviceWorker.controller !== null;
}
