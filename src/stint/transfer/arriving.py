"""Who and what of an exported account arrives: people, tasks, assignments, invitations, integrations.

What is here already is known by what it is, not by its number: people by their e-mail, mirrored tasks by their ids in
the source, others by their place and name. So an archive that comes twice adds nothing.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec
from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from stint.accounts.links import token_of
from stint.accounts.models import Account, Invitation, Membership, User
from stint.accounts.queries import token_digest
from stint.accounts.services import check_email, check_timezone, email_taken
from stint.errors import Invalid
from stint.imports.jobs import Outcome
from stint.integrations.models import Integration
from stint.rates.models import AccountCurrency, Budget, Rate
from stint.reports.models import SavedReport
from stint.tasks.bulk import index_names, new_ids
from stint.tasks.models import Assignment, Favourite, Task
from stint.tasks.queries import sort_name
from stint.tasks.services import LONGEST_NAME, MOST_DEPTH, lock_tree
from stint.transfer import writes
from stint.transfer.archives import Archive
from stint.transfer.records import (
    AssignmentRecord,
    BudgetRecord,
    CurrencyRecord,
    FavouriteRecord,
    IntegrationRecord,
    InvitationRecord,
    PersonRecord,
    RateRecord,
    ReportRecord,
    TaskRecord,
)

T = TypeVar("T", bound=msgspec.Struct)
ROWS_AT_ONCE = 1000
_TASK_COLUMNS = (
    *("id", "account_id", "parent_id", "path", "name", "sort_name", "archived", "in_archive", "read_only"),
    *("color", "billable", "source", "source_kind", "source_id"),
)


@dataclass
class Arrival:
    """An archive on its way into an account, and who and what of it is whom and what here.

    With `keeps_ids` the database was empty and everything gets the id it had. Without `writes` all is only looked
    at; what would be new has a negative id then.
    """

    archive: Archive
    account_id: int
    keeps_ids: bool
    writes: bool
    outcome: Outcome = field(default_factory=Outcome)
    people: dict[int, int] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    tasks: dict[int, int] = field(default_factory=dict)

    def records(self, kind: str, as_: type[T]) -> Iterator[tuple[int, T]]:
        """Yield the good lines of a file; the others become problems."""
        for line, record in self.archive.records(kind, as_):
            if isinstance(record, str):
                self.refuse(kind, line, record)
            else:
                yield line, record

    def refuse(self, kind: str, line: int, why: str) -> None:
        """Leave a line out."""
        self.outcome.counts.skipped += 1
        self.note(kind, line, why)

    def note(self, kind: str, line: int, what: str) -> None:
        """Tell of something about a line that is taken nevertheless."""
        self.outcome.problems.add(line, f"{kind}.jsonl: {what}")


def take_people(arrival: Arrival) -> None:
    """Match people by e-mail, and make those who are not here, without a password."""
    members = Membership.objects.filter(account_id=arrival.account_id).select_related("user")
    here = {member.user.email.lower(): member.user for member in members}
    for line, record in arrival.records("people", PersonRecord):
        known = here.get(record.email.lower())
        if known is not None:
            arrival.people[record.id], arrival.zones[record.id] = known.pk, known.timezone
            arrival.outcome.counts.unchanged += 1
            continue
        try:
            check_email(record.email)
            check_timezone(record.timezone)
        except Invalid as fault:
            arrival.refuse("people", line, f"{fault.errors[0].field} {fault}")
            continue
        if email_taken(record.email):
            told = _("%(email)s belongs to another account of this installation; their time is left out")
            arrival.refuse("people", line, told % {"email": record.email})
            continue
        arrival.people[record.id] = _new_person(arrival, record) if arrival.writes else -record.id
        arrival.zones[record.id] = record.timezone
        arrival.outcome.counts.created += 1


def _new_person(arrival: Arrival, record: PersonRecord) -> int:
    user = User(
        pk=record.id if arrival.keeps_ids else None,
        email=record.email,
        name=record.name,
        timezone=record.timezone,
        language=record.language[:8],
        is_active=record.active,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    User.objects.filter(pk=user.pk).update(date_joined=record.joined_at)
    Membership.objects.create(user=user, account_id=arrival.account_id, role=record.role)
    EmailAddress.objects.create(user=user, email=record.email, verified=record.email_verified, primary=True)
    return user.pk


class _Node(msgspec.Struct, frozen=True):
    """What a task below needs to know of a task."""

    id: int
    path: str
    in_archive: bool


class _Tree:
    """The tasks that are here, to be found by source, or by place and name."""

    def __init__(self, account_id: int) -> None:
        self.nodes: dict[int, _Node] = {}
        self._by_source: dict[tuple[str, str, int], int] = {}
        self._by_place: defaultdict[tuple[int | None, str], list[int]] = defaultdict(list)
        rows = Task.objects.filter(account_id=account_id).order_by("pk")
        columns = ("pk", "parent_id", "path", "name", "in_archive", "source", "source_kind", "source_id")
        for id_, parent_id, path, name, in_archive, source, kind, ref in rows.values_list(
            *columns
        ).iterator():
            self.nodes[id_] = _Node(id_, path, in_archive)
            if source is None or kind is None or ref is None:
                self._by_place[parent_id, name].append(id_)
            else:
                self._by_source[source, kind, ref] = id_

    def take(self, record: TaskRecord, parent_id: int | None) -> int | None:
        """Return the task here that a record is, if there is one; of several of one name each is given once."""
        if record.source is not None:
            source = record.source
            return self._by_source.get((source.integration, source.kind, int(source.external_id)))
        same = self._by_place.get((parent_id, record.name))
        return same.pop(0) if same else None


def take_tasks(arrival: Arrival) -> None:
    """Match tasks by source or by place and name, and make those that are not here."""
    if arrival.writes:
        lock_tree(arrival.account_id)
    tree = _Tree(arrival.account_id)
    ids = _ids(arrival)
    made: list[tuple[writes.Value, ...]] = []
    first: int | None = None
    for line, record in arrival.records("tasks", TaskRecord):
        parent = None if record.parent_id is None else tree.nodes.get(arrival.tasks.get(record.parent_id, 0))
        if why := _wrong_with(record, parent):
            arrival.refuse("tasks", line, why)
            continue
        known = tree.take(record, parent.id if parent else None)
        if known is not None:
            arrival.tasks[record.id] = known
            arrival.outcome.counts.unchanged += 1
            continue
        id_ = ids(record.id)
        first = min(first or id_, id_)
        archived = record.archived or (parent is not None and parent.in_archive)
        node = _Node(id_, f"{parent.path if parent else ''}{id_}/", archived)
        tree.nodes[id_], arrival.tasks[record.id] = node, id_
        made.append(_task_row(arrival.account_id, record, parent, node))
        arrival.outcome.counts.created += 1
    if arrival.writes and first is not None:
        writes.insert("tasks_task", _TASK_COLUMNS, made)
        index_names(first)


def _ids(arrival: Arrival) -> Callable[[int], int]:
    """Return what gives a new task its id, from the id it had."""
    if arrival.keeps_ids:
        return lambda former: former
    if not arrival.writes:
        return lambda former: -former
    fresh = iter(new_ids(arrival.archive.manifest.counts.get("tasks", 0)))
    return lambda _former: next(fresh, None) or new_ids(1)[0]


def _wrong_with(record: TaskRecord, parent: _Node | None) -> str:
    """Return why a task cannot be taken, or nothing."""
    if record.parent_id is not None and parent is None:
        return _("the task above it is not in the archive")
    if parent is not None and parent.path.count("/") >= MOST_DEPTH:
        return _("lies more than %(most)d levels deep") % {"most": MOST_DEPTH}
    if not record.name.strip() or len(record.name) > LONGEST_NAME:
        return _("its name must have 1 to %(most)d characters") % {"most": LONGEST_NAME}
    return ""


def _task_row(
    account_id: int, record: TaskRecord, parent: _Node | None, node: _Node
) -> tuple[writes.Value, ...]:
    source = record.source
    return (
        *(node.id, account_id, parent.id if parent else None, node.path, record.name, sort_name(record.name)),
        *(record.archived, node.in_archive, record.read_only and source is not None),
        *(record.color, record.billable),
        *((source.integration, source.kind, int(source.external_id)) if source else (None, None, None)),
    )


def take_assignments(arrival: Arrival) -> None:
    """Add who may track on what; what is assigned, or was withdrawn, here stays as it is."""
    here = set(
        Assignment.objects.filter(task__account_id=arrival.account_id).values_list("task_id", "user_id")
    )
    made: list[tuple[writes.Value, ...]] = []
    for _line, record in arrival.records("assignments", AssignmentRecord):
        pair = (arrival.tasks.get(record.task_id, 0), arrival.people.get(record.user_id, 0))
        if 0 not in pair and pair not in here:
            here.add(pair)
            made.append((*pair, record.origin.value, record.withdrawn, record.created_at))
    if arrival.writes:
        columns = ("task_id", "user_id", "origin", "withdrawn", "created_at")
        writes.insert("tasks_assignment", columns, made)


def take_favourites(arrival: Arrival) -> None:
    """Add everybody's favourites."""
    here = set(
        Favourite.objects.filter(task__account_id=arrival.account_id).values_list("task_id", "user_id")
    )
    made: list[tuple[writes.Value, ...]] = []
    for _line, record in arrival.records("favourites", FavouriteRecord):
        pair = (arrival.tasks.get(record.task_id, 0), arrival.people.get(record.user_id, 0))
        if 0 not in pair and pair not in here:
            here.add(pair)
            made.append(pair)
    if arrival.writes:
        writes.insert("tasks_favourite", ("task_id", "user_id"), made)


def take_reports(arrival: Arrival) -> None:
    """Add everybody's saved reports under names they have not used, asking about the tasks and people of here."""
    here = set(SavedReport.objects.filter(account_id=arrival.account_id).values_list("owner_id", "name"))
    for _line, record in arrival.records("reports", ReportRecord):
        owner_id = arrival.people.get(record.owner_id, 0)
        if not owner_id or (owner_id, record.name) in here or not arrival.writes:
            continue
        here.add((owner_id, record.name))
        SavedReport.objects.create(
            account_id=arrival.account_id,
            owner_id=owner_id,
            name=record.name,
            view=record.view.value,
            question=_asked_here(arrival, record.question),
            shared=record.shared,
        )


def _asked_here(arrival: Arrival, question: str) -> str:
    """Return a question with the numbers that tasks and people have here; who and what did not come is left out."""
    numbers = {"task_id": arrival.tasks, "user_id": arrival.people}
    asked = []
    for name, value in parse_qsl(question, keep_blank_values=True):
        if name in numbers and value:
            known = numbers[name].get(int(value), 0) if value.isdecimal() else 0
            if not known:
                continue
            value = str(known)
        asked.append((name, value))
    return urlencode(asked)


def take_rates(arrival: Arrival) -> None:
    """Add rates and budgets where there are none, and the currency where none was chosen."""
    account_id = arrival.account_id
    fresh = not Rate.objects.filter(account_id=account_id).exists()
    for _line, currency in arrival.records("currency", CurrencyRecord):
        if arrival.writes and fresh:
            AccountCurrency.objects.get_or_create(account_id=account_id, defaults={"code": currency.code})
    for _line, rate in arrival.records("rates", RateRecord):
        task_id = arrival.tasks.get(rate.task_id or 0)
        user_id = arrival.people.get(rate.user_id or 0)
        came = (task_id is None) == (rate.task_id is None) and (user_id is None) == (rate.user_id is None)
        place = {"task_id": task_id, "user_id": user_id, "first_day": rate.first_day}
        if arrival.writes and came:
            Rate.objects.get_or_create(
                account_id=account_id, **place, defaults={"amount": Decimal(rate.amount)}
            )
    for _line, budget in arrival.records("budgets", BudgetRecord):
        task_id = arrival.tasks.get(budget.task_id)
        if arrival.writes and task_id is not None:
            Budget.objects.get_or_create(
                task_id=task_id,
                defaults={
                    "account_id": account_id,
                    "kind": budget.kind.value,
                    "amount": Decimal(budget.amount),
                    "first_day": budget.first_day,
                    "warned": budget.warned,
                },
            )


def take_invitations(arrival: Arrival) -> None:
    """Keep who was asked to join. Open ones get a link of this installation, which nobody is mailed by this."""
    known = Invitation.objects.filter(account_id=arrival.account_id).values_list("email", "accepted_at")
    here = {(email.lower(), accepted is not None) for email, accepted in known}
    for _line, record in arrival.records("invitations", InvitationRecord):
        key = (record.email.lower(), record.accepted_at is not None)
        if key in here or not arrival.writes:
            continue
        here.add(key)
        invitation = Invitation.objects.create(
            account_id=arrival.account_id,
            email=record.email,
            role=record.role,
            invited_by_id=arrival.people.get(record.invited_by or 0),
            nonce=secrets.token_urlsafe(32),
            expires_at=record.expires_at,
            sent_at=record.sent_at,
            accepted_at=record.accepted_at,
            accepted_by_id=arrival.people.get(record.accepted_by or 0),
        )
        Invitation.objects.filter(pk=invitation.pk).update(
            created_at=record.created_at, digest=token_digest(token_of(invitation))
        )


def take_integrations(arrival: Arrival) -> None:
    """Keep what the account was linked to. Without its token it counts as broken: somebody must enable it anew."""
    for _line, record in arrival.records("integrations", IntegrationRecord):
        here = Integration.objects.filter(account_id=arrival.account_id, kind=record.kind)
        if not arrival.writes or here.exists():
            continue
        integration = Integration.objects.create(
            account_id=arrival.account_id,
            kind=record.kind,
            status=Integration.Status.BROKEN if record.linked else Integration.Status.OFF,
            owner_id=arrival.people.get(record.owner_id or 0),
            external_email=record.external_email[:254],
            keep_in_sync=record.keep_in_sync,
        )
        for workspace in record.workspaces:
            integration.workspaces.create(
                external_id=int(workspace.external_id), name=workspace.name, selected=workspace.selected
            )


def take_account(arrival: Arrival) -> None:
    """Make the account itself, on an empty database."""
    record = arrival.archive.manifest.account
    Account.objects.create(pk=record.id, name=record.name, week_start=record.week_start)
    Account.objects.filter(pk=record.id).update(created_at=record.created_at)
