"""What an exported account consists of: one type for each file of the archive.

docs/export-format.md describes them for people. A field may be added within a version; taking one away or giving
one another meaning makes a new version.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from stint.accounts.models import Role
from stint.entries.models import EntryChange, Surface
from stint.rates.models import Budget
from stint.reports.models import SavedReport
from stint.reports.saving import LONGEST_NAME, LONGEST_QUESTION
from stint.tasks.models import Assignment

FORMAT = "stint-account"
VERSION = 1

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Id = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
EntryId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=190)]
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
Color = Annotated[str, msgspec.Meta(pattern="^(#[0-9a-f]{6})?$")]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=16)]
Amount = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}\.[0-9]{3}$")]
ExternalId = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$")]


class AccountRecord(msgspec.Struct, frozen=True):
    """The organisation; `week_start` is 0 for Sunday, 1 for Monday, to 6 for Saturday."""

    id: Id
    name: Name
    week_start: Annotated[int, msgspec.Meta(ge=0, le=6)]
    created_at: Instant


class Manifest(msgspec.Struct, frozen=True):
    """What the archive is, first in it; `counts` are the lines of each file by its name."""

    format: str
    version: int
    stint: str
    made_at: Instant
    account: AccountRecord
    counts: dict[str, int]


class PersonRecord(msgspec.Struct, frozen=True):
    """Somebody of the account, who may have been shut out (`active` false)."""

    id: Id
    name: Name
    email: Email
    email_verified: bool
    role: Role
    active: bool
    timezone: str
    language: str
    joined_at: Instant


class SourceRecord(msgspec.Struct, frozen=True):
    """Where a mirrored task comes from; `external_id` is the id over there."""

    integration: Key
    kind: Key
    external_id: ExternalId


class TaskRecord(msgspec.Struct, frozen=True):
    """A node of the tree, after its parent; `path` has the names from the root, for people to read."""

    id: Id
    parent_id: Id | None
    name: str
    path: list[str]
    archived: bool
    read_only: bool
    color: Color
    billable: bool
    source: SourceRecord | None


class AssignmentRecord(msgspec.Struct, frozen=True):
    """Who may track on a task and below; a `withdrawn` one was taken away by hand and stays away."""

    task_id: Id
    user_id: Id
    origin: Assignment.Origin
    withdrawn: bool
    created_at: Instant


class FavouriteRecord(msgspec.Struct, frozen=True):
    """A task that somebody wants first in every picker."""

    task_id: Id
    user_id: Id


class ReportRecord(msgspec.Struct, frozen=True):
    """A saved report: which view of the question in `question`, the query of its address."""

    owner_id: Id
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    view: SavedReport.View
    question: Annotated[str, msgspec.Meta(max_length=LONGEST_QUESTION)]
    shared: bool


class CurrencyRecord(msgspec.Struct, frozen=True):
    """What rates and budgets in money are in; no line where it is the default."""

    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]


class RateRecord(msgspec.Struct, frozen=True):
    """What an hour of billable time costs from `first_day` on: on a task and below, for a person, both, or neither."""

    task_id: Id | None
    user_id: Id | None
    first_day: date
    amount: Amount


class BudgetRecord(msgspec.Struct, frozen=True):
    """What a task and all below it may take, in hours or money; `warned` is the share last warned of, in percent."""

    task_id: Id
    kind: Budget.Kind
    amount: Amount
    first_day: date | None
    warned: Annotated[int, msgspec.Meta(ge=0, le=100)]


class EntryRecord(msgspec.Struct, frozen=True):
    """A time entry; while it runs, `end` is null and `seconds` 0.

    `day` is the date of `start` where the person is; `created_as` knows a repeated request again.
    """

    id: EntryId
    user_id: Id
    task_id: Id | None
    note: str
    tags: list[str]
    billable: bool
    start: Instant
    end: Instant | None
    seconds: int
    day: date
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    made_by: Surface
    created_as: Annotated[str, msgspec.Meta(max_length=64)]


class ChangeRecord(msgspec.Struct, frozen=True):
    """One edit of an entry, oldest first; the entry itself may be gone."""

    entry_id: EntryId
    at: Instant
    user_id: Id | None
    action: EntryChange.Action
    before: dict[str, Any]
    after: dict[str, Any] | None


class TagRecord(msgspec.Struct, frozen=True):
    """A tag and how many entries carry it; a summary of the entries."""

    name: str
    entries: int


class InvitationRecord(msgspec.Struct, frozen=True):
    """Somebody asked to join. Its link is no part of the archive."""

    email: Email
    role: Role
    invited_by: Id | None
    created_at: Instant
    expires_at: Instant
    sent_at: Instant | None
    accepted_at: Instant | None
    accepted_by: Id | None


class WorkspaceRecord(msgspec.Struct, frozen=True):
    """A workspace of the outside source."""

    external_id: ExternalId
    name: str
    selected: bool


class IntegrationRecord(msgspec.Struct, frozen=True):
    """A connection to an outside source, without its token; `linked` is false after an unlink."""

    kind: str
    linked: bool
    owner_id: Id | None
    external_email: str
    keep_in_sync: str
    workspaces: list[WorkspaceRecord]
