"""`stint toggl sync` and `stint sandbox toggl`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from stint.cli.setup import FAILED, USAGE, open_database, stop, told_plainly

if TYPE_CHECKING:
    from stint.accounts.queries import Caller
    from stint.integrations.outcomes import Counts, PlanOut, SyncRunOut

NEEDS_CONFIRMATION = 3
OVER = frozenset({"done", "failed", "needs_confirmation"})
POLL_SECONDS = 0.2
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    toggl = typer.Typer(no_args_is_help=True, help="The Toggl mirror.")
    # A callback keeps the command's name where a group has but one command.
    toggl.callback()(_group)
    toggl.command("sync")(sync)
    app.add_typer(toggl, name="toggl")
    sandbox = typer.Typer(no_args_is_help=True, help="Stand-ins for outside services, for demos and tests.")
    sandbox.callback()(_group)
    sandbox.command("toggl")(sandbox_toggl)
    app.add_typer(sandbox, name="sandbox")


def _group() -> None:
    return


def sync(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
    account: Annotated[str, typer.Option(help="Needed only when several accounts mirror Toggl.")] = "",
    as_json: AsJson = False,
) -> None:
    """Synchronise the Toggl mirror as "Sync now" does.

    Exit codes: 0 done, 1 failed, 2 usage, 3 the sync would archive so much that an Administrator must confirm.
    """
    open_database()
    caller = _caller(account)
    from stint.integrations.toggl.errors import TogglError

    try:
        with told_plainly():
            if dry_run:
                _preview(caller, as_json)
            else:
                _sync(caller, as_json)
    except TogglError as fault:
        stop(str(fault))


def sandbox_toggl(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any free one.")
    ] = 8001,
    seed: Annotated[str, typer.Option(help="small, team, large, or a JSON file.")] = "team",
) -> None:
    """Run a stand-in for Toggl Track's API on this machine."""
    from stint.sandbox.server import run

    run(port=port, seed=seed)


def _caller(account: str) -> Caller:
    """Return the integration's owner, or another Administrator when the owner is none any more."""
    from stint.accounts.models import Membership, Role
    from stint.accounts.queries import caller_of
    from stint.integrations.models import Integration

    found = Integration.objects.filter(kind="toggl").exclude(status=Integration.Status.OFF).order_by("pk")
    if account:
        found = found.filter(account__name__iexact=account)
    integrations = list(found[:2])
    if not integrations:
        stop("the Toggl integration is off; an Administrator enables it under Integrations in the browser")
    if len(integrations) > 1:
        stop("several accounts mirror Toggl; say which with --account", USAGE)
    owner_id, account_id = integrations[0].owner_id, integrations[0].account_id
    administrators = Membership.objects.filter(
        account_id=account_id, role=Role.ADMINISTRATOR, user__is_active=True
    ).order_by("user_id")
    ids = sorted(administrators.values_list("user_id", flat=True), key=lambda pk: (pk != owner_id, pk))
    caller = caller_of(ids[0]) if ids else None
    if caller is None:
        stop("the account has no active Administrator")
    return caller


def _preview(caller: Caller, as_json: bool) -> None:
    from stint.integrations import services

    selected = [workspace.id for workspace in services.toggl(caller).workspaces if workspace.selected]
    if not selected:
        stop("no workspace is selected; choose some under Integrations in the browser")
    plan = services.preview(caller, selected)
    _print(plan, as_json, plan)


def _sync(caller: Caller, as_json: bool) -> None:
    run = _finish(caller)
    _print(run, as_json, run.counts)
    if run.status == "needs_confirmation":
        typer.echo("stint: so much would be archived that an Administrator must confirm it", err=True)
        raise typer.Exit(NEEDS_CONFIRMATION)
    if run.status == "failed":
        stop(run.error or "the sync failed", FAILED)


def _finish(caller: Caller) -> SyncRunOut:
    """Queue a run and return it finished, whether this process or a running Stint carries it out."""
    from stint.integrations import runs, services
    from stint.server.background import QueueRunner

    run, told, work = services.sync_now(caller), "", QueueRunner()
    while run.status not in OVER:
        runs.tick()
        work()
        run = services.run(caller, run.id)
        if run.status in ("queued", "waiting") and run.status != told:
            told = run.status
            _tell(run)
        if run.status not in OVER:
            time.sleep(POLL_SECONDS)
    return run


def _tell(run: SyncRunOut) -> None:
    if run.status == "waiting":
        typer.echo(
            f"stint: Toggl's quota is spent; going on at {run.resumes_at:%Y-%m-%d %H:%M} UTC", err=True
        )
    else:
        typer.echo("stint: the sync is queued; one that is going on comes first", err=True)


def _print(result: SyncRunOut | PlanOut, as_json: bool, counts: Counts | PlanOut) -> None:
    import msgspec

    from stint.integrations.outcomes import Counts

    if as_json:
        typer.echo(msgspec.json.encode(result).decode())
        return
    named = [f"{name} {count}" for name in Counts.__struct_fields__ if (count := getattr(counts, name))]
    typer.echo(", ".join(named) or "nothing to do")
