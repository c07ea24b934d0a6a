"""`stint login`, `logout`, `start`, `stop`, `status` and `queue`: the timer from a terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stint.cli.choice import chosen, suggest
from stint.cli.options import PANEL, AsJson, Billable, Note, Tags
from stint.cli.person import answer, carried_out, duration, gave_up, person, told
from stint.cli.setup import USAGE
from stint.cli.setup import stop as end_with

if TYPE_CHECKING:
    from stint.cli.person import Person
    from stint.client.state import Act, Fields


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (login, logout, start, stop, status, queue):
        app.command(rich_help_panel=PANEL)(command)


def login(
    url: Annotated[str, typer.Argument(help="Address of the server, such as https://stint.example.com.")],
    token: Annotated[str, typer.Option(envvar="STINT_TOKEN", help="An API token, made under Settings.")] = "",
    browser: Annotated[
        bool | None, typer.Option(help="Without a token, allow it in the browser: asked for at a terminal.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sign in to a server; the other commands use it from then on."""
    from stint.cli.connecting import token_by_browser
    from stint.client.credentials import Credentials
    from stint.client.server import BadAddress, Refused, travels_open

    if not token and not (sys.stdin.isatty() if browser is None else browser):
        end_with("--token is missing; make one in the browser under Settings, or use --browser", USAGE)
    try:
        signed_in = Credentials().sign_in(url, token or token_by_browser(url), "cli")
    except BadAddress as fault:
        end_with(str(fault), USAGE)
    except Refused as fault:
        end_with("the server does not know this token" if fault.status == 401 else str(fault))
    except OSError as fault:
        end_with(f"STINT_CONFIG: the sign-in cannot be kept: {fault.strerror}")
    if travels_open(signed_in.address):
        typer.echo("stint: this address is http: whoever is in between can read the token", err=True)
    who = person()
    _read_tasks(who)
    carried_out(who)
    if as_json:
        known = ("address", "user_id", "name", "email", "account")
        typer.echo(json.dumps({name: getattr(signed_in, name) for name in known}, ensure_ascii=False))
    else:
        typer.echo(
            f"Signed in to {signed_in.address} as {signed_in.name} <{signed_in.email}>, {signed_in.account}."
        )


def logout() -> None:
    """Forget the token; what is not sent yet stays for the next sign-in of the same person.

    A token that stint login made by the browser becomes void on the server.
    """
    from stint.cli.connecting import own_name
    from stint.client.credentials import Credentials

    if told := Credentials().sign_out("cli", own_name()):
        typer.echo(f"stint: {told}", err=True)


def start(
    task: Annotated[
        str,
        typer.Argument(help="Any part of the task's path; none for no task.", autocompletion=suggest),
    ] = "",
    note: Note = "",
    tag: Tags = None,
    billable: Billable = None,
    as_json: AsJson = False,
) -> None:
    """Start a timer; what runs is stopped at the same instant.

    Exit codes of this and the commands below: 0 done, or kept here to be sent later (it says so); 1 failed; 2 usage.
    """
    who = person()
    who.queue.flush()
    draft: Fields = {"note": note, "tags": tag or []}
    if task:
        draft["task_id"] = chosen(who, task, ask=not as_json)["id"]
    if billable is not None:
        draft["billable"] = billable
    id_ = who.queue.start(draft)
    carried_out(who, [id_])
    entry = _entry(who, id_)
    ends = f", ended at {who.clock(entry['end'])}" if entry and entry["end"] else ""
    said = f"Started {told(who, entry)} at {who.clock(entry['start'])}{ends}." if entry else "Started."
    answer(entry, who.queue.state.queued, as_json=as_json, said="" if as_json else said)
    _keep_tasks_fresh(who)


def stop(as_json: AsJson = False) -> None:
    """Stop the timer."""
    who = person()
    who.queue.flush()
    runs = who.queue.state.entry
    if runs is None:
        carried_out(who)
        answer(None, who.queue.state.queued, as_json=as_json, said="") if as_json else None
        end_with("no timer is running")
    who.queue.stop()
    carried_out(who, [runs["id"]])
    entry = _entry(who, runs["id"]) or who.whole(runs)
    said = (
        ""
        if as_json
        else f"Stopped {told(who, entry)} after {duration(entry['seconds'], to_the_second=True)}."
    )
    answer(entry, who.queue.state.queued, as_json=as_json, said=said)


def status(as_json: AsJson = False) -> None:
    """Show the running timer."""
    from stint.cli.status import show

    show(as_json=as_json)


def queue(
    retry: Annotated[int, typer.Option(help="Send a refused change again, by its number.")] = 0,
    discard: Annotated[int, typer.Option(help="Give a refused change up, by its number.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Show what waits to be sent, and what the server refused."""
    from stint.client.texts import problem_text

    who = person()
    numbers = [problem.no for problem in who.queue.state.problems]
    for given in filter(None, (retry, discard)):
        if given not in numbers:
            end_with(f"there is no refused change {given}", USAGE)
    if discard:
        who.queue.discard(discard)
    if retry:
        who.queue.retry(retry)
    carried_out(who)
    state = who.queue.state
    if as_json:
        refused = [
            {
                "no": problem.no,
                "status": problem.status,
                "detail": problem.detail,
                "acts": _acts(problem.acts),
            }
            for problem in state.problems
        ]
        typer.echo(json.dumps({"queued": state.queued, "refused": refused}, ensure_ascii=False))
        return
    typer.echo(f"{state.queued} waiting, {len(state.problems)} refused.")
    for act in who.queue.waiting:
        typer.echo(f"     {_line(act)}")
    for problem in state.problems:
        typer.echo(f"{problem.no:3}  {_line(problem.acts[0])}: {problem_text(problem)}")


def _acts(acts: tuple[Act, ...]) -> list[dict[str, Any]]:
    return [{"kind": act.kind, "id": act.id, **act.body} for act in acts]


def _line(act: Act) -> str:
    given = (" ".join(value) if isinstance(value, list) else value for value in act.body.values())
    return " ".join([act.kind, *(str(value) for value in given if value not in ("", None))])


def _entry(who: Person, id_: str) -> dict[str, Any] | None:
    """Return the entry of this command: as the server answered, or as it will be."""
    waiting = [entry for entry in who.queue.overlay([]) if entry["id"] == id_]
    entry = who.queue.arrived.get(id_) or (waiting[0] if waiting else None)
    return who.whole(entry) if entry else None


def _read_tasks(who: Person) -> None:
    from stint.client.server import Refused

    try:
        who.tasks.refresh(at_once=True)
    except Refused as refused:
        gave_up(refused)


def _keep_tasks_fresh(who: Person) -> None:
    """Have the list of tasks at hand for when the server is away; that it cannot be had now is no fault."""
    from stint.client.server import Refused

    if not who.queue.state.offline:
        try:
            who.tasks.refresh()
        except Refused:
            return
