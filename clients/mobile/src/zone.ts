// Days and times of the person's own time zone, which need not be the phone's. The same rules as in the server's
// entries/zones.py, since without a network nobody can be asked. Pure.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LONGEST_NIGHT = 12 * 60 * MINUTE;

export class Zone {
  private readonly format: Intl.DateTimeFormat;

  constructor(name: string) {
    // Swedish writes days and times as ISO 8601 does.
    this.format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: name,
      dateStyle: "short",
      timeStyle: "medium",
    });
  }

  /** The day of an instant, as 2026-11-23. */
  day(instant: number): string {
    return this.format.format(instant).slice(0, 10);
  }

  /** The time of day of an instant, as 09:05. */
  clock(instant: number): string {
    return this.format.format(instant).slice(11, 16);
  }

  /** The instant of a time of day, as 09:05; of two the first; null where clocks skip it. */
  instant(day: string, clock: string): number | null {
    const wall = Date.parse(`${day}T${clock}:00Z`);
    if (Number.isNaN(wall)) return null;
    // No zone is further than 15 hours off, and on two days around one all its offsets show.
    const found = [wall - DAY, wall + DAY].map((near) => wall - this.offset(near));
    const right = found.filter((instant) => this.offset(instant) === wall - instant);
    return right.length ? Math.min(...right) : null;
  }

  /** The instant at which something ends that began at `start`: a time before it is one of the next day, where that
   * makes at most twelve hours, or where it is known to end `later`. Null where there is none. */
  ending(start: number, clock: string, later = false): number | null {
    const day = this.day(start);
    const end = this.instant(day, clock);
    if (end === null || end >= start) return end;
    const next = this.instant(addDays(day, 1), clock);
    return next !== null && (later || next - start <= LONGEST_NIGHT) ? next : null;
  }

  private offset(instant: number): number {
    const whole = Math.floor(instant / 1000) * 1000;
    return Date.parse(`${this.format.format(whole).replace(" ", "T")}Z`) - whole;
  }
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The first day of the week that `day` is in; weeks begin on `start`, 0 for Sunday to 6. */
export function weekOf(day: string, start: number): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday - start + 7) % 7));
}

/** The days of a week, from its first. */
export function daysOf(week: string): string[] {
  return Array.from({ length: 7 }, (_, at) => addDays(week, at));
}
