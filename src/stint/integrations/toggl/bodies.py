"""Toggl's bodies as they come, and what Stint reads out of them.

The raw Structs (`Me`, `Workspace`, `Client`, `Project`, `TogglTask`, `WorkspaceUser`) accept what real bodies
hold: nulls, absent and unknown keys, legacy names (wid, pid, cid, uid), ids as numbers or strings. They leave
every value as sent; `identifier`, `text`, `flag` and `color` turn values into types. The `Read...` Structs are what the
mirror works on: ids are 64-bit integers, names are never empty and hold no control characters.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

NO_NAME = "(no name)"
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LARGEST_ID = 2**63 - 1
READING_FORM = 1


class Me(msgspec.Struct):
    """The user of the token. `api_token` is left out on purpose: it is a secret in the clear."""

    id: Any = None
    email: Any = None
    fullname: Any = None
    timezone: Any = None
    default_workspace_id: Any = None


class Workspace(msgspec.Struct):
    """A row of `/me/workspaces`. `premium` means Starter or higher, the plans that have tasks."""

    id: Any = None
    name: Any = None
    organization_id: Any = None
    admin: Any = None
    role: Any = None
    premium: Any = None
    business_ws: Any = None
    server_deleted_at: Any = None


class Client(msgspec.Struct):
    """A row of `/workspaces/{id}/clients`."""

    id: Any = None
    name: Any = None
    archived: Any = None
    status: Any = None
    server_deleted_at: Any = None
    deleted_at: Any = None
    total_count: Any = None


class Project(msgspec.Struct):
    """A row of `/workspaces/{id}/projects`."""

    id: Any = None
    name: Any = None
    client_id: Any = None
    cid: Any = None
    active: Any = None
    status: Any = None
    color: Any = None
    billable: Any = None
    server_deleted_at: Any = None
    deleted_at: Any = None
    total_count: Any = None


class TogglTask(msgspec.Struct):
    """A row of `/workspaces/{id}/tasks`. `active` false means done."""

    id: Any = None
    name: Any = None
    project_id: Any = None
    pid: Any = None
    active: Any = None
    status: Any = None
    server_deleted_at: Any = None
    deleted_at: Any = None
    total_count: Any = None


class WorkspaceUser(msgspec.Struct):
    """A row of `/workspaces/{id}/workspace_users`: `id` is the membership, `uid` the global user."""

    id: Any = None
    uid: Any = None
    user_id: Any = None
    name: Any = None
    fullname: Any = None
    email: Any = None
    active: Any = None
    inactive: Any = None
    server_deleted_at: Any = None
    deleted_at: Any = None


class TaskPage(msgspec.Struct):
    """The envelope of the workspace's tasks; `data` is an array or null."""

    data: msgspec.Raw
    total_count: Any = None
    page: Any = None
    per_page: Any = None


class Quota(msgspec.Struct, frozen=True):
    """Requests left in Toggl's hourly window, and the seconds until it resets."""

    remaining: int
    resets_in: int | None


class ReadWorkspace(msgspec.Struct, frozen=True):
    """A workspace that the token sees. `premium` is None where Toggl did not say."""

    id: int
    name: str
    organization_id: int | None
    admin: bool
    premium: bool | None


class ReadClient(msgspec.Struct, frozen=True):
    """A client of a workspace."""

    id: int
    name: str
    archived: bool


class ReadProject(msgspec.Struct, frozen=True):
    """A project. `client_id` may name a client that the token does not see. Archived: not active.

    `color` is #rrggbb, or empty where Toggl's cannot be read as one.
    """

    id: int
    name: str
    client_id: int | None
    archived: bool
    color: str = ""
    billable: bool = False


class ReadTask(msgspec.Struct, frozen=True):
    """A Toggl task of a project that is in the same reading. Archived: done."""

    id: int
    name: str
    project_id: int
    archived: bool


class ReadPerson(msgspec.Struct, frozen=True):
    """A member: `id` is the global user id; active means joined and not deactivated."""

    id: int
    name: str
    email: str
    active: bool


class WorkspaceReading(msgspec.Struct):
    """Everything that was read of one workspace.

    `people` is None when the token may not read them. `read_at` is the watermark of the next `since` and
    `full_read_at` the moment of the last full reading: both unix seconds by Toggl's clock. `pages` counts the
    answers this reading is made of; `warnings` are sentences for an Administrator. `form` is that of the readings
    below it: one kept in an older form lacks what was not read then.
    """

    workspace_id: int
    clients: list[ReadClient]
    projects: list[ReadProject]
    tasks: list[ReadTask]
    people: list[ReadPerson] | None
    read_at: float
    full_read_at: float
    pages: int
    warnings: list[str] = []
    form: int = 0


def identifier(value: object) -> int | None:
    """Return `value` as a positive 64-bit id, or None where it is none."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 30:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= _LARGEST_ID else None


def text(value: object) -> str:
    """Return a name whole, with control characters as spaces; `NO_NAME` where nothing is left."""
    shown = value if isinstance(value, str) else "" if value is None else str(value)
    return _CONTROL.sub(" ", shown).strip() or NO_NAME


def flag(value: object, default: bool | None = None) -> bool | None:
    """Return a boolean sent as such, as 0/1 or as a word; `default` where it says nothing."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in ("true", "1") else False if word in ("false", "0") else default


def color(value: object) -> str:
    """Return a colour as #rrggbb, from three digits too; empty where it is none."""
    found = _HEX.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        return ""
    digits = found[1]
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def is_deleted(row: Client | Project | TogglTask | WorkspaceUser) -> bool:
    """Whether the row is a tombstone."""
    return bool(row.server_deleted_at or row.deleted_at or getattr(row, "status", None) == "deleted")


def read_workspace_row(row: Workspace) -> ReadWorkspace | None:
    """Return the workspace, or None for a deleted one or one without an id."""
    key = identifier(row.id)
    if key is None or row.server_deleted_at:
        return None
    role = row.role if isinstance(row.role, str) else None
    admin = flag(row.admin, role in (None, "admin", "ws_admin", "owner"))
    premium = True if flag(row.business_ws) else flag(row.premium)
    return ReadWorkspace(key, text(row.name), identifier(row.organization_id), bool(admin), premium)


def read_client(row: Client) -> ReadClient | None:
    """Return the client, or None without a usable id."""
    key = identifier(row.id)
    archived = flag(row.archived, row.status == "archived")
    return None if key is None else ReadClient(key, text(row.name), bool(archived))


def read_project(row: Project) -> ReadProject | None:
    """Return the project, or None without a usable id. `active` is trusted over `status`."""
    key = identifier(row.id)
    active = flag(row.active, row.status != "archived")
    client_id = identifier(row.client_id if row.client_id is not None else row.cid)
    if key is None:
        return None
    billable = bool(flag(row.billable, False))
    return ReadProject(key, text(row.name), client_id, not active, color(row.color), billable)


def read_task(row: TogglTask) -> ReadTask | None:
    """Return the task, or None without usable ids of itself and its project."""
    key = identifier(row.id)
    project_id = identifier(row.project_id if row.project_id is not None else row.pid)
    if key is None or project_id is None:
        return None
    return ReadTask(key, text(row.name), project_id, not flag(row.active, True))


def read_person(row: WorkspaceUser) -> ReadPerson | None:
    """Return the member, or None without a global user id."""
    key = identifier(row.uid if row.uid is not None else row.user_id)
    if key is None:
        return None
    email = row.email.strip() if isinstance(row.email, str) else ""
    active = flag(row.active, True) and not flag(row.inactive, False)
    return ReadPerson(key, text(row.name if row.name else row.fullname or email), email, bool(active))
