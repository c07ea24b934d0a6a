"""Ready workplaces: small, team, large, or a JSON file. The same seed is the same data on each start.

Tokens of the seeds, all demo data: Ada administers everything; Linus is an ordinary member of everything; Margaret has
rights in the first workspaces only, where there are several.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

import msgspec

from .model import (
    Client,
    Member,
    Organization,
    Person,
    Plan,
    Project,
    ProjectUser,
    Tag,
    Task,
    TimeEntry,
    Workspace,
)
from .names import CLIENTS, COLOURS, INTERNAL, NOTES, ODD_PROJECTS, PEOPLE, PROJECTS, TASKS
from .shapes import digest
from .workplace import Workplace, now

DEMO_TOKEN = "ada5a4db0c5eed00ada5a4db0c5eed01"  # noqa: S105
MEMBER_TOKEN = "11405a4db0c5eed0011405a4db0c5eed"  # noqa: S105
PARTIAL_TOKEN = "3a46a4e75a4db0c5eed003a46a4e75a4"  # noqa: S105
TOKENS = {"ada": DEMO_TOKEN, "linus": MEMBER_TOKEN, "margaret": PARTIAL_TOKEN}
SEEDS = ("small", "team", "large")
DAY = 86_400
# Letters that do not come apart into a plain one and its mark.
_LETTERS = str.maketrans("łøı", "loi")


class SeedFile(msgspec.Struct):
    """A seed as JSON: the rows of the tables of `Workplace`, each with the fields of `model`."""

    organizations: list[Organization]
    workspaces: list[Workspace]
    people: list[Person]
    members: list[Member]
    clients: list[Client] = []
    projects: list[Project] = []
    tasks: list[Task] = []
    tags: list[Tag] = []
    project_users: list[ProjectUser] = []
    entries: list[TimeEntry] = []
    user_quota: int = 30


def load(name_or_path: str) -> Workplace:
    """Return a fresh workplace of a seed's name, or of a JSON file as `dump` writes it.

    Raises:
        ValueError: neither a seed nor a file with a usable workplace; the text says which.

    """
    if name_or_path == "small":
        return _Maker(1).small()
    if name_or_path == "team":
        return _Maker(2).team()
    if name_or_path == "large":
        return _Maker(3).large()
    try:
        content = Path(name_or_path).read_bytes()
    except OSError as error:
        raise ValueError(
            f"{name_or_path!r} is no seed ({', '.join(SEEDS)}) and no readable file: {error.strerror}"
        ) from error
    try:
        return _of_file(msgspec.json.decode(content, type=SeedFile))
    except msgspec.DecodeError as error:
        raise ValueError(f"{name_or_path} is not a sandbox seed: {error}") from error


def dump(place: Workplace) -> SeedFile:
    """Return the state of a workplace in the form of a seed file."""
    tables = {
        name: list(getattr(place, name).values())
        for name in SeedFile.__struct_fields__
        if isinstance(getattr(place, name), dict)
    }
    return SeedFile(**tables, user_quota=place.user_quota)


def _of_file(file: SeedFile) -> Workplace:
    tables: dict[str, Any] = {
        name: {row.id: row for row in rows}
        for name in file.__struct_fields__
        if isinstance(rows := getattr(file, name), list)
    }
    if not file.people:
        raise ValueError("a seed needs at least one person")
    return Workplace(**tables, user_quota=file.user_quota, owner_token=file.people[0].api_token)


class _Maker:
    """Builds a workplace from a fixed random seed; only the instants follow the clock."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (repeatable data, no secret)
        self.now = now()
        self.place = Workplace(owner_token=DEMO_TOKEN)
        self.ids: dict[str, Iterator[int]] = {
            "person": count(2_166_261),
            "member": count(4_830_114),
            "client": count(68_556_435),
            "project": count(219_026_657),
            # Past 2^31, as Toggl's ids of entries and events are: a reader must not use 32 bits.
            "task": count(4_311_190_052),
            "project_user": count(272_286_642),
            "tag": count(16_939_168),
            "entry": count(3_510_144_200),
        }

    def past(self, days: int = 700) -> int:
        return self.now - self.random.randrange(DAY, days * DAY)

    def organization(self, name: str, plan: Plan, *workspaces: str) -> list[Workspace]:
        id_ = 2_108_099 + len(self.place.organizations)
        owner = next(iter(self.place.people))
        self.place.organizations[id_] = Organization(id_, name, plan, owner, self.past())
        made = []
        for title in workspaces:
            wid = 6_296_488 + 17 * len(self.place.workspaces)
            made.append(Workspace(wid, id_, title, self.past()))
            self.place.workspaces[wid] = made[-1]
        return made

    def people(self, names: tuple[str, ...]) -> list[Person]:
        made = []
        for index, name in enumerate(names):
            first = name.split()[0].lower()
            known = first in ("ada", "grace", "linus")
            local = first if known else _address(name, index)
            token = TOKENS.get(first) or digest(f"sandbox token {index}")
            email = f"{local}@example.com"
            # Mail systems do not mind the case, and neither may a matching of people.
            email = "Margaret.HAMILTON@Example.com" if first == "margaret" else email
            person = Person(next(self.ids["person"]), email, name, token, self.past())
            self.place.people[person.id] = person
            made.append(person)
        return made

    def member(self, person: Person, workspace: Workspace, role: str, **state: bool) -> None:
        row = Member(next(self.ids["member"]), person.id, workspace.id, role, self.past(), **state)
        self.place.members[row.id] = row
        person.default_workspace_id = person.default_workspace_id or workspace.id

    def client(self, workspace: Workspace, name: str, *, archived: bool = False) -> Client:
        creator = next(iter(self.place.people))
        row = Client(next(self.ids["client"]), workspace.id, name, creator, self.past(), archived)
        self.place.clients[row.id] = row
        return row

    def project(self, workspace: Workspace, client: Client | None, name: str, **state: Any) -> Project:  # noqa: ANN401
        at = self.past()
        row = Project(
            next(self.ids["project"]),
            workspace.id,
            client.id if client else None,
            name,
            at,
            at,
            color=self.random.choice(COLOURS),
            billable=client is not None,
            **({"active": not (client and client.archived)} | state),
        )
        self.place.projects[row.id] = row
        if row.is_private:
            team = [m.uid for m in self.place.members.values() if m.wid == workspace.id]
            for uid in self.random.sample(team, min(3, len(team))):
                made = ProjectUser(next(self.ids["project_user"]), row.id, uid, workspace.id, at)
                self.place.project_users[made.id] = made
        return row

    def task(self, project: Project, name: str, *, active: bool = True) -> None:
        row = Task(
            next(self.ids["task"]),
            project.workspace_id,
            project.id,
            name,
            self.past(),
            active,
            estimated_seconds=self.random.choice((None, None, 3600 * self.random.randrange(2, 80))),
            tracked_seconds=1000 * self.random.randrange(200_000),
        )
        self.place.tasks[row.id] = row
        self.place.project_tasks[project.id][row.id] = row

    def tags(self, workspace: Workspace, *names: str) -> None:
        for name in names:
            row = Tag(next(self.ids["tag"]), workspace.id, name, next(iter(self.place.people)), self.past())
            self.place.tags[row.id] = row

    def small(self) -> Workplace:
        """One workspace of a Starter organisation: 3 clients, 6 projects, 8 tasks, 4 people."""
        people = self.people(PEOPLE[:4])
        (studio,) = self.organization("Small Studio", "starter", "Small Studio")
        for person in people:
            self.member(person, studio, "admin" if person is people[0] else "user")
        first, second = self.client(studio, "Aurora Outdoor"), self.client(studio, "Café Olé ☕")
        old = self.client(studio, "Old & Gone Ltd", archived=True)
        site = self.project(studio, first, "Website relaunch")
        shop = self.project(studio, second, "Website relaunch")
        self.project(studio, second, "Secret plans", is_private=True)
        self.project(studio, first, "Finished brochure", active=False)
        self.project(studio, old, "Forgotten intranet")
        meetings = self.project(studio, None, "Internal: meetings")
        for project in (site, shop):
            for name in ("Concept", "Front end", "Testing"):
                self.task(project, name, active=name != "Concept")
        self.task(meetings, "Weekly")
        self.task(meetings, "Planning", active=False)
        self.tags(studio, "urgent", "remote")
        self.history(days=90)
        return self.place

    def team(self) -> Workplace:
        """Three workspaces of a Premium organisation: 40 clients, 300 projects, 2,000 tasks, 25 people."""
        people = self.people(PEOPLE)
        studio, labs, care = self.organization(
            "Northwind Agency", "premium", "Northwind Studio", "Northwind Labs 🧪", "Northwind Care & Support"
        )
        self._hire(people, [studio, labs, care])
        for workspace, clients, projects, tasks in (
            (studio, 22, 170, 1200),
            (labs, 12, 90, 600),
            (care, 6, 40, 200),
        ):
            self._fill(workspace, clients, projects, tasks)
            self.tags(workspace, "urgent", "remote", "pro bono 💚")
        # A demo presses "Sync now" more often than Toggl's 30 requests an hour for /me would let it.
        self.place.user_quota = 600
        self.history(days=120)
        return self.place

    def large(self) -> Workplace:
        """Two workspaces of an Enterprise organisation: 100,000 items (2,000 clients, 18,000 projects, tasks)."""
        people = self.people(PEOPLE)
        workspaces = self.organization("Colossus Group", "enterprise", "Colossus Europe", "Colossus World")
        self._hire(people, workspaces)
        for workspace in workspaces:
            self._fill(workspace, 1_000, 9_000, 40_000)
        self.place.user_quota = 10_000
        return self.place

    def history(self, days: int) -> None:
        """Let everybody have worked on most working days of the last `days`, two to four stretches a day."""
        chance = random.Random(4)  # noqa: S311  (of its own, so that the rest stays as it is)
        today = self.now - self.now % DAY
        projects = {
            wid: [p for p in self.place.projects.values() if p.workspace_id == wid]
            for wid in self.place.workspaces
        }
        tags = {
            wid: [t.name for t in self.place.tags.values() if t.workspace_id == wid]
            for wid in self.place.workspaces
        }
        for member in [m for m in self.place.members.values() if m.active]:
            for day in range(days, 0, -1):
                midnight = today - day * DAY
                # Who is in several workspaces works in each by turns.
                if datetime.fromtimestamp(midnight, UTC).weekday() > 4 or chance.random() < 0.4:
                    continue
                at = midnight + 8 * 3600 + 60 * chance.randrange(90)
                for _ in range(chance.randrange(2, 5)):
                    at = self._stretch(chance, member, projects[member.wid], tags[member.wid], at)

    def _stretch(
        self, chance: random.Random, member: Member, projects: list[Project], tags: list[str], start: int
    ) -> int:
        """Add an entry from `start` on and return when the next one may begin."""
        project = chance.choice(projects) if projects and chance.random() > 0.1 else None
        tasks = list(self.place.project_tasks[project.id]) if project else []
        length = 60 * chance.randrange(10, 150) + chance.randrange(60)
        row = TimeEntry(
            next(self.ids["entry"]),
            member.wid,
            member.uid,
            start,
            start + length,
            length,
            start + length,
            project.id if project else None,
            chance.choice(tasks) if tasks and chance.random() > 0.3 else None,
            chance.choice(NOTES),
            bool(project and project.billable),
            [chance.choice(tags)] if tags and chance.random() < 0.2 else [],
        )
        self.place.entries[row.id] = row
        return start + length + 60 * chance.randrange(20)

    def _hire(self, people: list[Person], workspaces: list[Workspace]) -> None:
        for index, person in enumerate(people):
            for number, workspace in enumerate(workspaces):
                last_of_several = number == len(workspaces) - 1
                if index == 3 and last_of_several:
                    continue
                if index > 3 and number and self.random.random() < 0.45:
                    continue
                role = "admin" if index == 0 else "projectlead" if index == 3 else "user"
                # Two people have left, two have not yet come.
                self.member(person, workspace, role, inactive=index in (20, 21), active=index not in (22, 23))

    def _fill(self, workspace: Workspace, clients: int, projects: int, tasks: int) -> None:
        names = _many(CLIENTS, clients, self.random)
        rows = [self.client(workspace, name, archived=i % 9 == 8) for i, name in enumerate(names)]
        made: list[Project] = []
        # Each project is named anew for each client, so the same name stands under several.
        taken: set[tuple[int | None, str]] = set()
        special = [*INTERNAL, *ODD_PROJECTS]
        for index in range(projects):
            if index < len(special):
                client, name = (None if index < len(INTERNAL) else rows[index % len(rows)]), special[index]
            else:
                client = rows[index % len(rows)] if self.random.random() < 0.93 else None
                name = self._free_name(taken, client)
            taken.add((client.id if client else None, name))
            state: dict[str, Any] = {"is_private": self.random.random() < 0.12}
            if self.random.random() < 0.1:
                state["active"] = False
            if self.random.random() < 0.2:
                state["end_date"] = "2027-03-31"
            made.append(self.project(workspace, client, name, **state))
        self._spread(made, tasks)

    def _free_name(self, taken: set[tuple[int | None, str]], client: Client | None) -> str:
        key = client.id if client else None
        base = self.random.choice(PROJECTS)
        options = chain((base,), (f"{base} {year}" for year in count(2023)))
        return next(name for name in options if (key, name) not in taken)

    def _spread(self, projects: list[Project], tasks: int) -> None:
        """Give the projects `tasks` tasks in all: some none, most a handful."""
        willing = [p for i, p in enumerate(projects) if i % 8 != 7]
        for index in range(tasks):
            turn, place = divmod(index, len(willing))
            name = TASKS[turn % len(TASKS)] + (f" {turn // len(TASKS) + 1}" if turn >= len(TASKS) else "")
            self.task(willing[place], name, active=self.random.random() > 0.15)


def _many(words: tuple[str, ...], wanted: int, chance: random.Random) -> list[str]:
    """Return `wanted` different names made of the words, in a mixed order."""
    rounds = -(-wanted // len(words))
    named = [word if turn == 0 else f"{word} {turn + 1}" for turn in range(rounds) for word in words]
    chosen = named[:wanted]
    chance.shuffle(chosen)
    return chosen


def _address(name: str, index: int) -> str:
    """Return the name as an ASCII local part, or a number where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name.lower()).translate(_LETTERS)
    letters = "".join(
        "." if c == " " else c for c in plain if c == " " or (c.isascii() and c.isalnum())
    ).strip(".")
    return letters if len(letters) > 3 else f"person{index}"
