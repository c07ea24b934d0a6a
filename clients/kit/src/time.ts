// Instants and lengths of time.

/** Seconds as h:mm:ss, cut off; never negative. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pair = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${pair(Math.floor(whole / 60) % 60)}:${pair(whole % 60)}`;
}

/** A clock that runs as the server's, however this device's is set: `server` is what it said just now. */
export class ServerClock {
  private ahead = 0;

  constructor(private readonly device: () => number = Date.now) {}

  set(server: string): void {
    this.ahead = Date.parse(server) - this.device();
  }

  /** Real seconds since an instant. */
  since(start: string): number {
    return (this.device() + this.ahead - Date.parse(start)) / 1000;
  }
}
