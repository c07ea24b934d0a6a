"""Mails of signing in (a forgotten password, a new address, a changed way in): a worker sends them, not the page.

Whoever asks must not wait for a mail server that is away. The mail waits in the queue, encrypted: its link lets in.
"""

from __future__ import annotations

import logging
import random
import smtplib
from datetime import timedelta

import msgspec
from cryptography.fernet import InvalidToken
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils import timezone
from django_tasks import task

from stint.encryption import keys

logger = logging.getLogger("stint.accounts")

QUEUE = "mail"
"""The queue of all mails: it has a worker of its own, so that a mail server that hangs holds up nothing else."""
PURPOSE = b"stint mails"
JITTER = 0.2
# The link in such a mail is good for a few days, and nobody waits for it that long.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1))


class Letter(msgspec.Struct):
    """A mail as it is kept in the queue; `html` is empty where there is none."""

    subject: str
    text: str
    sender: str
    to: list[str]
    html: str = ""


def jittered(pause: timedelta) -> timedelta:
    """Return a pause a little shorter or longer, so that mails which failed together do not come again together."""
    return pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311


def post(message: EmailMessage) -> None:
    """Have a worker send a mail, again and again for some hours while the mail server is away."""
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    html = "".join(str(content) for content, kind in alternatives if kind == "text/html")
    letter = Letter(str(message.subject), str(message.body), message.from_email, list(message.to), html)
    deliver.enqueue(keys(PURPOSE).encrypt(msgspec.json.encode(letter)).decode())


@task(queue_name=QUEUE)
def deliver(sealed: str, tries: int = 0) -> None:
    """Send a mail that was posted; what does not go out is tried again after a pause."""
    try:
        letter = msgspec.json.decode(keys(PURPOSE).decrypt(sealed.encode()), type=Letter)
    except InvalidToken:
        logger.error("a mail is not sent: the secret key was changed without keeping the old one")
        return
    message = EmailMultiAlternatives(letter.subject, letter.text, letter.sender, letter.to)
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as fault:
        logger.warning("a mail about signing in could not be sent: %s", type(fault).__name__)
        if tries < len(PAUSES):
            deliver.using(run_after=timezone.now() + jittered(PAUSES[tries])).enqueue(sealed, tries + 1)
