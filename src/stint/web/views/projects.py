"""Projects: the task tree, its people, and what Managers may do to native tasks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import UNSET

from stint.accounts import queries as accounts
from stint.errors import DomainError
from stint.tasks import queries, search, services
from stint.tasks.queries import TaskOut
from stint.web.forms import PersonForm, StintForm, TaskNameForm, TaskPlaceForm
from stint.web.gate import PageRequest, gated, notice, put_on_form, sentence

PAGE = 200
MOST_FOUND = 60


@require_safe
@gated()
def projects(request: PageRequest) -> HttpResponse:
    """Show the top of the tree, with a search box and the archive."""
    return render(
        request, "web/projects/page.html", {"page": queries.tasks(request.caller, parent_id=None, limit=PAGE)}
    )


@require_safe
@gated()
def tree(request: PageRequest) -> HttpResponse:
    """Return what a query finds, or the children of a node (the roots without one), a page at a time."""
    q = request.GET.get("q", "").strip()
    if q:
        found = search.search(request.caller, q, limit=MOST_FOUND)
        return render(request, "web/projects/found.html", {"page": found, "q": q})
    parent = _number(request.GET.get("parent"))
    page = queries.tasks(request.caller, parent_id=parent, limit=PAGE, cursor=request.GET.get("cursor"))
    template = (
        "web/projects/tree.html"
        if parent is None and "cursor" not in request.GET
        else "web/projects/nodes.html"
    )
    return render(request, template, {"page": page, "parent": parent})


@require_safe
@gated()
def archived(request: PageRequest) -> HttpResponse:
    """Show the archive, which is flat: each task with the way to it."""
    cursor = request.GET.get("cursor")
    page = queries.tasks(request.caller, parent_id=UNSET, status="archived", limit=PAGE, cursor=cursor)
    return render(
        request, "web/projects/archived_more.html" if cursor else "web/projects/archived.html", {"page": page}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gated("manager")
def create(request: PageRequest) -> HttpResponse:
    """Create a task below `parent`, or at the top."""
    parent_id = _number(request.GET.get("parent"))
    parent = queries.task(request.caller, parent_id) if parent_id is not None else None
    form = TaskNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_task(request.caller, form.cleaned_data["name"], parent_id)
            return _changed()
        except DomainError as fault:
            put_on_form(form, fault)
    title = _("New task below “%(name)s”") % {"name": parent.name} if parent else _("New project")
    return _dialog(request, form, title, _("Create"))


@require_http_methods(["GET", "HEAD", "POST"])
@gated("manager")
def rename(request: PageRequest, task_id: int) -> HttpResponse:
    """Rename a task."""
    task = queries.task(request.caller, task_id)
    form = TaskNameForm(request.POST or None, initial={"name": task.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.update_task(request.caller, task_id, name=form.cleaned_data["name"])
            return _changed()
        except DomainError as fault:
            put_on_form(form, fault)
    return _dialog(request, form, _("Rename “%(name)s”") % {"name": task.name}, _("Rename"))


@require_http_methods(["GET", "HEAD", "POST"])
@gated("manager")
def move(request: PageRequest, task_id: int) -> HttpResponse:
    """Move a task with all below it."""
    task = queries.task(request.caller, task_id)
    form = TaskPlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_task(request.caller, task_id, parent_id=form.cleaned_data["parent_id"])
            return _changed()
        except DomainError as fault:
            form.add_error(None, sentence(fault))
    return _dialog(request, form, _("Move “%(name)s”") % {"name": task.name}, _("Move"), task=task)


@require_POST
@gated("manager")
def archive(request: PageRequest, task_id: int) -> HttpResponse:
    """Archive a task with all below it."""
    services.archive_task(request.caller, task_id)
    return _changed(_("Archived. Find it under Archived to restore it."))


@require_POST
@gated("manager")
def restore(request: PageRequest, task_id: int) -> HttpResponse:
    """Restore a task."""
    services.restore_task(request.caller, task_id)
    return _changed(_("Restored."))


@require_http_methods(["GET", "HEAD", "POST"])
@gated()
def people(request: PageRequest, task_id: int) -> HttpResponse:
    """Show who may track on a task; a Manager adds somebody by POST."""
    task = queries.task(request.caller, task_id)
    if request.method == "POST":
        form = PersonForm(request.POST)
        if form.is_valid():
            services.assign(request.caller, task_id, form.cleaned_data["user_id"])
    return _people(request, task)


@require_POST
@gated("manager")
def unassign(request: PageRequest, task_id: int, user_id: int) -> HttpResponse:
    """Take a direct assignment away."""
    services.unassign(request.caller, task_id, user_id)
    return _people(request, queries.task(request.caller, task_id))


def _people(request: PageRequest, task: TaskOut) -> HttpResponse:
    assigned = queries.people(task, request.caller.account_id)
    above = queries.names({person.inherited_from for person in assigned if person.inherited_from is not None})
    present = [(person, above.get(person.inherited_from or 0)) for person in assigned]
    direct = {person.user_id for person in assigned if person.inherited_from is None}
    others = (
        [p for p in accounts.people(request.caller) if p.active and p.user_id not in direct]
        if request.caller.manages
        else []
    )
    return render(request, "web/projects/people.html", {"task": task, "people": present, "others": others})


def _dialog(
    request: PageRequest, form: StintForm, title: str, action: str, task: TaskOut | None = None
) -> HttpResponse:
    seen = {"form": form, "title": title, "action": action, "task": task, "url": request.get_full_path()}
    return render(request, "web/projects/dialog.html", seen)


def _changed(message: str = "") -> HttpResponse:
    return notice(message, kind="success", events=("stint-tasks", "stint-close-dialog"))


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 19 else None
