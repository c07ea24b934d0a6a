"""Asking people to join an account: invite, resend, revoke, accept; one transaction each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts import audit, limits, mail
from stint.accounts.links import link_of, token_of
from stint.accounts.models import INVITATION_LIFE, Invitation, Role, User
from stint.accounts.queries import Caller, token_digest
from stint.accounts.services import check_email, create_user, email_taken
from stint.database import write
from stint.errors import Invalid, NotAllowed, NotFound
from stint.events import Event, announce

MOST_AT_ONCE = 200
# Whoever got hold of an Administrator's session must not send mails to the world in their name.
MOST_AN_HOUR = 1000


class InvitationOut(msgspec.Struct, frozen=True):
    """An invitation as Administrators see it.

    `problem` says why the last mail did not go out; it is tried again at `next_try_at`, if at all.
    """

    id: int
    email: str
    role: str
    status: Literal["pending", "accepted", "expired"]
    link: str | None
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    problem: str


def invitations(caller: Caller) -> list[InvitationOut]:
    """Return the invitations of the account, newest first.

    Raises:
        NotAllowed: the caller is no Administrator.

    """
    _must_administer(caller)
    found = Invitation.objects.filter(account_id=caller.account_id).order_by("-created_at", "-pk")
    return [_present(invitation) for invitation in found]


def invite(caller: Caller, emails: Sequence[str], role: str = Role.MEMBER) -> list[InvitationOut]:
    """Ask people to join, each by an e-mail with a link of their own; who is asked already is asked anew.

    Raises:
        NotAllowed: the caller is no Administrator.
        Invalid: an address is none or has a user already, there are none or too many, the role is unknown.
        TooFast: the account sends more than MOST_AN_HOUR.

    """
    _must_administer(caller)
    if role not in Role.values:
        raise Invalid("role", _("must be one of %(roles)s") % {"roles": ", ".join(Role.values)})
    addresses = list({address.lower(): address for address in map(_address, emails)}.values())
    if not 1 <= len(addresses) <= MOST_AT_ONCE:
        raise Invalid("emails", _("must name 1 to %(most)d addresses") % {"most": MOST_AT_ONCE})
    _count_mails(caller, len(addresses))
    with write():
        if members := [address for address in addresses if email_taken(address)]:
            raise Invalid("emails", _("has a user already: %(emails)s") % {"emails": ", ".join(members)})
        for address in addresses:
            audit.note(caller, audit.Act.INVITE, address, after=role)
        return [_present(_ask(caller, address, role)) for address in addresses]


def resend(caller: Caller, invitation_id: int) -> InvitationOut:
    """Send an invitation again, with a fresh link and a full week; the link sent before is void.

    Raises:
        NotAllowed: the caller is no Administrator.
        NotFound: there is no such open invitation.
        TooFast: the account sends more than MOST_AN_HOUR.

    """
    _must_administer(caller)
    _count_mails(caller, 1)
    with write():
        invitation = _open(caller, invitation_id)
        audit.note(caller, audit.Act.RESEND, invitation.email)
        return _present(_renew(invitation))


def revoke(caller: Caller, invitation_id: int) -> None:
    """Take an invitation back; its link is void.

    Raises:
        NotAllowed, NotFound: as `resend`.

    """
    _must_administer(caller)
    with write():
        invitation = _open(caller, invitation_id)
        audit.note(caller, audit.Act.REVOKE, invitation.email)
        _announce(invitation)
        invitation.delete()


def open_invitation(token: str) -> Invitation | None:
    """Return the invitation that a link stands for, while it can be accepted."""
    return (
        Invitation.objects.select_related("account", "invited_by")
        .filter(digest=token_digest(token), accepted_at=None, expires_at__gt=timezone.now())
        .first()
    )


def accept(token: str, *, name: str, password: str, timezone_name: str = "UTC") -> User:
    """Make the user whom the invitation asked for. The link proves the address, so it counts as verified.

    Raises:
        NotFound: the link is unknown, too old, revoked or spent.
        Invalid: the name is empty, the password too weak, the time zone unknown.
        Conflict: somebody has this e-mail meanwhile.

    """
    with write():
        # Locked, so that of two who accept at once the second finds it spent.
        found = Invitation.objects.select_for_update().filter(digest=token_digest(token)).first()
        if found is None or found.accepted_at or found.expires_at <= timezone.now():
            raise NotFound(_("This invitation was used, taken back or is too old. Ask for a new one."))
        user = create_user(
            found.account,
            email=found.email,
            name=name,
            role=found.role,
            password=password,
            timezone_name=timezone_name,
        )
        found.accepted_at, found.accepted_by = timezone.now(), user
        found.next_try_at, found.problem = None, ""
        found.save()
        _announce(found)
    return user


def by_address(account_id: int) -> dict[str, Literal["pending", "accepted"]]:
    """Return `{lower-case address: how its invitation stands}`; one that ended unused is left out."""
    found: dict[str, Literal["pending", "accepted"]] = {}
    for invitation in Invitation.objects.filter(account_id=account_id).order_by("pk"):
        if invitation.accepted_at:
            found[invitation.email.lower()] = "accepted"
        elif invitation.expires_at > timezone.now():
            found[invitation.email.lower()] = "pending"
    return found


def _ask(caller: Caller, email: str, role: str) -> Invitation:
    asked = Invitation.objects.filter(account_id=caller.account_id, email__iexact=email, accepted_at=None)
    invitation = asked.select_for_update().first() or Invitation(
        account_id=caller.account_id, email=email, expires_at=timezone.now()
    )
    invitation.role, invitation.invited_by_id = role, caller.user_id
    return _renew(invitation)


def _renew(invitation: Invitation) -> Invitation:
    """Give an invitation a fresh link and a full week, and have it sent."""
    invitation.nonce = secrets.token_urlsafe(32)
    invitation.expires_at = timezone.now() + INVITATION_LIFE
    invitation.tries, invitation.problem, invitation.sent_at = 0, "", None
    invitation.next_try_at = timezone.now() + mail.LOST_AFTER
    invitation.save()
    invitation.digest = token_digest(token_of(invitation))
    invitation.save(update_fields=["digest"])
    mail.send_invitation.enqueue(invitation.pk, invitation.nonce, invitation.tries)
    _announce(invitation)
    return invitation


def renew_digests() -> None:
    """Have open invitations be found by the links that the present secret key makes."""
    with write():
        for invitation in Invitation.objects.filter(accepted_at=None):
            invitation.digest = token_digest(token_of(invitation))
            invitation.save(update_fields=["digest"])


def _present(invitation: Invitation) -> InvitationOut:
    if invitation.accepted_at:
        status: Literal["pending", "accepted", "expired"] = "accepted"
    elif invitation.expires_at <= timezone.now():
        status = "expired"
    else:
        status = "pending"
    return InvitationOut(
        id=invitation.pk,
        email=invitation.email,
        role=invitation.role,
        status=status,
        link=link_of(invitation) if status == "pending" else None,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        sent_at=invitation.sent_at,
        next_try_at=invitation.next_try_at,
        problem=invitation.problem,
    )


def _open(caller: Caller, invitation_id: int) -> Invitation:
    found = Invitation.objects.select_for_update().filter(
        pk=invitation_id, account_id=caller.account_id, accepted_at=None
    )
    invitation = found.first()
    if invitation is None:
        raise NotFound(_("There is no such open invitation."))
    return invitation


def _address(email: str) -> str:
    try:
        return check_email(email)
    except Invalid:
        raise Invalid(
            "emails", _("“%(email)s” is not an e-mail address such as ada@example.com") % {"email": email}
        ) from None


def _must_administer(caller: Caller) -> None:
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may invite people."))


def _count_mails(caller: Caller, mails: int) -> None:
    limits.count("invite", caller.account_id, most=MOST_AN_HOUR, within=timedelta(hours=1), times=mails)


def _announce(invitation: Invitation) -> None:
    announce(Event("people", str(invitation.pk), invitation.account_id))
