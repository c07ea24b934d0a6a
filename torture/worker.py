"""A worker killed in the middle of a job: another takes the job up, and it is done once."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.processes import STINT, Server
from stint.sandbox.faults import Fault
from tools.with_postgres import free_port
from torture import post, tree
from torture.asking import Asker
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.postgres import NoPostgres, databases
from torture.syncing import POLL_SECONDS, Syncing

ROUNDS = 3
SLOW_SECONDS = 1.0
PATIENCE_SECONDS = 120.0
CHECKED = (
    "a second worker does the job; the tree is the one after the sync; each imported entry is there once, and the same "
    "import again makes none; the invitation arrives once; what a killed backup leaves does not pass for one"
)
SILENT = {
    "integrations_syncrun": "heartbeat_at",
    "imports_import": "heartbeat_at",
    "accounts_invitation": "next_try_at",
}
"""What tells that a worker is gone, by table; hours of silence are skipped by setting it back."""


def run(options: Options) -> list[Outcome]:
    """Kill workers of `stint web` on each database."""
    return [_on(name, options) for name in options.databases]


def _on(name: str, options: Options) -> Outcome:
    what = f"`stint worker` killed with a job in hand, {name}"
    outcome = Outcome(
        part="worker", what=what, done=f"{ROUNDS} syncs, imports, mails, backups each", checked=CHECKED
    )
    try:
        with databases(name, 1) as urls, office(1, url=urls[0]) as place:
            _torture(place, random.Random(f"{options.seed} worker {name}"), outcome)
    except NoPostgres:
        outcome.skipped, outcome.note = True, "PostgreSQL is not installed here"
    return outcome


def _torture(place: Office, chance: random.Random, outcome: Outcome) -> None:
    data, port = place.database.data, free_port()
    variables = {**place.variables, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}

    def worker() -> Server:
        log = data / "worker.log"
        return Server(STINT, "worker", data=data, log=log, ready="worker is running", **variables)

    with ExitStack() as running:
        web = running.enter_context(
            Server(STINT, "web", "--port", "0", data=data, log=data / "web.log", **variables)
        )
        admin = place.asker(web.port)
        syncing = Syncing(place, random.Random(chance.random()))
        with worker():
            syncing.begin(admin)
        for number in range(ROUNDS):
            faults = [
                *_sync(place, admin, syncing, worker),
                *_import(place, admin, worker),
                *_mail(place, admin, worker, port, f"guest{number}@example.com"),
                *_backup(place, chance),
            ]
            outcome.faults += [f"round {number}: {fault}" for fault in faults]
        outcome.faults += place.database.damage()
    outcome.note = "the silence after which a job is taken up (90 s, 10 minutes, 3 minutes) was skipped"


def _killed_amid(place: Office, worker: Callable[[], Server], at_work: Callable[[], bool]) -> list[str]:
    """Start a worker, kill it in the middle of its job, and let its silence be long."""
    victim = worker()
    reached = _until(at_work)
    victim.process.send_signal(signal.SIGKILL)
    victim.process.wait()
    place.toggl.faults.clear()
    for table, column in SILENT.items():
        place.database.change(
            f"UPDATE {table} SET {column} = %s WHERE {column} IS NOT NULL", ["2020-01-01 00:00:00"]
        )
    return [] if reached else ["the job did not begin"]


def _until(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := true()) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    return found


def _sync(place: Office, admin: Asker, syncing: Syncing, worker: Callable[[], Server]) -> list[str]:
    asked = len(place.toggl.log)
    place.toggl.faults.add(Fault("slow", seconds=SLOW_SECONDS))
    syncing.begin_one(admin)
    faults = _killed_amid(place, worker, lambda: len(place.toggl.log) > asked + 1)
    faults += [
        f"after the kill: {wrong}"
        for wrong in tree.differences(syncing.before, tree.found(place.database))[:3]
    ]
    with worker():
        syncing.finish(admin)
    deaths = place.database.rows("SELECT deaths, status FROM integrations_syncrun ORDER BY id DESC LIMIT 1")
    return (
        faults + syncing.check() + ([] if deaths == [(1, "done")] else [f"the sync's record says {deaths}"])
    )


def _import(place: Office, admin: Asker, worker: Callable[[], Server]) -> list[str]:
    asked = len(place.toggl.log)
    place.toggl.faults.add(Fault("slow", seconds=SLOW_SECONDS))
    wanted = {"from": "2020-01-01", "to": time.strftime("%Y-%m-%d")}
    begun = admin.ask("POST", "/integrations/toggl/history", wanted)
    if begun.status != 202:
        return [f"an import was answered {begun.status}: {begun.body}"]
    faults = _killed_amid(place, worker, lambda: len(place.toggl.log) > asked)
    with worker():
        faults += _imported(admin, begun.body["id"])
        stand = place.database.rows("SELECT count(*) FROM entries_entry")
        again = admin.ask("POST", "/integrations/toggl/history", wanted)
        faults += _imported(admin, again.body["id"])
    doubled = place.database.rows("SELECT count(*) FROM entries_entry")
    return faults if doubled == stand else [*faults, f"{stand} entries were {doubled} after the same import"]


def _imported(admin: Asker, id_: int) -> list[str]:
    last = {}

    def ended() -> bool:
        last.update(admin.ask("GET", f"/imports/{id_}").body)
        return last["status"] in ("done", "failed", "needs_confirmation")

    return [] if _until(ended) and last["status"] == "done" else [f"the import ended as {last}"]


def _mail(place: Office, admin: Asker, worker: Callable[[], Server], port: int, email: str) -> list[str]:
    with post.hanging(port) as held:
        admin.ask("POST", "/invitations", {"emails": [email]})
        faults = _killed_amid(place, worker, lambda: bool(held))
    with post.taking(port) as taken, worker():
        sent = "SELECT id FROM accounts_invitation WHERE email = %s AND sent_at IS NOT NULL"
        arrived = _until(lambda: bool(place.database.rows(sent, [email])))
        if not arrived or len(taken.to(email)) != 1:
            faults.append(f"{len(taken.to(email))} mails arrived")
    return faults


def _backup(place: Office, chance: random.Random) -> list[str]:
    target = place.database.data / f"backup-{chance.random()}"
    begun = subprocess.Popen(
        [STINT, "backup", target], env=place.environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    # Its folder of work is there once it has begun; what it does then takes some tenths of a second.
    _until(lambda: begun.poll() is not None or any(place.database.data.glob(f"*{target.name}*")))
    time.sleep(chance.uniform(0, 0.3))
    begun.kill()
    begun.wait()
    whole = subprocess.run(["tar", "-tzf", target], capture_output=True, check=False).returncode == 0
    return [] if whole or not target.exists() else ["half a backup stands under the name of a whole one"]
