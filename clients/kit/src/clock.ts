// Time as the server has it, durations as people read them, and ids that sort by time.

/** How far the server's clock is ahead of this device's, in milliseconds. */
export function serverAhead(now: string, readAt: number): number {
  return Date.parse(now) - readAt;
}

/** When this page's first byte arrived: the moment the server's `now` in it was about right. */
export function pageReadAt(): number {
  const arrival = performance.getEntriesByType?.("navigation")[0] as PerformanceNavigationTiming | undefined;
  return arrival?.responseStart ? performance.timeOrigin + arrival.responseStart : Date.now();
}

/** Milliseconds as h:mm:ss. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A UUID version 7 (RFC 9562): 48 bits of milliseconds, the rest random. */
export function uuid7(milliseconds = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(milliseconds / 65_536));
  new DataView(bytes.buffer).setUint16(4, milliseconds % 65_536);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
