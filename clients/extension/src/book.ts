// What was read of the server last, so that the popup has something to show at once and without a network: today's
// time, what was done lately, and the names of tasks.
import { call, type Entry, type Suggestion } from "../../kit/src/api";
import { keep, kept } from "./platform";

export interface Look {
  path: string[];
  color: string;
}

export interface Book {
  /** The day of `entries`, in the person's time zone. */
  day: string;
  entries: Entry[];
  recent: Suggestion[];
  /** By the id of the task. */
  tasks: Record<number, Look>;
}

export const BOOK = "book";
const MOST_RECENT = 20;
const MOST_ENTRIES = 200;
const MOST_TASKS = 300;

/** What was kept last, whosever it is: it goes with the connection. */
export async function readBook(): Promise<Book> {
  return (await kept<Book>(BOOK)) ?? emptyBook();
}

export function emptyBook(): Book {
  return { day: "", entries: [], recent: [], tasks: {} };
}

/** What the server says by now; `running` is a task whose name is wanted as well. Throws what `call` does. */
export async function renewed(
  before: Book,
  zone: string,
  running: number | null,
  now: number,
): Promise<Book> {
  const day = dayOf(now, zone);
  const [entries, recent] = await Promise.all([
    call("GET", "/entries", { query: { from: day, to: day, limit: MOST_ENTRIES } }),
    call("GET", "/entries/suggestions", { query: { limit: MOST_RECENT } }),
  ]);
  const tasks = new Map(Object.entries(before.tasks).map(([id, look]) => [Number(id), look]));
  for (const { task_id, path, color } of recent.items)
    if (task_id !== null) note(tasks, task_id, { path, color });
  const look = running !== null && !tasks.has(running) && (await lookOf(running));
  if (look) note(tasks, running, look);
  return {
    day,
    entries: entries.items,
    recent: recent.items,
    tasks: Object.fromEntries([...tasks].slice(-MOST_TASKS)),
  };
}

async function lookOf(task_id: number): Promise<Look | undefined> {
  try {
    const { path, color } = await call("GET", "/tasks/{task_id}", { path: { task_id } });
    return { path, color };
  } catch {
    return undefined; // it was archived or taken away while its timer runs
  }
}

/** Remember how a task looks that was picked just now. */
export async function noteTask(id: number, look: Look): Promise<void> {
  const book = await readBook();
  await keep(BOOK, { ...book, tasks: { ...book.tasks, [id]: look } });
}

function note(tasks: Map<number, Look>, id: number, look: Look): void {
  tasks.delete(id); // the last noted are the last forgotten
  tasks.set(id, look);
}

/** The day that an instant falls on in a time zone, as YYYY-MM-DD. */
export function dayOf(instant: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(instant);
}

/** Today's time in milliseconds: what ended, and what runs if it began today. */
export function todays(entries: Entry[], running: Entry | null, now: number, timeZone: string): number {
  const today = dayOf(now, timeZone);
  const began = (entry: Entry) => dayOf(Date.parse(entry.start), timeZone) === today;
  const ended = entries.filter((entry) => entry.end && entry.id !== running?.id && began(entry));
  const done = ended.reduce((sum, { start, end }) => sum + Date.parse(end as string) - Date.parse(start), 0);
  return done + (running && began(running) ? Math.max(0, now - Date.parse(running.start)) : 0);
}
