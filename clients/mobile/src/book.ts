// What the app knows of the person and their weeks: from the phone at once, then from the server.
import { type Answer, call, type Entry, type Task, type Wire } from "../../kit/src/api";
import type { Kept } from "./kept";
import { addDays, weekOf, Zone } from "./zone";

export type Me = Answer<"GET", "/me">;
export interface Look {
  path: string[];
  color?: string;
}

const WEEKS_AT_HAND = 2; // kept for when there is no network, with the present one
const MOST = 1000;

export class Book {
  me?: Me;
  /** Why a week could not be read, as a sentence. */
  fault = "";
  private weeks = new Map<string, Entry[]>();
  private looks = new Map<number, Look>();
  private zones = new Map<string, Zone>();
  private wanted = new Set<string>();

  constructor(
    private readonly kept: Kept,
    private readonly changed: () => void,
  ) {}

  get zone(): Zone {
    const name = this.me?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = this.zones.get(name);
    if (known) return known;
    const zone = new Zone(name);
    this.zones.set(name, zone);
    return zone;
  }

  get today(): string {
    return this.zone.day(Date.now());
  }

  weekOf(day: string): string {
    return weekOf(day, this.me?.week_start ?? 1);
  }

  /** The entries of a week as the server has them, or undefined while it was not read. */
  week(first: string): Entry[] | undefined {
    return this.weeks.get(first);
  }

  /** All entries that are known. */
  get entries(): Entry[] {
    return [...this.weeks.values()].flat();
  }

  look(task: number | null): Look {
    return (task === null ? undefined : this.looks.get(task)) ?? { path: [] };
  }

  learn(task: number | null, look: Look): void {
    if (task === null || !look.path.length) return;
    this.looks.set(task, { path: look.path, color: look.color });
    void this.kept.put("looks", [...this.looks]);
  }

  /** Show what the phone has of `me`. */
  async begin(me: Me): Promise<void> {
    this.me = me;
    this.looks = new Map(await this.kept.last<[number, Look][]>("looks"));
    for (const first of this.atHand()) {
      const entries = await this.kept.last<Entry[]>(`week ${first}`);
      if (entries) this.weeks.set(first, entries);
    }
    this.changed();
  }

  /** Read anew who the person is and the weeks that are looked at. */
  async read(): Promise<void> {
    this.me = await this.kept.ask("me", () => call("GET", "/me"));
    await this.readWeeks();
  }

  async readWeeks(): Promise<void> {
    await Promise.all([...new Set([...this.atHand(), ...this.wanted])].map((first) => this.readWeek(first)));
    await this.meet();
  }

  /** Have a week for looking at it, beyond those that are at hand. */
  async want(first: string): Promise<void> {
    if (this.wanted.has(first) || this.atHand().includes(first)) return;
    this.wanted.add(first);
    await this.readWeek(first);
    await this.meet();
  }

  private async readWeek(first: string): Promise<void> {
    const query = { from: first, to: addDays(first, 6), limit: MOST };
    try {
      const ask = async () => (await call("GET", "/entries", { query })).items as Entry[];
      const entries = await this.kept.ask(`week ${first}`, ask);
      this.weeks.set(first, entries);
      this.fault = "";
    } catch (fault) {
      this.fault = (fault as Error).message;
    }
  }

  /** Learn names and colours of the tasks that have time: those that are not known, and those in `anew`. */
  private async meet(anew: (id: number) => boolean = () => false): Promise<void> {
    this.changed();
    for (const id of new Set(this.entries.map((entry) => entry.task_id))) {
      if (id === null || (this.looks.has(id) && !anew(id))) continue;
      try {
        this.learn(id, await call("GET", "/tasks/{task_id}", { path: { task_id: id } }));
      } catch {
        // Not to be seen any more, or no network: it stays as it was known.
      }
    }
    this.changed();
  }

  /** Tasks have other names or colours: `tasks` as they are now, and what else has time. */
  async relearn(tasks: Task[]): Promise<void> {
    for (const { id, path, color } of tasks) this.looks.set(id, { path, color });
    const named = new Set(tasks.map(({ id }) => id));
    await this.meet((id) => !named.has(id));
    await this.kept.put("looks", [...this.looks]);
  }

  /** What the queue sent was answered: take it before the weeks are read anew. */
  arrived(sent: Wire, entry?: Entry): void {
    if (sent.method === "DELETE") this.drop(sent.path.split("/").at(-1) ?? "");
    else if (entry?.id) this.take(entry);
  }

  take(entry: Entry): void {
    this.drop(entry.id);
    const first = this.weekOf(this.zone.day(Date.parse(entry.start)));
    const week = this.weeks.get(first);
    if (week) this.weeks.set(first, [...week, entry]);
  }

  private drop(id: string): void {
    for (const [first, week] of this.weeks)
      this.weeks.set(
        first,
        week.filter((entry) => entry.id !== id),
      );
  }

  private atHand(): string[] {
    const first = this.weekOf(this.today);
    return Array.from({ length: WEEKS_AT_HAND }, (_, at) => addDays(first, -7 * at));
  }
}
