"""What may happen to the people of an account: their role, and whether they may come in."""

from __future__ import annotations

from django.utils.translation import gettext as _
from msgspec import UNSET, UnsetType

from stint.accounts import audit
from stint.accounts.models import Account, Membership, Role, User
from stint.accounts.queries import Caller, Person
from stint.accounts.signals import user_disabled
from stint.database import write
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.events import Event, announce


def change_person(
    caller: Caller, user_id: int, *, role: str | UnsetType = UNSET, active: bool | UnsetType = UNSET
) -> Person:
    """Change somebody's role, or shut them out, or let them in again. Their time stays in any case.

    Raises:
        NotAllowed: the caller is no Administrator.
        NotFound: there is no such person in the account.
        Invalid: the role is unknown.
        Conflict: the account would be left without an Administrator.

    """
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may change people."))
    if role is not UNSET and role not in Role.values:
        raise Invalid("role", _("must be one of %(roles)s") % {"roles": ", ".join(Role.values)})
    with write():
        # One at a time, so that two Administrators cannot demote each other at once.
        Account.objects.select_for_update(no_key=True).get(pk=caller.account_id)
        member = _member(caller, user_id)
        user = member.user
        was_active, role_before = user.is_active, member.role
        if role is not UNSET:
            member.role = role
        if active is not UNSET:
            user.is_active = active
        if not (user.is_active and member.role == Role.ADMINISTRATOR):
            _keep_an_administrator(member)
        member.save(update_fields=["role"])
        user.save(update_fields=["is_active"])
        if member.role != role_before:
            audit.note(caller, audit.Act.ROLE, user.email, before=role_before, after=member.role)
        if user.is_active != was_active:
            audit.note(caller, audit.Act.ENABLE if user.is_active else audit.Act.DISABLE, user.email)
        if was_active and not user.is_active:
            user_disabled.send(sender=User, user=user)
        announce(Event("people", str(user.pk), caller.account_id))
    return Person(user.pk, user.name, user.email, member.role, user.is_active)


def _member(caller: Caller, user_id: int) -> Membership:
    member = (
        Membership.objects.select_related("user")
        .filter(account_id=caller.account_id, user_id=user_id)
        .first()
    )
    if member is None:
        raise NotFound(_("There is no such person in this account."))
    return member


def _keep_an_administrator(leaving: Membership) -> None:
    others = Membership.objects.filter(
        account_id=leaving.account_id, role=Role.ADMINISTRATOR, user__is_active=True
    ).exclude(user_id=leaving.user_id)
    if not others.exists():
        raise Conflict(_("This is the last Administrator; make somebody else an Administrator first."))
