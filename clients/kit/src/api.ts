// The HTTP API as the kit uses it: calls and answers typed by the server's own document (`make client` writes
// api/schema.d.ts from it), and refusals as sentences.
import type { components, paths } from "./api/schema";
import { csrfToken } from "./csrf";
import { word } from "./words";

const ROOT = "/api/v1";

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

/** A call that was refused or never arrived; the message is a sentence to show. */
export class Refused extends Error {
  /** What the entry is now, where it was changed since it was read. */
  entry?: Entry;
}

/** Call the API: `call("GET", "/tasks/{task_id}", { path: { task_id: 5 } })`. */
export async function call<M extends Method, A extends Address<M>>(
  method: M,
  address: A,
  ...[given]: Sent<Given<M, A>>
): Promise<Answer<M, A>> {
  const { path, query, body, version, signal } = (given ?? {}) as Loose;
  const headers: Record<string, string> = { Accept: "application/json", "X-Stint-Client": "web" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (version !== undefined) headers["If-Match"] = String(version);
  let response: Response;
  try {
    // A write goes on when the page is left meanwhile.
    const keepalive = method !== "GET";
    const sent = body === undefined ? undefined : JSON.stringify(body);
    response = await fetch(addressOf(address, path, query), {
      method,
      headers,
      body: sent,
      signal,
      keepalive,
    });
  } catch (fault) {
    if (signal?.aborted) throw fault;
    throw new Refused(word("unreachable"));
  }
  if (response.status === 401) document.body.dispatchEvent(new CustomEvent("stint-signed-out"));
  if (!response.ok) throw await refusal(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer<M, A>;
}

function addressOf(address: string, path: Loose["path"] = {}, query: Loose["query"] = {}): string {
  const filled = address.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return `${ROOT}${filled}${search && "?"}${search}`;
}

async function refusal(response: Response): Promise<Refused> {
  try {
    const problem = (await response.json()) as Schemas["Problem"];
    const said = problem.errors?.map((error) => error.message).join("; ") || problem.detail;
    const text = said && `${said[0]?.toUpperCase()}${said.slice(1).replace(/\.$/, "")}.`;
    return Object.assign(new Refused(text || word("failed")), { entry: problem.entry });
  } catch {
    return new Refused(word("failed"));
  }
}
