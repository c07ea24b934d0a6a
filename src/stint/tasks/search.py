"""Finding tasks by any part of their path.

Every word of the query must stand in the task's name or in the name of an ancestor. A trigram index answers
for casefolded names (FTS5 on SQLite, pg_trgm on PostgreSQL); what is below a hit follows it.
"""

from __future__ import annotations

import re

from django.db import connection

from stint.accounts.queries import Caller
from stint.paging import Page
from stint.tasks.models import subtree_bounds
from stint.tasks.queries import Filter, Row, Status, TaskOut, narrowed, present, select, sort_name, visible
from stint.tasks.scope import Scope, scope_of, top_most

MOST_HITS = 500  # of one word, before they are ranked
MOST_RANGES = 50
TRIGRAM = 3


def search(
    caller: Caller, q: str, *, status: Status = "active", trackable: bool | None = None, limit: int = 50
) -> Page[TaskOut]:
    """Return the best matches among the tasks the caller sees, best first. There is no second page."""
    words = [sort_name(word) for word in re.split(r"[\s\0/›>]+", q) if word][:8]
    if not words:
        return Page([])
    scope = scope_of(caller.user_id)
    wanted = narrowed(caller, scope, status, trackable)
    matches = _matching(caller, scope, wanted, words)
    found = sorted((task for _, task in matches), key=lambda task: _rank(task, words))[:limit]
    if len(found) < limit:
        if status == "archived" or (trackable and scope.ancestors()):
            # What is wanted may lie below a match that is not: an active task, or one above what is assigned.
            matches = _matching(caller, scope, visible(caller, scope), words)
        tops = [row[2] for row, _ in matches if row[10]]
        below = present(_below(wanted, tops, {task.id for task in found}, limit - len(found)), scope)
        found += sorted(below, key=lambda task: [name.casefold() for name in task.path])
    return Page(found)


def _matching(caller: Caller, scope: Scope, wanted: Filter, words: list[str]) -> list[tuple[Row, TaskOut]]:
    """Return the tasks that match by their own name, at least in part, each as row and as shown."""
    rows = _hits(wanted, words[0]) if len(words) == 1 else _hits_of_all(caller, wanted, words)
    found = zip(rows, present(rows, scope), strict=True)
    return [(row, task) for row, task in found if len(words) == 1 or _matches(task, words)]


def _hits(wanted: Filter, word: str) -> list[Row]:
    """Return tasks whose own name has the word: those that begin with it first, so none of them is cut off."""
    beginning = select(
        wanted.also("t.sort_name >= %s AND t.sort_name < %s", word, word + "\U0010ffff"),
        order="t.sort_name",
        limit=MOST_HITS // 2,
    )
    sql, parameter = _contains(word)
    inside = select(wanted.also(sql, parameter), order="t.id", limit=MOST_HITS)
    return list({row[0]: row for row in [*beginning, *inside]}.values())


def _hits_of_all(caller: Caller, wanted: Filter, words: list[str]) -> list[Row]:
    """Return candidates for a query of several words, starting from the word that is rarest."""
    account = Filter("t.account_id = %s", [caller.account_id])
    anchors = min((_hits(account, word) for word in dict.fromkeys(words)), key=len)[:MOST_HITS]
    if not anchors:
        return []
    own = ", ".join(["%s"] * len(anchors))
    ranges = [subtree_bounds(row[2]) for row in anchors[:MOST_RANGES]]
    below = " OR ".join(["(t.path >= %s AND t.path < %s)"] * len(ranges))
    other = " OR ".join(["t.sort_name LIKE %s ESCAPE '!'"] * len(words))
    return select(
        wanted.also(
            f"(t.id IN ({own}) OR (({below}) AND ({other})))",
            *[row[0] for row in anchors],
            *[bound for pair in ranges for bound in pair],
            *[_pattern(word) for word in words],
        ),
        order="t.path",
        limit=MOST_HITS,
    )


def _below(wanted: Filter, tops: list[str], shown: set[int], limit: int) -> list[Row]:
    """Return tasks below the paths `tops` that are not shown already."""
    tops = top_most(tops)[:MOST_RANGES]
    if not tops:
        return []
    ranges = [subtree_bounds(path) for path in tops]
    below = " OR ".join(["(t.path >= %s AND t.path < %s)"] * len(ranges))
    narrowed_ = wanted.also(f"({below})", *[bound for pair in ranges for bound in pair])
    rows = select(narrowed_, order="t.path", limit=limit + len(shown))
    return [row for row in rows if row[0] not in shown][:limit]


def _matches(task: TaskOut, words: list[str]) -> bool:
    whole = "\n".join(task.path).casefold()
    return all(word in whole for word in words)


def _rank(task: TaskOut, words: list[str]) -> tuple[int, int, int, str]:
    """Order: the whole name, its beginning, the beginning of a word in it, then anywhere; short paths first."""
    name = task.name.casefold()
    last = words[-1]
    if name == last:
        place = 0
    elif name.startswith(last):
        place = 1
    elif re.search(rf"\b{re.escape(last)}", name):
        place = 2
    else:
        place = 3
    return place, len(task.path), len(name), name


def _contains(word: str) -> tuple[str, str]:
    if connection.vendor == "postgresql" or len(word) < TRIGRAM:
        return "t.sort_name LIKE %s ESCAPE '!'", _pattern(word)
    phrase = '"' + word.replace('"', '""') + '"'
    return "t.id IN (SELECT rowid FROM tasks_task_search WHERE tasks_task_search MATCH %s)", phrase


def _pattern(word: str) -> str:
    return "%" + re.sub(r"([!%_])", r"!\1", word) + "%"
