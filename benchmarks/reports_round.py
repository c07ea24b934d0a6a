"""Time reports of the company in this process, each beside bare sqlite3. Prints JSON: milliseconds by name."""

from __future__ import annotations

import sqlite3
import statistics
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import perf_counter

import msgspec
from django.conf import settings
from django.test import Client

from benchmarks import ready  # noqa: F401
from benchmarks.company import DATABASE, DAYS, LAST_DAY
from benchmarks.floor import PRAGMAS
from stint.accounts.models import User
from stint.accounts.queries import Caller, caller_of
from stint.rates.services import set_rate
from stint.reports.periods import Period
from stint.reports.queries import cells
from stint.reports.questions import ReportQuery, groupings
from stint.reports.summary import summary
from stint.tasks.models import Task

ROUNDS = 7
YEAR = Period(LAST_DAY - timedelta(days=DAYS - 1), LAST_DAY)
MONTH = Period(LAST_DAY - timedelta(days=30), LAST_DAY)
SUMS = "SUM(seconds), SUM(CASE WHEN billable THEN seconds ELSE 0 END) FROM entries_entry WHERE account_id = 1"
BARE = {
    "month": f"SELECT task_id, {SUMS} AND day BETWEEN ? AND ? GROUP BY task_id",
    "year": f"SELECT user_id, day, {SUMS} AND user_id IN (SELECT user_id FROM accounts_membership"
    " WHERE account_id = 1) AND day BETWEEN ? AND ? GROUP BY user_id, day",
}
PERIODS = {"month": MONTH, "year": YEAR}
GROUPS = {"month": "task", "year": "user,day"}
COLUMNS = {"month": {"task"}, "year": {"user", "day"}}
PAGES = {"page_month": (MONTH, "project"), "page_year": (YEAR, "user"), "page_days": (YEAR, "user,day")}
PRICED_PROJECTS = 40


def asked(name: str) -> ReportQuery:
    """Return one of the questions."""
    return ReportQuery(period=PERIODS[name], groupings=groupings(GROUPS[name]))


def main() -> None:
    """Measure each thing in turn, several times over, and print the medians."""
    caller = caller_of(1)
    assert caller is not None
    bare = sqlite3.connect(settings.DATA_DIR / DATABASE)
    bare.executescript(PRAGMAS)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(pk=1), backend="allauth.account.auth_backends.AuthenticationBackend")

    def floor(name: str) -> None:
        bare.execute(BARE[name], [str(day) for day in PERIODS[name]]).fetchall()

    def read(name: str) -> None:
        cells(caller, asked(name), COLUMNS[name])

    def whole(name: str) -> None:
        msgspec.json.encode(summary(caller, asked(name)))

    def page(name: str) -> None:
        period, group_by = PAGES[name]
        answer = client.get("/reports", {"from": period.first, "to": period.last, "group_by": group_by})
        assert answer.status_code == 200, answer.status_code

    acts: dict[str, Callable[[], None]] = {name: partial(page, name) for name in PAGES}
    for name in PERIODS:
        acts |= {
            f"{name}_floor": partial(floor, name),
            f"{name}_read": partial(read, name),
            name: partial(whole, name),
        }
    found = _medians(acts)
    _set_rates(caller)
    found |= _medians({"page_rates": partial(page, "page_year")})
    print(msgspec.json.encode(found).decode())


def _medians(acts: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Return how many milliseconds each takes, all of them in turn."""
    took: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(ROUNDS):
        for name, act in acts.items():
            began = perf_counter()
            act()
            took[name].append((perf_counter() - began) * 1000)
    return {name: statistics.median(times) for name, times in took.items()}


def _set_rates(caller: Caller) -> None:
    """Give the account, a person, and many projects a billable rate."""
    set_rate(caller, "100")
    set_rate(caller, "120", user_id=2)
    projects = Task.objects.filter(account_id=caller.account_id, source_kind="project")
    for id_ in projects.values_list("pk", flat=True)[:PRICED_PROJECTS]:
        set_rate(caller, "90", task_id=id_)


if __name__ == "__main__":
    sys.exit(main())
