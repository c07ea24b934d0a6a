// One name for what Chromium calls `chrome` and Firefox `browser`.
const both = globalThis as unknown as { browser?: typeof chrome; chrome?: typeof chrome };

export const platform = (both.browser ?? both.chrome) as typeof chrome;

/** Where a program stores what it keeps; see connection.ts, book.ts and sites.ts for what. */
export async function kept<T>(key: string): Promise<T | undefined> {
  return (await platform.storage.local.get(key))[key] as T | undefined;
}

export async function keep(key: string, value: unknown): Promise<void> {
  await platform.storage.local.set({ [key]: value });
}

/** Call `heard` whenever something else is kept under `key`, here or in another part of the extension. */
export function watch<T>(key: string, heard: (value: T | undefined) => void): void {
  platform.storage.onChanged.addListener((changes, area) => {
    const change = changes[key];
    if (area === "local" && change) heard(change.newValue as T | undefined);
  });
}

/** A pattern of hosts as permissions are asked for; ports are not part of it. */
export function hostsOf(address: string): string {
  const { protocol, hostname } = new URL(address);
  return `${protocol}//${hostname}/*`;
}
