"""Structure from Toggl's workspace export, for teams without a token: into the mirror, by the same ids.

Enabling the integration later finds the same items.
"""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stint.events import Event, announce
from stint.imports.jobs import Counts, Finish, ImportRefused, Job, Outcome
from stint.integrations import applying
from stint.integrations.mirror import Key, Mirrored, People, Plan, Snapshot, below, plan
from stint.integrations.models import Integration
from stint.integrations.toggl.bodies import ReadWorkspace, WorkspaceReading
from stint.integrations.toggl.exported import ExportRefused, read_export
from stint.integrations.toggl.snapshot import ROOT, snapshot
from stint.integrations.toggl.source import KIND
from stint.tasks.bulk import mirrored_rows
from stint.tasks.services import lock_tree


class ZipOptions(msgspec.Struct, frozen=True):
    """What an export does not tell: the name of its workspace."""

    workspace_name: str = ""


def prepare(job: Job) -> Finish:
    """Read the whole export; what is left is to plan and to write.

    Raises:
        ImportRefused: it is no export, or its workspace is kept in sync anyway.

    """
    options = msgspec.convert(job.run.options, ZipOptions)
    job.progress(_("Reading"), 0, None)
    with job.file() as file:
        try:
            workspace, reading = read_export(file, job.run.file_name)
        except ExportRefused as fault:
            raise ImportRefused(str(fault)) from None

    def finish() -> Outcome:
        return _carry_out(job, workspace, reading, options.workspace_name)

    return finish


def _carry_out(job: Job, workspace: ReadWorkspace, reading: WorkspaceReading, name: str) -> Outcome:
    synced = Integration.objects.filter(
        account_id=job.account_id, workspaces__external_id=workspace.id, workspaces__selected=True
    )
    if synced.exclude(status=Integration.Status.OFF).exists():
        raise ImportRefused(_("This workspace is kept in sync by its API token; press Sync now instead."))
    if job.writes:
        lock_tree(job.account_id)
    rows = mirrored_rows(job.account_id, KIND)
    known = applying.mirrored(rows)
    wanted = snapshot([(msgspec.structs.replace(workspace, name=name or _name(workspace, known)), reading)])
    touched = _touched(wanted, workspace, known)
    people = _people(job.account_id, workspace)
    decided = plan(wanted, [item for item in known if item.key in touched], people)
    outcome = _outcome(decided, workspace, reading)
    outcome.asks = decided.mass_archive and not job.run.confirmed
    if job.writes and not outcome.asks:
        ours = [row for row in rows if (row.source_kind, row.source_id) in touched]
        if applying.apply(job.account_id, KIND, wanted, decided, ours):
            announce(Event("tasks", "", job.account_id))
    return outcome


def _name(workspace: ReadWorkspace, known: list[Mirrored]) -> str:
    """Return the name the workspace has here, or one made of its id."""
    here = next((item.name for item in known if item.key == ("workspace", workspace.id)), "")
    return here or (
        _("Toggl workspace %(id)d") % {"id": workspace.id} if workspace.id else _("Toggl workspace")
    )


def _touched(wanted: Snapshot, workspace: ReadWorkspace, known: list[Mirrored]) -> set[Key]:
    """Return the items that the export speaks of: those in it, and those it does not have any more.

    An export that does not tell its workspace cannot tell what is gone there either.
    """
    touched = {ROOT, *wanted.nodes}
    if workspace.id:
        touched |= below({item.key: item for item in known}, frozenset({("workspace", workspace.id)}))
    return touched


def _people(account_id: int, workspace: ReadWorkspace) -> People:
    """Return whom the export may assign; assignments elsewhere are not its to judge."""
    everything = applying.people(account_id, KIND, None)
    held = tuple(item for item in everything.held if item.key == ("workspace", workspace.id))
    return People(None, everything.by_email, held)


def _outcome(decided: Plan, workspace: ReadWorkspace, reading: WorkspaceReading) -> Outcome:
    outcome = Outcome()
    made = sum(change.before is None for change in decided.changes)
    changed = sum(change.before is not None and bool(change.actions) for change in decided.changes)
    outcome.counts = Counts(created=made, updated=changed, unchanged=decided.unchanged)
    for warning in reading.warnings:
        outcome.problems.add(None, warning)
    outcome.notes.append(
        _("%(clients)d clients, %(projects)d projects, %(tasks)d tasks, %(people)d people in the export.")
        % {
            "clients": len(reading.clients),
            "projects": len(reading.projects),
            "tasks": len(reading.tasks),
            "people": len(reading.people or []),
        }
    )
    if decided.assign:
        told = ngettext(
            "%(count)d person gets its tasks by e-mail.",
            "%(count)d people get its tasks by e-mail.",
            len(decided.assign),
        )
        outcome.notes.append(told % {"count": len(decided.assign)})
    if not workspace.id:
        outcome.notes.append(_("The export does not tell its workspace, so nothing is archived by it."))
    return outcome
