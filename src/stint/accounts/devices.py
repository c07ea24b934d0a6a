"""The browsers somebody is signed in with."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts.browsers import in_words, system_of
from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.database import write
from stint.errors import NotFound
from stint.events import Event, announce

# Noting each visit would turn every read into a write.
SEEN_GRAIN = timedelta(minutes=5)
_PHONES = frozenset({"iPhone", "Android"})


class Device(msgspec.Struct, frozen=True):
    """A browser with a session: `here` is the one that asks."""

    id: int
    name: str
    phone: bool
    address: str
    signed_in_at: datetime
    seen_at: datetime
    here: bool


def devices(caller: Caller, session_key: str | None) -> list[Device]:
    """Return where the caller is signed in: the asking browser first, then by when they were seen."""
    sessions = UserSession.objects.purge_and_list(User.objects.get(pk=caller.user_id))
    found = [_device(session, session_key) for session in sessions]
    return sorted(found, key=lambda device: (not device.here, -device.seen_at.timestamp()))


def end_device(caller: Caller, device_id: int) -> None:
    """Sign the caller out on one device.

    Raises:
        NotFound: they are not signed in there.

    """
    with write():
        session = UserSession.objects.filter(pk=device_id, user_id=caller.user_id).first()
        if session is None:
            raise NotFound(_("You are not signed in there any more."))
        session.end()
        _announce(caller)


def end_other_devices(caller: Caller, session_key: str | None) -> int:
    """Sign the caller out everywhere but in the asking browser; return on how many devices."""
    with write():
        others = list(UserSession.objects.filter(user_id=caller.user_id).exclude(session_key=session_key))
        for session in others:
            session.end()
        _announce(caller)
    return len(others)


def note_visit(request: HttpRequest) -> None:
    """Note that the signed-in browser was seen, unless it was noted a moment ago."""
    now = timezone.now()
    known = UserSession.objects.filter(session_key=request.session.session_key).first()
    if known is None:  # it signed in before its sessions were kept
        with write():
            UserSession.objects.create_from_request(request)
    elif known.last_seen_at <= now - SEEN_GRAIN:
        with write():
            UserSession.objects.filter(pk=known.pk).update(last_seen_at=now)


def _device(session: UserSession, session_key: str | None) -> Device:
    return Device(
        id=session.pk,
        name=in_words(session.user_agent),
        phone=system_of(session.user_agent) in _PHONES,
        address=session.ip,
        signed_in_at=session.created_at,
        seen_at=session.last_seen_at,
        here=session.session_key == session_key,
    )


def _announce(caller: Caller) -> None:
    announce(Event("people", str(caller.user_id), caller.account_id, caller.user_id))
