// Where the popup's task picker has its tasks: the server, and while that is away those that were tracked on lately.
import { call, Refused, type Task } from "../../kit/src/api";
import type { Query, Source } from "../../kit/src/task-rows";
import type { Book, Look } from "./book";

export function tasksOf(book: () => Book): Source {
  return {
    tasks: (query, signal) =>
      orKnown(call("GET", "/tasks", { query, signal }), () => ({ items: found(book(), query) })),
    shortlist: () =>
      orKnown(call("GET", "/tasks/shortlist"), () => ({ favourites: [], recent: known(book()) })),
  };
}

/** What is known where the server cannot be asked; what it refuses is told. */
async function orKnown<T>(asked: Promise<T>, otherwise: () => T): Promise<T> {
  try {
    return await asked;
  } catch (fault) {
    if (!(fault instanceof Refused) || fault.status !== 0) throw fault;
    return otherwise();
  }
}

/** The tree itself is not known: only a search finds something. */
function found(book: Book, { q }: Query): Task[] {
  const words = (q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const holds = ({ path }: Task) => words.every((word) => path.join(" ").toLowerCase().includes(word));
  return known(book).filter(holds);
}

/** The tasks that were tracked on, in the order of what was done lately. */
function known({ tasks, recent }: Book): Task[] {
  const lately = recent.flatMap(({ task_id }) => task_id ?? []);
  const ids = new Set([...lately, ...Object.keys(tasks).map(Number)]);
  return [...ids].flatMap((id) => {
    const look = tasks[id];
    return look ? [taskOf(id, look)] : [];
  });
}

function taskOf(id: number, { path, color }: Look): Task {
  return {
    ...{ id, path, color, name: path.at(-1) ?? "", parent_id: null, status: "active", children: 0 },
    ...{
      trackable: true,
      read_only: false,
      favourite: false,
      billable: false,
      in_archive: false,
      source: null,
    },
  };
}
