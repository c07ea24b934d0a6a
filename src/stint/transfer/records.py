"""What an exported account consists of: one type for each file of the archive.

docs/export-format.md describes them for people. A field may be added within a version; taking one away or giving
one another meaning makes a new version.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

FORMAT = "stint-account"
VERSION = 1


class AccountRecord(msgspec.Struct, frozen=True):
    """The organisation; `week_start` is 0 for Sunday, 1 for Monday, to 6 for Saturday."""

    id: int
    name: str
    week_start: int
    created_at: datetime


class Manifest(msgspec.Struct, frozen=True):
    """What the archive is, first in it; `counts` are the lines of each file by its name."""

    format: str
    version: int
    stint: str
    made_at: datetime
    account: AccountRecord
    counts: dict[str, int]


class PersonRecord(msgspec.Struct, frozen=True):
    """Somebody of the account, who may have been shut out (`active` false)."""

    id: int
    name: str
    email: str
    email_verified: bool
    role: str
    active: bool
    timezone: str
    language: str
    joined_at: datetime


class SourceRecord(msgspec.Struct, frozen=True):
    """Where a mirrored task comes from; `external_id` is the id over there."""

    integration: str
    kind: str
    external_id: str


class TaskRecord(msgspec.Struct, frozen=True):
    """A node of the tree, after its parent; `path` has the names from the root, for people to read."""

    id: int
    parent_id: int | None
    name: str
    path: list[str]
    archived: bool
    read_only: bool
    color: str
    billable: bool
    source: SourceRecord | None


class AssignmentRecord(msgspec.Struct, frozen=True):
    """Who may track on a task and below; a `withdrawn` one was taken away by hand and stays away."""

    task_id: int
    user_id: int
    origin: str
    withdrawn: bool
    created_at: datetime


class FavouriteRecord(msgspec.Struct, frozen=True):
    """A task that somebody wants first in every picker."""

    task_id: int
    user_id: int


class EntryRecord(msgspec.Struct, frozen=True):
    """A time entry; while it runs, `end` is null and `seconds` 0.

    `day` is the date of `start` where the person is; `created_as` knows a repeated request again.
    """

    id: str
    user_id: int
    task_id: int | None
    note: str
    tags: list[str]
    billable: bool
    start: datetime
    end: datetime | None
    seconds: int
    day: date
    version: int
    made_by: str
    created_as: str


class ChangeRecord(msgspec.Struct, frozen=True):
    """One edit of an entry, oldest first; the entry itself may be gone."""

    entry_id: str
    at: datetime
    user_id: int | None
    action: str
    before: dict[str, Any]
    after: dict[str, Any] | None


class TagRecord(msgspec.Struct, frozen=True):
    """A tag and how many entries carry it; a summary of the entries."""

    name: str
    entries: int


class InvitationRecord(msgspec.Struct, frozen=True):
    """Somebody asked to join. Its link is no part of the archive."""

    email: str
    role: str
    invited_by: int | None
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    accepted_at: datetime | None
    accepted_by: int | None


class WorkspaceRecord(msgspec.Struct, frozen=True):
    """A workspace of the outside source."""

    external_id: str
    name: str
    selected: bool


class IntegrationRecord(msgspec.Struct, frozen=True):
    """A connection to an outside source, without its token; `linked` is false after an unlink."""

    kind: str
    linked: bool
    owner_id: int | None
    external_email: str
    keep_in_sync: str
    workspaces: list[WorkspaceRecord]
