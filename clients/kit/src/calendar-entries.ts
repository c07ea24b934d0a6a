// The entries of the calendar: as the server has them, and over that what was just wished for and is on its way.
import { call, type Entry, Refused } from "./api";
import type { Day, Piece, Span } from "./calendar-layout";
import { uuid7 } from "./clock";

export interface CalendarEntry extends Span {
  id: string;
  task_id: number | null;
  note: string;
  tags: string[];
  billable: boolean;
  version: number;
}

export type Fields = Omit<CalendarEntry, "id" | "version">;

export interface Look {
  path: string[];
  color: string;
  billable: boolean;
}

export interface NamedDay extends Day {
  name: string;
  number: number;
  label: string;
  url: string;
}

/** An entry as the API writes it. */
export type Sent = Entry;

/** What the page brings along; see src/stint/web/views/calendar.py. */
export interface Given {
  of: string;
  narrow: boolean;
  zone: string;
  now: string;
  days: (Omit<NamedDay, "pieces"> & { pieces: (Omit<Piece, "at"> & { at: string })[] })[];
  entries: Sent[];
  looks: Record<string, Look>;
}

export const NO_TASK: Look = { path: [], color: "", billable: false };
const FIELDS = ["task_id", "note", "tags", "billable", "start", "end"] as const;

export function daysOf(given: Given): NamedDay[] {
  return given.days.map((day) => ({
    ...day,
    pieces: day.pieces.map((piece) => ({ ...piece, at: Date.parse(piece.at) })),
  }));
}

export class CalendarEntries {
  private known = new Map<string, CalendarEntry>();
  private wished = new Map<string, CalendarEntry | null>();
  private turns = new Map<string, Promise<unknown>>();
  private looks = new Map<number, Look>();
  private asked = 0;
  private written = 0;
  private loading?: Promise<void>;

  constructor(
    given: Given,
    private changed: () => void,
  ) {
    for (const sent of given.entries) this.keep(sent);
    for (const [id, look] of Object.entries(given.looks)) this.looks.set(Number(id), look);
  }

  /** What to show, in the order in which it began. */
  get shown(): CalendarEntry[] {
    const all = new Map<string, CalendarEntry | null>([...this.known, ...this.wished]);
    return [...all.values()]
      .filter((entry) => entry !== null)
      .sort((one, other) => one.start - other.start || (one.id < other.id ? -1 : 1));
  }

  entry(id: string): CalendarEntry | undefined {
    return (this.wished.has(id) ? this.wished.get(id) : this.known.get(id)) ?? undefined;
  }

  look(taskId: number | null): Look {
    return (taskId === null ? undefined : this.looks.get(taskId)) ?? NO_TASK;
  }

  learn(taskId: number, look: Partial<Look>): void {
    this.looks.set(taskId, { ...this.look(taskId), ...look });
    this.changed();
  }

  /** Read the days anew: as often as it was asked for or written meanwhile, so that no older answer stays. */
  load(first: string, last: string): Promise<void> {
    this.asked++;
    this.loading ??= this.read(first, last).finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async read(first: string, last: string): Promise<void> {
    let begun: number;
    let found: Sent[];
    do {
      begun = this.asked + this.written;
      const query = { from: first, to: last, reaching: true, limit: 1000 };
      found = (await call("GET", "/entries", { query })).items;
    } while (begun !== this.asked + this.written);
    this.known.clear();
    for (const sent of found) this.keep(sent);
    this.changed();
    await this.meet(found.map((sent) => sent.task_id));
  }

  /** Look at the shown tasks again: they may have other names and colours now. */
  relearn(): Promise<void> {
    return this.meet(
      this.shown.map((entry) => entry.task_id),
      true,
    );
  }

  /** Learn path and colour of tasks that were not seen yet, or `again` of all. */
  private async meet(taskIds: (number | null)[], again = false): Promise<void> {
    const ids = new Set(taskIds.filter((id) => id !== null));
    for (const id of ids) {
      const known = this.looks.get(id);
      if (known?.color && !again) continue;
      try {
        const task = await call("GET", "/tasks/{task_id}", { path: { task_id: id } });
        this.learn(id, { path: task.path, color: task.color, billable: task.billable });
      } catch {
        this.looks.set(id, known ?? NO_TASK); // not to be seen any more: it stays as it was known
      }
    }
  }

  /** Add time; it is shown at once, and taken back when refused. */
  add(fields: Fields, id = uuid7()): Promise<CalendarEntry> {
    this.wish(id, { ...fields, id, version: 0 });
    return this.inTurn(id, async () => {
      const made = await this.write(id, () => call("POST", "/entries", { body: { id, ...written(fields) } }));
      void this.meet([made.task_id]);
      return this.settle(made);
    });
  }

  /** Change fields; with `version` only where the entry still has it. */
  change(id: string, change: Partial<Fields>, version?: number): Promise<CalendarEntry | undefined> {
    const before = this.entry(id);
    if (!before) return Promise.resolve(undefined);
    const own = { ...before, ...change };
    this.wish(id, own);
    return this.inTurn(id, async () => {
      const [known, latest] = [this.known.get(id), this.wished.get(id)];
      // Deleted meanwhile: the change is written all the same, for the deletion may be taken back.
      const wanted = latest === null ? own : latest;
      if (!known || !wanted) return known;
      const body = difference(known, wanted);
      if (!Object.keys(body).length) return this.settle(undefined, id, wanted);
      const only = version ?? known.version;
      const sent = await this.write(id, () =>
        call("PATCH", "/entries/{entry_id}", { path: { entry_id: id }, body, version: only }),
      );
      void this.meet([sent.task_id]);
      return this.settle(sent, id, wanted);
    });
  }

  remove(id: string): Promise<void> {
    this.wish(id, null);
    return this.inTurn(id, async () => {
      await this.write(id, () => call("DELETE", "/entries/{entry_id}", { path: { entry_id: id } }));
      this.known.delete(id);
      this.settle(undefined, id);
    });
  }

  restore(id: string): Promise<CalendarEntry> {
    return this.inTurn(id, async () =>
      this.settle(
        await this.write(id, () => call("POST", "/entries/{entry_id}/restore", { path: { entry_id: id } })),
      ),
    );
  }

  split(id: string, at: number, version: number): Promise<void> {
    return this.inTurn(id, async () => {
      const body = { at: new Date(at).toISOString() };
      const parts = await this.write(id, () =>
        call("POST", "/entries/{entry_id}/split", { path: { entry_id: id }, body, version }),
      );
      for (const part of parts.items) this.settle(part);
    });
  }

  private wish(id: string, entry: CalendarEntry | null): void {
    this.wished.set(id, entry);
    this.changed();
  }

  /** One write of an entry after the other, so that each names the version the one before made. */
  private inTurn<T>(id: string, act: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(id) ?? Promise.resolve()).then(act, act);
    this.turns.set(id, turn);
    return turn;
  }

  private async write<T>(id: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (fault) {
      this.wished.delete(id);
      if (fault instanceof Refused && fault.entry) this.keep(fault.entry);
      this.changed();
      throw fault;
    } finally {
      this.written++;
    }
  }

  /** Show what the server made of a wish, unless more was wished for since. */
  private settle(sent: Sent, id?: string, wish?: CalendarEntry | null): CalendarEntry;
  private settle(sent: undefined, id: string, wish?: CalendarEntry | null): undefined;
  private settle(sent?: Sent, id = sent?.id ?? "", wish = this.wished.get(id)): CalendarEntry | undefined {
    if (this.wished.get(id) === wish) this.wished.delete(id);
    const kept = sent && this.keep(sent);
    this.changed();
    return kept;
  }

  private keep(sent: Sent): CalendarEntry {
    const entry = read(sent);
    this.known.set(entry.id, entry);
    return entry;
  }
}

export function read(sent: Sent): CalendarEntry {
  const { id, task_id, note, tags, billable, version } = sent;
  const end = sent.end === null ? null : Date.parse(sent.end);
  return { id, task_id, note, tags, billable, version, start: Date.parse(sent.start), end };
}

/** The fields in which `wanted` differs, as the API reads them. */
export function difference(known: Fields, wanted: Fields): Record<string, unknown> {
  const all = written(wanted);
  const before = written(known);
  return Object.fromEntries(
    FIELDS.filter((field) => JSON.stringify(all[field]) !== JSON.stringify(before[field])).map((field) => [
      field,
      all[field],
    ]),
  );
}

function written(fields: Fields) {
  const { task_id, note, tags, billable } = fields;
  const moment = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());
  return { task_id, note, tags, billable, start: moment(fields.start), end: moment(fields.end) };
}
