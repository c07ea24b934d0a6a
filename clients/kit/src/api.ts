// The HTTP API as the kit uses it: calls and answers typed by the server's own document (`make client` writes
// api/schema.d.ts from it), and refusals as sentences.
import type { components, paths } from "./api/schema";
import { csrfToken } from "./csrf";
import { word } from "./words";

const ROOT = "/api/v1";
const PATIENCE = 30_000; // milliseconds until a request without an answer is given up

type Schemas = components["schemas"];
export type Task = Schemas["TaskOut"];
/** What the kit shows of an entry. */
export type Entry = Omit<Schemas["EntryOut"], "user_id" | "seconds" | "made_by">;
/** What was done before and may be done again. */
export type Suggestion = Schemas["Suggestion"];
export type Timer = { entry: Entry | null; now: string };
/** Some items of a list, and the cursor of what follows. */
export type Page<T> = { items: T[]; next?: string | null };

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The addresses that know a method, written as in the document: `/tasks/{task_id}`. */
export type Address<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<Lowercase<M>, object>
    ? P extends `${typeof ROOT}${infer Rest}`
      ? Rest
      : never
    : never;
}[keyof paths];

type Operation<M extends Method, A extends string> = `${typeof ROOT}${A}` extends keyof paths
  ? paths[`${typeof ROOT}${A}`] extends Record<Lowercase<M>, infer O>
    ? O
    : never
  : never;
type Path<O> = O extends { parameters: { path: infer P } } ? { path: P } : { path?: undefined };
type QueryOf<O> = O extends { parameters: { query: infer Q } }
  ? { query: Q }
  : O extends { parameters: { query?: infer Q } }
    ? { query?: Q }
    : never;
type Body<O> = O extends { requestBody: { content: { "application/json": infer B } } }
  ? { body: B }
  : O extends { requestBody?: infer R }
    ? { body?: NonNullable<R> extends { content: { "application/json": infer B } } ? B : undefined }
    : never;

/** What a call takes along; `version` lets it change only what still has it. */
export type Given<M extends Method, A extends Address<M>> = Path<Operation<M, A>> &
  QueryOf<Operation<M, A>> &
  Body<Operation<M, A>> & { version?: number; signal?: AbortSignal };

/** What a call answers when it is not refused. */
export type Answer<M extends Method, A extends Address<M>> =
  Operation<M, A> extends { responses: infer R }
    ? {
        [S in keyof R & (200 | 201)]: R[S] extends { content: { "application/json": infer T } } ? T : never;
      }[keyof R & (200 | 201)] extends infer T
      ? [T] extends [never]
        ? undefined
        : T
      : never
    : never;

type Sent<T> = Record<never, never> extends T ? [given?: T] : [given: T];
type Loose = {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  version?: number;
  signal?: AbortSignal;
};

/** What is sent, below the types: `version` goes into If-Match. */
export interface Wire {
  method: string;
  /** From the root of the API on, with its query. */
  path: string;
  body?: unknown;
  version?: number;
  signal?: AbortSignal;
}

/** What came back: status 0 where nothing did, or where somebody else than Stint answered. */
export interface Reply {
  status: number;
  body?: unknown;
  /** Seconds to wait before the next try, where the server says so. */
  retryAfter?: number;
  /** The server's clock when it answered, in milliseconds, to the second. */
  date?: number;
}

/** Where the server is and how it knows who asks; the pages of Stint itself need to say nothing. */
export interface Server {
  /** Such as https://stint.example.com, without a path; empty for the page's own server. */
  address: string;
  /** Without a token the session cookie counts. */
  token?: string;
  client: "web" | "mobile" | "extension";
  /** The id of who is believed to be signed in: to anybody else's session the server answers 401. */
  user?: number | null;
  /** Called when the server does not know who asks. */
  signedOut: () => void;
}

let server: Server = {
  address: "",
  client: "web",
  signedOut: () => document.body.dispatchEvent(new CustomEvent("stint-signed-out")),
};

/** Say where the server is and who asks; what is left out stays. */
export function useServer(other: Partial<Server>): void {
  server = { ...server, ...other };
}

/** A call that was refused or never arrived; the message is a sentence to show. */
export class Refused extends Error {
  /** The HTTP status; 0 where nothing of Stint answered. */
  status = 0;
  /** What the entry is now, where it stands against the call. */
  entry?: Entry;
}

/** Call the API: `call("GET", "/tasks/{task_id}", { path: { task_id: 5 } })`. */
export async function call<M extends Method, A extends Address<M>>(
  method: M,
  address: A,
  ...[given]: Sent<Given<M, A>>
): Promise<Answer<M, A>> {
  const { path, query, ...rest } = (given ?? {}) as Loose;
  const reply = await exchange({ method, path: addressOf(address, path, query), ...rest });
  if (reply.status === 401) server.signedOut();
  if (reply.status < 200 || reply.status > 299) throw refusal(reply);
  return reply.body as Answer<M, A>;
}

/** Send one request. Only an abort by the caller's own `signal` is thrown. */
export async function exchange({ method, path, body, version, signal }: Wire): Promise<Reply> {
  const headers: Record<string, string> = { Accept: "application/json", "X-Stint-Client": server.client };
  if (server.user) headers["X-Stint-User"] = String(server.user);
  if (server.token) headers.Authorization = `Bearer ${server.token}`;
  else if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (version !== undefined) headers["If-Match"] = String(version);
  try {
    const response = await fetch(`${server.address}${ROOT}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ?? AbortSignal.timeout(PATIENCE),
      // A write goes on when the page is left meanwhile.
      keepalive: method !== "GET",
      ...(server.token && { credentials: "omit" as const }),
    });
    return await replyOf(response);
  } catch (fault) {
    if (signal?.aborted) throw fault;
    return { status: 0 };
  }
}

async function replyOf(response: Response): Promise<Reply> {
  const { status, headers } = response;
  const kind = headers.get("Content-Type") ?? "";
  // A proxy's error page or a hotel's sign-in is no answer of Stint.
  if (status !== 204 && !/^application\/(problem\+)?json\b/.test(kind) && status < 500) return { status: 0 };
  const reply: Reply = { status };
  const wait = Number(headers.get("Retry-After") ?? Number.NaN);
  if (wait >= 0) reply.retryAfter = wait;
  const date = Date.parse(headers.get("Date") ?? "");
  if (date) reply.date = date;
  if (/json/.test(kind) && status !== 204) reply.body = await response.json();
  return reply;
}

function addressOf(address: string, path: Loose["path"] = {}, query: Loose["query"] = {}): string {
  const filled = address.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return `${filled}${search && "?"}${search}`;
}

function refusal({ status, body }: Reply): Refused {
  const problem = body as Partial<Schemas["Problem"]> | undefined;
  const said = problem?.errors?.map((error) => error.message).join("; ") || problem?.detail;
  const text = said && `${said[0]?.toUpperCase()}${said.slice(1).replace(/\.$/, "")}.`;
  const refused = new Refused(text || word(status === 0 ? "unreachable" : "failed"));
  return Object.assign(refused, { status, entry: problem?.entry });
}
