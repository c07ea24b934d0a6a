"""What people ask, of a company of some size, in this process. Prints JSON: milliseconds an answer by name."""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import msgspec
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client

from benchmarks import ready  # noqa: F401
from benchmarks.company import ACTS, DAYS, FIELDS, LAST_DAY, token_of, trackable, users_of
from stint.accounts.models import User

TURNS = {"task search": 60, "week read": 100, "timer start": 100, "month report": 7, "opening Projects": 15}


def main(items: int) -> None:
    """Ask each thing many times over, and print the medians."""
    chance, users = random.Random(5), users_of(items)
    program, browser = Client(HTTP_HOST="127.0.0.1"), Client(HTTP_HOST="127.0.0.1")
    browser.force_login(User.objects.get(pk=1), backend="allauth.account.auth_backends.AuthenticationBackend")
    open_to = {user: trackable(settings.DATA_DIR, user) for user in range(1, users + 1)}

    def somebody() -> int:
        return chance.randrange(users) + 1

    def get(path: str, user: int, **parameters: object) -> HttpResponseBase:
        return program.get(f"/api/v1/{path}", parameters, headers=_token(user))

    def search() -> HttpResponseBase:
        word = chance.choice((*FIELDS, *ACTS)).split()[0].lower()
        return get("tasks", somebody(), q=word, limit=20)

    def week() -> HttpResponseBase:
        last = LAST_DAY - timedelta(days=chance.randrange(DAYS - 60))
        return get("entries", somebody(), **{"from": last - timedelta(days=6), "to": last, "limit": 100})

    def start() -> HttpResponseBase:
        user = somebody()
        body = {"task_id": chance.choice(open_to[user]), "note": "Bench"}
        return program.post("/api/v1/timer/start", body, "application/json", headers=_token(user))

    def month() -> HttpResponseBase:
        asked = {"from": LAST_DAY - timedelta(days=30), "to": LAST_DAY, "group_by": "task"}
        return get("reports/summary", 1, **asked)

    acts: list[Callable[[], HttpResponseBase]] = [
        search,
        week,
        start,
        month,
        lambda: browser.get("/projects"),
    ]
    found = {name: _median(act, times) for act, (name, times) in zip(acts, TURNS.items(), strict=True)}
    print(msgspec.json.encode(found).decode())


def _token(user: int) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(user)}"}


def _median(act: Callable[[], HttpResponseBase], times: int) -> float:
    took = []
    for turn in range(times + 2):
        began = perf_counter()
        answer = act()
        if turn >= 2:
            took.append((perf_counter() - began) * 1000)
        assert answer.status_code < 300, answer.status_code
    return statistics.median(took)


if __name__ == "__main__":
    main(int(sys.argv[1]))
