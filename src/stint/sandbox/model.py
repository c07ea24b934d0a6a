"""The rows of the sandbox, as few fields as Toggl's shapes need. Instants are whole Unix seconds, UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Plan = Literal["free", "starter", "premium", "enterprise"]

# Requests an hour for a user in an organisation; Toggl negotiates Enterprise, so that figure is ours.
HOURLY: dict[Plan, int] = {"free": 30, "starter": 240, "premium": 600, "enterprise": 10_000}
ROLES = ("admin", "projectlead", "teamlead", "user")


class Refused(Exception):
    """An edit or request that Toggl would refuse: the status and the text of its answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


@dataclass(slots=True)
class Organization:
    """An organisation: who pays, by which plan."""

    id: int
    name: str
    plan: Plan
    owner_id: int
    at: int

    @property
    def pays(self) -> bool:
        """Whether paid features (tasks, archiving clients) are there."""
        return self.plan != "free"


@dataclass(slots=True)
class Workspace:
    """A workspace of an organisation."""

    id: int
    organization_id: int
    name: str
    at: int
    # In Toggl this setting also hides the clients from everybody else.
    only_admins_may_create_projects: bool = False
    deleted_at: int | None = None


@dataclass(slots=True)
class Person:
    """A user of Toggl, with credentials."""

    id: int
    email: str
    fullname: str
    api_token: str
    at: int
    password: str = "sandbox"  # noqa: S105  (demo data)
    timezone: str = "Europe/Berlin"
    default_workspace_id: int = 0


@dataclass(slots=True)
class Member:
    """A person's membership of a workspace. `active`: the invitation was accepted; `inactive`: deactivated."""

    id: int
    uid: int
    wid: int
    role: str
    at: int
    active: bool = True
    inactive: bool = False

    @property
    def admin(self) -> bool:
        """Whether the person administers the workspace."""
        return self.role == "admin"


@dataclass(slots=True)
class Client:
    """A client of a workspace."""

    id: int
    wid: int
    name: str
    creator_id: int
    at: int
    archived: bool = False
    notes: str = ""
    deleted_at: int | None = None


@dataclass(slots=True)
class Project:
    """A project, of a client or of none. Not `active` means archived."""

    id: int
    workspace_id: int
    client_id: int | None
    name: str
    at: int
    created_at: int
    color: str = "#0b83d9"
    active: bool = True
    is_private: bool = False
    billable: bool = False
    start_date: str = "2024-01-15"
    end_date: str | None = None
    actual_seconds: int = 0
    deleted_at: int | None = None


@dataclass(slots=True)
class Task:
    """Toggl's task. Not `active` means done; `user_id` is who it was given to."""

    id: int
    workspace_id: int
    project_id: int
    name: str
    at: int
    active: bool = True
    user_id: int | None = None
    estimated_seconds: int | None = None
    tracked_seconds: int = 0
    deleted_at: int | None = None


@dataclass(slots=True)
class Tag:
    """A tag of a workspace."""

    id: int
    workspace_id: int
    name: str
    creator_id: int
    at: int


@dataclass(slots=True)
class ProjectUser:
    """A person's membership of a project: who may see a private one."""

    id: int
    project_id: int
    user_id: int
    workspace_id: int
    at: int
    manager: bool = False


@dataclass(slots=True)
class TimeEntry:
    """Running while `stop` is None; `duration` is -1 then."""

    id: int
    workspace_id: int
    user_id: int
    start: int
    stop: int | None
    duration: int
    at: int
    project_id: int | None = None
    task_id: int | None = None
    description: str | None = None
    billable: bool = False
    tags: list[str] = field(default_factory=list)
    deleted_at: int | None = None


Row = Workspace | Member | Client | Project | Task | TimeEntry
