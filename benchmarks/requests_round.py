"""An import and a sync of so many workspaces, projects and tasks each, in a fresh process. Prints JSON."""

from __future__ import annotations

import sys

import msgspec
from django.conf import settings
from django.core.management import call_command

from benchmarks import ready  # noqa: F401
from stint.accounts.queries import caller_of
from stint.accounts.services import create_account
from stint.integrations import runs, services
from stint.sandbox.seeds import _Maker
from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace


def main(workspaces: int, projects: int, tasks: int) -> None:
    """Count and print."""
    call_command("migrate", verbosity=0)
    with BackgroundSandbox(_workplace(workspaces, projects, tasks), quota=0) as sandbox:
        settings.TOGGL_API_URL, settings.TOGGL_REQUESTS_PER_SECOND = sandbox.url, 10_000
        owner = create_account("Bench", email="owner@example.com", name="Owner")
        caller = caller_of(owner.pk)
        assert caller is not None
        services.enable(caller, sandbox.token)
        counts = []
        for queue in (
            lambda: services.save(caller, [row.id for row in services.toggl(caller).workspaces]),
            lambda: services.sync_now(caller),
        ):
            run = queue()
            runs.run_sync.call(run.id)
            done = services.run(caller, run.id)
            assert done.status == "done", done.error
            counts.append(done.requests)
    print(msgspec.json.encode({"first": counts[0], "again": counts[1]}).decode())


def _workplace(workspaces: int, projects: int, tasks: int) -> Workplace:
    maker = _Maker(4)
    people = maker.people(("Ada Lovelace", "Grace Hopper"))
    made = maker.organization("Bench", "premium", *[f"Workspace {number}" for number in range(workspaces)])
    for workspace in made:
        for person in people:
            maker.member(person, workspace, "admin")
        rows = [maker.project(workspace, None, f"Project {number}") for number in range(projects)]
        for number in range(tasks):
            maker.task(rows[number % projects], f"Task {number}")
    return maker.place


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
