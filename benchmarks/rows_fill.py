"""Fills an empty PostgreSQL with accounts, people, tasks and so many entries. Django is ready when it is imported."""

from __future__ import annotations

from django.db import connection

from benchmarks.company import DAYS, LAST_DAY
from stint.accounts.models import Account, Membership, Role, User
from stint.tasks.models import Assignment, Task

USERS, PROJECTS, TASKS = 200, 200, 2_000  # of an account
ENTRIES_AN_ACCOUNT = 1_000_000
ENTRIES = """
INSERT INTO entries_entry (id, account_id, user_id, task_id, start, "end", day, seconds, note, tags, billable,
                           made_by, version, created_as)
SELECT (lpad(to_hex((extract(epoch FROM start) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n), 19, '0'))::uuid,
       1 + person / %(users)s, 1 + person,
       1 + person / %(users)s * %(nodes)s + (%(nodes)s - %(tasks)s) + (random() * (%(tasks)s - 1))::int,
       start, start + interval '30 min', day, 1800, 'Work ' || n, '["billed"]', false, 'web', 1, repeat('0', 64)
  FROM (SELECT n, n %% %(people)s person, %(first)s::date + (turn * %(days)s / %(each)s)::int AS day,
               (%(first)s::date + (turn * %(days)s / %(each)s)::int + interval '9 h'
                + (turn %% (%(each)s / %(days)s + 1)) * interval '35 min') AT TIME ZONE 'UTC' AS start
          FROM (SELECT n, n / %(people)s turn FROM generate_series(0, %(count)s - 1) n) numbered) timed"""
INDEXES = """SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'entries_entry'
                AND indexdef NOT LIKE '%%UNIQUE%%'"""


def fill(count: int) -> None:
    """Store accounts of up to a million entries each, `count` in all."""
    accounts = max(1, count // ENTRIES_AN_ACCOUNT)
    Account.objects.bulk_create(Account(name=f"Account {number}") for number in range(accounts))
    users = User.objects.bulk_create(
        User(email=f"person{number}@example.com", name=f"Person {number}", password="!")
        for number in range(accounts * USERS)
    )
    Membership.objects.bulk_create(
        Membership(
            user_id=user.pk,
            account_id=1 + at // USERS,
            role=Role.MEMBER if at % USERS else Role.ADMINISTRATOR,
        )
        for at, user in enumerate(users)
    )
    nodes = [node for account in range(1, accounts + 1) for node in _tree(account)]
    Task.objects.bulk_create(nodes)
    Assignment.objects.bulk_create(
        Assignment(task_id=1 + at // USERS * (1 + PROJECTS + TASKS), user_id=user.pk, origin="manual")
        for at, user in enumerate(users)
    )
    _store_entries(count, accounts)


def _tree(account: int) -> list[Task]:
    first = 1 + (account - 1) * (1 + PROJECTS + TASKS)

    def node(id_: int, above: str, parent: int | None, name: str) -> Task:
        return Task(
            id=id_,
            account_id=account,
            parent_id=parent,
            path=f"{above}{id_}/",
            name=name,
            sort_name=name.casefold(),
        )

    top = node(first, "", None, "Everything")
    projects = [node(first + 1 + at, top.path, first, f"Project {at}") for at in range(PROJECTS)]
    parents = [projects[at % PROJECTS] for at in range(TASKS)]
    tasks = [
        node(first + 1 + PROJECTS + at, parent.path, parent.pk, f"Task {at}")
        for at, parent in enumerate(parents)
    ]
    return [top, *projects, *tasks]


def _store_entries(count: int, accounts: int) -> None:
    """Store entries without checking references, and make the indexes afterwards: a tenth of the time."""
    people = accounts * USERS
    with connection.cursor() as cursor:
        cursor.execute(INDEXES.replace("%%", "%"))
        indexes = cursor.fetchall()
        cursor.execute("SET session_replication_role = replica")
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(
            ENTRIES,
            {
                "users": USERS, "people": people, "nodes": 1 + PROJECTS + TASKS, "tasks": TASKS, "days": DAYS,
                "each": max(1, count // people), "count": count, "first": LAST_DAY.replace(year=LAST_DAY.year - 1),
            },
        )  # fmt: skip
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")
