"""The mail server away, hanging and refusing: no page and no sync waits for it; each mail arrives once in the end."""

from __future__ import annotations

import http.cookiejar
import random
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from benchmarks.processes import STINT, Server
from tools.with_postgres import free_port
from torture import post
from torture.asking import Asker
from torture.crowd import Crowd
from torture.office import Office, office
from torture.outcome import Options, Outcome
from torture.syncing import Syncing

PEOPLE = 3
INVITED = 4
PAGE_SECONDS = 15.0
ARRIVING_SECONDS = 300.0  # more than the pause before a second try
STATES: dict[str, Callable[[int], AbstractContextManager[None]]] = {
    "away": post.away,
    "hanging": post.hanging,
    "refusing": post.refusing,
}
CHECKED = (
    "meanwhile people track on, an invitation is answered with its link, a forgotten password's page and a sync do not "
    "wait; once the server takes mails each invitation, password link and budget warning arrives, and arrives once"
)


def run(options: Options) -> list[Outcome]:
    """Take the mail server away from a `stint up`."""
    outcome = Outcome(
        part="mail", what="the mail server away, hanging, refusing under `stint up`, SQLite",
        done=f"{len(STATES)} states", checked=CHECKED,
    )  # fmt: skip
    with office(PEOPLE) as place:
        _torture(place, random.Random(f"{options.seed} mail"), outcome)
    return [outcome]


def _torture(place: Office, chance: random.Random, outcome: Outcome) -> None:
    data, port = place.database.data, free_port()
    variables = {**place.variables, "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    slowest = 0.0
    with Server(STINT, "up", "--port", "0", data=data, log=data / "up.log", **variables) as server:
        admin = place.asker(server.port)
        syncing = Syncing(place, random.Random(chance.random()))
        syncing.begin(admin)
        crowd = Crowd(place, server.port, chance)
        crowd.ledgers[0].add(_use_up_a_budget(admin))
        with crowd:
            for state, begin in STATES.items():
                with begin(port):
                    asked = [f"{state}{number}@example.com" for number in range(INVITED)]
                    outcome.faults += [f"{state}: {fault}" for fault in _invite(admin, asked)]
                    for person in place.people:
                        began = time.monotonic()
                        _forget_password(server.port, person.email)
                        slowest = max(slowest, time.monotonic() - began)
                    crowd.await_work(state)
                    syncing.begin_one(admin)
                    syncing.finish(admin)
        with post.taking(port) as taken:
            wanted = [f"{state}{number}@example.com" for state in STATES for number in range(INVITED)]
            _await_all(place)
            outcome.faults += [
                f"{address} got {len(taken.to(address))} invitations"
                for address in wanted
                if len(taken.to(address)) != 1
            ]
            outcome.faults += _others(place, [str(mail["Subject"]) for mail in taken.mails])
        outcome.faults += crowd.check() + syncing.check()
    if slowest > PAGE_SECONDS:
        outcome.faults.append(f"a page waited {slowest:.0f} s")
    outcome.note = (
        f"{len(wanted)} invitations, {len(STATES) * PEOPLE} forgotten passwords, 1 budget; the slowest page took "
        f"{slowest:.1f} s; the pauses before a mail is tried again were skipped"
    )


def _invite(admin: Asker, emails: list[str]) -> list[str]:
    began = time.monotonic()
    answer = admin.ask("POST", "/invitations", {"emails": emails})
    if answer.status != 201 or not all(item["link"] for item in answer.body["items"]):
        return [f"invitations were answered {answer.status}: {str(answer.body)[:200]}"]
    took = time.monotonic() - began
    return [f"invitations took {took:.0f} s"] if took > PAGE_SECONDS else []


def _use_up_a_budget(admin: Asker) -> dict[str, Any]:
    """Make a task with a budget, and return the entry that uses it up."""
    task = admin.ask("POST", "/tasks", {"name": "Small"}).body["id"]
    person = admin.ask("GET", "/me").body["id"]
    admin.ask("PUT", f"/tasks/{task}/people/{person}")
    set_to = admin.ask("PUT", f"/tasks/{task}/budget", {"kind": "hours", "amount": "1"})
    assert set_to.status in (200, 201), set_to
    added = admin.ask("POST", "/entries", {"task_id": task, "day": "2026-01-02", "seconds": 7200})
    assert added.status == 201, added
    entry: dict[str, Any] = added.body
    return entry


def _forget_password(port: int, email: str) -> None:
    """Ask for a new password as a browser does."""
    page = f"http://127.0.0.1:{port}/accounts/password/reset/"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = browser.open(page, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    fields = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "email": email})
    browser.open(page, fields.encode(), timeout=60).read()


def _await_all(place: Office) -> None:
    """Return once nothing waits to be sent; the pauses between tries are cut short."""
    database, until = place.database, time.monotonic() + ARRIVING_SECONDS
    past = "2020-01-01 00:00:00"
    while (
        not database.rows("SELECT warned FROM rates_budget WHERE warned >= 100") and time.monotonic() < until
    ):
        time.sleep(1)
    waiting = (
        "SELECT id FROM rates_budgetwarning",
        "SELECT id FROM accounts_invitation WHERE sent_at IS NULL",
        "SELECT id FROM django_tasks_database_dbtaskresult WHERE queue_name = 'mail' AND status = 'READY'",
    )
    while any(database.rows(sql) for sql in waiting) and time.monotonic() < until:
        for table in ("accounts_invitation", "rates_budgetwarning"):
            database.change(f"UPDATE {table} SET next_try_at = %s WHERE next_try_at > %s", [past, _soon()])
        database.change(
            "UPDATE django_tasks_database_dbtaskresult SET run_after = %s WHERE status = 'READY'", [past]
        )
        time.sleep(1)


def _soon() -> str:
    """Return an instant after which nothing lies that a worker has just taken up."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 200))


def _others(place: Office, subjects: list[str]) -> list[str]:
    resets = [subject for subject in subjects if "assword" in subject]
    wanted = len(STATES) * len(place.people)
    faults = [] if len(resets) == wanted else [f"{wanted} passwords forgotten, {len(resets)} mails"]
    warnings = [subject for subject in subjects if "Small" in subject]
    return faults if len(warnings) == 1 else [*faults, f"1 budget used up, {len(warnings)} mails"]
