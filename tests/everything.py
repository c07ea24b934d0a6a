"""An account with something of everything in it, made as people would make it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from stint.accounts.invitations import invite
from stint.accounts.models import Account
from stint.accounts.people import change_person
from stint.accounts.queries import Caller
from stint.accounts.services import create_user, issue_token
from stint.entries import editing
from stint.entries.editing import EntryEdit
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer
from stint.integrations.models import Integration
from stint.integrations.secrets import encrypt
from stint.rates.budgets import set_budget
from stint.rates.services import set_currency, set_rate
from stint.reports.saving import save
from stint.tasks.bulk import index_names
from stint.tasks.models import Assignment, Task
from stint.tasks.services import (
    archive_task,
    assign,
    create_task,
    mark_favourite,
    refresh_archive,
    unassign,
    update_task,
)

TOGGL_TOKEN = "1971800d4d82861d8f2c1651fea4d212"
ENTRY = UUID("0198c0de-0000-7000-8000-000000000001")
DELETED = UUID("0198c0de-0000-7000-8000-000000000002")
FORMULA = '=HYPERLINK("http://example.com";"Free\nmoney")'
CELL = " ".join(FORMULA.split())  # as the name of a task


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 29, hour, minute, tzinfo=UTC)


def fill(ada: Caller, grace: Caller, mary: Caller, eve: Caller) -> None:
    """Give Ada's account mirrored and native tasks, time with history, and people in every state; Eve has another."""
    account = Account.objects.get(pk=ada.account_id)
    away = create_user(
        account,
        email="Hedy@Example.com",
        name="Hedy „Ä“ 🦊",
        password="correct horse 42",
        timezone_name="Asia/Tokyo",
    )
    change_person(ada, away.pk, active=False)
    issue_token(away, "Laptop")
    _mirror(ada, mary)
    design = create_task(grace, "Design / Entwürfe")
    inner = create_task(grace, CELL, design)
    create_task(grace, CELL, design)
    update_task(grace, design, color="#aa3377", billable=True)
    archive_task(grace, create_task(grace, "Old", design))
    for person in (mary, grace):
        assign(grace, design, person.user_id)
    unassign(grace, design, mary.user_id)
    assign(grace, inner, mary.user_id)
    mark_favourite(mary, inner, favourite=True)
    set_currency(ada, "CHF")
    set_rate(ada, "95.5")
    set_rate(ada, "120", task_id=design, user_id=mary.user_id, first_day=date(2026, 3, 1))
    set_budget(ada, design, "hours", "40.25", date(2026, 1, 1))
    save(grace, "Ours 🦊", "tree", f"range=last_month&task_id={design}&user_id={mary.user_id}", shared=True)
    _time(mary, inner)
    invite(ada, ["ida@example.com"], "manager")
    add_entry(eve, NewEntry(start=at(9), end=at(10), note="of another account"), "web")


def _mirror(ada: Caller, mary: Caller) -> None:
    integration = Integration.objects.create(
        account_id=ada.account_id,
        kind="toggl",
        status="on",
        owner_id=ada.user_id,
        token_encrypted=encrypt(TOGGL_TOKEN),
        token_hint="d212",
        external_email="ada@toggl.example",
        keep_in_sync="daily",
    )
    integration.workspaces.create(external_id=2**40, name="Studio", selected=True)
    above = None
    for kind, id_, name in (("root", 0, "Toggl"), ("workspace", 2**40, "Studio"), ("project", 11, "Website")):
        task = Task.objects.create(
            account_id=ada.account_id,
            parent=above,
            name=name,
            sort_name=name.casefold(),
            source="toggl",
            source_kind=kind,
            source_id=id_,
            read_only=True,
        )
        task.path = f"{above.path if above else ''}{task.pk}/"
        task.save()
        index_names(task.pk)
        above = task
    Assignment.objects.create(task=above, user_id=mary.user_id, origin="email", withdrawn=True)
    above.archived = above.in_archive = True
    above.save()
    refresh_archive(above)


def _time(mary: Caller, task_id: int) -> None:
    wanted = NewEntry(id=ENTRY, task_id=task_id, start=at(0, 30), end=at(2), note="+1", tags=["ä", "-b"])
    add_entry(mary, wanted, "mobile")
    editing.edit_entry(mary, ENTRY, EntryEdit(note=FORMULA, task_id=None))
    editing.edit_entry(mary, ENTRY, EntryEdit(task_id=task_id, end=at(3)))
    add_entry(mary, NewEntry(id=DELETED, start=at(5), end=at(6), note="gone"), "cli")
    editing.delete_entry(mary, DELETED)
    start_timer(mary, StartTimer(note="still running", tags=["ä"]), "web")
