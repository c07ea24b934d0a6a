"""Every change of a workplace, by the API or by hand: names stay unique, `at` moves on, deleted rows leave a trace.

Each function tells the workplace's listeners (webhooks) what changed.
"""

from __future__ import annotations

from datetime import UTC, datetime

from .model import ROLES, Client, Member, Person, Project, Refused, Task, Workspace
from .shapes import digest
from .workplace import Workplace, alive, now

TAKEN = "Name has already been taken"


def rename_workspace(place: Workplace, id_: int, name: str) -> Workspace:
    """Give a workspace another name."""
    with place.lock:
        row = place.row(place.workspaces, id_, "Workspace")
        row.name, row.at = _name(name), now()
        place.tell("updated", "workspace", row)
        return row


def create_workspace(place: Workplace, organization_id: int, name: str) -> Workspace:
    """Add a workspace whose first admin is the organisation's owner."""
    with place.lock:
        owner = place.row(place.organizations, organization_id, "Organization").owner_id
        row = Workspace(place.new_id("workspaces", place.workspaces), organization_id, _name(name), now())
        place.workspaces[row.id] = row
        member = Member(place.new_id("members", place.members), owner, row.id, "admin", now())
        place.members[member.id] = member
        place.tell("created", "workspace", row)
        return row


def delete_workspace(place: Workplace, id_: int) -> None:
    """Delete a workspace; nobody sees anything of it any more."""
    with place.lock:
        row = place.row(place.workspaces, id_, "Workspace")
        row.deleted_at = row.at = now()
        place.tell("deleted", "workspace", row)


def create_client(place: Workplace, wid: int, name: str, *, creator_id: int = 0, notes: str = "") -> Client:
    """Add a client."""
    with place.lock:
        workspace = place.row(place.workspaces, wid, "Workspace")
        name = _free([c.name for c in place.clients_in(wid)], name)
        creator_id = creator_id or place.organizations[workspace.organization_id].owner_id
        row = Client(place.new_id("clients", place.clients), wid, name, creator_id, now(), notes=notes)
        place.clients[row.id] = row
        place.tell("created", "client", row)
        return row


def update_client(place: Workplace, id_: int, *, name: str | None = None, notes: str | None = None) -> Client:
    """Rename a client or change its notes; None leaves as it is."""
    with place.lock:
        row = place.row(place.clients, id_, "Client")
        if name is not None:
            row.name = _free([c.name for c in place.clients_in(row.wid) if c.id != id_], name)
        row.notes = row.notes if notes is None else notes
        row.at = now()
        place.tell("updated", "client", row)
        return row


def archive_client(place: Workplace, id_: int) -> list[int]:
    """Archive a client and its active projects; returns their ids."""
    with place.lock:
        row = place.row(place.clients, id_, "Client")
        row.archived, row.at = True, now()
        place.tell("updated", "client", row)
        found = [p for p in _projects_of(place, id_) if p.active]
        for project in found:
            update_project(place, project.id, active=False)
        return [project.id for project in found]


def restore_client(place: Workplace, id_: int, projects: list[int] | None = None) -> Client:
    """Take a client out of the archive, with the named projects of it; None for all."""
    with place.lock:
        row = place.row(place.clients, id_, "Client")
        row.archived, row.at = False, now()
        place.tell("updated", "client", row)
        for project in _projects_of(place, id_):
            if not project.active and (projects is None or project.id in projects):
                update_project(place, project.id, active=True)
        return row


def delete_client(place: Workplace, id_: int) -> None:
    """Delete a client; its projects stay, with no client."""
    with place.lock:
        row = place.row(place.clients, id_, "Client")
        row.deleted_at = row.at = now()
        for project in _projects_of(place, id_):
            # No check of names: Toggl keeps both projects when two of one name lose their clients.
            project.client_id, project.at = None, now()
            place.tell("updated", "project", project)
        place.tell("deleted", "client", row)


def create_project(
    place: Workplace,
    wid: int,
    name: str,
    client_id: int | None = None,
    *,
    is_private: bool = False,
    active: bool = True,
    color: str = "#0b83d9",
    billable: bool = False,
) -> Project:
    """Add a project."""
    with place.lock:
        place.row(place.workspaces, wid, "Workspace")
        _client(place, wid, client_id)
        name = _free(_project_names(place, wid, client_id), name)
        at = now()
        row = Project(
            place.new_id("projects", place.projects),
            wid,
            client_id,
            name,
            at,
            at,
            color=color,
            active=active,
            is_private=is_private,
            billable=billable,
            start_date=datetime.fromtimestamp(at, UTC).date().isoformat(),
        )
        place.projects[row.id] = row
        place.tell("created", "project", row)
        return row


def update_project(
    place: Workplace,
    id_: int,
    *,
    name: str | None = None,
    active: bool | None = None,
    is_private: bool | None = None,
    color: str | None = None,
    billable: bool | None = None,
) -> Project:
    """Rename, archive, restore or hide a project, change its look; None leaves as it is."""
    with place.lock:
        row = place.row(place.projects, id_, "Project")
        if name is not None:
            row.name = _free(_project_names(place, row.workspace_id, row.client_id, id_), name)
        row.active = row.active if active is None else active
        row.is_private = row.is_private if is_private is None else is_private
        row.color = row.color if color is None else color
        row.billable = row.billable if billable is None else billable
        row.at = now()
        place.tell("updated", "project", row)
        return row


def move_project(place: Workplace, id_: int, client_id: int | None, name: str | None = None) -> Project:
    """Put a project under another client of its workspace, None for no client; renamed where `name` is given."""
    with place.lock:
        row = place.row(place.projects, id_, "Project")
        _client(place, row.workspace_id, client_id)
        wanted = row.name if name is None else name
        row.name = _free(_project_names(place, row.workspace_id, client_id, id_), wanted)
        row.client_id, row.at = client_id, now()
        place.tell("updated", "project", row)
        return row


def delete_project(place: Workplace, id_: int, *, with_entries: bool = False) -> None:
    """Delete a project and its tasks; its time entries lose the project, or go too."""
    with place.lock:
        row = place.row(place.projects, id_, "Project")
        row.deleted_at = row.at = now()
        row.active = False
        for task in alive(place.project_tasks[id_].values()):
            delete_task(place, task.id)
        for entry in alive(place.entries.values()):
            if entry.project_id == id_:
                entry.project_id = entry.task_id = None
                entry.at = now()
                entry.deleted_at = now() if with_entries else None
        place.tell("deleted", "project", row)


def create_task(
    place: Workplace, project_id: int, name: str, *, active: bool = True, user_id: int | None = None
) -> Task:
    """Add a task to a project."""
    with place.lock:
        project = place.row(place.projects, project_id, "Project")
        name = _free(_task_names(place, project_id), name)
        id_ = place.new_id("tasks", place.tasks)
        row = Task(id_, project.workspace_id, project_id, name, now(), active, user_id)
        place.tasks[id_] = place.project_tasks[project_id][id_] = row
        place.tell("created", "task", row)
        return row


def update_task(place: Workplace, id_: int, *, name: str | None = None, active: bool | None = None) -> Task:
    """Rename a task, mark it done (`active` False) or open again; None leaves as it is."""
    with place.lock:
        row = place.row(place.tasks, id_, "Task")
        if name is not None:
            row.name = _free(_task_names(place, row.project_id, id_), name)
        row.active = row.active if active is None else active
        row.at = now()
        place.tell("updated", "task", row)
        return row


def move_task(place: Workplace, id_: int, project_id: int) -> Task:
    """Put a task under another project of its workspace."""
    with place.lock:
        row = place.row(place.tasks, id_, "Task")
        project = place.row(place.projects, project_id, "Project")
        if project.workspace_id != row.workspace_id:
            raise Refused(400, "Project belongs to another workspace")
        _free(_task_names(place, project_id, id_), row.name)
        del place.project_tasks[row.project_id][id_]
        row.project_id, row.at = project_id, now()
        place.project_tasks[project_id][id_] = row
        place.tell("updated", "task", row)
        return row


def delete_task(place: Workplace, id_: int) -> None:
    """Delete a task."""
    with place.lock:
        row = place.row(place.tasks, id_, "Task")
        row.deleted_at = row.at = now()
        place.tell("deleted", "task", row)


def add_member(
    place: Workplace, wid: int, email: str, fullname: str = "", *, role: str = "user", joined: bool = True
) -> Member:
    """Add a person, new or known by the e-mail address, to a workspace; not `joined` means only invited."""
    with place.lock:
        place.row(place.workspaces, wid, "Workspace")
        email = email.strip()
        if "@" not in email:
            raise Refused(400, "Invalid email address")
        _role(role)
        person = place.person_by_email(email)
        if person is None:
            id_ = place.new_id("people", place.people)
            person = Person(id_, email, fullname or email, digest(f"token {id_} {email}"), now())
            person.default_workspace_id = wid
            place.people[id_] = person
        elif any(m.uid == person.id and m.wid == wid for m in place.members.values()):
            raise Refused(400, "User is already a member of the workspace")
        row = Member(place.new_id("members", place.members), person.id, wid, role, now(), active=joined)
        place.members[row.id] = row
        place.tell("created", "workspace_user", row)
        return row


def update_member(
    place: Workplace,
    id_: int,
    *,
    role: str | None = None,
    inactive: bool | None = None,
    joined: bool | None = None,
    email: str | None = None,
) -> Member:
    """Change a membership (and the person's e-mail address); None leaves as it is."""
    with place.lock:
        row = place.row(place.members, id_, "Workspace user")
        if role is not None:
            row.role = _role(role)
        if email is not None:
            known = place.person_by_email(email)
            if "@" not in email or (known is not None and known.id != row.uid):
                raise Refused(400, "Invalid email address")
            place.people[row.uid].email = email
        row.inactive = row.inactive if inactive is None else inactive
        row.active = row.active if joined is None else joined
        row.at = now()
        place.tell("updated", "workspace_user", row)
        return row


def remove_member(place: Workplace, id_: int) -> None:
    """Take a person out of a workspace: the row is gone from its lists."""
    with place.lock:
        row = place.row(place.members, id_, "Workspace user")
        del place.members[id_]
        place.tell("deleted", "workspace_user", row)


def _name(name: str) -> str:
    if not name.strip():
        raise Refused(400, "Name must be present")
    return name


def _free(taken: list[str], name: str) -> str:
    if _name(name) in taken:
        raise Refused(400, TAKEN)
    return name


def _role(role: str) -> str:
    if role not in ROLES:
        raise Refused(400, f"Role must be one of {', '.join(ROLES)}")
    return role


def _client(place: Workplace, wid: int, client_id: int | None) -> None:
    row = None if client_id is None else place.clients.get(client_id)
    if client_id is not None and (row is None or row.wid != wid or row.deleted_at is not None):
        raise Refused(400, f"Client with the ID {client_id} isn't present in workspace {wid}")


def _projects_of(place: Workplace, client_id: int) -> list[Project]:
    return [p for p in alive(place.projects.values()) if p.client_id == client_id]


def _project_names(place: Workplace, wid: int, client_id: int | None, but: int = 0) -> list[str]:
    rows = alive(place.projects.values())
    return [p.name for p in rows if p.workspace_id == wid and p.client_id == client_id and p.id != but]


def _task_names(place: Workplace, project_id: int, but: int = 0) -> list[str]:
    return [t.name for t in alive(place.project_tasks[project_id].values()) if t.id != but]
