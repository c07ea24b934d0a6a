// What happens elsewhere: the server's event stream, told to the page as `stint-<kind>` events on the body.
// After sleep, a lost network or a stopped server the stream opens anew and every part of the page looks again.
import { whoIsSignedIn } from "./whoami";

const KINDS = ["timer", "entry", "tasks", "people", "sync"] as const;
type Kind = (typeof KINDS)[number];
type Open = (url: string) => EventSource;
const ADDRESS = "/api/v1/events";
const PATIENCE = 3000; // a reload of the server is no news
const SILENCE = 40_000; // the server says something every 15 s at least
const CHECK = 5000;

class Live {
  private source?: EventSource;
  private heardAt = 0;
  private missed = false;
  private lost?: ReturnType<typeof setTimeout>;
  private again?: ReturnType<typeof setTimeout>;

  constructor(private readonly open: Open) {
    // What happens between the making of the page and its listening is told as well.
    this.connect(document.querySelector<HTMLElement>("[data-since]")?.dataset.since);
    // Only trying tells whether a network that comes or goes matters: Stint may run on this very device.
    addEventListener("offline", () => this.reconnect());
    addEventListener("online", () => this.reconnect());
    addEventListener("pagehide", () => this.disconnect());
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.reconnect();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.check();
    });
    setInterval(() => this.check(), CHECK);
  }

  /** Open a new stream; what happened meanwhile is looked up, for a new stream does not know what was heard. */
  reconnect(): void {
    this.disconnect();
    this.missed = true;
    this.connect();
  }

  private disconnect(): void {
    clearTimeout(this.again);
    this.source?.close();
    this.source = undefined;
  }

  private connect(since = ""): void {
    const source = this.open(since ? `${ADDRESS}?since=${since}` : ADDRESS);
    this.source = source;
    this.heardAt = Date.now();
    const on = (name: string, act: (event: Event) => void) =>
      source.addEventListener(name, (event) => {
        if (this.source === source) act(event);
      });
    for (const kind of KINDS)
      on(kind, (event) => {
        this.hear();
        tell(kind, JSON.parse((event as MessageEvent<string>).data));
      });
    on("beat", () => this.hear());
    on("refetch", () => {
      this.hear();
      tellAll();
    });
    on("open", () => {
      this.hear();
      if (this.missed) tellAll();
      this.missed = false;
    });
    on("error", () => void this.fail());
  }

  private hear(): void {
    this.heardAt = Date.now();
    clearTimeout(this.lost);
    this.lost = undefined;
    showOffline(false);
  }

  private async fail(): Promise<void> {
    this.lost ??= setTimeout(() => showOffline(true), navigator.onLine ? PATIENCE : 0);
    // The browser gives up for good on an answer that is no stream: a proxy's error page, or nobody signed in.
    if (this.source?.readyState !== EventSource.CLOSED) return;
    this.disconnect();
    this.again = setTimeout(() => this.reconnect(), PATIENCE);
    if ((await whoIsSignedIn()) !== "") return;
    this.hear();
    this.disconnect();
    document.body.dispatchEvent(new CustomEvent("stint-signed-out"));
  }

  /** After sleep, or where something between here and there is dead without saying so, nothing is heard. */
  private check(): void {
    if (this.source && Date.now() - this.heardAt > SILENCE) this.reconnect();
  }
}

let live: Live | undefined;

export function watchEvents(open: Open = (url) => new EventSource(url)): void {
  if (document.querySelector("[data-offline]")) live = new Live(open);
}

/** Listen anew, and have every part of the page look again. */
export function catchUp(): void {
  live?.reconnect();
}

/** Tell the page's parts that something changed; they listen on the body for `stint-<kind>`. */
export function tell(kind: Kind, detail: object): void {
  document.body.dispatchEvent(new CustomEvent(`stint-${kind}`, { detail }));
}

function tellAll(): void {
  for (const kind of KINDS) tell(kind, {});
}

function showOffline(offline: boolean): void {
  for (const note of document.querySelectorAll<HTMLElement>("[data-offline]")) note.hidden = !offline;
}
