"""What an import is given and what it answers: the seam between the runner and the kinds of imports.

A kind has a `prepare`, which reads and checks outside of any transaction and returns what is still to do. A tree is
written in one transaction together with the record of the import; time, of which there may be years, in steps that
are each whole and on record, so that nobody waits long. A dry run writes nothing. A new kind needs no more than a line
in `kinds.KINDS`.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import IO, Protocol

import msgspec
from django.utils.functional import Promise

from stint.imports.models import Import

MOST_PROBLEMS = 500


class ImportRefused(Exception):
    """What was given cannot be imported at all; `str()` says why and what to do about it."""


class ProblemOut(msgspec.Struct, frozen=True):
    """Something that could not be taken as it is. `line` is that of the file, where there is one."""

    line: int | None
    message: str


class UnmatchedPerson(msgspec.Struct, frozen=True):
    """Somebody whose time waits for an answer to who they are here; `entries` counts it."""

    name: str
    email: str
    entries: int


class Counts(msgspec.Struct):
    """What becomes of the items."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0


@dataclass
class Problems:
    """The first MOST_PROBLEMS problems, and how many more there are."""

    kept: list[ProblemOut] = field(default_factory=list)
    more: int = 0

    def add(self, line: int | None, message: str) -> None:
        """Take one more."""
        if len(self.kept) < MOST_PROBLEMS:
            self.kept.append(ProblemOut(line, message))
        else:
            self.more += 1


@dataclass
class Outcome:
    """What an import did, or would do. `asks` wants an Administrator's word before anything is written."""

    counts: Counts = field(default_factory=Counts)
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)
    unmatched: list[UnmatchedPerson] = field(default_factory=list)
    asks: bool = False


class Progress(Protocol):
    """Says how far an import came; also its sign of life."""

    def __call__(self, phase: str, done: int, total: int | None) -> None:
        """Note that `done` of `total` (None: unknown) are through `phase`."""


class Step(Protocol):
    """Opens the transaction of one step of an import, at the end of which `counts` are on record."""

    def __call__(self, counts: Counts) -> AbstractContextManager[None]:
        """Return the transaction. It raises where the import is no longer this worker's to carry out."""


@dataclass(frozen=True)
class Job:
    """One import at work."""

    run: Import
    progress: Progress
    on_request: Callable[[], None]
    step: Step

    @property
    def account_id(self) -> int:
        """Whose import it is."""
        return self.run.account_id

    @property
    def writes(self) -> bool:
        """Whether it is meant, or a dry run."""
        return not self.run.dry_run

    @contextmanager
    def file(self) -> Iterator[IO[bytes]]:
        """Open the uploaded file, as a temporary one of this worker."""
        with tempfile.TemporaryFile() as opened:
            for body in (
                self.run.parts.order_by("number").values_list("body", flat=True).iterator(chunk_size=4)
            ):
                opened.write(zlib.decompress(body))
            opened.seek(0)
            yield opened


Finish = Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of import: its name for people, whether it reads an uploaded file, and its `prepare`.

    `prepare` raises ImportRefused, or a TogglError where Toggl is asked. What it returns is done `in_steps` of its own,
    or in one transaction.
    """

    key: str
    name: str | Promise
    takes_file: bool
    prepare: Callable[[Job], Finish]
    in_steps: bool = False
