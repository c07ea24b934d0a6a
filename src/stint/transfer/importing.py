"""Reads an exported account back: into the account of who asks, or whole, onto an empty installation."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from stint.accounts.models import Account, Membership, Role, SetupLink, User
from stint.database import write
from stint.errors import Conflict
from stint.events import Event, announce
from stint.imports.jobs import Finish, ImportRefused, Job, Outcome
from stint.transfer import arriving, arriving_time
from stint.transfer.archives import Archive
from stint.transfer.arriving import Arrival
from stint.transfer.writes import raise_sequences


class Restored(msgspec.Struct, frozen=True):
    """What came back: when it was exported, what was taken, and who administers it."""

    made_at: datetime
    outcome: Outcome
    administrators: list[User]


def prepare(job: Job) -> Finish:
    """Open the archive of an import, and return what takes it into the account.

    Raises:
        ImportRefused: it is no archive that can be read.

    """
    with ExitStack() as held:
        archive = Archive(held.enter_context(job.file()))
        return partial(_finish, job, archive, held.pop_all())


def _finish(job: Job, archive: Archive, held: ExitStack) -> Outcome:
    with held:
        arrival = Arrival(archive, job.account_id, keeps_ids=False, writes=job.writes)
        _take(arrival)
    if job.writes:
        for kind in ("people", "tasks"):
            announce(Event(kind, "", job.account_id))
    return arrival.outcome


def restore(file: Path) -> Restored:
    """Bring an exported account back onto an empty installation, with the ids that everything had.

    Raises:
        ImportRefused: the file is no archive that can be read.
        Conflict: there is an account already.

    """
    try:
        opened = file.open("rb")
    except OSError as fault:
        raise ImportRefused(
            _("%(file)s cannot be read (%(why)s)") % {"file": file, "why": fault.strerror}
        ) from None
    with opened, write():
        archive = Archive(opened)
        if Account.objects.exists() or User.objects.exists():
            raise Conflict(
                _("There is an account already. An exported account is restored onto an empty database only.")
            )
        arrival = Arrival(archive, archive.manifest.account.id, keeps_ids=True, writes=True)
        arriving.take_account(arrival)
        _take(arrival)
        raise_sequences()
        SetupLink.objects.all().delete()
        members = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
        return Restored(
            archive.manifest.made_at,
            arrival.outcome,
            [member.user for member in members.select_related("user").order_by("pk")],
        )


def _take(arrival: Arrival) -> None:
    arriving.take_people(arrival)
    arriving.take_tasks(arrival)
    arriving.take_assignments(arrival)
    arriving.take_favourites(arrival)
    arriving.take_reports(arrival)
    arriving.take_rates(arrival)
    arriving.take_invitations(arrival)
    arriving.take_integrations(arrival)
    arriving_time.take_entries(arrival)
    arriving_time.take_history(arrival)
