"""The record of what Administrators did. An act and its record are one transaction: neither is without the other."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from stint.accounts.models import AuditEntry
from stint.accounts.queries import Caller
from stint.errors import NotAllowed
from stint.paging import Page, cursor_of, key_of

Act = AuditEntry.Act


class AuditOut(msgspec.Struct, frozen=True):
    """An act as Administrators see it; `done_by` is null where that person is gone."""

    id: int
    at: datetime
    done_by: str | None
    act: str
    label: str
    about: str
    before: str
    after: str


def note(caller: Caller, act: AuditEntry.Act, about: str = "", *, before: str = "", after: str = "") -> None:
    """Record an act of the caller, in the transaction that does it."""
    AuditEntry.objects.create(
        account_id=caller.account_id,
        done_by_id=caller.user_id,
        act=act,
        about=about,
        before=before,
        after=after,
    )


def trail(caller: Caller, *, limit: int = 100, cursor: str | None = None) -> Page[AuditOut]:
    """Return the acts in the caller's account, newest first.

    Raises:
        NotAllowed: the caller is no Administrator.

    """
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may see what Administrators did."))
    found = AuditEntry.objects.filter(account_id=caller.account_id).select_related("done_by").order_by("-id")
    if cursor:
        found = found.filter(id__lt=key_of(cursor, tuple[int])[0])
    rows = list(found[: limit + 1])
    following = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return Page([_present(row) for row in rows[:limit]], following)


def _present(row: AuditEntry) -> AuditOut:
    done_by = str(row.done_by) if row.done_by else None
    label = str(Act(row.act).label)
    return AuditOut(row.pk, row.at, done_by, row.act, label, row.about, row.before, row.after)
