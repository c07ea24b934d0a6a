// The server's event stream, read by fetch: an EventSource cannot carry a token.
import type { Connection } from "./connection";

export interface Told {
  name: string;
  id: string;
}

interface Ears {
  /** It is open: whatever happened before was not heard. */
  opened: () => void;
  heard: (event: Told) => void;
  /** The server is there, and says nothing else. */
  beat: () => void;
  /** It broke off, and the first try to open it again failed. */
  lost: () => void;
  /** The server does not know who asks, or not any more. */
  refused: () => void;
}

const SILENCE = 40_000; // the server says something every 15 s at least
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

export class Stream {
  /** Whether it is open, so that whatever happens is heard. */
  open = false;
  private ending = new AbortController();
  private failures = 0;
  private id = "";
  private again?: ReturnType<typeof setTimeout>;
  private quiet?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly connection: Connection,
    private readonly ears: Ears,
    private readonly get: typeof fetch = (...asked) => fetch(...asked),
  ) {
    void this.listen();
  }

  /** Listen at once where it waits to try again. */
  hurry(): void {
    if (!this.again || this.ending.signal.aborted) return;
    clearTimeout(this.again);
    void this.listen();
  }

  close(): void {
    this.ending.abort();
    clearTimeout(this.again);
    clearTimeout(this.quiet);
  }

  private async listen(): Promise<void> {
    this.again = undefined;
    const silent = new AbortController();
    this.heardOf(silent);
    try {
      const response = await this.get(`${this.connection.address}/api/v1/events`, {
        headers: {
          Accept: "text/event-stream",
          Authorization: `Bearer ${this.connection.token}`,
          ...(this.id && { "Last-Event-ID": this.id }),
        },
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.any([this.ending.signal, silent.signal]),
      });
      if (response.status === 401) return this.ears.refused();
      if (response.ok && response.body) await this.read(response.body, silent);
    } catch {
      // Away, silent, or closed by ourselves: the same for all three.
    } finally {
      this.open = false;
      clearTimeout(this.quiet);
    }
    if (!this.ending.signal.aborted) this.retry();
  }

  private async read(body: ReadableStream<Uint8Array>, silent: AbortController): Promise<void> {
    this.failures = 0;
    this.open = true;
    this.ears.opened();
    const lines = new Lines();
    const reader = body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.heardOf(silent);
      for (const event of lines.take(value)) {
        if (event.id) this.id = event.id;
        if (event.name === "beat") this.ears.beat();
        else this.ears.heard(event);
      }
    }
  }

  private heardOf(silent: AbortController): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => silent.abort(), SILENCE);
  }

  private retry(): void {
    const wait = Math.min(FIRST_WAIT * 2 ** this.failures, LONGEST_WAIT);
    this.failures += 1;
    if (this.failures === 2) this.ears.lost();
    this.again = setTimeout(() => void this.listen(), wait * (1 + Math.random() / 2));
  }
}

/** Events out of text that comes in pieces, wherever it is cut. */
export class Lines {
  private rest = "";
  private name = "";
  private id = "";

  take(text: string): Told[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): Told[] {
    if (line) {
      const [field, value = ""] = line.split(/:(?: )?(.*)/s);
      if (field === "event") this.name = value;
      if (field === "id") this.id = value;
      return [];
    }
    const told = this.name ? [{ name: this.name, id: this.id }] : [];
    this.name = this.id = "";
    return told;
  }
}
