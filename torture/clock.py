"""The machine's clock put ahead and back under load: nobody is held up, no time is negative, no schedule runs wild."""

from __future__ import annotations

import random
import subprocess
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.processes import STINT, Server
from torture.asking import Asker
from torture.crowd import Crowd
from torture.listening import Window
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.rows import instant
from torture.syncing import Syncing

PEOPLE = 4
JUMPS = ("+2h", "-2h", "+400d", "+0", "-3d", "+0")
EXAMINED = ("+2h", "+0")
SCHEDULED_SECONDS = 20.0
HOUR = timedelta(hours=1, minutes=5)  # with the slack that the scheduler gives small steps of the clock
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
CHECKED = (
    "all people and a sync go on; no entry is shorter than nothing and each is as long as from start to end; at most "
    "one scheduled sync a jump, and the next one never further away than its hour; the event stream stays open; "
    "stint doctor tells that the clock is wrong"
)


def run(options: Options) -> list[Outcome]:
    """Move the clock of a `stint up`; skipped where libfaketime is not installed."""
    outcome = Outcome(
        part="clock",
        what="the clock jumping under `stint up`, SQLite",
        done=f"{len(JUMPS)} jumps",
        checked=CHECKED,
    )
    library = next((str(file) for name in LIBRARIES for file in Path("/").glob(name[1:])), "")
    if library:
        with office(PEOPLE) as place:
            _torture(place, library, random.Random(f"{options.seed} clock"), outcome)
    else:
        outcome.skipped, outcome.note = True, "libfaketime is not installed: apt-get install faketime"
    return [outcome]


def _torture(place: Office, library: str, chance: random.Random, outcome: Outcome) -> None:
    data, wall = place.database.data, place.database.data / "clock"
    _set(wall, "+0")
    moved = {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(wall),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    faults = outcome.faults
    with Server(
        STINT, "up", "--port", "0", data=data, log=data / "up.log", **place.variables, **moved
    ) as server:
        admin = place.asker(server.port)
        syncing = Syncing(place, random.Random(chance.random()))
        syncing.begin(admin)
        assert admin.ask("PATCH", "/integrations/toggl", {"keep_in_sync": "hourly"}).status == 200
        crowd = Crowd(place, server.port, chance)
        with crowd, Window(server.port, place.people[0].token) as window:
            for jump in JUMPS:
                crowd.await_work(f"before {jump}")
                scheduled = _scheduled(place)
                _set(wall, jump)
                crowd.await_work(f"after {jump}")
                if not window.hears("timer", window.heard.get("timer", 0), SCHEDULED_SECONDS):
                    faults.append(f"after {jump}: the open window heard of no timer")
                syncing.begin_one(admin)
                syncing.finish(admin)
                if _scheduled(place) > scheduled + 1:
                    faults.append(f"after {jump}: {_scheduled(place) - scheduled} scheduled syncs")
                if not _is_scheduled_soon(place, admin):
                    faults.append(f"after {jump}: the next scheduled sync is further away than its hour")
                if jump in EXAMINED:
                    faults += _told(place, moved, jump)
        if window.opened != 1:
            faults.append(f"the event stream broke {window.opened - 1} times")
        faults += crowd.check() + syncing.check()
        outcome.note = (
            f"libfaketime moves the wall clock ({', '.join(JUMPS)} from the real time) and leaves the monotonic one; "
            f"{crowd.acknowledged:,} writes answered, {syncing.done} syncs done"
        )


def _set(wall: Path, offset: str) -> None:
    """Move the clock; the file is replaced, since it is read at any moment."""
    arriving = wall.with_suffix(".new")
    arriving.write_text(offset)
    arriving.replace(wall)


def _scheduled(place: Office) -> int:
    return len(place.database.rows("SELECT id FROM integrations_syncrun WHERE trigger = 'hourly'"))


def _is_scheduled_soon(place: Office, admin: Asker) -> bool:
    """Wait until the next scheduled sync is within an hour by the server's clock, as the scheduler sees to."""
    until = time.monotonic() + SCHEDULED_SECONDS
    while time.monotonic() < until:
        now = instant(admin.ask("GET", "/timer").body["now"])
        due = instant(place.database.rows("SELECT next_sync_at FROM integrations_integration")[0][0])
        if now is not None and due is not None and due - now <= HOUR:
            return True
        time.sleep(1)
    return False


def _told(place: Office, moved: dict[str, str], jump: str) -> list[str]:
    """Ask the doctor, whose clock is as wrong; Toggl's stand-in keeps the right time."""
    asked = subprocess.run(
        [STINT, "doctor"], env=place.environment | moved | {"COLUMNS": "200"}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    line = next((line for line in asked.stdout.splitlines() if "Clock" in line), "")
    found = "NTP" in line
    return [] if found == (jump != "+0") else [f"after {jump}: stint doctor says {line}"]
