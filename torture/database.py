"""PostgreSQL stopped, killed and frozen under load: requests are put off with a clear word, then all goes on."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.processes import STINT, Server
from torture.asking import Answer, Asker
from torture.crowd import Crowd
from torture.listening import Window
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.postgres import Cluster, NoPostgres, cluster
from torture.syncing import Syncing

PEOPLE = 5
ROUNDS = 2
AWAY_SECONDS = 3.0
TOLD_SECONDS = 40.0
WAYS = {"stopped (fast)": signal.SIGINT, "crashed (immediate)": signal.SIGQUIT, "killed (-9)": signal.SIGKILL}
CHECKED = (
    "while it is away API calls get 503 as a problem and pages 503, /healthz 200, /readyz 503; afterwards all people, "
    "the event stream and a sync go on by themselves; nothing lost, doubled or half done"
)


def run(options: Options) -> list[Outcome]:
    """Take PostgreSQL away from `stint up`, and from `stint web`, `live` and `worker`."""
    if "PostgreSQL" not in options.databases:
        return [Outcome(part="database", what="PostgreSQL away", done="nothing", checked="", skipped=True)]
    try:
        with cluster() as server:
            return [
                _torture("`stint up`", server, _up, options),
                _torture("`stint web`, `stint live` and `stint worker`", server, _apart, options),
            ]
    except NoPostgres:
        return [
            Outcome(
                part="database", what="PostgreSQL away", done="nothing", checked="", skipped=True,
                note="PostgreSQL is not installed here",
            )
        ]  # fmt: skip


def _up(place: Office, running: ExitStack) -> tuple[int, int]:
    server = running.enter_context(_server(place, "up"))
    return server.port, server.port


def _apart(place: Office, running: ExitStack) -> tuple[int, int]:
    web = running.enter_context(_server(place, "web", "--workers", "2"))
    live = running.enter_context(_server(place, "live"))
    running.enter_context(_server(place, "worker", ready="worker is running"))
    return web.port, live.port


def _server(place: Office, name: str, *more: str, ready: str = "") -> Server:
    port = () if name == "worker" else ("--port", "0")
    given = {"ready": ready} if ready else {}
    log = place.database.data / f"{name}.log"
    return Server(STINT, name, *port, *more, data=place.database.data, log=log, **given, **place.variables)


def _torture(
    what: str, server: Cluster, start: Callable[[Office, ExitStack], tuple[int, int]], options: Options
) -> Outcome:
    chance = random.Random(f"{options.seed} database {what}")
    url = server.create(f"torture{len(what)}")
    faults: list[str] = []
    back: list[float] = []
    with office(PEOPLE, url=url) as place, ExitStack() as running:
        port, live_port = start(place, running)
        admin = place.asker(port)
        syncing = Syncing(place, random.Random(chance.random()))
        syncing.begin(admin)
        crowd = Crowd(place, port, chance, refusals=(503,))
        with crowd, Window(live_port, place.people[0].token) as window:
            crowd.await_work("at first")
            for _ in range(ROUNDS):
                for way, how in WAYS.items():
                    syncing.begin_one(admin)
                    server.stop(how)
                    faults += _while_away(admin, way)
                    time.sleep(chance.uniform(0, AWAY_SECONDS))
                    server.start()
                    back.append(crowd.await_work(f"after it was {way}"))
                    faults += _goes_on(window, syncing, admin, way)
        if window.statuses - {503}:
            faults.append(f"the event stream was answered {window.statuses}")
        faults += crowd.check() + syncing.check()
        return Outcome(
            part="database",
            what=f"PostgreSQL stopped, crashed and killed under {what}",
            done=f"{ROUNDS * len(WAYS)} times",
            checked=CHECKED,
            faults=faults,
            note=(
                f"{crowd.acknowledged:,} writes answered, {crowd.refused:,} put off; everybody was back at work "
                f"at most {max(back):.1f} s after the database; {len(syncing.failed)} syncs failed on the way and were "
                "asked for again"
            ),
        )


def _while_away(admin: Asker, way: str) -> list[str]:
    """Ask what a visitor, a program and a probe would."""
    wanted: dict[str, tuple[int, str]] = {
        "/api/v1/timer": (503, "problem+json"),
        "/api/v1/integrations/toggl": (503, "problem+json"),
        "/readyz": (503, "json"),
        "/healthz": (200, "json"),
        "/": (503, "html"),
    }
    faults = []
    for path, (status, kind) in wanted.items():
        # Whose cookie it is only the database can tell.
        answer: Answer = admin.ask(
            "GET", path, root="", Cookie="stint_session=abcdefghijklmnopqrstuvwxyz012345"
        )
        if answer.status != status or kind not in answer.headers["content-type"]:
            faults.append(f"{way}: {path} answered {answer.status} {answer.headers['content-type']}")
    return faults


def _goes_on(window: Window, syncing: Syncing, admin: Asker, way: str) -> list[str]:
    faults = []
    if not window.hears("timer", window.heard.get("timer", 0), TOLD_SECONDS):
        faults.append(f"after it was {way}: the open window heard of no timer for {TOLD_SECONDS:.0f} s")
    syncing.finish(admin)
    return faults
