// Which server the extension belongs to, and how it came to belong to it: by a sign-in in the browser, in the manner of
// RFC 8628, or by a token. Every fault is a sentence to show.
import { word } from "../../kit/src/words";
import { BOOK } from "./book";
import { keep, kept, platform } from "./platform";

export interface Person {
  id: number;
  name: string;
  email: string;
  timezone: string;
  account: { id: number; name: string };
}

export interface Connection {
  /** Such as https://stint.example.com. */
  address: string;
  token: string;
  person: Person;
}

/** A sign-in that waits for the person to allow it. */
export interface Waiting {
  address: string;
  secret: string;
  code: string;
  page: string;
  interval: number;
}

export const CONNECTION = "connection";
const PATIENCE = 15_000; // milliseconds
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/;

export function connection(): Promise<Connection | undefined> {
  return kept<Connection>(CONNECTION);
}

/** What somebody typed or pasted as the address of the server: its origin. */
export function addressFrom(typed: string): string {
  const text = typed.trim();
  if (!text) throw new Error(word("addressMissing"));
  const url = parsed(text);
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname || url.username)
    throw new Error(word("addressWrong"));
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) throw new Error(word("httpsDue"));
  return url.origin;
}

function parsed(text: string): URL | undefined {
  try {
    if (/^[a-z]+:\/\//i.test(text)) return new URL(text);
    const bare = new URL(`https://${text}`);
    return LOOPBACK.test(bare.hostname) ? new URL(`http://${text}`) : bare;
  } catch {
    return undefined;
  }
}

/** Ask the server to be let in; the person then allows it on `page`. */
export async function begin(address: string): Promise<Waiting> {
  const asked = { client: "extension", name: await ownName() };
  const { status, body } = await exchange(address, "/connections", { body: asked });
  const { secret, code, interval } = body as Partial<Waiting>;
  if (status === 429) throw new Error(detailOf(body));
  if (status !== 201 || !secret || !code) throw new Error(word("notStint"));
  // The server may know itself by another name; the person goes where they said it is.
  const page = `${address}/connect?code=${encodeURIComponent(code)}`;
  return { address, secret, code, page, interval: interval ?? 2 };
}

/** Ask whether it was allowed: the connection, or undefined while nobody has answered. */
export async function answered({ address, secret }: Waiting): Promise<Connection | undefined> {
  let answer: Answered;
  try {
    answer = await exchange(address, "/connections/token", { body: { secret } });
  } catch {
    return undefined; // a server that is away for a moment may still be asked again
  }
  const { status, token } = answer.body as { status?: string; token?: string };
  if (answer.status === 404) throw new Error(word("connectOver"));
  if (status === "denied") throw new Error(word("connectDenied"));
  if (answer.status === 409) throw new Error(detailOf(answer.body));
  return token ? byToken(address, token) : undefined;
}

/** The connection that a token makes. */
export async function byToken(address: string, token: string): Promise<Connection> {
  const { status, body } = await exchange(address, "/me", { token: token.trim() });
  if (status === 401) throw new Error(word("tokenRefused"));
  const person = body as Partial<Person>;
  if (status !== 200 || !person.id || !person.account) throw new Error(word("notStint"));
  return { address, token: token.trim(), person: body as Person };
}

/** Belong to a server from now on; what was read for somebody else goes. */
export async function connect(made: Connection): Promise<void> {
  const before = await connection();
  if (!before || ownerOf(before) !== ownerOf(made)) await platform.storage.local.remove(BOOK);
  await keep(CONNECTION, made);
}

/** A name for what belongs to one person on one server. */
export const ownerOf = ({ address, person }: Connection) => `${address} ${person.id}`;

/** Forget the server, and have it forget the token where it can be told. What waits to be sent stays here. */
export async function disconnect({ address, token }: Connection): Promise<void> {
  await platform.storage.local.remove([CONNECTION, BOOK]);
  try {
    const { body } = await exchange(address, "/me/tokens", { token });
    const tokens = (body as { items?: { id: number; hint: string; name: string }[] }).items ?? [];
    const name = await ownName();
    const own = tokens.find((each) => each.hint === token.slice(-4) && each.name === name);
    if (own) await exchange(address, `/me/tokens/${own.id}`, { token, method: "DELETE" });
  } catch {
    // It stays in the list of tokens, where the person can revoke it.
  }
}

interface Sent {
  method?: string;
  token?: string;
  body?: unknown;
}

interface Answered {
  status: number;
  body: unknown;
}

async function exchange(address: string, path: string, { method, token, body }: Sent): Promise<Answered> {
  let response: Response;
  try {
    response = await fetch(`${address}/api/v1${path}`, {
      method: method ?? (body ? "POST" : "GET"),
      headers: {
        Accept: "application/json",
        "Accept-Language": platform.i18n.getUILanguage(),
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Error(word("noServer").replace("{address}", address));
  }
  if (response.status === 204) return { status: 204, body: {} };
  try {
    return { status: response.status, body: await response.json() };
  } catch {
    throw new Error(word("notStint"));
  }
}

function detailOf(body: unknown): string {
  return (body as { detail?: string }).detail ?? word("failed");
}

/** What the token is called in the person's list of tokens. */
async function ownName(): Promise<string> {
  const agent = navigator.userAgent;
  const browser = /Firefox\//.test(agent) ? "Firefox" : /Edg\//.test(agent) ? "Edge" : "Chrome";
  const { os } = await platform.runtime.getPlatformInfo();
  const systems: Record<string, string> = {
    mac: "macOS",
    win: "Windows",
    linux: "Linux",
    cros: "ChromeOS",
    android: "Android",
  };
  return `Stint, ${browser}, ${systems[os] ?? os}`;
}
