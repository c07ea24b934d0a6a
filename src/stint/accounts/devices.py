"""The browsers somebody is signed in with."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts.models import User
from stint.accounts.queries import Caller
from stint.database import write
from stint.errors import NotFound
from stint.events import Event, announce

# Noting each visit would turn every read into a write.
SEEN_GRAIN = timedelta(minutes=5)
# The first that is found counts: most browsers claim to be others as well.
_BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)
_PHONES = frozenset({"iPhone", "Android"})


class Device(msgspec.Struct, frozen=True):
    """A browser with a session: `here` is the one that asks."""

    id: int
    browser: str
    system: str
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
    system = _named(_SYSTEMS, session.user_agent)
    return Device(
        id=session.pk,
        browser=_named(_BROWSERS, session.user_agent) or _("Unknown browser"),
        system=system,
        phone=system in _PHONES,
        address=session.ip,
        signed_in_at=session.created_at,
        seen_at=session.last_seen_at,
        here=session.session_key == session_key,
    )


def _named(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")


def _announce(caller: Caller) -> None:
    announce(Event("people", str(caller.user_id), caller.account_id, caller.user_id))
