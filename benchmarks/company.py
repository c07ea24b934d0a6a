"""A company's database: 200 people, 100,000 tasks, 1,000,000 entries, or a tenth or a hundredth of that.

Made once, then kept in a temporary folder. The name of the folder holds a digest of the schema and of this file,
so a change of either makes it anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.processes import STINT, environment

USERS, WORKSPACES, ENTRIES = 200, 4, 1_000_000
EACH = ENTRIES // USERS
ITEMS = 100_000
LAST_DAY = date(2026, 11, 20)
DAYS = 365
DATABASE = "stint.sqlite3"
FIELDS = (
    "Brand",
    "Mobile",
    "Payments",
    "Onboarding",
    "Search",
    "Support",
    "Warehouse",
    "Intranet",
    "Booking",
)
WORKS = ("redesign", "migration", "launch", "audit", "integration", "prototype", "rollout", "maintenance")
ACTS = (
    "Concept",
    "Design review",
    "Front end",
    "Testing",
    "Deployment",
    "Documentation",
    "Workshop",
    "Estimate",
)


def token_of(user: int) -> str:
    """Return the API token of a user (from 1): made up for the benchmark and good nowhere else."""
    return f"stint_benchmark_{user:05d}"


@contextmanager
def company(items: int = ITEMS) -> Iterator[Path]:
    """Yield a data folder with a copy of the database with so many tasks, for the length of the block.

    People, and with them entries, are fewer with the tasks; each has a year of 5,000 entries.
    """
    kept = _kept(items)
    with tempfile.TemporaryDirectory(prefix="stint-bench-") as folder:
        for file in kept.iterdir():
            shutil.copy(file, folder)
        yield Path(folder)


def trackable(data: Path, user: int) -> list[int]:
    """Return some tasks that the user may track on."""
    with contextlib.closing(sqlite3.connect(data / DATABASE)) as database:
        rows = database.execute(
            """SELECT t.id FROM tasks_assignment a JOIN tasks_task top ON top.id = a.task_id
                 JOIN tasks_task t ON t.account_id = 1 AND t.path > top.path AND t.path < top.path || ':'
                WHERE a.user_id = ? AND t.source_kind = 'task' LIMIT 200""",
            [user],
        )
        return [id_ for (id_,) in rows]


def users_of(items: int) -> int:
    """Return how many people a company with so many tasks has."""
    return USERS * items // ITEMS


def _kept(items: int) -> Path:
    with tempfile.TemporaryDirectory(prefix="stint-bench-") as name:
        folder = Path(name)
        subprocess.run([STINT, "migrate"], env=environment(folder), check=True, stdout=subprocess.DEVNULL)
        with sqlite3.connect(folder / DATABASE) as database:
            schema = "".join(
                sql for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE sql <> ''")
            )
            digest = hashlib.sha256(schema.encode() + Path(__file__).read_bytes()).hexdigest()[:16]
            kept = Path(tempfile.gettempdir()) / f"stint-company-{items}-{os.getuid()}-{digest}"
            if kept.exists():
                return kept
            _fill(database, items)
        database.close()
        making = kept.with_suffix(f".{os.getpid()}")
        making.mkdir(mode=0o700)
        shutil.copy(folder / DATABASE, making)
        making.rename(kept)
        return kept


def _fill(database: sqlite3.Connection, items: int) -> None:
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA cache_size=-400000")
    users = users_of(items)
    _people(database, users)
    paths = _tasks(database, items, users)
    _entries(database, users, [int(path.split("/")[-2]) for path in paths if path.count("/") == 5])
    database.commit()
    database.execute("ANALYZE")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _managers(users: int) -> int:
    return max(1, users // 20)


def _people(database: sqlite3.Connection, count: int) -> None:
    at = "2026-01-01 00:00:00"
    users = range(1, count + 1)
    database.execute(
        "INSERT INTO accounts_account(id, name, week_start, created_at) VALUES (1, 'Bench', 1, ?)", [at]
    )
    database.executemany(
        "INSERT INTO accounts_user(id, password, email, name, timezone, language, is_active, date_joined)"
        " VALUES (?, '!', ?, ?, 'Europe/Lisbon', '', 1, ?)",
        [(user, f"person{user}@example.com", f"Person {user}", at) for user in users],
    )
    roles = {1: "administrator"} | dict.fromkeys(range(2, _managers(count) + 2), "manager")
    database.executemany(
        "INSERT INTO accounts_membership(user_id, account_id, role) VALUES (?, 1, ?)",
        [(user, roles.get(user, "member")) for user in users],
    )
    database.executemany(
        "INSERT INTO accounts_apitoken(user_id, name, digest, hint, created_at, last_used_at)"
        " VALUES (?, 'bench', ?, 'mark', ?, '2100-01-01 00:00:00')",
        [(user, hashlib.sha256(token_of(user).encode()).hexdigest(), at) for user in users],
    )


def _tasks(database: sqlite3.Connection, items: int, users: int) -> list[str]:
    """Store root, workspaces, clients, projects and tasks in this order of ids; return their paths."""
    chance = random.Random(1)
    clients, projects = items // 100, items // 10
    rows: list[tuple[object, ...]] = []
    paths: list[str] = []

    def add(kind: str, parent: int | None, name: str) -> None:
        id_ = len(rows) + 1
        paths.append(f"{paths[parent - 1] if parent else ''}{id_}/")
        rows.append((id_, 1, parent, paths[-1], name, name.casefold(), 0, 0, 1, "toggl", kind, id_))

    def between(first: int, count: int) -> int:
        return first + chance.randrange(count)

    add("root", None, "Toggl")
    for number in range(WORKSPACES):
        add("workspace", 1, f"Workspace {number}")
    for number in range(clients):
        add("client", between(2, WORKSPACES), f"Client {number} Ltd")
    for number in range(projects):
        name = f"{chance.choice(FIELDS)} {chance.choice(WORKS)} {number}"
        add("project", between(2 + WORKSPACES, clients), name)
    for number in range(items - len(rows)):
        add("task", between(2 + WORKSPACES + clients, projects), f"{chance.choice(ACTS)} {number}")
    marks = ", ".join("?" * 12)
    database.executemany(
        "INSERT INTO tasks_task(id, account_id, parent_id, path, name, sort_name, archived, in_archive, read_only,"
        f" source, source_kind, source_id) VALUES ({marks})",
        rows,
    )
    database.execute("INSERT INTO tasks_task_search(tasks_task_search) VALUES ('rebuild')")
    database.executemany(
        "INSERT INTO tasks_assignment(task_id, user_id, origin, withdrawn, created_at)"
        " VALUES (?, ?, 'manual', 0, '2026-01-01')",
        [
            (1, user) if user <= _managers(users) else (2 + user % WORKSPACES, user)
            for user in range(1, users + 1)
        ],
    )
    return paths


def _entries(database: sqlite3.Connection, users: int, tasks: list[int]) -> None:
    """Store a year of everybody's time, evenly."""
    chance = random.Random(2)

    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(EACH * users):
            turn, user = divmod(number, users)
            day = LAST_DAY - timedelta(days=DAYS - 1 - turn * DAYS // EACH)
            start = datetime(day.year, day.month, day.day, 9) + timedelta(
                minutes=35 * (turn % (EACH // DAYS + 1))
            )
            id_ = f"{int(start.timestamp() * 1000):012x}7{number:019x}"
            end = start + timedelta(minutes=30)
            yield (
                id_, 1, user + 1, chance.choice(tasks), str(start), str(end), str(day), 1800,
                f"Work {number}", '["billed"]', 0, "web", 1, "",
            )  # fmt: skip

    marks = ", ".join("?" * 14)
    database.executemany(
        'INSERT INTO entries_entry(id, account_id, user_id, task_id, start, "end", day, seconds, note, tags, billable,'
        f" made_by, version, created_as) VALUES ({marks})",
        rows(),
    )
