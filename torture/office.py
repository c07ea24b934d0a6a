"""A company on a database of its own: its people, its Toggl, and the variables its processes start with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.processes import environment, measured
from stint.sandbox.server import BackgroundSandbox
from torture.asking import Asker
from torture.people import Person
from torture.rows import Database


class Office:
    """What the parts of the torture work on."""

    def __init__(self, database: Database, people: list[Person], toggl: BackgroundSandbox) -> None:
        self.database, self.people, self.toggl = database, people, toggl

    @property
    def variables(self) -> dict[str, str]:
        """What a process of this company finds in its environment beyond the data folder."""
        url = {"DATABASE_URL": self.database.url} if self.database.url else {}
        return {
            **url,
            "STINT_TOGGL_API_URL": self.toggl.url,
            "STINT_TOGGL_REQUESTS_PER_SECOND": "1000",
        }

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of such a process."""
        return environment(self.database.data, **self.variables)

    def asker(self, port: int, person: int = 0) -> Asker:
        """Return a program of one of the people; the first is the Administrator."""
        return Asker(port, self.people[person].token)


@contextmanager
def office(people: int, *, url: str = "", seed: str = "small", data: Path | None = None) -> Iterator[Office]:
    """Make a company, with a stand-in for Toggl in this process; all of it ends with the block."""
    with (
        tempfile.TemporaryDirectory(prefix="stint-torture-") as folder,
        BackgroundSandbox(seed, quota=0) as toggl,
    ):
        database = Database(data or Path(folder), url)
        more = {"DATABASE_URL": url} if url else {}
        made = measured("torture.people", str(people), data=database.data, **more)
        yield Office(database, msgspec.convert(made, list[Person]), toggl)
