"""The people of the selected Toggl workspaces: who they are here, asking them to join, and matching who did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from stint.accounts import invitations
from stint.accounts.invitations import InvitationOut
from stint.accounts.models import Role, User
from stint.accounts.queries import Caller, verified_addresses
from stint.errors import Invalid, NotAllowed
from stint.events import Event, announce
from stint.integrations.models import Integration, SourceWorkspace
from stint.integrations.outcomes import TogglPerson
from stint.integrations.toggl.source import KIND
from stint.tasks.models import Assignment, Task


def coworkers(caller: Caller) -> list[TogglPerson]:
    """Return the members of the selected workspaces by name, each with the Stint user of that e-mail.

    Raises:
        NotAllowed: the caller is no Administrator.

    """
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may see or change integrations."))
    users = verified_addresses(caller.account_id)
    invited = invitations.by_address(caller.account_id)
    found: dict[int, TogglPerson] = {}
    for workspace_id, member in _members(caller.account_id):
        known = found.get(member["id"])
        email = member["email"].lower()
        found[member["id"]] = TogglPerson(
            external_id=member["id"],
            name=member["name"],
            email=member["email"],
            workspace_ids=[*(known.workspace_ids if known else []), workspace_id],
            active=member["active"] or (known is not None and known.active),
            user_id=users.get(email),
            invitation=invited.get(email),
        )
    return sorted(found.values(), key=lambda person: (person.name.casefold(), person.external_id))


def invite_coworkers(caller: Caller, emails: Sequence[str]) -> list[InvitationOut]:
    """Ask people of the selected workspaces to join the account.

    Raises:
        NotAllowed: the caller is no Administrator.
        Invalid: an address is not one of theirs, or as `invitations.invite`.

    """
    known = {person.email.lower() for person in coworkers(caller)}
    if strangers := [email for email in emails if email.strip().lower() not in known]:
        raise Invalid(
            "emails",
            _("is in no selected Toggl workspace: %(emails)s. Invite others on the People page")
            % {"emails": ", ".join(strangers)},
        )
    return invitations.invite(caller, emails, Role.MEMBER)


def match_newcomer(sender: type[User], user: User, **_more: object) -> None:
    """Assign somebody who joined just now to the workspaces whose members have their address.

    By what the last sync read: nobody has to wait for the next one.
    """
    account_id = user.membership.account_id
    theirs = [
        workspace_id
        for workspace_id, member in _members(account_id)
        if member["active"] and member["email"].lower() == user.email.lower()
    ]
    tops = Task.objects.filter(
        account_id=account_id, source=KIND, source_kind="workspace", source_id__in=theirs, read_only=True
    )
    for task in tops:
        Assignment.objects.get_or_create(task=task, user=user, defaults={"origin": Assignment.Origin.EMAIL})
        announce(Event("tasks", str(task.pk), account_id))


def _members(account_id: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each member of the selected workspaces, as the last sync read them, with the workspace's id."""
    rows = SourceWorkspace.objects.filter(
        integration__account_id=account_id, integration__kind=KIND, selected=True
    ).exclude(integration__status=Integration.Status.OFF)
    for workspace_id, members in rows.order_by("external_id").values_list("external_id", "people"):
        for member in members or []:
            yield workspace_id, member
