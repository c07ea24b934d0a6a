"""The sandbox's own calls under /sandbox/, which Toggl does not have: look at everything, edit by hand, faults, limits.

They need no sign-in: the data is made up. Writes take JSON only, so that no foreign web page can make them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from . import edits, seeds
from .asking import Fields, answer
from .faults import KINDS, Fault, Faults
from .gate import RequestLog
from .limits import Burst, Limits
from .model import ROLES, Refused
from .shapes import Json
from .workplace import Workplace, alive
from .writes import flag, number, text

Edit = Callable[[Workplace, int, Fields], object]


async def page(request: Request) -> Response:
    """Return the page that shows and edits everything."""
    html = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy + "; frame-ancestors 'none'"})


async def state(request: Request) -> Response:
    """Return everything but the tasks, which are counted."""
    place: Workplace = request.app.state.place
    with place.lock:
        body = {
            "token": place.owner_token,
            "organizations": [asdict(o) for o in place.organizations.values()],
            "workspaces": [asdict(w) for w in alive(place.workspaces.values())],
            "clients": [
                {"id": c.id, "wid": c.wid, "name": c.name, "archived": c.archived}
                for c in alive(place.clients.values())
            ],
            "projects": [
                {
                    "id": p.id,
                    "wid": p.workspace_id,
                    "client_id": p.client_id,
                    "name": p.name,
                    "active": p.active,
                    "private": p.is_private,
                    "color": p.color,
                    "billable": p.billable,
                    "tasks": len(alive(place.project_tasks[p.id].values())),
                }
                for p in alive(place.projects.values())
            ],
            "members": [_member(place, id_) for id_ in place.members],
            "seeds": seeds.SEEDS,
            "roles": ROLES,
            **_switches(request),
        }
    return answer(body)


async def dump(request: Request) -> Response:
    """Return the whole state as a seed file, to be given to `--seed`."""
    return answer(seeds.dump(request.app.state.place))


async def tasks(request: Request) -> Response:
    """Return the tasks of a project."""
    place: Workplace = request.app.state.place
    found = alive(place.project_tasks[request.path_params["id"]].values())
    return answer([{"id": t.id, "name": t.name, "active": t.active} for t in found])


async def reset(request: Request) -> Response:
    """Begin again with a seed: faults, subscriptions and counts are forgotten too."""
    fields = await _fields(request)
    app = request.app.state
    seed = text(fields, "seed") or app.seed
    if seed not in seeds.SEEDS and (not app.seed or seed != app.seed):
        raise Refused(400, f"seed must be one of {', '.join(seeds.SEEDS)}")
    app.place.replace(seeds.load(seed))
    app.hooks.rows.clear()
    app.limits.forget()
    app.faults.clear()
    app.log.clear()
    return answer({"seed": seed})


async def faults(request: Request) -> Response:
    """GET: what is on. POST: switch one on. DELETE: switch all off."""
    on: Faults = request.app.state.faults
    if request.method == "POST":
        fields = await _fields(request)
        try:
            on.add(msgspec.convert({k: v for k, v in fields.items() if k != "id"}, Fault))
        except msgspec.ValidationError as error:
            raise Refused(400, str(error)) from error
    elif request.method == "DELETE":
        on.clear()
    return answer(_switches(request))


async def fault(request: Request) -> Response:
    """Switch one fault off."""
    request.app.state.faults.remove(request.path_params["id"])
    return answer(_switches(request))


async def limits(request: Request) -> Response:
    """GET: the limits. PUT: change what is given.

    `quota` null for the plan's figure, 0 for none, else requests an hour; `window` in seconds; `left`: what everybody
    has left now; `burst` null or {rate, capacity}.
    """
    found: Limits = request.app.state.limits
    if request.method == "PUT":
        _set_limits(found, await _fields(request))
    return answer(_switches(request))


async def requests(request: Request) -> Response:
    """GET: the last requests, newest first, and counts. DELETE: forget them."""
    log: RequestLog = request.app.state.log
    if request.method == "DELETE":
        log.clear()
    given = request.query_params.get("most", "100")
    most = min(int(given), 5_000) if given.isascii() and given.isdigit() else 100
    newest = list(log.rows)[::-1][:most]
    return answer({"total": len(log), "counts": log.counts, "rows": [asdict(row) for row in newest]})


async def create(request: Request) -> Response:
    """Add a row by hand."""
    fields = await _fields(request)
    edit = _CREATE.get(request.path_params["kind"])
    if edit is None:
        raise Refused(404, "Nothing of this kind")
    return _edited(edit(request.app.state.place, fields))


async def change(request: Request) -> Response:
    """Change what is given of a row by hand."""
    fields = await _fields(request)
    return _edited(_of(_CHANGE, request)(request.app.state.place, request.path_params["id"], fields))


async def delete(request: Request) -> Response:
    """Delete a row by hand."""
    return _edited(_of(_DELETE, request)(request.app.state.place, request.path_params["id"], {}))


async def _fields(request: Request) -> Fields:
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise Refused(415, "Send JSON with Content-Type: application/json")
    try:
        found = msgspec.json.decode(await request.body())
    except msgspec.DecodeError as error:
        raise Refused(400, "JSON is not valid") from error
    if not isinstance(found, dict):
        raise Refused(400, "Send a JSON object")
    return found


def _of(kinds: dict[str, Edit], request: Request) -> Edit:
    edit = kinds.get(request.path_params["kind"])
    if edit is None:
        raise Refused(404, "Nothing of this kind")
    return edit


def _edited(row: object) -> Response:
    return answer({"id": getattr(row, "id", None)})


def _member(place: Workplace, id_: int) -> Json:
    row = place.members[id_]
    person = place.people[row.uid]
    return {
        "id": row.id,
        "wid": row.wid,
        "name": person.fullname,
        "email": person.email,
        "token": person.api_token,
        "role": row.role,
        "joined": row.active,
        "inactive": row.inactive,
    }


def _switches(request: Request) -> Json:
    app = request.app.state
    found: Limits = app.limits
    owner = app.place.person_by_token(app.place.owner_token)
    uses = [found.use(owner.id, id_, cost=0) for id_ in (None, *app.place.organizations)] if owner else []
    return {
        "faults": [asdict(f) for f in app.faults.on],
        "fault_kinds": KINDS,
        "limits": {
            "quota": found.quota,
            "window": found.window,
            "burst": found.burst and asdict(found.burst),
        },
        "uses": [asdict(use) for use in uses],
        "requests": len(app.log),
        "webhooks": [
            row.shown() | {"secret": None, "failures": row.failures} for row in app.hooks.rows.values()
        ],
    }


def _set_limits(found: Limits, fields: Fields) -> None:
    for name in ("quota", "left", "window"):
        given = fields.get(name)
        if given is not None and (
            not isinstance(given, (int, float)) or isinstance(given, bool) or given < 0
        ):
            raise Refused(400, f"'{name}' must be a number of 0 or more")
    if "quota" in fields:
        found.quota = None if fields["quota"] is None else int(fields["quota"])
    if fields.get("window"):
        found.window = float(fields["window"])
    if fields.get("left") is not None:
        found.leave(int(fields["left"]))
    if "burst" in fields:
        try:
            found.burst = msgspec.convert(fields["burst"], Burst | None)
        except msgspec.ValidationError as error:
            raise Refused(400, str(error)) from error


def _need(fields: Fields, name: str) -> int:
    found = number(fields, name)
    if found is None:
        raise Refused(400, f"'{name}' is missing")
    return found


def _create_workspace(place: Workplace, fields: Fields) -> object:
    organization_id = number(fields, "organization_id") or next(iter(place.organizations))
    return edits.create_workspace(place, organization_id, text(fields, "name") or "")


def _create_client(place: Workplace, fields: Fields) -> object:
    return edits.create_client(place, _need(fields, "wid"), text(fields, "name") or "")


def _create_project(place: Workplace, fields: Fields) -> object:
    client_id = number(fields, "client_id")
    return edits.create_project(place, _need(fields, "wid"), text(fields, "name") or "", client_id)


def _create_task(place: Workplace, fields: Fields) -> object:
    return edits.create_task(place, _need(fields, "project_id"), text(fields, "name") or "")


def _create_member(place: Workplace, fields: Fields) -> object:
    email, name = text(fields, "email") or "", text(fields, "name") or ""
    joined = flag(fields, "joined") is not False
    role = text(fields, "role") or "user"
    return edits.add_member(place, _need(fields, "wid"), email, name, role=role, joined=joined)


def _change_workspace(place: Workplace, id_: int, fields: Fields) -> object:
    return edits.rename_workspace(place, id_, text(fields, "name") or "")


def _change_client(place: Workplace, id_: int, fields: Fields) -> object:
    archived = flag(fields, "archived")
    if archived is not None:
        (edits.archive_client if archived else edits.restore_client)(place, id_)
    return edits.update_client(place, id_, name=text(fields, "name")) if "name" in fields else None


def _change_project(place: Workplace, id_: int, fields: Fields) -> object:
    named = {"name": text(fields, "name")}
    flags = {name: flag(fields, name) for name in ("active", "is_private", "billable")}
    if "client_id" in fields:
        # Moved and renamed at once: only the name at the new place must be free.
        edits.move_project(place, id_, number(fields, "client_id"), named.pop("name"))
    changes: dict[str, Any] = {k: v for k, v in {**named, **flags}.items() if v is not None}
    return edits.update_project(place, id_, **changes) if changes else None


def _change_task(place: Workplace, id_: int, fields: Fields) -> object:
    if "project_id" in fields:
        edits.move_task(place, id_, _need(fields, "project_id"))
    name, active = text(fields, "name"), flag(fields, "active")
    return (
        None if name is None and active is None else edits.update_task(place, id_, name=name, active=active)
    )


def _change_member(place: Workplace, id_: int, fields: Fields) -> object:
    return edits.update_member(
        place,
        id_,
        role=text(fields, "role"),
        inactive=flag(fields, "inactive"),
        joined=flag(fields, "joined"),
        email=text(fields, "email"),
    )


_CREATE: dict[str, Callable[[Workplace, Fields], object]] = {
    "workspaces": _create_workspace,
    "clients": _create_client,
    "projects": _create_project,
    "tasks": _create_task,
    "members": _create_member,
}
_CHANGE: dict[str, Edit] = {
    "workspaces": _change_workspace,
    "clients": _change_client,
    "projects": _change_project,
    "tasks": _change_task,
    "members": _change_member,
}
_DELETE: dict[str, Edit] = {
    "workspaces": lambda place, id_, _: edits.delete_workspace(place, id_),
    "clients": lambda place, id_, _: edits.delete_client(place, id_),
    "projects": lambda place, id_, _: edits.delete_project(place, id_),
    "tasks": lambda place, id_, _: edits.delete_task(place, id_),
    "members": lambda place, id_, _: edits.remove_member(place, id_),
}

_Handler = Callable[[Request], Awaitable[Response]]
_ROUTES: tuple[tuple[str, _Handler, list[str]], ...] = (
    ("/", page, ["GET"]),
    ("/sandbox/state", state, ["GET"]),
    ("/sandbox/dump", dump, ["GET"]),
    ("/sandbox/reset", reset, ["POST"]),
    ("/sandbox/faults", faults, ["GET", "POST", "DELETE"]),
    ("/sandbox/faults/{id:int}", fault, ["DELETE"]),
    ("/sandbox/limits", limits, ["GET", "PUT"]),
    ("/sandbox/requests", requests, ["GET", "DELETE"]),
    ("/sandbox/projects/{id:int}/tasks", tasks, ["GET"]),
    ("/sandbox/{kind}", create, ["POST"]),
    ("/sandbox/{kind}/{id:int}", change, ["PATCH"]),
    ("/sandbox/{kind}/{id:int}", delete, ["DELETE"]),
)
routes = [Route(path, handler, methods=methods) for path, handler, methods in _ROUTES]
