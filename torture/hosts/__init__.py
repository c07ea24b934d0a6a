"""Stint on several hosts, some of which vanish: network namespaces stand in for them, so this needs root."""

from __future__ import annotations

from collections.abc import Callable

from tools import with_postgres
from torture.hosts import booking, events, syncing
from torture.hosts.installation import Client, Installation, installation
from torture.hosts.network import Stuck, missing
from torture.hosts.watching import Seen
from torture.outcome import Options, Outcome

ACCOUNTS = 6
SIX = "PostgreSQL, Toggl's stand-in, two web hosts and two of workers"
WHOLE = "the tree is the one of an account that nothing disturbed"


def run(options: Options) -> list[Outcome]:
    """Make six hosts and go through the scenarios, one after the other."""
    why = missing() or ("" if with_postgres.programs() else "PostgreSQL is not installed")
    if "PostgreSQL" not in options.databases:
        why = "several hosts need PostgreSQL"
    if why:
        return [_outcome("several hosts", "nothing", "", [], skipped=why)]
    with installation() as installed:
        clients = [installed.administrator(number) for number in range(ACCOUNTS)]
        return _scenarios(installed, clients)


def _scenarios(installed: Installation, clients: list[Client]) -> list[Outcome]:
    first, second, *_, control = clients
    return [
        _tried(
            "an event crosses hosts",
            f"{events.WRITES} writes at one web host",
            "the other's event stream tells each",
            lambda: events.events_cross_hosts(installed, first),
        ),
        _tried(
            "a web host is cut off and killed",
            "once, under load, and while it held a lock",
            "what was not answered is repeated at the other host: nothing twice, nothing lost, no lock left",
            lambda: booking.web_host_killed(installed, clients),
        ),
        _tried(
            "the database's host is cut off and comes back",
            "once",
            "requests are refused in time and answered again; live processes listen again, streams fetch anew",
            lambda: events.database_cut_off(installed, first),
        ),
        _tried(
            "scheduled syncs are due at once, with two workers on two hosts",
            f"{ACCOUNTS} accounts",
            "each runs once, each job is claimed once, Toggl is asked no more than the runs count",
            lambda: syncing.scheduled_syncs_run_once(installed, clients),
        ),
        _tried(
            "a worker's host is cut off and killed in mid-sync",
            "once",
            f"another takes the sync up, asks only for what was under way; {WHOLE}",
            lambda: syncing.killed_in_mid_sync(installed, first, control),
        ),
        _tried(
            "a worker's host is cut off, one sync half read and one half applied, and comes back too late",
            "once",
            f"its locks are free in time; what it planned is not applied over what was done since; {WHOLE}",
            lambda: syncing.comes_back(installed, first, second, control),
        ),
        _tried(
            "a worker hangs in mid-apply while its host lives, and goes on too late",
            "once",
            f"the database ends its transaction, another does the sync; {WHOLE}",
            lambda: syncing.hangs(installed, first, control),
        ),
    ]


def _tried(what: str, done: str, checked: str, scenario: Callable[[], list[Seen]]) -> Outcome:
    try:
        return _outcome(what, done, checked, scenario())
    except Stuck as fault:
        return _outcome(what, done, checked, [Seen("it came to a stop", str(fault), good=False)])


def _outcome(what: str, done: str, checked: str, seen: list[Seen], skipped: str = "") -> Outcome:
    return Outcome(
        part="hosts",
        what=what,
        done=done,
        checked=checked,
        faults=[f"{one.what}: {one.seen}" for one in seen if not one.good],
        note=skipped or "; ".join(f"{one.what}: {one.seen}" for one in seen),
        skipped=bool(skipped),
    )
