"""Finding tasks by any part of their path.

Every word of the query must stand in the task's name or in the name of an ancestor. A trigram index answers
for casefolded names (FTS5 on SQLite, pg_trgm on PostgreSQL); what is below a hit follows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from stint.accounts.queries import Caller
from stint.database import fetch_all, fetch_one, on_sqlite
from stint.paging import Page
from stint.tasks.models import subtree_bounds
from stint.tasks.queries import (
    Filter,
    Row,
    Status,
    TaskOut,
    names,
    narrowed,
    present,
    rows_of,
    select,
    sort_name,
    visible,
)
from stint.tasks.scope import scope_of, top_most

MOST_HITS = 500  # of one word, before they are ranked
MOST_RANGES = 50
TRIGRAM = 3


def search(
    caller: Caller, q: str, *, status: Status = "active", trackable: bool | None = None, limit: int = 50
) -> Page[TaskOut]:
    """Return the best matches among the tasks the caller sees: best first, of the archive last. There is one page."""
    words = [sort_name(word) for word in re.split(r"[\s\0/›>]+", q) if word][:8]
    if not words:
        return Page([])
    scope = scope_of(caller.user_id)
    wanted = narrowed(caller, scope, status, trackable)
    hits = _matching(caller, wanted, words, limit)
    best = sorted(hits, key=_ranking(words[-1]))[:limit]
    rows = rows_of(hit.id for hit in best)
    found = present([rows[hit.id] for hit in best if hit.id in rows], scope)
    if len(found) < limit:
        if status == "archived" or (trackable and scope.ancestors()):
            # What is wanted may lie below a match that is not: an active task, or one above what is assigned.
            hits = _matching(caller, visible(caller, scope), words, MOST_HITS)
        tops = [row[2] for row in rows_of(hit.id for hit in hits).values() if row[-1]]
        below = present(_below(wanted, tops, {task.id for task in found}, limit - len(found)), scope)
        found += sorted(below, key=lambda task: [name.casefold() for name in task.path])
    return Page(sorted(found, key=lambda task: task.in_archive))


class Hit(NamedTuple):
    """A candidate: no more than ranking needs, since hundreds are read for a few that are shown."""

    id: int
    path: str
    name: str


def _read(wanted: Filter, *, order: str, limit: int, among: str = "tasks_task t") -> list[Hit]:
    sql = f"SELECT t.id, t.path, t.name FROM {among} WHERE {wanted.sql} ORDER BY {order} LIMIT %s"  # noqa: S608
    parameters = [*wanted.parameters, limit]
    if not on_sqlite():
        return [Hit(*row) for row in fetch_all(sql, parameters)]
    # One row that holds them all: threads hand Python over at each row that SQLite steps to.
    row = fetch_one(f"SELECT json_group_array(json_array(id, path, name)) FROM ({sql})", parameters)  # noqa: S608
    assert row is not None
    return msgspec.json.decode(row[0], type=list[Hit])


def _matching(caller: Caller, wanted: Filter, words: list[str], enough: int) -> list[Hit]:
    """Return the tasks that match by their own name, at least in part, among them the best `enough`."""
    if len(words) == 1:
        return _hits(wanted, words[0], enough)
    hits = _hits_of_all(caller, wanted, words)
    named = names({int(part) for hit in hits for part in hit.path.split("/")[:-1]})
    return [hit for hit in hits if _matches([named[int(part)] for part in hit.path.split("/")[:-1]], words)]


def _hits(wanted: Filter, word: str, enough: int = MOST_HITS) -> list[Hit]:
    """Return tasks whose own name has the word: those that begin with it first, so none of them is cut off.

    Where `enough` begin with it the others, which rank below all of them, are not looked for.
    """
    beginning = _read(
        wanted.also("t.sort_name >= %s AND t.sort_name < %s", word, word + "\U0010ffff"),
        order="t.sort_name",
        limit=MOST_HITS // 2,
    )
    if len(beginning) >= enough:
        return beginning
    return list({hit.id: hit for hit in [*beginning, *_containing(wanted, word)]}.values())


def _containing(wanted: Filter, word: str) -> list[Hit]:
    if not on_sqlite():
        wanted = wanted.also("t.sort_name LIKE %s ESCAPE '!'", _pattern(word))
        return _read(wanted, order="t.id", limit=MOST_HITS)
    if len(word) < TRIGRAM:
        return _containing_letters(wanted, word)
    # CROSS JOIN keeps SQLite from reading every match of a common word before the first of them is looked at.
    return _read(
        wanted.also("tasks_task_search MATCH %s", '"' + word.replace('"', '""') + '"'),
        order="tasks_task_search.rowid",
        limit=MOST_HITS,
        among="tasks_task_search CROSS JOIN tasks_task t ON t.id = tasks_task_search.rowid",
    )


def _containing_letters(wanted: Filter, letters: str) -> list[Hit]:
    """Find one or two letters, too few for the trigrams, in the index of names alone.

    It ends with the first MOST_HITS, and looks up a task only where the letters stand: "a" among 100,000 tasks takes
    7 ms where it took 32, and letters that stand nowhere 10 instead of 29.
    """
    return _read(
        Filter("n.account_id = t.account_id AND instr(n.sort_name, %s) > 0", [letters]).also(
            wanted.sql, *wanted.parameters
        ),
        order="n.sort_name",
        limit=MOST_HITS,
        among="tasks_task n CROSS JOIN tasks_task t ON t.id = n.id",
    )


def _hits_of_all(caller: Caller, wanted: Filter, words: list[str]) -> list[Hit]:
    """Return candidates for a query of several words, starting from the word that is rarest."""
    account = Filter("t.account_id = %s", [caller.account_id])
    anchors = min((_hits(account, word) for word in dict.fromkeys(words)), key=len)[:MOST_HITS]
    if not anchors:
        return []
    own = ", ".join(["%s"] * len(anchors))
    ranges = [subtree_bounds(hit.path) for hit in anchors[:MOST_RANGES]]
    below = " OR ".join(["(t.path >= %s AND t.path < %s)"] * len(ranges))
    other = " OR ".join(["t.sort_name LIKE %s ESCAPE '!'"] * len(words))
    return _read(
        wanted.also(
            f"(t.id IN ({own}) OR (({below}) AND ({other})))",
            *[hit.id for hit in anchors],
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


def _matches(path: list[str], words: list[str]) -> bool:
    whole = "\n".join(path).casefold()
    return all(word in whole for word in words)


def _ranking(word: str) -> Callable[[Hit], tuple[int, int, int, str]]:
    """Order: the whole name, its beginning, the beginning of a word in it, then anywhere; short paths first."""
    begins_a_word = re.compile(rf"\b{re.escape(word)}").search

    def rank(hit: Hit) -> tuple[int, int, int, str]:
        name = hit.name.casefold()
        if name == word:
            place = 0
        elif name.startswith(word):
            place = 1
        elif begins_a_word(name):
            place = 2
        else:
            place = 3
        return place, hit.path.count("/"), len(name), name

    return rank


def _pattern(word: str) -> str:
    return "%" + re.sub(r"([!%_])", r"!\1", word) + "%"
