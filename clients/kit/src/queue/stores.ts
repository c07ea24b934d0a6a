// Where the queue is kept: one document, changed by one window or worker at a time.
import { blank, type State, tell } from "./state";

export interface Store {
  /** Of the queue, one for each server and person; windows that share it take turns by this name. */
  name: string;
  read(): Promise<State>;
  /** Change what is kept, with nobody else in between; rejects with `NotKept` where it cannot be written. */
  change(act: (state: State) => State): Promise<State>;
  /** Call `listener` when another window changed it. */
  watch(listener: (state: State) => void): () => void;
}

/** The device would not keep the queue: its storage is full, or closed to this page. */
export class NotKept extends Error {}

/** A store of this page alone, for tests and for browsers that keep nothing. */
export function memoryStore(name = "memory", begin = blank()): Store {
  let kept = begin;
  return {
    name,
    read: async () => kept,
    change: async (act) => {
      kept = act(kept);
      return kept;
    },
    watch: () => () => undefined,
  };
}

/** In IndexedDB, for pages and their service worker. */
export function indexedDbStore(name: string): Store {
  const told = new BroadcastChannel(`stint-queue-${name}`);
  return {
    name,
    read: () => inTransaction("readonly", async (kept) => usable(await asked(kept.get(name)))),
    change: async (act) => {
      const state = await inTransaction("readwrite", async (kept) => {
        const held: unknown = await asked(kept.get(name));
        const next = act(usable(held));
        if (held !== undefined && !isState(held))
          kept.put(held, `${name} damaged ${new Date().toISOString()}`);
        kept.put(next, name);
        return next;
      });
      told.postMessage(state);
      return state;
    },
    watch: (listener) => {
      const heard = (event: MessageEvent<State>) => listener(event.data);
      told.addEventListener("message", heard);
      return () => told.removeEventListener("message", heard);
    },
  };
}

/** In the extension's own storage (`chrome.storage.local`, `browser.storage.local`). */
export function extensionStore(name: string, area: ExtensionStorage): Store {
  const key = `queue ${name}`;
  const read = async (): Promise<unknown> => (await area.get(key))[key];
  return {
    name,
    read: async () => usable(await read()),
    change: (act) =>
      inTurn(`${key} store`, async () => {
        const held = await read();
        const next = act(usable(held));
        try {
          if (held !== undefined && !isState(held))
            await area.set({ [`${key} damaged ${new Date().toISOString()}`]: held });
          await area.set({ [key]: next });
        } catch (fault) {
          throw new NotKept(String(fault));
        }
        return next;
      }),
    watch: (listener) => {
      const heard = (changes: Record<string, { newValue?: unknown }>) => {
        const value = changes[key]?.newValue;
        if (isState(value)) listener(value);
      };
      area.onChanged.addListener(heard);
      return () => area.onChanged.removeListener(heard);
    },
  };
}

/** What the kit needs of a `StorageArea`. */
export interface ExtensionStorage {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<void>;
  onChanged: {
    addListener(listener: (changes: Record<string, { newValue?: unknown }>) => void): void;
    removeListener(listener: (changes: Record<string, { newValue?: unknown }>) => void): void;
  };
}

/** Do something while no other window or worker does it; without Web Locks nobody else is known of. */
export function inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  return locks ? (locks.request(`stint ${name}`, act) as Promise<T>) : act();
}

/** What was kept, where it can be read; else an empty queue that says where the unreadable one was put. */
function usable(held: unknown): State {
  if (held === undefined) return blank();
  return isState(held) ? held : tell(blank(), { kind: "damaged" });
}

function isState(held: unknown): held is State {
  const { shape, acts, problems, notices } = (held ?? {}) as Partial<State>;
  return shape === 1 && [acts, problems, notices].every(Array.isArray);
}

async function inTransaction<T>(
  mode: IDBTransactionMode,
  act: (kept: IDBObjectStore) => Promise<T>,
): Promise<T> {
  try {
    const transaction = (await opened()).transaction("queues", mode);
    const over = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const [result] = await Promise.all([act(transaction.objectStore("queues")), over]);
    return result;
  } catch (fault) {
    throw new NotKept(String(fault));
  }
}

let database: Promise<IDBDatabase> | undefined;

function opened(): Promise<IDBDatabase> {
  database ??= new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open("stint", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("queues");
    opening.onsuccess = () => {
      // A newer version of the app, in another window, must not wait for this one to be closed.
      opening.result.onversionchange = () => {
        opening.result.close();
        database = undefined;
      };
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error);
  });
  database.catch(() => {
    database = undefined;
  });
  return database;
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
