"""The disk full under `stint up` on SQLite: what cannot be saved is refused, what can be read is, then all goes on."""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.processes import STINT, Server
from torture.asking import Asker
from torture.crowd import Crowd
from torture.listening import Window
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.syncing import Syncing

PEOPLE = 4
ROUNDS = 5
DISK_MEGABYTES = 48
FULL_SECONDS = 2.0
WHAT = "the disk full under `stint up`, SQLite"
CHECKED = (
    "while it is full each write gets 507 as a problem, reads 200, /healthz 200, /readyz 503, and a backup fails in "
    "one line without leaving a file; once there is room all people and a sync go on without a restart; nothing lost, "
    "doubled or half done; integrity_check"
)


def run(options: Options) -> list[Outcome]:
    """Fill the disk again and again; skipped where nobody may mount one."""
    outcome = Outcome(part="disk", what=WHAT, done=f"{ROUNDS} times", checked=CHECKED)
    with tempfile.TemporaryDirectory(prefix="stint-torture-") as folder:
        try:
            with _disk(Path(folder)), office(PEOPLE, data=Path(folder)) as place:
                _torture(place, random.Random(f"{options.seed} disk"), outcome)
        except (PermissionError, subprocess.CalledProcessError):
            outcome.skipped, outcome.note = True, "a disk of its own can only be mounted by root"
    return [outcome]


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    if os.geteuid() != 0:
        raise PermissionError
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def _torture(place: Office, chance: random.Random, outcome: Outcome) -> None:
    data = place.database.data
    with (
        tempfile.NamedTemporaryFile() as log,
        Server(STINT, "up", "--port", "0", data=data, log=Path(log.name), **place.variables) as server,
    ):
        admin = place.asker(server.port)
        syncing = Syncing(place, random.Random(chance.random()))
        syncing.begin(admin)
        crowd = Crowd(place, server.port, chance, refusals=(507,))
        back = []
        with crowd, Window(server.port, place.people[0].token) as window:
            for number in range(ROUNDS):
                when = f"round {number}"
                crowd.await_work(f"{when}, before")
                with _filled(data):
                    refused = crowd.refused
                    crowd.await_refusals(refused + PEOPLE)
                    outcome.faults += [f"{when}: {fault}" for fault in _while_full(place, admin)]
                    time.sleep(chance.uniform(0, FULL_SECONDS))
                back.append(crowd.await_work(f"{when}, after"))
                syncing.begin_one(admin)
                syncing.finish(admin)
        if window.opened != 1:
            outcome.faults.append(f"the event stream broke {window.opened - 1} times")
        outcome.faults += crowd.check() + syncing.check()
        outcome.note = (
            f"a tmpfs of {DISK_MEGABYTES} MB, filled to its last byte; {crowd.acknowledged:,} writes answered, "
            f"{crowd.refused:,} refused; everybody was back at work at most {max(back):.1f} s after there was room"
        )


@contextmanager
def _filled(folder: Path) -> Iterator[None]:
    """Leave not one free byte for the length of the block, whatever is given back meanwhile."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    try:
        yield
    finally:
        filler.unlink()


def _while_full(place: Office, admin: Asker) -> list[str]:
    wanted = {
        "/api/v1/timer": 200,
        "/api/v1/tasks": 200,
        "/api/v1/entries?from=2026-01-01&to=2026-12-31": 200,
        "/healthz": 200,
        "/readyz": 503,
        "/login": 200,
    }
    faults = []
    for path, status in wanted.items():
        answer = admin.ask("GET", path, root="")
        if answer.status != status:
            faults.append(f"{path} answered {answer.status}: {str(answer.body)[:200]}")
    asked = admin.ask("POST", "/integrations/toggl/sync")
    if asked.status != 507:
        faults.append(f"a sync was answered {asked.status}: {str(asked.body)[:200]}")
    target = place.database.data / "backup.tar.gz"
    made = subprocess.run(
        [STINT, "backup", target],
        env=place.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if made.returncode != 1 or len(made.stderr.splitlines()) != 1 or target.exists():
        faults.append(f"stint backup ended with {made.returncode}: {made.stderr[-300:]}")
    return faults
