// What the server answered last, kept on the phone for when it cannot be asked. It is the person's own, and goes when
// they sign out.

/** Where answers stay, by name. */
export interface Shelf {
  get(name: string): Promise<unknown>;
  put(name: string, answer: unknown): Promise<void>;
  clear(): Promise<void>;
}

const CACHE = "stint-answers";

/** The browser's cache; it is there only where pages come by https or from the phone itself. */
export const shelf: Shelf = {
  async get(name) {
    if (!("caches" in globalThis)) return undefined;
    const found = await (await caches.open(CACHE)).match(addressOf(name));
    return found?.json();
  },
  async put(name, answer) {
    if (!("caches" in globalThis)) return;
    try {
      await (await caches.open(CACHE)).put(addressOf(name), new Response(JSON.stringify(answer)));
    } catch {
      // A phone that is full shows what it can; the server has everything.
    }
  },
  async clear() {
    if ("caches" in globalThis) await caches.delete(CACHE);
  },
};

function addressOf(name: string): string {
  return `/m/kept/${encodeURIComponent(name)}`;
}

export class Kept {
  constructor(private readonly on: Shelf = shelf) {}

  /** What was answered last, or undefined. */
  async last<T>(name: string): Promise<T | undefined> {
    return (await this.on.get(name)) as T | undefined;
  }

  /** Ask and keep the answer; where that fails, the last one. Throws what `ask` did where there is none. */
  async ask<T>(name: string, ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      await this.put(name, answer);
      return answer;
    } catch (fault) {
      const last = await this.last<T>(name);
      if (last === undefined) throw fault;
      return last;
    }
  }

  put(name: string, answer: unknown): Promise<void> {
    return this.on.put(name, answer);
  }

  clear(): Promise<void> {
    return this.on.clear();
  }
}
