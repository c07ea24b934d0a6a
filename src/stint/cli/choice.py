"""Which task is meant: any part of its path will do, and who sits at a terminal is asked where that is not enough."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from stint.cli.setup import USAGE, stop

if TYPE_CHECKING:
    from stint.cli.person import Person
    from stint.client.tasks import Task

MOST_SHOWN = 15
MOST_COMPLETED = 50


def suggest(incomplete: str) -> list[str]:
    """Return the known tasks that match what is typed so far, for the shell's completion; no network.

    Shells take only what begins with what is typed, so a path is told from the word on that does.
    """
    from stint.client.credentials import Credentials
    from stint.client.tasks import Tasks, typed

    credentials = Credentials()
    server = credentials.server("cli")
    if server is None:
        return []
    paths = (typed(task["path"]) for task in Tasks(credentials.folder, server).kept(incomplete))
    told = (_from_word_on(path, incomplete) for path in paths)
    return list(dict.fromkeys(filter(None, told)))[:MOST_COMPLETED]


def _from_word_on(path: str, begun: str) -> str:
    folded = path.casefold()
    for at in (0, *(number for number, letter in enumerate(path, 1) if letter == "/")):
        if folded.startswith(begun.casefold(), at):
            return begun + path[at + len(begun) :]
    return ""


TaskQuery = Annotated[
    str,
    typer.Argument(
        metavar="TASK", help="Any part of the task's path, as in “acme website”.", autocompletion=suggest
    ),
]


def chosen(who: Person, query: str, *, ask: bool) -> Task:
    """Return the task that `query` means, from the server or, where it is away, from the list kept here.

    The command ends with the candidates where there are several and nobody can be asked.
    """
    from stint.client.tasks import meant

    found = meant(_found(who, query), query)
    if len(found) == 1:
        return found[0]
    if not found:
        stop(f"no task that you can track on matches “{query}”; stint tasks lists them", USAGE)
    lines = [f"{number:3}  {' / '.join(task['path'])}" for number, task in enumerate(found[:MOST_SHOWN], 1)]
    if len(found) > MOST_SHOWN:
        lines.append("     ... and more")
    typer.echo("\n".join([f"“{query}” matches several tasks:", *lines]), err=True)
    if not (ask and sys.stdin.isatty() and sys.stderr.isatty()):
        stop("say more of the path of the one you mean", USAGE)
    which = 0
    while not 1 <= which <= min(len(found), MOST_SHOWN):
        which = int(typer.prompt("Which", type=int, err=True))
    return found[which - 1]


def _found(who: Person, query: str) -> list[Task]:
    from stint.client.server import Refused

    if not who.queue.state.offline and not who.queue.state.signed_out:
        try:
            return who.tasks.find(query)
        except Refused:
            pass
    return who.tasks.kept(query)
