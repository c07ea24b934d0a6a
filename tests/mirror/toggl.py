"""A small Toggl whose items a test changes between syncs, over real HTTP."""

from __future__ import annotations

import base64
from typing import Any

from tests.toggl.stand_in import Reply, StandIn

TOKEN = "0123456789abcdef0123456789abcdef"

Row = dict[str, Any]


class Toggl(StandIn):
    """Workspaces with their clients, projects, tasks and people; `faults` answer in place of a path."""

    def __init__(self) -> None:
        super().__init__()
        self.token = TOKEN
        self.email = "owner@toggl.example.com"
        self.workspaces: dict[int, Row] = {}
        self.lists: dict[tuple[int, str], list[Row]] = {}
        self.faults: dict[str, Reply] = {}
        self.on("/me", self.guarded(lambda _: {"id": 9, "email": self.email, "fullname": "Owner"}))
        self.on("/me/workspaces", self.guarded(lambda _: list(self.workspaces.values()) or None))

    def answer(self, handler: Any) -> None:
        wanted = "Basic " + base64.b64encode(f"{self.token}:api_token".encode()).decode()
        self.allowed = handler.headers.get("Authorization") == wanted
        super().answer(handler)

    def add_workspace(self, id_: int = 1, name: str = "Team", **more: Any) -> int:
        self.workspaces[id_] = {
            "id": id_,
            "name": name,
            "organization_id": 7,
            "premium": True,
            "admin": True,
        } | more
        for kind in ("clients", "projects", "tasks", "workspace_users"):
            self.lists[id_, kind] = []
            self.on(f"/workspaces/{id_}/{kind}", self.guarded(self._pages(id_, kind)))
        return id_

    def add_client(self, id_: int, name: str, workspace: int = 1, **more: Any) -> Row:
        return self._add(
            workspace, "clients", {"id": id_, "wid": workspace, "name": name, "archived": False} | more
        )

    def add_project(
        self, id_: int, name: str, client: int | None = None, workspace: int = 1, **more: Any
    ) -> Row:
        row = {"id": id_, "workspace_id": workspace, "client_id": client, "name": name, "active": True}
        return self._add(workspace, "projects", row | more)

    def add_task(self, id_: int, name: str, project: int, workspace: int = 1, **more: Any) -> Row:
        row = {"id": id_, "name": name, "project_id": project, "workspace_id": workspace, "active": True}
        return self._add(workspace, "tasks", row | more)

    def add_person(self, id_: int, email: str, workspace: int = 1, **more: Any) -> Row:
        row = {"id": id_ + 1000, "uid": id_, "wid": workspace, "name": email, "email": email}
        return self._add(workspace, "workspace_users", row | {"active": True, "inactive": False} | more)

    def remove(self, kind: str, id_: int, workspace: int = 1) -> None:
        key = "uid" if kind == "workspace_users" else "id"
        self.lists[workspace, kind] = [row for row in self.lists[workspace, kind] if row[key] != id_]

    def _add(self, workspace: int, kind: str, row: Row) -> Row:
        self.lists[workspace, kind].append(row)
        return row

    def _pages(self, workspace: int, kind: str) -> Any:
        def page(query: dict[str, str]) -> Any:
            rows = self.lists[workspace, kind]
            if "per_page" not in query:
                return rows or None
            size, number = int(query["per_page"]), int(query["page"])
            part = rows[(number - 1) * size : number * size]
            if kind == "tasks":
                return {"total_count": len(rows), "data": part or None, "page": number, "per_page": size}
            return part or None

        return page

    def guarded(self, body: Any) -> Any:
        def reply(query: dict[str, str]) -> Reply:
            path = self.asked[-1][0]
            if not self.allowed:
                return Reply("Incorrect username and/or password", 403)
            return self.faults.get(path) or Reply(body(query))

        return reply
