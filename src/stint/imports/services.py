"""What an Administrator may do with imports. Everybody else is refused here, whatever the surface."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from stint.accounts import audit
from stint.accounts.models import Membership
from stint.accounts.queries import Caller
from stint.accounts.services import check_timezone
from stint.database import write
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.imports import runs
from stint.imports.jobs import Counts, ProblemOut, UnmatchedPerson
from stint.imports.kinds import KINDS
from stint.imports.models import FilePart, Import, MappedPerson
from stint.imports.people import key_of
from stint.integrations.models import Integration
from stint.integrations.toggl.source import KIND as TOGGL
from stint.runs import ACTIVE

MOST_SHOWN = 50
HISTORY = "toggl_history"
FIRST_DAY = date(2006, 1, 1)
LARGEST_FILE = 256 * 1024 * 1024


class ImportOut(msgspec.Struct, frozen=True):
    """One import on record: how far it came, and what it did or, as a dry run, would do.

    `more_problems` says how many problems beyond those listed there are; `notes` how the source was read. A
    finished dry run can be carried out as long as `can_apply`.
    """

    id: int
    kind: str
    status: Literal["queued", "running", "waiting", "needs_confirmation", "done", "failed"]
    dry_run: bool
    file_name: str
    started_by: str | None
    phase: str
    done: int
    total: int | None
    requests: int
    resumes_at: datetime | None
    counts: Counts
    problems: list[ProblemOut]
    more_problems: int
    notes: list[str]
    unmatched_people: list[UnmatchedPerson]
    can_apply: bool
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


class PersonChoice(msgspec.Struct, forbid_unknown_fields=True):
    """Who somebody of a source is here, by the e-mail there or the name; no user: their time is left out."""

    name: str = ""
    email: str = ""
    user_id: int | None = None


def start_file(
    caller: Caller,
    kind: str,
    name: str,
    pieces: Iterable[bytes],
    *,
    dry_run: bool,
    options: dict[str, Any] | None = None,
) -> ImportOut:
    """Store an uploaded file and have it imported, or only looked at.

    Raises:
        NotAllowed: the caller is no Administrator.
        Invalid: the kind takes no file, an option is none, or the file is too large.

    """
    must_administer(caller)
    if kind not in KINDS or not KINDS[kind].takes_file:
        known = ", ".join(key for key, each in KINDS.items() if each.takes_file)
        raise Invalid("kind", _("must be one of %(kinds)s") % {"kinds": known})
    given = options or {}
    if zone := given.get("timezone"):
        check_timezone(zone)
    with write():
        run = _new(caller, kind, dry_run, given)
        run.file_name = name[:190]
        run.save()
        _store(run, pieces)
        _queue(caller, run)
    return present(run)


def start_history(caller: Caller, first: date, last: date, *, dry_run: bool = False) -> ImportOut:
    """Have the tracked time of the selected Toggl workspaces imported, or only looked at.

    What a dry run of the same days read within a day is not asked of Toggl again.

    Raises:
        NotAllowed: the caller is no Administrator.
        Invalid: the days are none that can be asked for.
        Conflict: Toggl is not enabled, no workspace is selected, or the same is under way.

    """
    must_administer(caller)
    _check_days(first, last)
    linked = Integration.objects.filter(account_id=caller.account_id, kind=TOGGL)
    if not linked.exclude(status=Integration.Status.OFF).exists():
        raise Conflict(_("Toggl is not enabled; paste an API token first."))
    if not linked.filter(workspaces__selected=True).exists():
        raise Conflict(_("No workspace is selected; choose some and save."))
    with write():
        same = Import.objects.filter(account_id=caller.account_id, kind=HISTORY)
        if same.filter(status__in=ACTIVE).exists():
            raise Conflict(
                _("Time from Toggl is being imported already; wait until that is done, or cancel it.")
            )
        run = _new(caller, HISTORY, dry_run, {"first": str(first), "last": str(last)})
        run.save()
        looked = same.filter(options=run.options, dry_run=True).exclude(pk=run.pk).order_by("-pk").first()
        if looked is not None and _can_apply(looked):
            looked.answers.update(of=run)
        _queue(caller, run)
    return present(run)


def apply(caller: Caller, import_id: int, *, confirm: bool = False) -> ImportOut:
    """Carry out what a dry run showed, or what waits for an Administrator's word.

    Raises:
        NotAllowed, NotFound; Conflict: it is no finished dry run, or what it read is forgotten by now.

    """
    with write():
        run = _found(caller, import_id)
        if not _can_apply(run):
            raise Conflict(_("There is nothing to carry out any more; start the import anew."))
        run.dry_run, run.confirmed, run.started_by_id = False, confirm, caller.user_id
        _queue(caller, run)
    return present(run)


def look_again(caller: Caller, import_id: int) -> ImportOut:
    """Work a finished dry run out anew, after people were matched or invited ones came.

    Raises:
        As `apply`.

    """
    with write():
        run = _found(caller, import_id)
        if not (run.dry_run and _can_apply(run)):
            raise Conflict(_("There is nothing to look at any more; start the import anew."))
        runs.queue(run)
    return present(run)


def cancel(caller: Caller, import_id: int) -> None:
    """Stop an import that is not done yet. Time that it has written stays, and is found by the next one.

    Raises:
        NotAllowed, NotFound; Conflict: it is over.

    """
    with write():
        run = _found(caller, import_id)
        stopped = Import.objects.filter(pk=run.pk, status__in=ACTIVE).update(
            status=Import.Status.FAILED,
            error=_("Cancelled.") + " " + runs.what_stays(run),
            finished_at=timezone.now(),
        )
        if not stopped:
            raise Conflict(_("This import is over already."))


def map_people(caller: Caller, choices: list[PersonChoice]) -> None:
    """Remember who people of a source are here, for this import and later ones.

    Raises:
        NotAllowed; Invalid: somebody has neither name nor e-mail, or the user is none of the account.

    """
    must_administer(caller)
    members = set(Membership.objects.filter(account_id=caller.account_id).values_list("user_id", flat=True))
    with write():
        for choice in choices:
            key = key_of(choice.name, choice.email)
            if not key:
                raise Invalid("people", _("each needs an e-mail or a name"))
            if choice.user_id is not None and choice.user_id not in members:
                raise Invalid("people", _("there is no such member of this account"))
            MappedPerson.objects.update_or_create(
                account_id=caller.account_id, key=key, defaults={"user_id": choice.user_id}
            )


def look(caller: Caller, import_id: int) -> ImportOut:
    """Return one import.

    Raises:
        NotAllowed: the caller is no Administrator. NotFound: there is none in this account.

    """
    return present(_found(caller, import_id))


def recent(caller: Caller, *kinds: str) -> list[ImportOut]:
    """Return the newest imports, newest first; of some kinds only, where they are named."""
    must_administer(caller)
    found = Import.objects.filter(account_id=caller.account_id).select_related("started_by").order_by("-pk")
    return [present(run) for run in (found.filter(kind__in=kinds) if kinds else found)[:MOST_SHOWN]]


def present(run: Import) -> ImportOut:
    """Return an import as everybody outside sees it."""
    starter = run.started_by
    return ImportOut(
        id=run.pk,
        kind=run.kind,
        status=run.status,  # type: ignore[arg-type]
        dry_run=run.dry_run,
        file_name=run.file_name,
        started_by=starter.name if starter else None,
        phase=run.phase,
        done=run.done,
        total=run.total,
        requests=run.requests,
        resumes_at=run.resumes_at,
        counts=msgspec.convert(run.counts, Counts),
        problems=msgspec.convert(run.problems, list[ProblemOut]),
        more_problems=run.more_problems,
        notes=run.notes,
        unmatched_people=msgspec.convert(run.unmatched, list[UnmatchedPerson]),
        can_apply=_can_apply(run),
        error=run.error or None,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def must_administer(caller: Caller) -> None:
    """Let Administrators pass.

    Raises:
        NotAllowed: the caller is none.

    """
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may import."))


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise Invalid("to", _("lies before the first day"))
    if first < FIRST_DAY:
        raise Invalid("from", _("must be %(day)s or later; Toggl has nothing older") % {"day": FIRST_DAY})
    if last > timezone.now().date() + timedelta(days=1):
        raise Invalid("to", _("lies in the future"))


def _new(caller: Caller, kind: str, dry_run: bool, options: dict[str, Any]) -> Import:
    return Import(
        account_id=caller.account_id,
        kind=kind,
        dry_run=dry_run,
        options=options,
        started_by_id=caller.user_id,
        queued_at=timezone.now(),
    )


def _queue(caller: Caller, run: Import) -> None:
    """Have it done by a worker, on record as this Administrator's act unless it only looks."""
    if not run.dry_run:
        options = run.options
        days = f"{options['first']} – {options['last']}" if run.kind == HISTORY else ""
        audit.note(caller, audit.Act.IMPORT, run.file_name or run.kind, after=days)
    runs.queue(run)


def _store(run: Import, pieces: Iterable[bytes]) -> None:
    size = 0
    for number, piece in enumerate(pieces):
        size += len(piece)
        if size > LARGEST_FILE:
            raise Invalid("file", _("is larger than %(most)d MB") % {"most": LARGEST_FILE // 2**20})
        FilePart.objects.create(of=run, number=number, body=zlib.compress(piece, 1))
    if not size:
        raise Invalid("file", _("is empty"))


def _found(caller: Caller, import_id: int) -> Import:
    must_administer(caller)
    run = (
        Import.objects.filter(account_id=caller.account_id, pk=import_id).select_related("started_by").first()
    )
    if run is None:
        raise NotFound(_("There is no such import."))
    return run


def _can_apply(run: Import) -> bool:
    """Whether the import is over, wrote nothing, and what it read is still kept."""
    asks = run.status == Import.Status.NEEDS_CONFIRMATION
    if not asks and not (run.dry_run and run.status == Import.Status.DONE):
        return False
    fresh = run.finished_at is not None and timezone.now() - run.finished_at < runs.KEPT_FOR
    return fresh and (run.parts.exists() or run.answers.exists())
