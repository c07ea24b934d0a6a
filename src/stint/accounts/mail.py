"""The mails of invitations: sent by a worker, tried again with growing pauses while the mail server is away."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from stint.accounts.links import link_of
from stint.accounts.models import Invitation
from stint.accounts.post import QUEUE, jittered
from stint.database import write
from stint.events import Event, announce

logger = logging.getLogger("stint.accounts")

LOST_AFTER = timedelta(minutes=3)  # a worker that took a mail up and is silent for so long is gone
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)


def delivers() -> bool:
    """Tell whether mails go to people; without a mail server they are written to files."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def outbox() -> str:
    """Return the folder that mails are written to when none are delivered."""
    return str(getattr(settings, "EMAIL_FILE_PATH", None) or "")


def waiting_mails() -> int:
    """Return how many invitations are to be sent, or to be tried again."""
    return Invitation.objects.filter(
        accepted_at=None, sent_at=None, expires_at__gt=timezone.now(), next_try_at__isnull=False
    ).count()


@task(queue_name=QUEUE)
def send_invitation(invitation_id: int, nonce: str, tries: int) -> None:
    """Send an invitation, unless it was renewed, revoked or accepted meanwhile; note what went wrong.

    `tries` is how often it was tried before: while mails pile up the same try may be in the queue several times.
    """
    found = Invitation.objects.select_related("account", "invited_by")
    invitation = found.filter(pk=invitation_id, nonce=nonce, accepted_at=None, tries=tries).first()
    if invitation is None:
        return
    try:
        _message(invitation).send()
    except (OSError, smtplib.SMTPException) as fault:
        logger.warning("invitation %s could not be sent: %s", invitation.pk, type(fault).__name__)
        _note(invitation, problem=reason(fault))
    else:
        _note(invitation, problem="")


def send_due() -> None:
    """Have those sent anew whose time has come; called by the scheduler."""
    now = timezone.now()
    for invitation in Invitation.objects.filter(is_due(now), accepted_at=None, expires_at__gt=now):
        claimed = Invitation.objects.filter(pk=invitation.pk, next_try_at=invitation.next_try_at)
        if claimed.update(next_try_at=now + LOST_AFTER):
            send_invitation.enqueue(invitation.pk, invitation.nonce, invitation.tries)


def is_due(now: datetime) -> Q:
    """Tell by `next_try_at` what is to be tried: also what a clock that ran ahead has put off too long."""
    return Q(next_try_at__lte=now) | Q(next_try_at__gt=now + 2 * PAUSES[-1])


def _note(invitation: Invitation, *, problem: str) -> None:
    now = timezone.now()
    tries = invitation.tries + 1
    following = None
    if problem and tries <= len(PAUSES):
        following = now + jittered(PAUSES[tries - 1])
    with write():
        Invitation.objects.filter(pk=invitation.pk, nonce=invitation.nonce, accepted_at=None).update(
            problem=problem,
            tries=tries,
            next_try_at=following,
            sent_at=invitation.sent_at if problem else now,
        )
        announce(Event("people", str(invitation.pk), invitation.account_id))


def _message(invitation: Invitation) -> EmailMultiAlternatives:
    inviter = invitation.invited_by
    with translation.override((inviter and inviter.language) or settings.LANGUAGE_CODE):
        seen = {
            "invitation": invitation,
            "inviter": inviter,
            "account": invitation.account,
            "link": link_of(invitation),
        }
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("accounts/mail/invitation_subject.txt", seen).split()),
            body=render_to_string("accounts/mail/invitation.txt", seen),
            to=[invitation.email],
        )
        message.attach_alternative(render_to_string("accounts/mail/invitation.html", seen), "text/html")
    return message


def reason(fault: Exception) -> str:
    """Return in a person's words why a mail did not go out."""
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return _("The mail server refuses Stint's name or password (EMAIL_URL).")
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return _("The mail server refuses this address.")
    if isinstance(fault, smtplib.SMTPSenderRefused):
        return _("The mail server refuses Stint's own address (STINT_MAIL_FROM).")
    if isinstance(fault, smtplib.SMTPException):
        return _("The mail server did not take the mail.")
    return _("The mail server cannot be reached (EMAIL_URL).")
