"""GET of /me, organisations and the structure of a workspace.

Sources: Toggl's published API description (2024-12 and 2026-03) and recorded answers; where they are silent, the
comment at the place says what was chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import shapes
from .asking import Ask, answer, rows
from .limits import Limits
from .model import Member, Project, Refused, Task
from .workplace import alive

R = TypeVar("R", Project, Task)


async def me(request: Request) -> Response:
    """Return the user; lists too with `with_related_data`."""
    ask = Ask(request)
    related = ask.query.get("with_related_data") == "true"
    return answer(shapes.me(ask.place, ask.person, related=related))


async def logged(request: Request) -> Response:
    """Answer 200 with no body: the credentials are good."""
    return Response()


async def me_id(request: Request) -> Response:
    """Return the user's id."""
    return answer(Ask(request).person.id)


async def me_quota(request: Request) -> Response:
    """Return what is left of each quota; `organization_id` null is the user's own."""
    ask = Ask(request)
    limits: Limits = request.app.state.limits
    ids = [None, *(o.id for o in ask.place.organizations_of(ask.person.id))]
    uses = [limits.use(ask.person.id, id_, cost=0) for id_ in ids]
    return answer(
        [
            {
                "organization_id": u.organization_id,
                "remaining": u.remaining,
                "resets_in_secs": u.resets_in,
                "total": u.total,
            }
            for u in uses
        ]
    )


async def me_workspaces(request: Request) -> Response:
    """Return the user's workspaces, with the number of active projects."""
    ask = Ask(request)
    since = ask.number("since", 0)
    found = []
    for workspace in ask.place.workspaces_of(ask.person.id):
        if workspace.at < since:
            continue
        projects = alive(ask.place.visible_projects(ask.person.id, workspace.id))
        body = shapes.workspace(ask.place, workspace, ask.person)
        found.append(body | {"active_project_count": sum(p.active for p in projects)})
    return rows(found)


async def me_organizations(request: Request) -> Response:
    """Return the organisations of the user's workspaces."""
    ask = Ask(request)
    mine = ask.place.organizations_of(ask.person.id)
    return rows([shapes.organization(ask.place, o, ask.person) for o in mine])


async def me_projects(request: Request) -> Response:
    """Return the user's projects of all workspaces; archived ones only with `include_archived`."""
    ask = Ask(request)
    active = None if ask.query.get("include_archived") == "true" else True
    found = [
        p
        for w in ask.place.workspaces_of(ask.person.id)
        for p in _chosen(ask, ask.place.visible_projects(ask.person.id, w.id), active)
    ]
    return rows([shapes.project(p) for p in found])


async def me_clients(request: Request) -> Response:
    """Return the active clients of all the user's workspaces."""
    ask = Ask(request)
    since = ask.number("since", 0)
    mine = {
        w.id for w in ask.place.workspaces_of(ask.person.id) if ask.place.sees_clients(ask.person.id, w.id)
    }
    found = [c for c in ask.place.clients.values() if c.wid in mine and c.at >= since]
    if not since:
        found = [c for c in found if c.deleted_at is None and not c.archived]
    return rows([shapes.client(c) for c in found])


async def me_tasks(request: Request) -> Response:
    """Return the tasks of all the user's workspaces as a plain list; done ones with `include_not_active`."""
    ask = Ask(request)
    active = None if ask.query.get("include_not_active") == "true" else True
    found = [
        t
        for w in ask.place.workspaces_of(ask.person.id)
        for t in _chosen(ask, ask.place.visible_tasks(ask.person.id, w.id), active)
    ]
    offset, most = ask.number("offset", 0), ask.number("per_page", len(found))
    return rows([shapes.task(t) for t in found[max(0, offset) : max(0, offset) + max(0, most)]])


async def organization_users(request: Request) -> Response:
    """Return the people of an organisation, paged, with the figures in headers."""
    ask = Ask(request)
    row = ask.place.row(ask.place.organizations, ask.id("oid"), "Organization")
    wids = {w.id for w in alive(ask.place.workspaces.values()) if w.organization_id == row.id}
    if row.owner_id != ask.person.id and not any(ask.place.administers(ask.person.id, w) for w in wids):
        raise Refused(403, "User is not authorized to list the organization users")
    by_person: defaultdict[int, list[Member]] = defaultdict(list)
    for member in ask.place.members.values():
        if member.wid in wids:
            by_person[member.uid].append(member)
    people = [shapes.org_user(ask.place, row, uid, by_person[uid]) for uid in sorted(by_person)]
    page, per_page = ask.page(50)
    headers = {
        "X-Page": str(page),
        "X-Page-Size": str(per_page),
        "X-Pages": str(-(-len(people) // per_page)),
        "X-Records": str(len(people)),
        "X-Sort-Order": "ASC",
    }
    return answer(people[(page - 1) * per_page : page * per_page], headers=headers)


async def workspace(request: Request) -> Response:
    """Return one workspace."""
    ask = Ask(request)
    return answer(shapes.workspace(ask.place, ask.workspace(), ask.person))


async def clients(request: Request) -> Response:
    """Return the clients, by default the active ones; no paging is documented, so there is none.

    Where only admins may create clients only they may see them: the documented 403.
    """
    ask = Ask(request)
    wid = ask.workspace().id
    if not ask.place.sees_clients(ask.person.id, wid):
        raise Refused(403, "Forbidden")
    status = ask.query.get("status") or "active"
    if status not in ("active", "archived", "both"):
        raise Refused(400, "Client status is invalid")
    name = ask.query.get("name", "").casefold()
    found = [
        c
        for c in ask.place.clients_in(wid)
        if (status == "both" or c.archived == (status == "archived")) and name in c.name.casefold()
    ]
    return rows([shapes.client(c) for c in sorted(found, key=lambda c: c.id)])


async def client(request: Request) -> Response:
    """Return one client."""
    ask = Ask(request)
    wid = ask.workspace().id
    row = ask.place.row(ask.place.clients, ask.id("id"), "Client")
    if row.wid != wid or not ask.place.sees_clients(ask.person.id, wid):
        raise Refused(404, "Client not found")
    return answer(shapes.client(row))


async def projects(request: Request) -> Response:
    """Return a page of projects: 151 rows unless told, 200 at most, both active and archived unless told."""
    ask = Ask(request)
    wid = ask.workspace().id
    page, per_page = ask.page(151)
    found = _listed(ask, "projects", ask.active(None), ask.place.visible_projects(ask.person.id, wid))
    part = found[(page - 1) * per_page : page * per_page]
    return rows([shapes.project(p) for p in part])


async def project(request: Request) -> Response:
    """Return one project."""
    ask = Ask(request)
    return answer(shapes.project(_project(ask)))


async def project_tasks(request: Request) -> Response:
    """Return a project's tasks as a plain list: all, or the active ones with `active=true`."""
    ask = Ask(request)
    found = alive(ask.place.project_tasks[_project(ask).id].values())
    if ask.query.get("active") == "true":
        found = [t for t in found if t.active]
    return rows([shapes.task(t) for t in found])


async def tasks(request: Request) -> Response:
    """Return a page of tasks in its envelope: 50 rows unless told, `data` null when there are none.

    The default of `active` is not published for this path; true is that of its sibling `tasks/basic`. More than 200
    rows are not known to be given. A free organisation has no tasks: its exports carry empty lists, so this is an
    empty page here, while creating one is refused with 402.
    """
    ask = Ask(request)
    wid = ask.workspace().id
    page, per_page = ask.page(50)
    visible = ask.place.visible_tasks(ask.person.id, wid) if ask.place.organization_of(wid).pays else []
    found = _listed(ask, "tasks", ask.active(True), visible)
    part = found[(page - 1) * per_page : page * per_page]
    return answer(
        {
            "total_count": len(found),
            "data": [shapes.task(t) for t in part] or None,
            "page": page,
            "per_page": per_page,
            "sort_field": ask.query.get("sort_field") or "name",
            "sort_order": ask.query.get("sort_order") or "ASC",
        }
    )


async def users(request: Request) -> Response:
    """Return the people of a workspace; `id` is the person's."""
    ask = Ask(request)
    return rows([shapes.simple_user(ask.place, m) for m in _members(ask)])


async def workspace_users(request: Request) -> Response:
    """Return the memberships of a workspace. No right beyond being a member is documented for it."""
    ask = Ask(request)
    return rows([shapes.member(ask.place, m) for m in _members(ask)])


async def tags(request: Request) -> Response:
    """Return the tags of a workspace."""
    ask = Ask(request)
    wid = ask.workspace().id
    return rows([shapes.tag(t) for t in ask.place.tags.values() if t.workspace_id == wid])


async def project_users(request: Request) -> Response:
    """Return who is in which project, of at most 200 named projects."""
    ask = Ask(request)
    wid = ask.workspace().id
    wanted = {int(i) for i in ask.query.get("project_ids", "").split(",") if i.strip().isdecimal()}
    if len(wanted) > 200:
        raise Refused(400, "project_ids cannot exceed 200 elements.")
    seen = {p.id for p in alive(ask.place.visible_projects(ask.person.id, wid))}
    wanted = wanted & seen if wanted else seen
    found = [u for u in ask.place.project_users.values() if u.workspace_id == wid and u.project_id in wanted]
    return rows([shapes.project_user(u) for u in found])


def _members(ask: Ask) -> list[Member]:
    wid = ask.workspace().id
    return sorted((m for m in ask.place.members.values() if m.wid == wid), key=lambda m: m.id)


def _project(ask: Ask) -> Project:
    wid = ask.workspace().id
    row = ask.place.row(ask.place.projects, ask.id("pid"), "Project")
    if row.workspace_id != wid or row not in ask.place.visible_projects(ask.person.id, wid):
        raise Refused(404, "Project not found")
    return row


def _chosen(ask: Ask, found: list[R], active: bool | None) -> list[R]:
    """Filter by `active` and `since`; deleted rows show only with `since`, whatever `active` says."""
    since = ask.number("since", 0)
    return [
        row
        for row in found
        if row.at >= since
        and (bool(since) if row.deleted_at is not None else active is None or row.active == active)
    ]


def _listed(ask: Ask, table: str, active: bool | None, visible: list[R]) -> list[R]:
    """Filter and sort the rows of a paged list; the result is kept for the next page."""

    def build() -> list[R]:
        found = _chosen(ask, visible, active)
        wanted = (ask.query.get("search") or ask.query.get("name") or "").casefold()
        found = [row for row in found if wanted in row.name.casefold()] if wanted else found
        if project_id := ask.number("pid", 0):
            found = [row for row in found if isinstance(row, Project) or row.project_id == project_id]
        return sorted(found, key=_order(ask), reverse=ask.query.get("sort_order") == "DESC")

    paging = ("page", "per_page")
    query = tuple(sorted((k, v) for k, v in ask.query.multi_items() if k not in paging))
    return ask.place.listing((table, ask.person.id, ask.id("wid"), active, query), build)


def _order(ask: Ask) -> Callable[[Project | Task], tuple[str, int]]:
    by_name = ask.query.get("sort_field", "name") == "name"
    return lambda row: (row.name.casefold() if by_name else "", row.id)


_ME = {
    "": me,
    "/logged": logged,
    "/id": me_id,
    "/quota": me_quota,
    "/workspaces": me_workspaces,
    "/organizations": me_organizations,
    "/projects": me_projects,
    "/clients": me_clients,
    "/tasks": me_tasks,
}
_WORKSPACE = {
    "": workspace,
    "/clients": clients,
    "/clients/{id:int}": client,
    "/projects": projects,
    "/projects/{pid:int}": project,
    "/projects/{pid:int}/tasks": project_tasks,
    "/tasks": tasks,
    "/users": users,
    "/workspace_users": workspace_users,
    "/tags": tags,
    "/project_users": project_users,
}


async def status(request: Request) -> Response:
    """Answer without sign-in that the API is there."""
    return answer({"status": "OK"})


routes = [
    Route("/api/v9/status", status),
    *(Route(f"/api/v9/me{path}", handler) for path, handler in _ME.items()),
    *(Route(f"/api/v9/workspaces/{{wid:int}}{path}", handler) for path, handler in _WORKSPACE.items()),
    Route("/api/v9/organizations/{oid:int}/users", organization_users),
]
