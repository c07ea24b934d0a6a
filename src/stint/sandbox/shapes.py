"""Rows as Toggl sends them: the keys, their order and their formats follow recorded answers of the API v9."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .model import Client, Member, Organization, Person, Project, ProjectUser, Tag, Task, TimeEntry, Workspace
from .workplace import Workplace, alive, now

Json = dict[str, Any]
PLAN_IDS = {"free": 0, "starter": 13, "premium": 14, "enterprise": 15}
# What is told without a range: about the last nine days.
RECENT = 9 * 86_400
ROLE_IDS = {"admin": 1, "projectlead": 2, "user": 3, "teamlead": 4}


def stamp(at: int | None) -> str | None:
    """Return an instant as most rows have it: whole seconds and `+00:00`."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def precise(at: int) -> str:
    """Return an instant as people, tags and entries have it: microseconds and `Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(text: str) -> str:
    """Return 32 hexadecimal digits that look like Toggl's hashes and tokens."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def me(place: Workplace, person: Person, *, related: bool = False) -> Json:
    """Return `/me`. Lists come only with `related`, and a list with nothing in it is left out."""
    body: Json = {
        "id": person.id,
        "api_token": person.api_token,
        "email": person.email,
        "fullname": person.fullname,
        "timezone": person.timezone,
        "toggl_accounts_id": digest(person.email)[:22],
        "default_workspace_id": person.default_workspace_id,
        "beginning_of_week": 1,
        "image_url": "https://example.org/image.jpg",
        "created_at": precise(person.at - 90_000_000),
        "updated_at": precise(person.at),
        "openid_email": None,
        "openid_enabled": False,
        "country_id": None,
        "has_password": True,
        "at": precise(person.at),
        "intercom_hash": digest("intercom" + person.email),
        "oauth_providers": [],
    }
    if related:
        body |= {name: rows for name, rows in _related(place, person).items() if rows}
    return body | {"authorization_updated_at": precise(person.at - 40_000_000)}


def _related(place: Workplace, person: Person) -> dict[str, list[Json]]:
    mine = place.workspaces_of(person.id)
    ids = {w.id for w in mine}
    projects = [p for w in mine for p in alive(place.visible_projects(person.id, w.id))]
    clients = [c for w in mine if place.sees_clients(person.id, w.id) for c in place.clients_in(w.id)]
    return {
        "tags": [tag(t) for t in place.tags.values() if t.workspace_id in ids],
        "clients": [client(c) for c in clients if not c.archived],
        "time_entries": [entry(e) for e in recent(place.entries.values()) if e.user_id == person.id],
        "projects": [project(p) for p in projects],
        "tasks": [
            task(t)
            for w in mine
            if place.organization_of(w.id).pays
            for t in alive(place.visible_tasks(person.id, w.id))
        ],
        "workspaces": [workspace(place, w, person) for w in mine],
    }


def organization(place: Workplace, row: Organization, person: Person) -> Json:
    """Return an organisation as the person sees it."""
    wids = {w.id for w in place.workspaces.values() if w.organization_id == row.id}
    members = [m for m in place.members.values() if m.wid in wids]
    return {
        "id": row.id,
        "name": row.name,
        "pricing_plan_id": PLAN_IDS[row.plan],
        "created_at": precise(row.at),
        "at": precise(row.at),
        "server_deleted_at": None,
        "is_multi_workspace_enabled": row.plan in ("premium", "enterprise"),
        "suspended_at": None,
        "user_count": len({m.uid for m in members}),
        "trial_info": {
            "trial": False,
            "trial_available": True,
            "trial_end_date": None,
            "next_payment_date": None,
            "last_pricing_plan_id": None,
            "can_have_trial": True,
            "trial_plan_id": None,
        },
        "is_unified": False,
        "max_workspaces": 20,
        "permissions": None,
        "admin": row.owner_id == person.id or any(m.admin and m.uid == person.id for m in members),
        "owner": row.owner_id == person.id,
        "pricing_plan_name": row.plan.capitalize(),
        "pricing_plan_enterprise": row.plan == "enterprise",
    }


def workspace(place: Workplace, row: Workspace, person: Person) -> Json:
    """Return a workspace as the person sees it; its own `api_token` only goes to admins."""
    plan = place.organizations[row.organization_id].plan
    member = place.membership(person.id, row.id)
    admin = member is not None and member.admin
    return {
        "id": row.id,
        "organization_id": row.organization_id,
        "name": row.name,
        "premium": plan != "free",
        "business_ws": plan in ("premium", "enterprise"),
        "admin": admin,
        "role": member.role if member else "user",
        "suspended_at": None,
        "server_deleted_at": stamp(row.deleted_at),
        "default_hourly_rate": None,
        "rate_last_updated": None,
        "default_currency": "EUR",
        "only_admins_may_create_projects": row.only_admins_may_create_projects,
        "only_admins_may_create_tags": False,
        "only_admins_see_billable_rates": False,
        "only_admins_see_team_dashboard": False,
        "projects_billable_by_default": True,
        "projects_private_by_default": True,
        "projects_enforce_billable": False,
        "limit_public_project_data": False,
        "last_modified": datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%dT00:00:00Z"),
        "reports_collapse": True,
        "rounding": 0,
        "rounding_minutes": 0,
        "api_token": digest(f"workspace {row.id}") if admin else None,
        "at": stamp(row.at),
        "logo_url": "https://example.org/image.jpg",
        "ical_url": None,
        "ical_enabled": True,
        "csv_upload": None,
        "subscription": None,
        "hide_start_end_times": False,
        "working_hours_in_minutes": None,
    }


def client(row: Client) -> Json:
    """Return a client: `wid` only, no `workspace_id`; `notes` are left out when there are none."""
    body: Json = {
        "id": row.id,
        "wid": row.wid,
        "archived": row.archived,
        "name": row.name,
        "at": stamp(row.at),
        "creator_id": row.creator_id,
    }
    if row.notes:
        body["notes"] = row.notes
    if row.deleted_at is not None:
        body["server_deleted_at"] = stamp(row.deleted_at)
    return body


def project(row: Project) -> Json:
    """Return a project; `end_date` is left out when there is none."""
    status = "deleted" if row.deleted_at is not None else "active" if row.active else "archived"
    body: Json = {
        "id": row.id,
        "workspace_id": row.workspace_id,
        "client_id": row.client_id,
        "name": row.name,
        "is_private": row.is_private,
        "active": row.active,
        "at": stamp(row.at),
        "created_at": stamp(row.created_at),
        "server_deleted_at": stamp(row.deleted_at),
        "color": row.color,
        "billable": row.billable,
        "template": None,
        "auto_estimates": None,
        "estimated_hours": None,
        "estimated_seconds": None,
        "rate": None,
        "rate_last_updated": None,
        "currency": None,
        "recurring": False,
        "template_id": None,
        "recurring_parameters": None,
        "fixed_fee": None,
        "actual_hours": row.actual_seconds // 3600,
        "actual_seconds": row.actual_seconds,
        "tasks_count": None,
        "can_track_time": True,
        "start_date": row.start_date,
        "status": status,
        "wid": row.workspace_id,
        "cid": row.client_id,
        "is_shared": False,
        "pinned": False,
    }
    if row.end_date is not None:
        body["end_date"] = row.end_date
    return body


def task(row: Task) -> Json:
    """Return a task: the new names only, no `wid` or `pid`."""
    return {
        "id": row.id,
        "name": row.name,
        "workspace_id": row.workspace_id,
        "project_id": row.project_id,
        "user_id": row.user_id,
        "recurring": False,
        "active": row.active,
        "at": stamp(row.at),
        "server_deleted_at": stamp(row.deleted_at),
        "estimated_seconds": row.estimated_seconds,
        "tracked_seconds": row.tracked_seconds,
    }


def member(place: Workplace, row: Member) -> Json:
    """Return a row of `workspace_users`: `id` is the membership's, `uid` the person's."""
    person = place.people[row.uid]
    owner = place.organization_of(row.wid).owner_id == row.uid
    return {
        "id": row.id,
        "uid": row.uid,
        "wid": row.wid,
        "name": person.fullname,
        "email": person.email,
        "active": row.active,
        "admin": row.admin,
        "inactive": row.inactive,
        "role": row.role,
        "role_id": ROLE_IDS.get(row.role, 3),
        "timezone": person.timezone,
        "group_ids": None,
        "is_direct": True,
        "at": stamp(row.at),
        "avatar_file_name": None,
        "rate": None,
        "rate_last_updated": None,
        "labor_cost": None,
        "labor_cost_last_updated": None,
        "organization_admin": owner,
        "workspace_admin": row.admin,
        "working_hours_in_minutes": None,
        "view_edit_billable_rates": row.admin,
        "view_edit_labor_costs": row.admin,
        "2fa_enabled": False,
        "invitation_code": None if row.active else digest(f"invitation {row.id}"),
        "invite_url": None,
    }


def simple_user(place: Workplace, row: Member) -> Json:
    """Return a row of `/users`: `id` is the person's."""
    person = place.people[row.uid]
    return {
        "id": row.uid,
        "email": person.email,
        "fullname": person.fullname,
        "inactive": row.inactive,
        "is_active": row.active,
        "is_admin": row.admin,
        "role": row.role,
    }


def org_user(place: Workplace, row: Organization, uid: int, members: list[Member]) -> Json:
    """Return a person of an organisation with the memberships in its workspaces."""
    person = place.people[uid]
    joined = any(m.active for m in members)
    owner = row.owner_id == uid
    return {
        "id": members[0].id,
        "user_id": uid,
        "name": person.fullname,
        "email": person.email,
        "joined": joined,
        "inactive": all(m.inactive for m in members),
        "invitation_id": None if joined else members[0].id,
        "organization_id": row.id,
        "role_id": 1 if owner else 3,
        "admin": owner,
        "owner": owner,
        "groups": [],
        "workspaces": [
            {
                "workspace_id": m.wid,
                "workspace_name": place.workspaces[m.wid].name,
                "workspace_user_id": m.id,
                "role": m.role,
                "role_id": ROLE_IDS.get(m.role, 3),
                "admin": m.admin,
                "inactive": m.inactive,
                "active": m.active,
                "rate": None,
                "cost": None,
                "groups": [],
            }
            for m in members
        ],
        "workspace_count": len(members),
        "avatar_url": None,
        "can_edit_email": False,
        "2fa_enabled": False,
    }


def tag(row: Tag) -> Json:
    """Return a tag."""
    return {
        "id": row.id,
        "workspace_id": row.workspace_id,
        "name": row.name,
        "at": precise(row.at),
        "creator_id": row.creator_id,
    }


def project_user(row: ProjectUser) -> Json:
    """Return a person's membership of a project."""
    return {
        "id": row.id,
        "project_id": row.project_id,
        "user_id": row.user_id,
        "group_id": None,
        "gid": None,
        "workspace_id": row.workspace_id,
        "manager": row.manager,
        "rate": None,
        "rate_last_updated": None,
        "labor_cost": None,
        "labor_cost_last_updated": None,
        "at": stamp(row.at),
    }


def new_entry(row: TimeEntry) -> Json:
    """Return an entry as the answer to its creation has it: instants with `Z`, and null for no tags."""
    written = {
        name: at and precise(at).replace(".000000", "")
        for name, at in (("start", row.start), ("stop", row.stop))
    }
    return entry(row) | written | {"tags": row.tags or None, "tag_ids": None}


def entry(row: TimeEntry) -> Json:
    """Return a time entry; `pid` and `tid` are left out when there is no project or task."""
    body: Json = {
        "id": row.id,
        "workspace_id": row.workspace_id,
        "project_id": row.project_id,
        "task_id": row.task_id,
        "billable": row.billable,
        "start": stamp(row.start),
        "stop": stamp(row.stop),
        "duration": row.duration,
        "description": row.description,
        "tags": row.tags,
        "tag_ids": [],
        "duronly": True,
        "at": precise(row.at),
        "server_deleted_at": stamp(row.deleted_at),
        "user_id": row.user_id,
        "uid": row.user_id,
        "wid": row.workspace_id,
    }
    if row.project_id is not None:
        body["pid"] = row.project_id
    if row.task_id is not None:
        body["tid"] = row.task_id
    return body


def recent(rows: Iterable[TimeEntry]) -> list[TimeEntry]:
    """Return the entries that are told when no range is asked for."""
    return [row for row in alive(rows) if row.start >= now() - RECENT]


def report_group(place: Workplace, row: TimeEntry, number: int, zone: ZoneInfo, *, enriched: bool) -> Json:
    """Return an entry as a group of a report; times are those of the asking person's zone."""
    tags = {tag.name: tag.id for tag in place.tags.values() if tag.workspace_id == row.workspace_id}
    person = place.people.get(row.user_id)
    times: Json = {
        "at": stamp(row.at),
        "at_tz": local(row.at, zone),
        "id": row.id,
        "seconds": row.duration,
        "start": local(row.start, zone),
    }
    if row.stop is not None:
        times["stop"] = local(row.stop, zone)
    group: Json = {
        "billable": row.billable,
        "billable_amount_in_cents": None,
        "currency": "EUR",
        "description": row.description or "",
        "hourly_rate_in_cents": None,
        "project_id": row.project_id,
        "row_number": number,
        "tag_ids": [tags[name] for name in row.tags if name in tags] or None,
        "task_id": row.task_id,
        "time_entries": [times],
        "user_id": row.user_id,
        "username": person.fullname if person else "",
    }
    return group | (_names(place, row) if enriched else {})


def local(at: int, zone: ZoneInfo) -> str:
    """Return an instant as reports have it: with the offset of a zone."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")


def _names(place: Workplace, row: TimeEntry) -> Json:
    """Return what `enrich_response` adds."""
    project = place.projects.get(row.project_id or 0)
    client = place.clients.get((project.client_id or 0) if project else 0)
    task = place.tasks.get(row.task_id or 0)
    person = place.people.get(row.user_id)
    return {
        "client_name": client.name if client else None,
        "email": person.email if person else None,
        "project_color": "0",
        "project_hex": project.color if project else None,
        "project_name": project.name if project else None,
        "tag_names": row.tags or None,
        "task_name": task.name if task else None,
        "toggl_accounts_id": digest(f"account {row.user_id}"),
    }
