// What happens elsewhere: the server's event stream, told to the page as `stint-<kind>` events on the body.
const KINDS = ["timer", "entry", "tasks", "sync"] as const;
type Kind = (typeof KINDS)[number];
const ADDRESS = "/api/v1/events";
const PATIENCE = 3000; // a reload of the server is no news

export function watchEvents(open: (url: string) => EventSource = (url) => new EventSource(url)): void {
  if (!document.querySelector("[data-offline]")) return;
  let source = open(ADDRESS);
  let lost: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    for (const kind of KINDS)
      source.addEventListener(kind, (event) => tell(kind, JSON.parse((event as MessageEvent).data)));
    source.addEventListener("refetch", () => {
      for (const kind of KINDS) tell(kind, {});
    });
    source.addEventListener("open", () => {
      clearTimeout(lost);
      lost = undefined;
      showOffline(false);
    });
    source.addEventListener("error", () => {
      lost ??= setTimeout(() => showOffline(true), PATIENCE);
      // The browser gives up for good on an answer that is no stream, such as a proxy's error page.
      if (source.readyState === source.CLOSED)
        setTimeout(() => {
          source = open(ADDRESS);
          listen();
        }, PATIENCE);
    });
  };
  listen();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

/** Tell the page's parts that something changed; they listen on the body for `stint-<kind>`. */
export function tell(kind: Kind, detail: object): void {
  document.body.dispatchEvent(new CustomEvent(`stint-${kind}`, { detail }));
}

function showOffline(offline: boolean): void {
  for (const note of document.querySelectorAll<HTMLElement>("[data-offline]")) note.hidden = !offline;
}
