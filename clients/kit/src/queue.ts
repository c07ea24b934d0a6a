// The offline queue: what a person does is kept on the device, sent in order as soon as it can be, and shown as if
// it had arrived. The rules are docs/offline.md; this is the part that waits, sends and tells.
import { type Entry, exchange, type Reply, type Wire } from "./api";
import { uuid7 } from "./clock";
import * as acts from "./queue/acts";
import * as answers from "./queue/answers";
import type { Added, Change, Draft, Notice, Problem, State } from "./queue/state";
import * as held from "./queue/state";
import { inTurn, NotKept, type Store } from "./queue/stores";

export { extensionStore, indexedDbStore, memoryStore } from "./queue/stores";
export type { Added, Change, Draft, Notice, Problem, Store };

export type Transport = (request: Wire) => Promise<Reply>;

/** What a surface shows. */
export interface Shown {
  /** What runs once everything queued has arrived. */
  entry: Entry | null;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  ahead: number;
  /** How many acts wait. */
  queued: number;
  problems: Problem[];
  notices: Notice[];
  signedOut: boolean;
  offline: boolean;
  /** The device did not keep what waits: it is lost when this window closes. */
  unkept: boolean;
}

const FRESH = 30_000; // so long after an answer the server is taken to be there
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;
const LONGEST_TOLD = 3_600_000;
const SECOND = 1000; // what a Date header leaves out

export class OfflineQueue {
  private held: State = held.blank();
  private unkept = false;
  private readonly listeners = new Set<(shown: Shown) => void>();
  private sending?: Promise<void>;
  private again = false;
  private heardAt = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private timer?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly store: Store,
    private readonly transport: Transport = exchange,
    private readonly now: () => number = Date.now,
    private readonly newId: () => string = uuid7,
  ) {
    store.watch((state) => this.show(state));
  }

  get state(): Shown {
    const { ahead, acts: waiting, problems, notices, signedOut, offline } = this.held;
    return {
      entry: held.running(this.held),
      ahead: ahead ?? 0,
      queued: waiting.length,
      problems,
      notices,
      signedOut,
      offline,
      unkept: this.unkept,
    };
  }

  /** Read what is kept and send what waits. To be called once, before anything is shown. */
  async open(): Promise<void> {
    try {
      this.show(await this.store.read());
    } catch {
      this.unkept = true;
    }
    await this.flush();
  }

  /** Hear of every change; returns what ends it. */
  subscribe(listener: (shown: Shown) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Each act is shown at once; its promise is kept when it was sent, or is known to wait. */
  async start(draft: Draft = {}): Promise<string> {
    const id = this.newId();
    await this.act((state) => acts.start(state, id, draft, this.serverNow(state)));
    return id;
  }

  /** Stop what runs, now or at an earlier `end`. */
  stop(end?: string): Promise<void> {
    return this.act((state) => acts.stop(state, this.serverNow(state), end));
  }

  async add(entry: Added): Promise<string> {
    const id = this.newId();
    await this.act((state) => acts.add(state, id, entry));
    return id;
  }

  /** Change an entry; `seen` is the entry as it was shown, by which changes made elsewhere are noticed. */
  edit(id: string, change: Change, seen?: Entry): Promise<void> {
    return this.act((state) => acts.edit(state, id, change, seen));
  }

  remove(id: string): Promise<void> {
    return this.act((state) => acts.remove(state, id));
  }

  /** Send the acts of a problem again, over what was changed elsewhere. */
  retry(problem: number): Promise<void> {
    return this.act((state) => answers.retry(state, problem, this.newId));
  }

  async discard(problem: number): Promise<void> {
    await this.change((state) => answers.discard(state, problem));
  }

  /** A notice was read. */
  async dismiss(notice: number): Promise<void> {
    await this.change((state) => ({
      ...state,
      notices: state.notices.filter((other) => other.no !== notice),
    }));
  }

  /** A list of entries as it will be once everything queued has arrived. */
  overlay(entries: Entry[]): Entry[] {
    return held.overlay(this.held, entries);
  }

  /** Ask what runs: after a sign-in, a `timer` event, a return of the network. Then send what waits. */
  refresh(): Promise<void> {
    this.heardAt = Number.NEGATIVE_INFINITY;
    return this.flush();
  }

  /** Send what waits, in order, until nothing does or the server cannot be had. */
  flush(): Promise<void> {
    this.again = true;
    this.sending ??= inTurn(`send ${this.store.name}`, async () => {
      clearTimeout(this.timer);
      while (this.again) {
        this.again = false;
        await this.sendAll();
      }
    }).finally(() => {
      this.sending = undefined;
    });
    return this.sending;
  }

  private async act(what: (state: State) => State): Promise<void> {
    await this.change(what);
    await this.flush();
  }

  private async sendAll(): Promise<void> {
    const { offline, signedOut } = this.held;
    const fresh = this.now() - this.heardAt < FRESH;
    // Before anything is risked: is the server there, what runs, how late is it?
    if ((offline || signedOut || !fresh) && !(await this.look())) return;
    for (;;) {
      const [first] = (await this.change(answers.trying)).acts;
      if (!first) return;
      const asked = this.now();
      const reply = await this.asked(answers.wire(first));
      await this.change((state) => {
        const learned = this.learnedFrom(state, reply, asked);
        return answers.answered(learned, first, reply, reply.date ?? this.serverNow(learned));
      });
      if (answers.unsettled(reply)) return this.wait(reply);
    }
  }

  private async look(): Promise<boolean> {
    const asked = this.now();
    const reply = await this.asked({ method: "GET", path: "/timer" });
    const timer = reply.body as { entry: Entry | null; now: string };
    await this.change((state) => {
      if (reply.status === 401) return answers.away({ ...state, signedOut: true });
      if (reply.status !== 200) return answers.away({ ...state, offline: true });
      const heard = { ...state, known: timer.entry, offline: false, signedOut: false };
      return answers.learn(heard, Date.parse(timer.now), asked, this.heardAt);
    });
    if (reply.status !== 200) this.wait(reply);
    return reply.status === 200;
  }

  private async asked(request: Wire): Promise<Reply> {
    const reply = await this.transport(request);
    if (reply.status !== 0) this.heardAt = this.now();
    if (!answers.unsettled(reply)) this.failures = 0;
    return reply;
  }

  private learnedFrom(state: State, reply: Reply, asked: number): State {
    if (reply.date === undefined || answers.unsettled(reply)) return state;
    return answers.learn(state, reply.date + SECOND / 2, asked, this.heardAt, SECOND);
  }

  /** Try again later: soon at first, ever later then, never all devices at once. Signed out, `refresh` comes. */
  private wait(reply: Reply): void {
    if (reply.status === 401) return;
    const told = Math.min((reply.retryAfter ?? 0) * 1000, LONGEST_TOLD);
    const own = Math.min(FIRST_WAIT * 2 ** this.failures, LONGEST_WAIT);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), Math.max(told, own) * (1 + Math.random() / 2));
  }

  private async change(what: (state: State) => State): Promise<State> {
    let state: State;
    try {
      // What could not be kept before is in this window alone.
      state = await this.store.change((kept) => what(this.unkept ? this.held : kept));
      this.unkept = false;
    } catch (fault) {
      if (!(fault instanceof NotKept)) throw fault;
      state = what(this.held);
      this.unkept = true;
    }
    this.show(state);
    return state;
  }

  private show(state: State): void {
    this.held = state;
    for (const listener of this.listeners) listener(this.state);
  }

  private serverNow(state: State): number {
    return this.now() + (state.ahead ?? 0);
  }
}
