"""Saved reports: who sees, changes and forgets them."""

from __future__ import annotations

import msgspec
from django.db.models import Q
from django.utils.translation import gettext as _

from stint.accounts.queries import Caller
from stint.database import write
from stint.errors import Invalid, NotAllowed, NotFound
from stint.reports.models import SavedReport

LONGEST_NAME, LONGEST_QUESTION = 190, 2000


class Saved(msgspec.Struct, frozen=True):
    """A saved report as somebody sees it; `own` if it is theirs."""

    id: int
    name: str
    view: str
    question: str
    shared: bool
    own: bool
    owner: str

    @property
    def page(self) -> str:
        """The name of the address that answers it."""
        return f"report_{self.view}"


def saved_reports(caller: Caller) -> list[Saved]:
    """Return the caller's own saved reports and those that others share, by name."""
    found = SavedReport.objects.filter(Q(owner=caller.user_id) | Q(shared=True), account=caller.account_id)
    reports = [
        Saved(
            one.pk,
            one.name,
            one.view,
            one.question,
            one.shared,
            one.owner_id == caller.user_id,
            one.owner.name,
        )
        for one in found.select_related("owner")
    ]
    return sorted(reports, key=lambda one: (one.name.casefold(), one.id))


def save(caller: Caller, name: str, view: str, question: str, *, shared: bool = False) -> SavedReport:
    """Keep a question under a name; one of the caller's that has the name already is replaced.

    Raises:
        Invalid: the name is empty or too long, there is no such view, or the question is too long.

    """
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or "\0" in name:
        raise Invalid("name", _("must have 1 to %(most)d characters") % {"most": LONGEST_NAME})
    if view not in SavedReport.View.values:
        raise Invalid("view", _("is no view of reports"))
    if len(question) > LONGEST_QUESTION or "\0" in question:
        raise Invalid("question", _("has too many filters to be saved; choose fewer people or tags"))
    with write():
        kept, _new = SavedReport.objects.update_or_create(
            account_id=caller.account_id,
            owner_id=caller.user_id,
            name=name,
            defaults={"view": view, "question": question, "shared": shared},
        )
    return kept


def forget(caller: Caller, report_id: int) -> None:
    """Delete a saved report: its owner may, and of a shared one every Administrator.

    Raises:
        NotFound: there is none, or it is not the caller's to see.
        NotAllowed: it is somebody else's.

    """
    with write():
        kept = SavedReport.objects.filter(pk=report_id, account=caller.account_id).first()
        if kept is None or not (kept.shared or kept.owner_id == caller.user_id):
            raise NotFound(_("There is no such saved report."))
        if kept.owner_id != caller.user_id and not caller.administers:
            raise NotAllowed(_("Only its owner or an Administrator may delete this saved report."))
        kept.delete()
