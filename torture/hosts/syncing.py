"""Syncs on workers of several hosts: each runs once, and none is lost or half done when a host goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from torture.hosts.installation import Client, Installation
from torture.hosts.watching import Seen, await_, runs, tree

TAKEN_UP_SECONDS = 150
FREED_SECONDS = 45


def scheduled_syncs_run_once(installed: Installation, clients: list[Client]) -> list[Seen]:
    """Two workers on two hosts, each with a scheduler, find the same syncs due at the same moment."""
    for host in (installed.worker1, installed.worker2):
        installed.start_worker(host)
    for client in clients:
        mirror(installed, client)
    before = {client.account_id: len(runs(installed, client)) for client in clients}
    installed.sandbox("DELETE", "requests")
    installed.ask("DELETE FROM django_tasks_database_dbtaskresult")
    installed.ask("UPDATE integrations_integration SET next_sync_at = now(), keep_in_sync = 'hourly'")

    def new() -> list[tuple[object, ...]]:
        return [run for client in clients for run in runs(installed, client)[before[client.account_id] :]]

    await_(
        "the syncs are done",
        lambda: len(new()) >= len(clients) and all(run[1] == "done" for run in new()),
        TAKEN_UP_SECONDS,
    )
    # Whoever would start one twice does so at once; two ticks of each scheduler pass meanwhile.
    time.sleep(3)
    jobs = installed.ask(
        "SELECT jsonb_array_length(worker_ids), status FROM django_tasks_database_dbtaskresult"
    )
    workers = installed.ask(
        "SELECT count(DISTINCT worker) FROM django_tasks_database_dbtaskresult,"
        " jsonb_array_elements_text(worker_ids) worker"
    )[0][0]
    asked = int(installed.sandbox("GET", "requests")["total"])
    counted = sum(int(str(run[4])) for run in new())
    once = len(new()) == len(clients) and all(run[2:4] == (1, 0) for run in new())
    for host in (installed.worker1, installed.worker2):
        host.kill()
    return [
        Seen("runs", str(len(new())), once),
        Seen(
            "jobs", f"{len(jobs)}, carried out by {workers} worker threads", all(job[0] == 1 for job in jobs)
        ),
        Seen("requests at Toggl, and those the runs count", f"{asked}, {counted}", asked == counted),
    ]


def killed_in_mid_sync(installed: Installation, client: Client, control: Client) -> list[Seen]:
    """A worker's host loses its cable in mid-sync and dies; another host's worker takes the sync up."""
    change_toggl(installed, "killed")
    started = stall_in_reading(installed, client)
    installed.worker1.cut()
    installed.worker1.kill()
    cut = time.monotonic()
    installed.start_worker(installed.worker2)
    await_("another worker took it up", lambda: runs(installed, client)[-1][1] == "done", TAKEN_UP_SECONDS)
    took = time.monotonic() - cut
    repeated = [path for path, count in counts(installed, started).items() if count > 1]
    sync(installed, control)
    installed.worker1.mend()
    *_, attempts, deaths, _requests = runs(installed, client)[-1]
    return [
        Seen("done by another after", f"{took:.0f} s", took < TAKEN_UP_SECONDS),
        Seen("attempts, deaths", f"{attempts}, {deaths}", (attempts, deaths) == (2, 1)),
        Seen("asked of Toggl again", ", ".join(repeated) or "nothing", len(repeated) <= 1),
        whole(installed, client, control),
    ]


def comes_back(installed: Installation, reading: Client, applying: Client, control: Client) -> list[Seen]:
    """A worker's host is cut off with one sync read half and one half applied, and comes back too late.

    The half-applied one holds the locks of its account in a transaction that nobody can end but the database.
    """
    installed.worker2.kill()
    change_toggl(installed, "came back")
    installed.start_worker(installed.worker1)
    with locked(installed, applying):
        applying.told(installed.web1, "POST", "/integrations/toggl/sync")
        await_("the worker wants to apply", lambda: installed.waits_for_a_lock(installed.worker1))
        stall_in_reading(installed, reading, fresh_worker=False)
        installed.worker1.cut()
    cut = time.monotonic()
    installed.start_worker(installed.worker2)
    installed.sandbox("DELETE", "faults")
    task = applying.ask(
        installed.web2, "POST", "/tasks", {"name": "Made meanwhile"}, seconds=TAKEN_UP_SECONDS
    )
    freed = time.monotonic() - cut
    for client in (reading, applying):
        await_(
            "both were taken up",
            lambda client=client: runs(installed, client)[-1][1] == "done",
            TAKEN_UP_SECONDS,
        )
    took = time.monotonic() - cut
    change_toggl(installed, "newer")
    for client in (reading, applying, control):
        sync(installed, client)
    installed.worker2.kill()
    installed.worker1.mend()
    back = time.monotonic()
    # Without the other worker only the one that came back can carry this out.
    sync(installed, control)
    works = time.monotonic() - back
    return [
        Seen(
            "locks of a host that is cut off are free after",
            f"{freed:.0f} s",
            freed < FREED_SECONDS and task.is_success,
        ),
        Seen("both its syncs are done by another after", f"{took:.0f} s", took < TAKEN_UP_SECONDS),
        Seen("the host that came back works again after", f"{works:.1f} s", works < 30),
        none_failed(installed, reading, applying),
        whole(installed, reading, control),
        whole(installed, applying, control),
    ]


def hangs(installed: Installation, client: Client, control: Client) -> list[Seen]:
    """A worker hangs in the middle of applying while its host lives, and goes on when all is done by another."""
    change_toggl(installed, "before it hung")
    with locked(installed, client):
        client.told(installed.web1, "POST", "/integrations/toggl/sync")
        await_("the worker wants to apply", lambda: installed.waits_for_a_lock(installed.worker1))
        installed.worker1.pause(True)
    hung = time.monotonic()
    change_toggl(installed, "while it hung")
    installed.start_worker(installed.worker2)
    await_(
        "another worker took it up", lambda: runs(installed, client)[-1][1] == "done", 2 * TAKEN_UP_SECONDS
    )
    took = time.monotonic() - hung
    for each in (client, control):
        sync(installed, each)
    installed.worker2.kill()
    installed.worker1.pause(False)
    # Without the other worker only the one that hung can carry this out.
    sync(installed, control)
    return [
        Seen("done by another after", f"{took:.0f} s", took < 2 * TAKEN_UP_SECONDS),
        none_failed(installed, client),
        whole(installed, client, control),
    ]


@contextmanager
def locked(installed: Installation, client: Client) -> Iterator[None]:
    """Hold the lock that a change of the account's tree waits for."""
    with installed.connection() as holding, holding.transaction():
        holding.execute("SELECT FROM accounts_account WHERE id = %s FOR UPDATE", [client.account_id])
        yield


def mirror(installed: Installation, client: Client) -> None:
    """Enable Toggl for an account and select all workspaces; a worker must run."""
    token = installed.sandbox("GET", "state")["token"]
    enabled = client.told(installed.web1, "POST", "/integrations/toggl", {"api_token": token})
    ids = [workspace["id"] for workspace in enabled["workspaces"]]
    client.told(installed.web1, "PUT", "/integrations/toggl/selection", {"workspace_ids": ids})
    await_("the first sync is done", lambda: runs(installed, client)[-1][1] == "done", TAKEN_UP_SECONDS)


def sync(installed: Installation, client: Client) -> None:
    """Have an account synchronised; returns when it is done."""
    run = client.told(installed.web2, "POST", "/integrations/toggl/sync")["id"]
    await_(
        "a sync is done",
        lambda: (run, "done") in [found[:2] for found in runs(installed, client)],
        TAKEN_UP_SECONDS,
    )


def change_toggl(installed: Installation, name: str) -> None:
    """Rename and add projects at Toggl, so that there is something to apply."""
    state = installed.sandbox("GET", "state")
    for project in state["projects"][:20]:
        installed.sandbox("PATCH", f"projects/{project['id']}", {"name": f"{name} {project['id']}"})
    for number in range(20):
        installed.sandbox(
            "POST", "projects", {"wid": state["workspaces"][0]["id"], "name": f"New: {name} {number}"}
        )


def stall_in_reading(installed: Installation, client: Client, fresh_worker: bool = True) -> float:
    """Start a sync and return once its worker waits for an answer of Toggl that takes long."""
    installed.sandbox("DELETE", "requests")
    installed.sandbox("POST", "faults", {"kind": "slow", "path": "/projects", "seconds": 600, "times": 1})
    began = time.time()
    client.told(installed.web1, "POST", "/integrations/toggl/sync")
    if fresh_worker:
        installed.start_worker(installed.worker1)
    await_("a request is stalled", lambda: not installed.sandbox("GET", "faults")["faults"])
    return began


def counts(installed: Installation, since: float) -> dict[str, int]:
    """Return how often each thing was asked of the sandbox since then."""
    found: dict[str, int] = {}
    for row in installed.sandbox("GET", "requests?most=5000")["rows"]:
        if row["at"] >= since:
            key = f"{row['path']}?{row['query']}"
            found[key] = found.get(key, 0) + 1
    return found


def none_failed(installed: Installation, *clients: Client) -> Seen:
    """Look whether every sync on the accounts' record is done, whatever became of its first worker."""
    found = [run[1] for client in clients for run in runs(installed, client)]
    return Seen("syncs on record", f"{len(found)}, {found.count('done')} done", set(found) == {"done"})


def whole(installed: Installation, client: Client, control: Client) -> Seen:
    """Compare an account's tree with that of one whose syncs nothing disturbed."""
    ours, wanted = tree(installed, client), tree(installed, control)
    same = "the same" if ours == wanted else f"different in {len(set(ours) ^ set(wanted))} rows"
    return Seen(
        "its tree, and one that nothing disturbed",
        f"{len(ours)} and {len(wanted)} items, {same}",
        ours == wanted,
    )
