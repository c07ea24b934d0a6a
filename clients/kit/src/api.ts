// The HTTP API as the kit uses it: typed answers, and refusals as sentences.
import { word } from "./words";

export interface Task {
  id: number;
  parent_id: number | null;
  name: string;
  path: string[];
  trackable: boolean;
  read_only: boolean;
  children: number;
}

export interface Entry {
  id: string;
  task_id: number | null;
  note: string;
  start: string;
  end: string | null;
}

export interface Timer {
  entry: Entry | null;
  now: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** A call that was refused or never arrived; the message is a sentence to show. */
export class Refused extends Error {}

export async function call<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "X-Stint-Client": "web" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body), signal });
  } catch (fault) {
    if (signal?.aborted) throw fault;
    throw new Refused(word("unreachable"));
  }
  if (response.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  if (!response.ok) throw new Refused(await reason(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function reason(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: string; errors?: { message: string }[] };
    const said = problem.errors?.map((error) => error.message).join("; ") || problem.detail;
    return said ? `${said[0]?.toUpperCase()}${said.slice(1).replace(/\.$/, "")}.` : word("failed");
  } catch {
    return word("failed");
  }
}

function csrfToken(): string {
  return /(?:^|; )stint_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}
