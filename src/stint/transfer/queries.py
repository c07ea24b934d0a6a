"""The reads of an export: everything of one account out of a snapshot, row by row, as records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from stint.database import Snapshot
from stint.transfer.records import (
    AccountRecord,
    AssignmentRecord,
    BudgetRecord,
    ChangeRecord,
    CurrencyRecord,
    EntryRecord,
    FavouriteRecord,
    IntegrationRecord,
    InvitationRecord,
    PersonRecord,
    RateRecord,
    ReportRecord,
    SourceRecord,
    TaskRecord,
    WorkspaceRecord,
)

_OF_ACCOUNT = {
    "people": "accounts_membership WHERE account_id = %s",
    "tasks": "tasks_task WHERE account_id = %s",
    "assignments": "tasks_assignment a JOIN tasks_task t ON t.id = a.task_id WHERE t.account_id = %s",
    "favourites": "tasks_favourite f JOIN tasks_task t ON t.id = f.task_id WHERE t.account_id = %s",
    "reports": "reports_savedreport WHERE account_id = %s",
    "currency": "rates_accountcurrency WHERE account_id = %s",
    "rates": "rates_rate WHERE account_id = %s",
    "budgets": "rates_budget WHERE account_id = %s",
    "entries": "entries_entry WHERE account_id = %s",
    "history": "entries_entrychange WHERE account_id = %s",
    "invitations": "accounts_invitation WHERE account_id = %s",
    "integrations": "integrations_integration WHERE account_id = %s",
}


def account(of: Snapshot, account_id: int) -> AccountRecord:
    """Return the account itself."""
    found = of.rows(
        "SELECT id, name, week_start, created_at FROM accounts_account WHERE id = %s", [account_id]
    )
    id_, name, week_start, created_at = next(found)
    return AccountRecord(id_, name, week_start, instant_of(created_at))


def counts(of: Snapshot, account_id: int) -> dict[str, int]:
    """Return how many records there are of each kind."""
    return {
        kind: next(of.rows(f"SELECT count(*) FROM {source}", [account_id]))[0]  # noqa: S608
        for kind, source in _OF_ACCOUNT.items()
    }


def people(of: Snapshot, account_id: int) -> Iterator[PersonRecord]:
    """Yield the people in the order they came."""
    rows = of.rows(
        """SELECT u.id, u.name, u.email,
                  EXISTS (SELECT 1 FROM account_emailaddress e
                           WHERE e.user_id = u.id AND lower(e.email) = lower(u.email) AND e.verified),
                  m.role, u.is_active, u.timezone, u.language, u.date_joined
             FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id
            WHERE m.account_id = %s ORDER BY u.id""",
        [account_id],
    )
    for id_, name, email, verified, role, active, zone, language, joined in rows:
        yield PersonRecord(
            id_, name, email, bool(verified), role, bool(active), zone, language, instant_of(joined)
        )


def tasks(of: Snapshot, account_id: int) -> Iterator[TaskRecord]:
    """Yield the tasks, each after its parent."""
    rows = of.rows(
        """SELECT id, parent_id, path, name, archived, read_only, color, billable, source, source_kind, source_id
             FROM tasks_task WHERE account_id = %s ORDER BY path""",
        [account_id],
    )
    above: list[tuple[str, str]] = []  # path and name of each task on the way to the present one
    for id_, parent_id, path, name, archived, read_only, color, billable, source, kind, source_id in rows:
        while above and not path.startswith(above[-1][0]):
            above.pop()
        above.append((path, name))
        yield TaskRecord(
            id_,
            parent_id,
            name,
            [each for _path, each in above],
            bool(archived),
            bool(read_only),
            color,
            bool(billable),
            None if source is None else SourceRecord(source, kind, str(source_id)),
        )


def assignments(of: Snapshot, account_id: int) -> Iterator[AssignmentRecord]:
    """Yield who is, or was, assigned to what."""
    rows = of.rows(
        """SELECT a.task_id, a.user_id, a.origin, a.withdrawn, a.created_at
             FROM tasks_assignment a JOIN tasks_task t ON t.id = a.task_id
            WHERE t.account_id = %s ORDER BY a.task_id, a.user_id""",
        [account_id],
    )
    for task_id, user_id, origin, withdrawn, created_at in rows:
        yield AssignmentRecord(task_id, user_id, origin, bool(withdrawn), instant_of(created_at))


def favourites(of: Snapshot, account_id: int) -> Iterator[FavouriteRecord]:
    """Yield everybody's favourites."""
    rows = of.rows(
        """SELECT f.task_id, f.user_id FROM tasks_favourite f JOIN tasks_task t ON t.id = f.task_id
            WHERE t.account_id = %s ORDER BY f.task_id, f.user_id""",
        [account_id],
    )
    for task_id, user_id in rows:
        yield FavouriteRecord(task_id, user_id)


def reports(of: Snapshot, account_id: int) -> Iterator[ReportRecord]:
    """Yield everybody's saved reports."""
    rows = of.rows(
        """SELECT owner_id, name, view, question, shared FROM reports_savedreport
            WHERE account_id = %s ORDER BY owner_id, name""",
        [account_id],
    )
    for owner_id, name, view, question, shared in rows:
        yield ReportRecord(owner_id, name, view, question, bool(shared))


def currency(of: Snapshot, account_id: int) -> Iterator[CurrencyRecord]:
    """Yield the currency where one was chosen."""
    for (code,) in of.rows("SELECT code FROM rates_accountcurrency WHERE account_id = %s", [account_id]):
        yield CurrencyRecord(code)


def rates(of: Snapshot, account_id: int) -> Iterator[RateRecord]:
    """Yield the rates in the order they were made."""
    rows = of.rows(
        "SELECT task_id, user_id, first_day, amount FROM rates_rate WHERE account_id = %s ORDER BY id",
        [account_id],
    )
    for task_id, user_id, first_day, amount in rows:
        yield RateRecord(task_id, user_id, _day(first_day), _amount(amount))


def budgets(of: Snapshot, account_id: int) -> Iterator[BudgetRecord]:
    """Yield the budgets by their tasks."""
    rows = of.rows(
        """SELECT task_id, kind, amount, first_day, warned FROM rates_budget
            WHERE account_id = %s ORDER BY task_id""",
        [account_id],
    )
    for task_id, kind, amount, first_day, warned in rows:
        first = None if first_day is None else _day(first_day)
        yield BudgetRecord(task_id, kind, _amount(amount), first, warned)


def _day(stored: date | str) -> date:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _amount(stored: object) -> str:
    # SQLite keeps decimals as floats, which hold three places of twelve digits exactly.
    return f"{Decimal(str(stored)):.3f}"


def entries(of: Snapshot, account_id: int) -> Iterator[EntryRecord]:
    """Yield the entries by id, which is by the time they were made."""
    rows = of.rows(
        """SELECT id, user_id, task_id, note, tags, billable, start, "end", seconds, day, version, made_by,
                  created_as
             FROM entries_entry WHERE account_id = %s ORDER BY id""",
        [account_id],
    )
    for id_, user, task, note, tags, billable, start, end, seconds, day, version, made_by, made_as in rows:
        yield EntryRecord(
            uuid_of(id_),
            user,
            task,
            note,
            json_of(tags),
            bool(billable),
            instant_of(start),
            None if end is None else instant_of(end),
            seconds,
            _day(day),
            version,
            made_by,
            made_as,
        )


def history(of: Snapshot, account_id: int) -> Iterator[ChangeRecord]:
    """Yield the edits of entries, oldest first."""
    rows = of.rows(
        """SELECT entry_id, changed_at, changed_by_id, action, before, after
             FROM entries_entrychange WHERE account_id = %s ORDER BY id""",
        [account_id],
    )
    for entry_id, at, by, action, before, after in rows:
        yield ChangeRecord(uuid_of(entry_id), instant_of(at), by, action, json_of(before), json_of(after))


def invitations(of: Snapshot, account_id: int) -> Iterator[InvitationRecord]:
    """Yield the invitations, without what their links are made of."""
    rows = of.rows(
        """SELECT email, role, invited_by_id, created_at, expires_at, sent_at, accepted_at, accepted_by_id
             FROM accounts_invitation WHERE account_id = %s ORDER BY id""",
        [account_id],
    )
    for email, role, by, created, expires, sent, accepted, accepted_by in rows:
        yield InvitationRecord(
            email,
            role,
            by,
            instant_of(created),
            instant_of(expires),
            None if sent is None else instant_of(sent),
            None if accepted is None else instant_of(accepted),
            accepted_by,
        )


def integrations(of: Snapshot, account_id: int) -> Iterator[IntegrationRecord]:
    """Yield the integrations with their workspaces, without tokens and what was read by them."""
    rows = of.rows(
        """SELECT id, kind, status, owner_id, external_email, keep_in_sync
             FROM integrations_integration WHERE account_id = %s ORDER BY id""",
        [account_id],
    )
    for id_, kind, status, owner_id, email, keep in rows:
        workspaces = of.rows(
            """SELECT external_id, name, selected FROM integrations_sourceworkspace
                WHERE integration_id = %s ORDER BY external_id""",
            [id_],
        )
        yield IntegrationRecord(
            kind,
            status != "off",
            owner_id,
            email,
            keep,
            [WorkspaceRecord(str(ref), name, bool(selected)) for ref, name, selected in workspaces],
        )


def instant_of(value: datetime | str) -> datetime:
    """Read an instant, which SQLite keeps as text in UTC without saying so."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def uuid_of(value: UUID | str) -> str:
    """Write an entry's id with its dashes, which SQLite keeps without."""
    if isinstance(value, UUID):
        return str(value)
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def json_of(value: Any) -> Any:  # noqa: ANN401  (any JSON value)
    """Read a JSON value, which SQLite keeps as text."""
    return msgspec.json.decode(value) if isinstance(value, str) else value
