// The service worker: keeps the app on the phone, so that it opens without a network. The server puts `KEPT` before
// this script: what to keep, under a version that changes with any of it. Nothing of a person is in here.

interface Kept {
  version: string;
  /** The address of the app's page, the same for everybody. */
  shell: string;
  files: string[];
}
// TypeScript's own types of a worker cannot stand beside those of a page.
type Waiting = Event & { waitUntil(done: Promise<unknown>): void };
type Fetching = Event & { request: Request; respondWith(answer: Promise<Response>): void };
type WorkerOfApp = {
  KEPT: Kept;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", act: (event: Waiting) => void): void;
  addEventListener(kind: "fetch", act: (event: Fetching) => void): void;
  addEventListener(kind: "message", act: (event: MessageEvent<string>) => void): void;
};

const worker = self as unknown as WorkerOfApp;
const { version, shell, files } = worker.KEPT;
const PREFIX = "stint-app-";
const CACHE = PREFIX + version;
const APP = "/m";

worker.addEventListener("install", (event) => event.waitUntil(keep()));
worker.addEventListener("activate", (event) =>
  event.waitUntil(forgetOthers().then(() => worker.clients.claim())),
);
// A page that says so has the new version at once; else it waits until the app was closed.
worker.addEventListener("message", (event) => {
  if (event.data === "take-over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const address = keptAs(event.request);
  if (address) event.respondWith(answer(address, event.request));
});

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(shell, { cache: "reload" }), ...files]);
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Under which address an answer to the request is kept, if it is. */
function keptAs(request: Request): string | undefined {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return undefined;
  if (request.mode === "navigate") return pathname === APP ? shell : undefined;
  return files.includes(pathname) ? pathname : undefined;
}

async function answer(address: string, request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(address);
  return kept ?? fetch(request);
}
