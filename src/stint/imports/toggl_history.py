"""Tracked time of the selected Toggl workspaces, through Toggl's API.

Entries are known by their Toggl ids, so a second import adds nothing and updates what changed. What is gone in
Toggl stays here and is counted. Toggl is only read.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stint.entries import bulk
from stint.errors import Invalid
from stint.imports.jobs import Finish, ImportRefused, Job, Outcome
from stint.imports.models import Answer, Import
from stint.imports.people import People
from stint.imports.sentences import sentence
from stint.imports.sources import API, Source, workspaces_of
from stint.imports.writing import Item, Writer, entry_id, item
from stint.integrations.models import Integration, SourceWorkspace
from stint.integrations.toggl.bodies import Quota
from stint.integrations.toggl.client import TogglClient
from stint.integrations.toggl.history import Tracked, entries_of, read_history, read_tags
from stint.integrations.toggl.source import KIND, client_of, note_quota
from stint.tasks.bulk import tree_rows


class HistoryOptions(msgspec.Struct, frozen=True):
    """The days to bring in, both included, as Toggl reckons them."""

    first: date
    last: date


class _Kept:
    """The page store of one import; see `toggl.paging.PageStore`."""

    def __init__(self, run: Import) -> None:
        self._run = run

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key."""
        found = self._run.answers.filter(key=key).values_list("body", flat=True).first()
        return None if found is None else zlib.decompress(found)

    def put(self, key: str, body: bytes) -> None:
        """Keep an answer."""
        Answer.objects.create(of=self._run, key=key, body=zlib.compress(body, 1))


def prepare(job: Job) -> Finish:
    """Read what Toggl tells; what is left is to find people and tasks, to compare and to write.

    Raises:
        ImportRefused: Toggl is not enabled any more, or no workspace is selected.
        TogglError: one of its family; what was read is kept.

    """
    options = msgspec.convert(job.run.options, HistoryOptions)
    integration = Integration.objects.filter(account_id=job.account_id, kind=KIND).first()
    if integration is None or integration.status == Integration.Status.OFF:
        raise ImportRefused(_("Toggl is not enabled any more; enable it, then start the import anew."))
    workspaces = list(integration.workspaces.filter(selected=True).defer("reading").order_by("external_id"))
    if not workspaces:
        raise ImportRefused(_("No workspace is selected; choose some and save."))

    def on_request(quota: Quota | None) -> None:
        note_quota(integration.pk, quota)
        job.on_request()

    with client_of(integration, on_request) as client:
        history = _History(job, options, client)
        for workspace in workspaces:
            history.read(workspace)
    return history.carry_out


class _History:
    """What Toggl told of some workspaces, and what becomes of it here."""

    def __init__(self, job: Job, options: HistoryOptions, client: TogglClient) -> None:
        self._job, self._options, self._client = job, options, client
        self._store = _Kept(job.run)
        self._workspaces: list[tuple[SourceWorkspace, dict[int, str]]] = []
        self._people = People(job.account_id)
        rows = tree_rows(job.account_id)
        self._tasks = {(row.kind, row.source_id): row.id for row in rows if row.kind}
        self._outcome = Outcome()
        self._writer = Writer(job, self._people.zones, self._outcome, workspaces_of(rows), self._is_inner)
        self._told: set[str] = set()
        self._lost: Counter[tuple[str, str]] = Counter()
        self._running = self._unusable = self._rows = 0

    def read(self, workspace: SourceWorkspace) -> None:
        """Fetch everything of a workspace, with its tags where reports name only their ids."""
        before, wants_tags = self._rows, False

        def progress(begin: date, rows: int) -> None:
            self._job.progress(f"{workspace.name}: {begin.year}", before + rows, None)

        for body in self._pages(workspace, progress):
            for told in entries_of(body, workspace.external_id):
                self._rows += 1
                wants_tags = wants_tags or (told is not None and told.tags is None)
        tags = read_tags(self._client, workspace.external_id) if wants_tags else {}
        self._workspaces.append((workspace, tags))

    def carry_out(self) -> Outcome:
        """Compare with what is here, and write where the import is meant."""
        self._writer.take(self._items())
        self._outcome.unmatched = self._people.unmatched
        for (kind, name), entries in self._lost.most_common():
            told = ngettext(
                "%(kind)s “%(name)s” is not in the mirror, so %(count)d entry gets no task",
                "%(kind)s “%(name)s” is not in the mirror, so %(count)d entries get no task",
                entries,
            )
            self._outcome.problems.add(None, told % {"kind": kind, "name": name, "count": entries})
        self._outcome.notes += self._notes()
        return self._outcome

    def _pages(self, workspace: SourceWorkspace, progress: Callable[[date, int], None]) -> Iterator[bytes]:
        return read_history(
            self._client,
            workspace.external_id,
            self._options.first,
            self._options.last,
            self._store,
            progress,
        )

    def _items(self) -> Iterator[Item]:
        for workspace, tags in self._workspaces:
            members = {each["id"]: each for each in workspace.people or []}
            for body in self._pages(workspace, lambda *_so_far: None):
                for told in entries_of(body, workspace.external_id):
                    if told is None:
                        self._unusable += 1
                        self._outcome.counts.skipped += 1
                    elif (found := self._item(told, workspace.external_id, members, tags)) is not None:
                        yield found
                    else:
                        self._outcome.counts.skipped += 1

    def _item(
        self, told: Tracked, workspace_id: int, members: dict[int, dict[str, str]], tags: dict[int, str]
    ) -> Item | None:
        """Return what to store of an entry; None for one that is left out."""
        id_ = entry_id(self._job.account_id, f"toggl:{told.id}", told.id)
        self._told.add(id_)
        if told.stop is None:
            self._running += 1
            return None
        member = members.get(told.user_id, {})
        name = member.get("name") or told.user_name or f"Toggl {told.user_id}"
        email = (member.get("email") or told.email).lower()
        user_id = self._people.find(name, email)
        if user_id is None:
            self._people.miss(name, email)
            return None
        try:
            return item(
                id_,
                Source(API, workspace_id),
                user_id=user_id,
                task_id=self._task(told, workspace_id),
                start=told.start,
                end=told.stop,
                note=told.note,
                tags=[tags[each] for each in told.tag_ids if each in tags]
                if told.tags is None
                else told.tags,
                billable=told.billable,
            )
        except Invalid as fault:
            self._outcome.problems.add(
                None, f"{told.note[:80] or told.id} ({told.start:%Y-%m-%d}): {sentence(fault)}"
            )
            return None

    def _task(self, told: Tracked, workspace_id: int) -> int | None:
        """Return the mirrored task, else its project; without both the workspace."""
        if told.project_id is None and told.task_id is None:
            return self._tasks.get(("workspace", workspace_id))
        found = self._tasks.get(("task", told.task_id)) or self._tasks.get(("project", told.project_id))
        if found is None:
            if told.project_id is None:
                self._lost[_("The task"), told.task_name or str(told.task_id)] += 1
            else:
                self._lost[_("The project"), told.project_name or str(told.project_id)] += 1
        return found

    def _notes(self) -> list[str]:
        notes = []
        if self._running:
            told = ngettext(
                "%(count)d entry still runs in Toggl and was left out.",
                "%(count)d entries still run in Toggl and were left out.",
                self._running,
            )
            notes.append(told % {"count": self._running})
        if self._unusable:
            told = ngettext(
                "%(count)d entry has no usable id, person or times, and was left out.",
                "%(count)d entries have no usable id, person or times, and were left out.",
                self._unusable,
            )
            notes.append(told % {"count": self._unusable})
        if gone := self._gone():
            told = ngettext(
                "%(count)d entry of an earlier import is not in Toggl any more; it stays here.",
                "%(count)d entries of earlier imports are not in Toggl any more; they stay here.",
                gone,
            )
            notes.append(told % {"count": gone})
        return notes

    def _gone(self) -> int:
        """Count what an earlier import brought and Toggl tells no more.

        The outermost days are not judged: see `_is_inner`.
        """
        inner = self._options.first + timedelta(days=1), self._options.last - timedelta(days=1)
        told = self._told | self._writer.taken
        return sum(
            len(bulk.imported_on(self._job.account_id, *inner, Source(API, workspace.external_id).key) - told)
            for workspace, _tags in self._workspaces
        )

    def _is_inner(self, day: date) -> bool:
        """Whether Toggl told all of a person's day: it begins elsewhere in another zone."""
        return self._options.first < day < self._options.last
