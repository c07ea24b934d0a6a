// How the app writes days and durations, in the page's language.
const lang = () => document.documentElement.lang || undefined;
const format = (options: Intl.DateTimeFormatOptions, day: string) =>
  new Intl.DateTimeFormat(lang(), { ...options, timeZone: "UTC" }).format(Date.parse(`${day}T00:00:00Z`));

/** A day as Wednesday, 25 November. */
export function longDay(day: string): string {
  return format({ weekday: "long", day: "numeric", month: "long" }, day);
}

/** A day's two lines in the strip of a week: Wed and 25. */
export function shortDay(day: string): [string, string] {
  return [format({ weekday: "short" }, day), String(Number(day.slice(8)))];
}

/** Seconds as h:mm, cut off. */
export function hours(seconds: number): string {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
