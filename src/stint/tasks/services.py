"""What may happen to tasks and assignments, one transaction each."""

from __future__ import annotations

import re

from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Concat, Length, Replace, Substr
from django.utils.translation import gettext as _
from msgspec import UNSET, UnsetType

from stint.accounts.models import Account, Membership
from stint.accounts.queries import Caller
from stint.database import write
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.events import Event, announce
from stint.tasks import queries
from stint.tasks.bulk import index_names
from stint.tasks.models import Assignment, Favourite, Task, subtree_bounds
from stint.tasks.queries import Place, place, sort_name
from stint.tasks.scope import scope_of, top_most

MOST_DEPTH = 64
LONGEST_NAME = 10_000


def create_task(caller: Caller, name: str, parent_id: int | None = None) -> int:
    """Store a new task below `parent_id`, or as a root, and return its id.

    Raises:
        NotAllowed: the caller is a Member, or the parent is ruled by an integration.
        Invalid: the name is empty, or there is no such parent.
        Conflict: the parent is archived.

    """
    _must_manage(caller)
    name = _clean_name(name)
    with write():
        lock_tree(caller.account_id)
        parent = _parent(caller, parent_id)
        task = Task.objects.create(
            account_id=caller.account_id, parent=parent, name=name, sort_name=sort_name(name)
        )
        task.path = f"{parent.path if parent else ''}{task.pk}/"
        task.save(update_fields=["path"])
        index_names(task.pk)
        _announce(task)
    return task.pk


def update_task(
    caller: Caller,
    task_id: int,
    *,
    name: str | UnsetType = UNSET,
    parent_id: int | UnsetType | None = UNSET,
    color: str | UnsetType = UNSET,
    billable: bool | UnsetType = UNSET,
) -> None:
    """Rename a task, move it with all below it, give it a colour ("" for none of its own) or a billable default.

    Raises:
        NotAllowed, NotFound, Invalid, Conflict: as `create_task`; also when it would move into itself.

    """
    with write():
        lock_tree(caller.account_id)
        task = _editable(caller, task_id)
        if name is not UNSET:
            task.name = _clean_name(name)
            task.sort_name = sort_name(task.name)
            task.save(update_fields=["name", "sort_name"])
        if color is not UNSET:
            task.color = _clean_color(color)
            task.save(update_fields=["color"])
        if billable is not UNSET:
            task.billable = billable
            task.save(update_fields=["billable"])
        if parent_id is not UNSET and parent_id != task.parent_id:
            _move(task, _parent(caller, parent_id))
        _announce(task)


def archive_task(caller: Caller, task_id: int) -> None:
    """Take a task and all below it out of use. Time stays on them; running timers run on."""
    with write():
        lock_tree(caller.account_id)
        task = _editable(caller, task_id)
        task.archived = task.in_archive = True
        task.save(update_fields=["archived", "in_archive"])
        refresh_archive(task)
        _announce(task)


def restore_task(caller: Caller, task_id: int) -> None:
    """Bring a task back into use, with the ancestors it needs.

    Raises:
        Conflict: an ancestor is archived by an integration and must be restored there.

    """
    with write():
        lock_tree(caller.account_id)
        task = _editable(caller, task_id)
        chain = [int(part) for part in task.path.split("/")[:-1]]
        archived = list(Task.objects.filter(pk__in=chain, archived=True).order_by("path"))
        ruled = [above for above in archived if above.read_only]
        if ruled:
            raise Conflict(
                _("“%(name)s” above it is archived in %(source)s; restore it there.")
                % {"name": ruled[0].name, "source": _source_name(ruled[0])}
            )
        Task.objects.filter(pk__in=[above.pk for above in archived]).update(archived=False)
        refresh_archive(archived[0] if archived else task)
        _announce(task)


def assign(caller: Caller, task_id: int, user_id: int) -> None:
    """Let a person of the account track on a task and all below it. Mirrored tasks may be assigned too.

    Raises:
        NotAllowed: the caller is a Member.
        NotFound: no such task or person in this account.

    """
    _must_manage(caller)
    with write():
        task = _task(caller, task_id)
        if not Membership.objects.filter(account_id=caller.account_id, user_id=user_id).exists():
            raise NotFound(_("There is no such person in this account."))
        Assignment.objects.update_or_create(
            task=task, user_id=user_id, defaults={"origin": Assignment.Origin.MANUAL, "withdrawn": False}
        )
        _announce(task)


def unassign(caller: Caller, task_id: int, user_id: int) -> None:
    """Take a direct assignment away. On a mirrored task it is remembered as withdrawn, so no sync gives it back.

    Raises:
        NotAllowed: the caller is a Member.
        NotFound: the person is not assigned here.
        Conflict: the assignment is an ancestor's.

    """
    _must_manage(caller)
    with write():
        task = _task(caller, task_id)
        assignment = Assignment.objects.filter(task=task, user_id=user_id, withdrawn=False).first()
        if assignment is None:
            if scope_of(user_id).covers(task.path):
                raise Conflict(_("The assignment comes from a task above; remove it there."))
            raise NotFound(_("This person is not assigned to the task."))
        if assignment.origin == Assignment.Origin.MANUAL and task.source is None:
            assignment.delete()
        else:
            assignment.withdrawn = True
            assignment.save(update_fields=["withdrawn"])
        _announce(task)


def mark_favourite(caller: Caller, task_id: int, *, favourite: bool) -> None:
    """Put a task first in the caller's pickers, or no more.

    Raises:
        NotFound: there is no such task, or the caller may not see it.

    """
    task_ = queries.task(caller, task_id)
    with write():
        if favourite:
            Favourite.objects.get_or_create(user_id=caller.user_id, task_id=task_.id)
        else:
            Favourite.objects.filter(user_id=caller.user_id, task_id=task_.id).delete()
        announce(Event("tasks", str(task_.id), caller.account_id, caller.user_id))


def check_trackable(caller: Caller, task_id: int) -> Place:
    """Let pass a task that the caller may start or add time on, and return where it stands.

    Raises:
        Invalid: there is none, it is archived, or the caller is not assigned. The field is `task_id`.

    """
    found = place(task_id, caller)
    if found is None or not found.assigned:
        raise Invalid("task_id", _("names no task that you may track on; ask a Manager to assign you"))
    if found.in_archive:
        raise Invalid("task_id", _("“%(name)s” is archived; choose another task") % {"name": found.name})
    return found


def lock_tree(account_id: int) -> None:
    """Let one transaction at a time change the shape of an account's tree.

    On PostgreSQL two moves at once could otherwise make a ring, and a new task keep its parent's old path. The
    lock leaves room for rows that only refer to the account; SQLite has one writer anyway.
    """
    Account.objects.select_for_update(no_key=True).filter(pk=account_id).first()


def refresh_archive(task: Task) -> None:
    """Work `in_archive` out anew for a task and all below it, from their own states and the parent's."""
    below_archived = bool(
        task.parent_id and Task.objects.filter(pk=task.parent_id).values_list("in_archive", flat=True).get()
    )
    if below_archived:
        _subtree(task.account_id, task.path).filter(in_archive=False).update(in_archive=True)
        return
    own = _subtree(task.account_id, task.path).filter(archived=True).values_list("path", flat=True)
    archived = top_most(list(own))
    _subtree(task.account_id, task.path).filter(in_archive=True, archived=False).update(in_archive=False)
    for path in archived:
        _subtree(task.account_id, path).filter(in_archive=False).update(in_archive=True)


def rebase(task: Task, parent_path: str) -> None:
    """Write the paths of a task and all below it anew, beginning with `parent_path`."""
    old, new = task.path, f"{parent_path}{task.pk}/"
    if old != new:
        _subtree(task.account_id, old).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
        task.path = new


def _move(task: Task, parent: Task | None) -> None:
    if parent is not None and parent.path.startswith(task.path):
        raise Invalid("parent_id", _("is the task itself or lies below it"))
    if parent is not None and parent.path.count("/") + _height(task) > MOST_DEPTH:
        raise Invalid(
            "parent_id",
            _("is too deep for all that comes with it; %(most)d levels is the most") % {"most": MOST_DEPTH},
        )
    Task.objects.filter(pk=task.pk).update(parent=parent)
    task.parent = parent
    rebase(task, parent.path if parent else "")
    refresh_archive(task)


def _height(task: Task) -> int:
    """Return how many levels the task and what is below it take."""
    levels = Length("path") - Length(Replace("path", Value("/"), Value("")))
    deepest: int = _subtree(task.account_id, task.path).aggregate(deepest=Max(levels))["deepest"]
    return deepest - task.path.count("/") + 1


def _subtree(account_id: int, path: str) -> QuerySet[Task]:
    low, high = subtree_bounds(path)
    return Task.objects.filter(account_id=account_id, path__gte=low, path__lt=high)


def _must_manage(caller: Caller) -> None:
    if not caller.manages:
        raise NotAllowed(_("Only Managers and Administrators may change the task tree."))


def _task(caller: Caller, task_id: int) -> Task:
    task = Task.objects.filter(account_id=caller.account_id, pk=task_id).first()
    if task is None:
        raise NotFound(_("There is no such task."))
    return task


def _editable(caller: Caller, task_id: int) -> Task:
    _must_manage(caller)
    task = _task(caller, task_id)
    if task.read_only:
        raise NotAllowed(
            _("“%(name)s” comes from %(source)s; change it there, then sync.")
            % {"name": task.name, "source": _source_name(task)}
        )
    return task


def _parent(caller: Caller, parent_id: int | None) -> Task | None:
    if parent_id is None:
        return None
    parent = Task.objects.filter(account_id=caller.account_id, pk=parent_id).first()
    if parent is None:
        raise Invalid("parent_id", _("names no task of this account"))
    if parent.read_only:
        raise NotAllowed(
            _("“%(name)s” comes from %(source)s; nothing can be added to it here.")
            % {"name": parent.name, "source": _source_name(parent)}
        )
    if parent.in_archive:
        raise Conflict(_("“%(name)s” is archived; restore it first.") % {"name": parent.name})
    if parent.path.count("/") >= MOST_DEPTH:
        raise Invalid(
            "parent_id", _("is %(most)d levels deep; nothing can go below it") % {"most": MOST_DEPTH}
        )
    return parent


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise Invalid("name", _("must have 1 to %(most)d characters") % {"most": LONGEST_NAME})
    return name


def _clean_color(color: str) -> str:
    if color and not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise Invalid("color", _("must look like #2f7fd3, or be empty for none of its own"))
    return color.lower()


def _source_name(task: Task) -> str:
    return (task.source or "").capitalize()


def _announce(task: Task) -> None:
    announce(Event("tasks", str(task.pk), task.account_id))
