"""A person's own time as a calendar that other programs subscribe to, by a secret link."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts.queries import TOKEN_USE_GRAIN, Caller, caller_of, token_digest
from stint.database import write
from stint.entries.queries import EntryOut, entries
from stint.errors import NotFound
from stint.events import Event, announce
from stint.tasks.queries import looks
from stint.transfer.ics import Happening, calendar
from stint.transfer.models import CalendarLink

KEPT_FOR = timedelta(days=366)  # what calendars show; years of entries would be fetched again each hour
PAGE = 1000


class LinkOut(msgspec.Struct, frozen=True):
    """A calendar link as its owner sees it from then on."""

    created_at: datetime
    last_used_at: datetime | None


def link(caller: Caller) -> LinkOut | None:
    """Return the caller's link, if there is one."""
    found = CalendarLink.objects.filter(user_id=caller.user_id).first()
    return None if found is None else LinkOut(found.created_at, found.last_used_at)


def make_link(caller: Caller) -> str:
    """Give the caller a link and return it, which cannot be read again; one they had is void."""
    token = secrets.token_urlsafe(32)
    with write():
        CalendarLink.objects.filter(user_id=caller.user_id).delete()
        CalendarLink.objects.create(user_id=caller.user_id, digest=token_digest(token))
        _announce(caller)
    return f"{settings.PUBLIC_URL}/calendar/{token}.ics"


def revoke_link(caller: Caller) -> None:
    """Make the caller's link void.

    Raises:
        NotFound: they have none.

    """
    with write():
        gone, _each = CalendarLink.objects.filter(user_id=caller.user_id).delete()
        if not gone:
            raise NotFound(_("You have no calendar link."))
        _announce(caller)


def owner_of(token: str) -> Caller | None:
    """Return whose calendar a link is; None where it is unknown, revoked, or its owner shut out."""
    found = CalendarLink.objects.filter(digest=token_digest(token)).first()
    if found is None:
        return None
    now = timezone.now()
    if found.last_used_at is None or found.last_used_at < now - TOKEN_USE_GRAIN:
        CalendarLink.objects.filter(pk=found.pk).update(last_used_at=now)
    return caller_of(found.pk)


def own_time(caller: Caller) -> bytes:
    """Return the caller's finished entries of the last year as an iCalendar file."""
    found = [entry for entry in _last_year(caller) if entry.end is not None]
    seen = looks({entry.task_id for entry in found if entry.task_id is not None})
    happenings = [_happening(entry, seen[entry.task_id].path if entry.task_id else []) for entry in found]
    name = _("%(account)s: %(person)s") % {"account": caller.account_name, "person": caller.name}
    return calendar(name, happenings)


def _last_year(caller: Caller) -> list[EntryOut]:
    first = timezone.localdate(timezone=caller.zone) - KEPT_FOR
    page = entries(caller, first_day=first, limit=PAGE)
    found = page.items
    while page.next:
        page = entries(caller, first_day=first, limit=PAGE, cursor=page.next)
        found = [*found, *page.items]
    return found


def _happening(entry: EntryOut, path: list[str]) -> Happening:
    task = " / ".join(path)
    assert entry.end is not None
    return Happening(
        uid=f"{entry.id}@stint",
        start=entry.start,
        end=entry.end,
        revision=entry.version - 1,
        summary=entry.note or (path[-1] if path else _("No task")),
        description=task,
        categories=entry.tags,
    )


def _announce(caller: Caller) -> None:
    announce(Event("people", str(caller.user_id), caller.account_id, caller.user_id))
