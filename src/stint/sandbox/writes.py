"""POST, PUT, PATCH and DELETE of clients, projects, tasks and members, as Toggl documents them."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import edits, shapes
from .asking import Ask, Fields, answer
from .model import Client, Member, Project, Refused, Task, Workspace


def text(fields: Fields, name: str) -> str | None:
    """Return a text of the body, None when it is not given."""
    found = fields.get(name)
    if found is not None and not isinstance(found, str):
        raise Refused(400, f"'{name}' must be a string")
    return found


def flag(fields: Fields, name: str) -> bool | None:
    """Return a boolean of the body, None when it is not given."""
    found = fields.get(name)
    if found is not None and not isinstance(found, bool):
        raise Refused(400, f"'{name}' must be a boolean")
    return found


def number(fields: Fields, *names: str) -> int | None:
    """Return an id of the body by the first of its names that is there; 0 means none, as in Toggl."""
    found: Any = next((fields[name] for name in names if name in fields), None)
    if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
        raise Refused(400, f"'{names[0]}' must be a number")
    return found or None


async def create_client(request: Request) -> Response:
    """Add a client."""
    ask = Ask(request)
    workspace, fields = _may_create(ask), await ask.fields()
    row = edits.create_client(
        ask.place,
        workspace.id,
        text(fields, "name") or "",
        creator_id=ask.person.id,
        notes=text(fields, "notes") or "",
    )
    return answer(shapes.client(row))


async def update_client(request: Request) -> Response:
    """Rename a client or change its notes."""
    ask = Ask(request)
    row, fields = _client(ask), await ask.fields()
    changed = edits.update_client(ask.place, row.id, name=text(fields, "name"), notes=text(fields, "notes"))
    return answer(shapes.client(changed))


async def delete_client(request: Request) -> Response:
    """Delete a client; answers its id."""
    ask = Ask(request)
    row, _ = _client(ask), await ask.fields()
    edits.delete_client(ask.place, row.id)
    return answer(row.id)


async def archive_client(request: Request) -> Response:
    """Archive a client and its projects, whose ids are the answer. A paid feature."""
    ask = Ask(request)
    row, _ = _client(ask), await ask.fields()
    ask.paid(ask.workspace())
    return answer(edits.archive_client(ask.place, row.id))


async def restore_client(request: Request) -> Response:
    """Restore a client with the named projects, or all of them."""
    ask = Ask(request)
    row, fields = _client(ask), await ask.fields()
    everything = flag(fields, "restore_all_projects")
    named = fields.get("projects") or []
    if not isinstance(named, list):
        raise Refused(400, "'projects' must be a list")
    return answer(shapes.client(edits.restore_client(ask.place, row.id, None if everything else named)))


async def create_project(request: Request) -> Response:
    """Add a project, private unless told."""
    ask = Ask(request)
    workspace, fields = _may_create(ask), await ask.fields()
    private, active = flag(fields, "is_private"), flag(fields, "active")
    billable = flag(fields, "billable")
    row = edits.create_project(
        ask.place,
        workspace.id,
        text(fields, "name") or "",
        number(fields, "client_id", "cid"),
        is_private=private is not False,
        active=active is not False,
        color=_colour(fields) or "#0b83d9",
        billable=billable is True,
    )
    return answer(shapes.project(row))


async def update_project(request: Request) -> Response:
    """Change what is given of a project; `client_id` null or 0 takes it from its client."""
    ask = Ask(request)
    row, fields = _project(ask), await ask.fields()
    # All is read before anything is changed: a bad field leaves the project as it was.
    name, client_id = text(fields, "name"), number(fields, "client_id", "cid")
    others: dict[str, Any] = {
        "active": flag(fields, "active"),
        "is_private": flag(fields, "is_private"),
        "color": _colour(fields),
        "billable": flag(fields, "billable"),
    }
    if "client_id" in fields or "cid" in fields:
        edits.move_project(ask.place, row.id, client_id, name)
        name = None
    changed = edits.update_project(ask.place, row.id, name=name, **others)
    return answer(shapes.project(changed))


async def delete_project(request: Request) -> Response:
    """Delete a project; its entries go with `teDeletionMode=delete`, else they lose it."""
    ask = Ask(request)
    row, _ = _project(ask), await ask.fields()
    edits.delete_project(ask.place, row.id, with_entries=ask.query.get("teDeletionMode") == "delete")
    return answer(row.id)


async def create_task(request: Request) -> Response:
    """Add a task to a project. A paid feature."""
    ask = Ask(request)
    row, fields = _project(ask), await ask.fields()
    ask.paid(ask.workspace())
    active = flag(fields, "active")
    made = edits.create_task(
        ask.place,
        row.id,
        text(fields, "name") or "",
        active=active is not False,
        user_id=number(fields, "user_id", "uid"),
    )
    return answer(shapes.task(made))


async def update_task(request: Request) -> Response:
    """Rename a task, or mark it done or open."""
    ask = Ask(request)
    row, fields = _task(ask), await ask.fields()
    changed = edits.update_task(ask.place, row.id, name=text(fields, "name"), active=flag(fields, "active"))
    return answer(shapes.task(changed))


async def delete_task(request: Request) -> Response:
    """Delete a task; answers its id."""
    ask = Ask(request)
    row, _ = _task(ask), await ask.fields()
    edits.delete_task(ask.place, row.id)
    return answer(row.id)


async def update_member(request: Request) -> Response:
    """Change a member's role or deactivate one. For admins."""
    ask = Ask(request)
    row, fields = _member(ask), await ask.fields()
    role = text(fields, "role") or ("admin" if flag(fields, "admin") else None)
    changed = edits.update_member(ask.place, row.id, role=role, inactive=flag(fields, "inactive"))
    return answer(shapes.member(ask.place, changed))


async def delete_member(request: Request) -> Response:
    """Take a person out of the workspace. For admins."""
    ask = Ask(request)
    row, _ = _member(ask), await ask.fields()
    edits.remove_member(ask.place, row.id)
    return Response()


def _may_create(ask: Ask) -> Workspace:
    workspace = ask.workspace()
    if workspace.only_admins_may_create_projects and not ask.place.administers(ask.person.id, workspace.id):
        raise Refused(403, "Only admins may create projects in this workspace")
    return workspace


def _client(ask: Ask) -> Client:
    workspace = _may_create(ask)
    row = ask.place.row(ask.place.clients, ask.id("id"), "Client")
    if row.wid != workspace.id:
        raise Refused(404, "Client not found")
    return row


def _project(ask: Ask) -> Project:
    workspace = _may_create(ask)
    row = ask.place.row(ask.place.projects, ask.id("pid"), "Project")
    if row.workspace_id != workspace.id or row not in ask.place.visible_projects(ask.person.id, workspace.id):
        raise Refused(404, "Project not found")
    return row


def _task(ask: Ask) -> Task:
    project = _project(ask)
    row = ask.place.row(ask.place.tasks, ask.id("id"), "Task")
    if row.project_id != project.id:
        raise Refused(404, "Task not found")
    return row


def _member(ask: Ask) -> Member:
    workspace = ask.workspace(admin=True)
    row = ask.place.row(ask.place.members, ask.id("id"), "Workspace user")
    if row.wid != workspace.id:
        raise Refused(404, "Workspace user not found")
    return row


def _colour(fields: Fields) -> str | None:
    found = text(fields, "color")
    if found is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", found):
        raise Refused(400, "Project color must be in the #RRGGBB format")
    return found


_BASE = "/api/v9/workspaces/{wid:int}"
_ROUTES = (
    ("POST", "/clients", create_client),
    ("PUT", "/clients/{id:int}", update_client),
    ("DELETE", "/clients/{id:int}", delete_client),
    ("POST", "/clients/{id:int}/archive", archive_client),
    ("POST", "/clients/{id:int}/restore", restore_client),
    ("POST", "/projects", create_project),
    ("PUT", "/projects/{pid:int}", update_project),
    ("DELETE", "/projects/{pid:int}", delete_project),
    ("POST", "/projects/{pid:int}/tasks", create_task),
    ("PUT", "/projects/{pid:int}/tasks/{id:int}", update_task),
    ("DELETE", "/projects/{pid:int}/tasks/{id:int}", delete_task),
    ("PUT", "/workspace_users/{id:int}", update_member),
    ("DELETE", "/workspace_users/{id:int}", delete_member),
)
routes = [Route(_BASE + path, handler, methods=[method]) for method, path, handler in _ROUTES]
