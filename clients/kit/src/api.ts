// The HTTP API as the kit uses it: typed answers, and refusals as sentences.
import { csrfToken } from "./csrf";
import { word } from "./words";

export interface Task {
  id: number;
  parent_id: number | null;
  name: string;
  path: string[];
  trackable: boolean;
  read_only: boolean;
  children: number;
  color?: string;
}

export interface Entry {
  id: string;
  task_id: number | null;
  note: string;
  tags: string[];
  billable: boolean;
  start: string;
  end: string | null;
  version: number;
}

/** What was done before and may be done again. */
export interface Suggestion {
  note: string;
  task_id: number | null;
  path: string[];
  color: string;
  tags: string[];
  billable: boolean;
}

export interface Timer {
  entry: Entry | null;
  now: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

interface Problem {
  detail?: string;
  errors?: { message: string }[];
  entry?: object;
}

/** A call that was refused or never arrived; the message is a sentence to show. */
export class Refused extends Error {
  /** What the entry is now, where it was changed since it was read. */
  entry?: object;
}

/** Call the API; with `version` only if the entry still has it. */
export async function call<T>(
  method: string,
  path: string,
  body?: object,
  signal?: AbortSignal,
  version?: number,
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "X-Stint-Client": "web" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (version !== undefined) headers["If-Match"] = String(version);
  let response: Response;
  try {
    // A write goes on when the page is left meanwhile.
    const keepalive = method !== "GET";
    const sent = body && JSON.stringify(body);
    response = await fetch(`/api/v1${path}`, { method, headers, body: sent, signal, keepalive });
  } catch (fault) {
    if (signal?.aborted) throw fault;
    throw new Refused(word("unreachable"));
  }
  if (response.status === 401) document.body.dispatchEvent(new CustomEvent("stint-signed-out"));
  if (!response.ok) throw await refusal(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function refusal(response: Response): Promise<Refused> {
  try {
    const problem = (await response.json()) as Problem;
    const said = problem.errors?.map((error) => error.message).join("; ") || problem.detail;
    const text = said && `${said[0]?.toUpperCase()}${said.slice(1).replace(/\.$/, "")}.`;
    return Object.assign(new Refused(text || word("failed")), { entry: problem.entry });
  } catch {
    return new Refused(word("failed"));
  }
}
