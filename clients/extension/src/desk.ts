// The work behind the toolbar of somebody who is connected: the queue, the event stream, the book, the badge.
import { exchange, useServer } from "../../kit/src/api";
import { type Draft, extensionStore, OfflineQueue, type Transport } from "../../kit/src/queue";
import { badgeOf, type State, untilNext } from "./badge";
import { BOOK, type Book, emptyBook, readBook, renewed } from "./book";
import { type Connection, ownerOf } from "./connection";
import { keep, platform, watch } from "./platform";
import { Stream } from "./stream";

const PAUSE = 100; // milliseconds; events come in groups: one act is told as `timer` and as `entry`
const BOOK_PAUSE = 3000;

let served = "";

/** The queue of a connection, for whichever part of the extension; all of them share what is kept. */
export function queueOf(connection: Connection): OfflineQueue {
  const { address, token, person } = connection;
  const owner = ownerOf(connection);
  useServer({ address, token, client: "extension", user: person.id, signedOut: () => undefined });
  served = owner;
  // What waits for one server must never be sent to the next one.
  const transport: Transport = async (request) => (served === owner ? exchange(request) : { status: 401 });
  return new OfflineQueue(extensionStore(owner, platform.storage.local), transport);
}

export class Desk {
  readonly queue: OfflineQueue;
  private readonly stream: Stream;
  private book = emptyBook();
  private queued = 0;
  private closed = false;
  private next?: ReturnType<typeof setTimeout>;
  private pause?: ReturnType<typeof setTimeout>;
  private later?: ReturnType<typeof setTimeout>;
  private renewedAt = 0;

  constructor(
    readonly connection: Connection,
    private readonly changed: () => void,
  ) {
    this.queue = queueOf(connection);
    this.queue.subscribe((shown) => this.show(shown.queued));
    watch<Book>(BOOK, (book) => {
      this.book = book ?? emptyBook();
      this.paint();
    });
    this.stream = new Stream(connection, {
      opened: () => this.look(),
      heard: ({ name }) => {
        if (["timer", "entry", "tasks", "refetch"].includes(name)) this.look();
      },
      // A call of the browser's own keeps a service worker awake, and with it the stream.
      beat: () => void platform.runtime.getPlatformInfo(),
      lost: () => void this.queue.refresh(),
      refused: () => void this.queue.refresh(),
    });
  }

  async open(): Promise<void> {
    this.book = await readBook();
    await this.queue.open();
    this.paint();
  }

  close(): void {
    this.closed = true;
    this.stream.close();
    clearTimeout(this.next);
    clearTimeout(this.pause);
    clearTimeout(this.later);
  }

  /** What runs and the name of its task. */
  get running(): { start: string; note: string; task: string } | null {
    const { entry } = this.queue.state;
    const task = this.book.tasks[entry?.task_id ?? 0]?.path.at(-1) ?? "";
    return entry && { start: entry.start, note: entry.note, task };
  }

  async start(draft: Draft): Promise<void> {
    await this.queue.start(draft);
  }

  /** Stop what runs; where nothing does, go on with what was done last. */
  async toggle(): Promise<void> {
    if (this.queue.state.entry) return this.queue.stop();
    const [last] = this.book.recent;
    await this.start(
      last ? { note: last.note, task_id: last.task_id, tags: last.tags, billable: last.billable } : {},
    );
  }

  /** Ask the server what there is, once for several reasons that come together. */
  look(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.read(), PAUSE);
  }

  /** After a while that may have been spent asleep. */
  wake(): void {
    if (this.stream.open) return;
    this.stream.hurry();
    this.look();
  }

  private async read(): Promise<void> {
    await this.queue.refresh();
    const { entry } = this.queue.state;
    const unknown = entry?.task_id && !this.book.tasks[entry.task_id];
    // Who manages hears of everybody's time: what runs is asked for each time, the rest now and then.
    const wait = unknown ? 0 : Math.max(0, this.renewedAt + BOOK_PAUSE - Date.now());
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.renew(), wait);
  }

  private async renew(): Promise<void> {
    const { entry, ahead, offline, signedOut } = this.queue.state;
    if (offline || signedOut || this.closed) return;
    this.renewedAt = Date.now();
    try {
      const zone = this.connection.person.timezone;
      const book = await renewed(this.book, zone, entry?.task_id ?? null, Date.now() + ahead);
      if (!this.closed) await keep(BOOK, book);
    } catch {
      // The next event or alarm asks again.
    }
  }

  private show(queued: number): void {
    // A popup that was closed leaves what it did to us.
    if (queued > this.queued) void this.queue.flush();
    if (queued < this.queued) this.look();
    this.queued = queued;
    this.paint();
  }

  private paint(): void {
    if (this.closed) return;
    const { entry, ahead, queued, offline, signedOut } = this.queue.state;
    const now = Date.now() + ahead;
    const state: State = { connected: true, running: entry && this.running, now, queued, offline, signedOut };
    void showBadge(state);
    clearTimeout(this.next);
    this.next = setTimeout(() => this.paint(), untilNext(state) + 20);
    this.changed();
  }
}

export async function showBadge(state: State): Promise<void> {
  const { text, color, title } = badgeOf(state);
  await Promise.all([
    platform.action.setBadgeText({ text }),
    platform.action.setBadgeBackgroundColor({ color }),
    platform.action.setBadgeTextColor({ color: "#ffffff" }),
    platform.action.setTitle({ title }),
  ]);
}
