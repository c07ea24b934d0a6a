// The app's one state: the person's book, the queue of what they did, and which sheet is open. The parts on the screen
// ask it, and are told when it changes.
import { call, type Entry, exchange, type Suggestion, type Task, useServer } from "../../kit/src/api";
import { csrfToken } from "../../kit/src/csrf";
import { showNotice } from "../../kit/src/notices";
import {
  type Added,
  type Change,
  type Draft,
  indexedDbStore,
  memoryStore,
  OfflineQueue,
} from "../../kit/src/queue";
import { blank } from "../../kit/src/queue/state";
import { whoIsSignedIn } from "../../kit/src/whoami";
import { word } from "../../kit/src/words";
import { Book, type Me } from "./book";
import { installed } from "./install";
import { Kept } from "./kept";
import { PhoneTasks } from "./tasks";

export type Sheet = { kind: "start" } | { kind: "add"; day: string } | { kind: "edit"; entry: Entry };

const SUGGESTED = 30;
export const HOUR = 3_600_000;
const PATIENCE = 3000;
const SIGN_IN = "/login?next=/m";

export class Phone {
  private readonly kept = new Kept();
  private store = memoryStore();
  queue = new OfflineQueue(this.store);
  readonly book = new Book(this.kept, () => this.tell());
  readonly tasks = new PhoneTasks(this.kept);
  sheet: Sheet | null = null;
  signedOut = false;
  /** How many things that were done a signing out would lose; it waits for an answer. */
  wouldLose = 0;
  /** Nothing is known yet, and the server cannot be asked. */
  unreachable = false;
  private readonly told = new Set<() => void>();
  private shown?: Map<string, Entry[]>;
  /** The entries of which the server does not know everything. */
  private ahead = new Set<string>();
  private opened?: Promise<void>;

  /** Call `changed` whenever something is to be shown anew; returns what ends that. */
  subscribe(changed: () => void): () => void {
    this.told.add(changed);
    return () => this.told.delete(changed);
  }

  tell(): void {
    this.shown = undefined;
    this.beat();
  }

  /** Have what counts by the second drawn anew. */
  beat(): void {
    for (const changed of this.told) changed();
  }

  /** Show what the phone has, then ask the server; `usable` is called as soon as something can be done. */
  async begin(usable: () => void): Promise<void> {
    const known = await this.kept.last<Me>("me");
    if (known) await this.of(known).then(usable);
    const id = await whoIsSignedIn();
    if (id === "") return location.replace(SIGN_IN);
    if (known && id && id !== String(known.id)) {
      // Somebody else: what the phone has is not theirs. What waits to be sent stays for who did it.
      await this.kept.clear();
      return location.reload();
    }
    if (!known && id) await this.of(await call("GET", "/me")).then(usable);
    this.unreachable = !known && !id;
    this.tell();
    if (this.unreachable) return;
    await this.book.read();
    await this.tasksChanged(HOUR);
  }

  /** Tasks may have other names or colours, or there are others; not looked at again before they are of some `age`. */
  async tasksChanged(age: number): Promise<void> {
    const tasks = await this.tasks.fetch(age);
    if (tasks) await this.book.relearn(tasks);
  }

  private async of(me: Me): Promise<void> {
    useServer({ client: "mobile", user: me.id, signedOut: () => this.leave() });
    this.store = indexedDbStore(`mobile ${me.id}`);
    this.queue = new OfflineQueue(this.store, async (request) => {
      const reply = await exchange(request);
      // The lists have it before the queue lets go of it.
      if (reply.status < 300) this.book.arrived(request, reply.body as Entry | undefined);
      return reply;
    });
    this.queue.subscribe(() => this.tell());
    await this.book.begin(me);
    this.opened = this.queue.open();
  }

  /** Do what a shortcut on the home screen asks for. */
  async shortcut(wanted: string | null): Promise<void> {
    if (wanted === "start") this.open({ kind: "start" });
    if (wanted !== "stop") return;
    // What runs may have been started elsewhere; without a network the phone goes by what it knows.
    await Promise.race([this.opened, new Promise((go) => setTimeout(go, PATIENCE))]);
    // Whoever makes a link must not stop timers: outside the installed app, the person does.
    if (installed()) this.stop();
    else if (this.running) this.open({ kind: "edit", entry: this.running });
  }

  /** The session ended: say so, and lead to the sign-in. */
  leave(): void {
    this.signedOut = true;
    this.tell();
  }

  get running(): Entry | null {
    return this.queue.state.entry;
  }

  /** The entries of a day, latest first, as they will be once everything has arrived; undefined while not known. */
  entriesOf(day: string): Entry[] | undefined {
    this.shown ??= this.byDay();
    return this.shown.get(day) ?? (this.book.week(this.book.weekOf(day)) ? [] : undefined);
  }

  /** When the last of a day's entries ended, in milliseconds. */
  lastEnd(day: string): number | undefined {
    const ends = (this.entriesOf(day) ?? []).flatMap(({ end }) => (end === null ? [] : [Date.parse(end)]));
    return ends.length ? Math.max(...ends) : undefined;
  }

  secondsOf(day: string): number {
    return (this.entriesOf(day) ?? []).reduce((sum, entry) => sum + this.secondsIn(entry), 0);
  }

  secondsIn(entry: Entry): number {
    const end = entry.end === null ? Date.now() + this.queue.state.ahead : Date.parse(entry.end);
    return Math.max(0, (end - Date.parse(entry.start)) / 1000);
  }

  /** Whether something about the entry waits for a network. */
  waits(id: string): boolean {
    const { offline, signedOut } = this.queue.state;
    return (offline || signedOut) && this.ahead.has(id);
  }

  /** Everything known as it will be once all has arrived, by day. */
  private byDay(): Map<string, Entry[]> {
    const { running, book } = this;
    const known = new Set(book.entries);
    const all = this.queue.overlay(book.entries);
    this.ahead = new Set(all.filter((entry) => !known.has(entry) || entry.version === 0).map(({ id }) => id));
    // Another entry that seems to run was ended by the start of the one that does.
    const others = all
      .filter(({ id }) => id !== running?.id)
      .map((entry) => (entry.end === null ? { ...entry, end: running?.start ?? entry.start } : entry));
    const days = new Map<string, Entry[]>();
    for (const entry of [...others, ...(running ? [running] : [])].sort(latestFirst)) {
      const day = book.zone.day(Date.parse(entry.start));
      days.set(day, [...(days.get(day) ?? []), entry]);
    }
    return days;
  }

  /** Open a sheet. */
  open(sheet: Sheet): void {
    this.sheet = sheet;
    this.beat();
  }

  close(): void {
    this.sheet = null;
    this.beat();
  }

  start(draft: Draft): void {
    void this.queue.start(draft);
  }

  startOn({ id, path, color }: Task): void {
    this.book.learn(id, { path, color });
    this.start({ task_id: id });
    showNotice(`${word("started")}: ${path.at(-1)}`, "success");
  }

  /** Start again what an entry was about. */
  resume({ task_id, note, tags, billable }: Entry): void {
    this.start({ task_id, note, tags, billable });
  }

  stop(): void {
    const { running } = this;
    if (!running) return;
    void this.queue.stop();
    showNotice(word("stopped"), "info", () => this.resume(running), word("continue"));
  }

  add(entry: Added): void {
    void this.queue.add(entry);
  }

  edit(entry: Entry, change: Change): void {
    if (Object.keys(change).length) void this.queue.edit(entry.id, change, entry);
  }

  remove(entry: Entry): void {
    void this.queue.remove(entry.id);
    showNotice(word("entryDeleted"), "info", () => void this.restore(entry));
  }

  /** Take a deletion back: on the server, or where it never was or cannot be asked, as a new entry that says the same. */
  private async restore(entry: Entry): Promise<void> {
    try {
      if (entry.version === 0) throw new Error("never sent");
      this.book.take(await call("POST", "/entries/{entry_id}/restore", { path: { entry_id: entry.id } }));
      await this.queue.refresh();
    } catch {
      const { task_id, note, tags, billable, start, end } = entry;
      const says = { task_id, note, tags, billable, start };
      if (end === null) this.start(says);
      else this.add({ ...says, end });
    }
  }

  /** What was done lately and fits what is typed. */
  async suggestions(q: string): Promise<Suggestion[]> {
    const query = { q: q.trim(), limit: SUGGESTED };
    const ask = async () => (await call("GET", "/entries/suggestions", { query })).items;
    if (!query.q) return this.kept.ask("suggestions", ask).catch(() => []);
    return ask().catch(async () => {
      const known = (await this.kept.last<Suggestion[]>("suggestions")) ?? [];
      return known.filter(({ note }) => note.toLocaleLowerCase().includes(query.q.toLocaleLowerCase()));
    });
  }

  /** End the session, and take everything of the person from the phone; what waits to be sent only if `losing`. */
  async signOut(losing = false): Promise<void> {
    if (!losing) await this.queue.flush();
    this.wouldLose = losing ? 0 : this.queue.state.queued;
    if (this.wouldLose) return this.beat();
    const answer = await fetch("/logout", { method: "POST", headers: { "X-CSRFToken": csrfToken() } }).catch(
      () => null,
    );
    if (!answer?.ok) return showNotice(word("signOutOffline"), "error");
    await this.store.change(blank);
    await this.kept.clear();
    location.replace(SIGN_IN);
  }
}

function latestFirst(one: Entry, other: Entry): number {
  return Date.parse(other.start) - Date.parse(one.start);
}

export const phone = new Phone();
