"""The task tree, and who may track on it."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from msgspec import UNSET, UnsetType

from stint.api.application import api, hot, nothing, reply
from stint.api.auth import ApiRequest
from stint.api.openapi import describe
from stint.api.reading import Body, Id, Limit, read_body, read_query
from stint.entries import queries as entries
from stint.paging import Page
from stint.tasks import queries, search, services
from stint.tasks.queries import Status, TaskOut, TaskPerson

MOST_FOUND = 1000


class TasksQuery(msgspec.Struct, frozen=True):
    """Which tasks. `parent_id=null` asks for the roots; without `parent_id` the level does not matter."""

    q: str | None = None
    parent_id: Id | UnsetType | None = UNSET
    status: Status = "active"
    trackable: bool | None = None
    limit: Limit = 100
    cursor: str | None = None


class NewTask(Body):
    """A task to create; a root without `parent_id`."""

    name: str
    parent_id: Id | None = None


class TaskEdit(Body):
    """What to change of a task; `parent_id: null` makes it a root, an empty `color` takes its own away."""

    name: str | UnsetType = UNSET
    parent_id: Id | UnsetType | None = UNSET
    color: str | UnsetType = UNSET
    billable: bool | UnsetType = UNSET


class Shortlist(msgspec.Struct, frozen=True):
    """What the caller most likely tracks on next."""

    favourites: list[TaskOut]
    recent: list[TaskOut]


@hot("GET", "/tasks")
@api.get("/tasks", tags=["tasks"], **describe({200: Page[TaskOut]}, query=TasksQuery))
def tasks(request: ApiRequest) -> HttpResponse:
    """Return the tasks the caller sees, by name; with `q` the best matches, best first."""
    wanted = read_query(request, TasksQuery)
    if wanted.q is not None:
        return reply(_found(request, wanted, wanted.q))
    return reply(
        queries.tasks(
            request.caller,
            parent_id=wanted.parent_id,
            status=wanted.status,
            trackable=wanted.trackable,
            limit=wanted.limit,
            cursor=wanted.cursor,
        )
    )


def _found(request: ApiRequest, wanted: TasksQuery, q: str) -> Page[TaskOut]:
    narrow = wanted.parent_id is not UNSET
    page = search.search(
        request.caller,
        q,
        status=wanted.status,
        trackable=wanted.trackable,
        limit=MOST_FOUND if narrow else wanted.limit,
    )
    if not narrow:
        return page
    return Page([task for task in page.items if task.parent_id == wanted.parent_id][: wanted.limit])


@api.post("/tasks", tags=["tasks"], **describe({201: TaskOut}, body=NewTask, errors=(403, 409)))
def create_task(request: ApiRequest) -> HttpResponse:
    """Create a task. Managers and Administrators may."""
    new = read_body(request, NewTask)
    task_id = services.create_task(request.caller, new.name, new.parent_id)
    return reply(queries.task(request.caller, task_id), 201, headers={"Location": f"/api/v1/tasks/{task_id}"})


@api.get("/tasks/shortlist", tags=["tasks"], **describe({200: Shortlist}))
def shortlist(request: ApiRequest) -> HttpResponse:
    """Return the caller's favourites by name, and what they tracked on lately; only what they may track on."""
    caller = request.caller
    liked = queries.usable(caller, queries.favourites(caller.user_id))
    liked.sort(key=lambda task: task.name.casefold())
    recent = [id_ for id_ in entries.recent_tasks(caller) if id_ not in {task.id for task in liked}]
    return reply(Shortlist(liked, queries.usable(caller, recent)))


@api.get("/tasks/{id:task_id}", tags=["tasks"], **describe({200: TaskOut}, errors=(404,)))
def task(request: ApiRequest, task_id: int) -> HttpResponse:
    """Return one task."""
    return reply(queries.task(request.caller, task_id))


@api.patch(
    "/tasks/{id:task_id}",
    tags=["tasks"],
    **describe({200: TaskOut}, body=TaskEdit, errors=(403, 404, 409)),
)
def edit_task(request: ApiRequest, task_id: int) -> HttpResponse:
    """Rename a task, move it with all below it, give it a colour or billable default. Managers may."""
    edit = read_body(request, TaskEdit)
    services.update_task(
        request.caller,
        task_id,
        name=edit.name,
        parent_id=edit.parent_id,
        color=edit.color,
        billable=edit.billable,
    )
    return reply(queries.task(request.caller, task_id))


@api.post("/tasks/{id:task_id}/archive", tags=["tasks"], **describe({200: TaskOut}, errors=(403, 404)))
def archive_task(request: ApiRequest, task_id: int) -> HttpResponse:
    """Take a task and all below it out of use. Managers and Administrators may."""
    services.archive_task(request.caller, task_id)
    return reply(queries.task(request.caller, task_id))


@api.post("/tasks/{id:task_id}/restore", tags=["tasks"], **describe({200: TaskOut}, errors=(403, 404, 409)))
def restore_task(request: ApiRequest, task_id: int) -> HttpResponse:
    """Bring a task back into use, with the ancestors it needs. Managers and Administrators may."""
    services.restore_task(request.caller, task_id)
    return reply(queries.task(request.caller, task_id))


@api.get("/tasks/{id:task_id}/people", tags=["tasks"], **describe({200: Page[TaskPerson]}, errors=(404,)))
def task_people(request: ApiRequest, task_id: int) -> HttpResponse:
    """Return who may track on a task, by name."""
    task_ = queries.task(request.caller, task_id)
    return reply(Page(queries.people(task_, request.caller.account_id)))


@api.put(
    "/tasks/{id:task_id}/people/{id:user_id}",
    tags=["tasks"],
    **describe({204: None}, errors=(403, 404)),
)
def assign(request: ApiRequest, task_id: int, user_id: int) -> HttpResponse:
    """Let a person track on a task and all below it. Managers and Administrators may."""
    services.assign(request.caller, task_id, user_id)
    return nothing()


@api.delete(
    "/tasks/{id:task_id}/people/{id:user_id}",
    tags=["tasks"],
    **describe({204: None}, errors=(403, 404, 409)),
)
def unassign(request: ApiRequest, task_id: int, user_id: int) -> HttpResponse:
    """Take a direct assignment away. Managers and Administrators may."""
    services.unassign(request.caller, task_id, user_id)
    return nothing()


@api.put("/tasks/{id:task_id}/favourite", tags=["tasks"], **describe({204: None}, errors=(404,)))
def add_favourite(request: ApiRequest, task_id: int) -> HttpResponse:
    """Put a task first in the caller's pickers."""
    services.mark_favourite(request.caller, task_id, favourite=True)
    return nothing()


@api.delete("/tasks/{id:task_id}/favourite", tags=["tasks"], **describe({204: None}, errors=(404,)))
def remove_favourite(request: ApiRequest, task_id: int) -> HttpResponse:
    """Take a task from the caller's favourites."""
    services.mark_favourite(request.caller, task_id, favourite=False)
    return nothing()
