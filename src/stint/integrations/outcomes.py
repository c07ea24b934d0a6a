"""Plans and runs as everybody outside sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from stint.accounts.models import User
from stint.integrations.mirror import Grant, Key, Mirrored, Node, Plan, Snapshot
from stint.integrations.models import Integration, SyncRun

MOST_ITEMS = 10_000
MOST_STORED_ITEMS = 500


class PlanItem(msgspec.Struct, frozen=True):
    """One thing a sync does. `path` holds names from the root; `before` the name or place it had."""

    action: str
    kind: str
    external_id: str
    name: str
    path: list[str]
    before: str | None = None


class PlanOut(msgspec.Struct, frozen=True):
    """What a Save would do, as numbers and as the items (at most MOST_ITEMS; `left_out` says how many more)."""

    create: int
    rename: int
    move: int
    archive: int
    restore: int
    assign: int
    unassign: int
    unchanged: int
    requests: int
    items: list[PlanItem]
    left_out: int
    needs_confirmation: bool
    warnings: list[str]


class Counts(msgspec.Struct, frozen=True):
    """How often each action happened."""

    create: int = 0
    rename: int = 0
    move: int = 0
    archive: int = 0
    restore: int = 0
    assign: int = 0
    unassign: int = 0
    unchanged: int = 0


class SyncRunOut(msgspec.Struct, frozen=True):
    """One sync on record."""

    id: int
    status: Literal["queued", "running", "waiting", "needs_confirmation", "done", "failed"]
    trigger: str
    started_by: str | None
    phase: str
    done: int
    total: int | None
    requests: int
    resumes_at: datetime | None
    counts: Counts
    warnings: list[str]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


class Owner(msgspec.Struct, frozen=True):
    """Whose token the integration uses, here and in Toggl."""

    user_id: int
    email: str
    toggl_email: str


class WorkspaceOut(msgspec.Struct, frozen=True):
    """A workspace the token sees, or saw."""

    id: int
    name: str
    selected: bool


class QuotaOut(msgspec.Struct, frozen=True):
    """Requests left, and seconds until Toggl counts anew (null where it did not say)."""

    remaining: int
    resets_in: int | None


class TogglOut(msgspec.Struct, frozen=True):
    """The Toggl integration of an account. The token itself is never shown; `token_hint` is its end.

    `imported` says that read-only items of Toggl are here, which an export brings without a token, too.
    """

    status: Literal["off", "on", "broken"]
    owner: Owner | None
    token_hint: str
    keep_in_sync: Literal["off", "hourly", "daily", "live"]
    workspaces: list[WorkspaceOut]
    last_sync: SyncRunOut | None
    quota: QuotaOut | None
    imported: bool


class IntegrationOut(msgspec.Struct, frozen=True):
    """An entry of the catalogue."""

    key: str
    name: str
    status: Literal["off", "on", "broken"]


class TogglPerson(msgspec.Struct, frozen=True):
    """A member of the selected Toggl workspaces, and the Stint user with that verified e-mail."""

    external_id: int
    name: str
    email: str
    workspace_ids: list[int]
    active: bool
    user_id: int | None
    invitation: Literal["pending", "accepted"] | None


class Explainer:
    """Turns a plan into items with names and places."""

    def __init__(self, snapshot: Snapshot, mirrored: list[Mirrored]) -> None:
        self._nodes: dict[Key, Node] = {item.key: item for item in mirrored}
        self._nodes.update(snapshot.nodes)
        self._before: dict[Key, Mirrored] = {item.key: item for item in mirrored}

    def items(self, plan: Plan) -> Iterator[PlanItem]:
        """Yield the items of a plan, one for each action."""
        for change in plan.changes:
            node, was = change.node, change.before
            for action in change.actions:
                before = None
                if was is not None and action == "rename":
                    before = was.name
                elif was is not None and action == "move":
                    before = " › ".join(self._path(was.parent, self._before))
                yield PlanItem(
                    action,
                    node.kind,
                    str(node.external_id),
                    node.name,
                    self._path(node.key, self._nodes),
                    before,
                )
        emails = _emails([*plan.assign, *plan.unassign])
        for given, grants in (("assign", plan.assign), ("unassign", plan.unassign)):
            for grant in grants:
                yield PlanItem(
                    given,
                    "person",
                    str(grant.user_id),
                    emails[grant.user_id],
                    self._path(grant.key, self._nodes),
                )

    def _path(self, key: Key | None, nodes: Mapping[Key, Node]) -> list[str]:
        names: list[str] = []
        while key is not None and key in nodes and len(names) < 64:
            names.append(nodes[key].name)
            key = nodes[key].parent
        return names[::-1]


def _emails(grants: list[Grant]) -> dict[int, str]:
    ids = {grant.user_id for grant in grants}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "email"))


def present_run(run: SyncRun) -> SyncRunOut:
    """Return a run as everybody outside sees it."""
    starter = run.started_by
    return SyncRunOut(
        id=run.pk,
        status=run.status,  # type: ignore[arg-type]
        trigger=run.trigger,
        started_by=starter.name if starter else None,
        phase=run.phase,
        done=run.done,
        total=run.total,
        requests=run.requests,
        resumes_at=run.resumes_at,
        counts=msgspec.convert(run.counts, Counts),
        warnings=run.warnings,
        error=run.error or None,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def present_toggl(integration: Integration | None, now: datetime, *, imported: bool) -> TogglOut:
    """Return the integration as everybody outside sees it; one that never was is off."""
    if integration is None:
        return TogglOut("off", None, "", "off", [], None, None, imported)
    owner = integration.owner
    last = integration.runs.select_related("started_by").order_by("-pk").first()
    return TogglOut(
        status=integration.status,  # type: ignore[arg-type]
        owner=Owner(owner.pk, owner.email, integration.external_email) if owner else None,
        token_hint=integration.token_hint,
        keep_in_sync=integration.keep_in_sync,  # type: ignore[arg-type]
        workspaces=[
            WorkspaceOut(row.external_id, row.name, row.selected)
            for row in integration.workspaces.defer("reading", "people").order_by("name", "external_id")
            if row.listed or row.selected
        ],
        last_sync=present_run(last) if last else None,
        quota=_quota(integration, now),
        imported=imported,
    )


def _quota(integration: Integration, now: datetime) -> QuotaOut | None:
    if integration.quota_remaining is None:
        return None
    resets_at = integration.quota_resets_at
    if resets_at is None:
        return QuotaOut(integration.quota_remaining, None)
    if resets_at <= now:
        return None
    return QuotaOut(integration.quota_remaining, int((resets_at - now).total_seconds()))


def stored_items(items: Iterator[PlanItem]) -> list[dict[str, Any]]:
    """Return the first items as a run keeps them."""
    return [msgspec.to_builtins(item) for item, _ in zip(items, range(MOST_STORED_ITEMS), strict=False)]
