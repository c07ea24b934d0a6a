"""Projects: the task tree, its people, and what Managers may do to native tasks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from msgspec import UNSET

from stint.accounts import queries as accounts
from stint.accounts.queries import Person
from stint.entries import services as entries
from stint.entries.models import Surface
from stint.entries.services import StartTimer
from stint.errors import DomainError
from stint.tasks import queries, search, services
from stint.tasks.colors import PALETTE
from stint.tasks.queries import TaskOut, TaskPerson
from stint.web import branches
from stint.web.forms import PersonForm, StintForm, TaskNameForm, TaskPlaceForm
from stint.web.gate import PageRequest, gated, is_partial, notice, put_on_form, sentence
from stint.web.project_forms import COLORS, TaskLookForm

PAGE = 200
MOST_FOUND = 60
MOST_OTHERS = 30  # people offered at once


@require_safe
@gated()
def projects(request: PageRequest) -> HttpResponse:
    """Show the top of the tree, with a search box and the archive."""
    return render(
        request, "web/projects/page.html", {"level": branches.level(request.caller, None, {}), "top": True}
    )


@require_safe
@gated()
def tree(request: PageRequest) -> HttpResponse:
    """Return what a query finds, or the children of a node (the roots without one), a page at a time.

    `open` names the nodes whose children are wanted as well, so that one answer draws all that is in sight.
    """
    q = request.GET.get("q", "").strip()
    if q:
        found = search.search(request.caller, q, limit=MOST_FOUND).items
        seen = {"nodes": branches.hits(request.caller, found, q), "q": q, "cut": len(found) == MOST_FOUND}
        return render(request, "web/projects/found.html", seen)
    parent, cursor = _number(request.GET.get("parent")), request.GET.get("cursor")
    if cursor:
        level = branches.following(request.caller, parent, cursor)
    else:
        level = branches.level(request.caller, parent, branches.opened(request.GET.get("open", "")))
    whole = parent is None and not cursor
    return render(
        request,
        "web/projects/tree.html" if whole else "web/projects/nodes.html",
        {"level": level, "top": whole},
    )


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
    """Move a task with all below it: where the dialog says, or straight below `to` (empty for the top)."""
    task = queries.task(request.caller, task_id)
    if request.method == "POST" and "to" in request.GET:
        return _moved(request, task, _number(request.GET["to"]))
    form = TaskPlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _moved(request, task, form.cleaned_data["parent_id"])
        except DomainError as fault:
            form.add_error(None, sentence(fault))
    return _dialog(request, form, _("Move “%(name)s”") % {"name": task.name}, _("Move"), task=task)


def _moved(request: PageRequest, task: TaskOut, parent_id: int | None) -> HttpResponse:
    services.update_task(request.caller, task.id, parent_id=parent_id)
    if parent_id is None:
        told = _("“%(name)s” is at the top level now.") % {"name": _short(task.name)}
    else:
        parent = queries.task(request.caller, parent_id)
        told = _("“%(name)s” is below “%(parent)s” now.") % {
            "name": _short(task.name),
            "parent": _short(parent.name),
        }
    back = reverse("move_task", args=[task.id]) + f"?to={task.parent_id or ''}"
    return _changed(told, undo=back)


@require_http_methods(["GET", "HEAD", "POST"])
@gated("manager")
def look(request: PageRequest, task_id: int) -> HttpResponse:
    """Choose a task's colour and whether its time is billable."""
    task = queries.task(request.caller, task_id)
    color, billable = queries.own_look(task_id)
    form = TaskLookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_task(request.caller, task_id, **form.chosen())
            return _changed()
        except DomainError as fault:
            put_on_form(form, fault)
    seen = {
        "task": task,
        "form": form,
        "colors": COLORS,
        "color": color,
        "own": color if color not in PALETTE else "",
        "billable": billable,
        "inherited": task.billable and not billable,
    }
    return render(request, "web/projects/look.html", seen)


@require_POST
@gated("manager")
def archive(request: PageRequest, task_id: int) -> HttpResponse:
    """Archive a task with all below it."""
    name = queries.task(request.caller, task_id).name
    services.archive_task(request.caller, task_id)
    told = _("“%(name)s” is archived.") % {"name": _short(name)}
    return _changed(told, undo=reverse("restore_task", args=[task_id]))


@require_POST
@gated("manager")
def restore(request: PageRequest, task_id: int) -> HttpResponse:
    """Restore a task."""
    services.restore_task(request.caller, task_id)
    return _changed(_("Restored."))


@require_POST
@gated()
def start(request: PageRequest, task_id: int) -> HttpResponse:
    """Start a timer on a task."""
    entries.start_timer(request.caller, StartTimer(task_id=task_id), Surface.WEB)
    return notice(events=("stint-timer", "stint-entry"))


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
    q = (request.POST.get("q") or request.GET.get("q") or "").strip()
    words = q.casefold().split()
    assigned = queries.people(task, request.caller.account_id)
    above = queries.names({person.inherited_from for person in assigned if person.inherited_from is not None})
    present = [
        (person, above.get(person.inherited_from or 0)) for person in assigned if _is_meant(person, words)
    ]
    known = {person.user_id for person in assigned}
    others = (
        [
            p
            for p in accounts.people(request.caller)
            if p.active and p.user_id not in known and _is_meant(p, words)
        ]
        if request.caller.manages
        else []
    )
    seen = {
        "task": task,
        "q": q,
        "direct": [person for person, name in present if not name],
        "inherited": [(person, name) for person, name in present if name],
        "others": others[:MOST_OTHERS],
        "more": max(0, len(others) - MOST_OTHERS),
        "nobody": not assigned,
    }
    lists = is_partial(request) and ("q" in request.GET or request.method == "POST")
    return render(request, "web/projects/people_lists.html" if lists else "web/projects/people.html", seen)


def _is_meant(person: TaskPerson | Person, words: list[str]) -> bool:
    whole = f"{person.name} {person.email}".casefold()
    return all(word in whole for word in words)


def _dialog(
    request: PageRequest, form: StintForm, title: str, action: str, task: TaskOut | None = None
) -> HttpResponse:
    seen = {"form": form, "title": title, "action": action, "task": task, "url": request.get_full_path()}
    return render(request, "web/projects/dialog.html", seen)


def _changed(message: str = "", undo: str = "") -> HttpResponse:
    return notice(message, kind="success", events=("stint-tasks", "stint-close-dialog"), undo=undo)


def _short(name: str) -> str:
    return Truncator(name).chars(60)


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 19 else None
