"""Items as Toggl sends them: of a hundred one is a client, ten are projects, the others tasks of one workspace."""

from __future__ import annotations

import msgspec

ITEMS = 100_000
PER_PAGE = 200
WORKSPACE = 1


def answers(items: int = ITEMS) -> dict[str, bytes]:
    """Return `{key of the page store: body}`, 32 MB in all for 100,000 items."""
    client_count, project_count = items // 100, items // 10
    at = "2026-11-20T09:15:27+00:00"
    clients = [
        {"id": 60_000_000 + i, "wid": WORKSPACE, "archived": i % 9 == 8, "name": f"Client {i} Ltd", "at": at,
         "creator_id": 2_166_261, "total_count": 0, "permissions": None, "external_reference": None}
        for i in range(client_count)
    ]  # fmt: skip
    projects = [
        {"id": 219_000_000 + i, "workspace_id": WORKSPACE, "client_id": 60_000_000 + i % client_count,
         "name": f"Website redesign {i}", "is_private": False, "active": i % 9 != 8, "at": at, "created_at": at,
         "server_deleted_at": None, "color": "#0b83d9", "billable": None, "template": None, "auto_estimates": None,
         "estimated_hours": None, "estimated_seconds": None, "rate": None, "rate_last_updated": None,
         "currency": None, "recurring": False, "fixed_fee": None, "actual_hours": 12, "wid": WORKSPACE}
        for i in range(project_count)
    ]  # fmt: skip
    tasks = [
        {"id": 4_311_000_000 + i, "name": f"Design review of part {i}", "workspace_id": WORKSPACE,
         "project_id": 219_000_000 + i % project_count, "user_id": None, "recurring": False, "active": i % 7 != 6,
         "at": at, "estimated_seconds": 3600, "tracked_seconds": 7_200_000, "wid": WORKSPACE, "rate": None,
         "project_name": f"Website redesign {i % project_count}", "project_color": "#0b83d9", "project_billable": None}
        for i in range(items - client_count - project_count)
    ]  # fmt: skip
    top = f"/workspaces/{WORKSPACE}"
    kept = {
        f"{top}#start": msgspec.json.encode({"read_at": 0.0, "projects_since": None, "tasks_since": None}),
        f"{top}/clients?status=both": msgspec.json.encode(clients),
        f"{top}/workspace_users?": b"[]",
    }
    for kind, rows in (("projects", projects), ("tasks", tasks)):
        for number, first in enumerate(range(0, len(rows) + 1, PER_PAGE), 1):
            page: object = rows[first : first + PER_PAGE]
            if kind == "tasks":
                page = {"total_count": len(rows), "data": page, "page": number, "per_page": PER_PAGE}
            kept[f"{top}/{kind}?active=both&page={number}&per_page={PER_PAGE}"] = msgspec.json.encode(page)
    return kept
