"""Toggl's readings as the mirror's snapshot: the tree and who is a member where."""

from __future__ import annotations

from collections.abc import Iterable

from stint.integrations.mirror import Key, Node, Snapshot
from stint.integrations.toggl.bodies import ReadWorkspace, WorkspaceReading

ROOT: Key = ("root", 0)
ROOT_NAME = "Toggl"


def snapshot(readings: Iterable[tuple[ReadWorkspace, WorkspaceReading]]) -> Snapshot:
    """Return root > workspaces > clients > projects > tasks.

    A project without a client, or with one that the token does not see, stands under its workspace.
    """
    nodes: dict[Key, Node] = {ROOT: Node(*ROOT, None, ROOT_NAME, archived=False)}
    members: dict[Key, frozenset[str] | None] = {}
    for workspace, reading in readings:
        top: Key = ("workspace", workspace.id)
        nodes[top] = Node(*top, ROOT, workspace.name, archived=False)
        for client in reading.clients:
            nodes["client", client.id] = Node("client", client.id, top, client.name, client.archived)
        clients = {client.id for client in reading.clients}
        for project in reading.projects:
            parent: Key = ("client", project.client_id) if project.client_id in clients else top
            nodes["project", project.id] = Node(
                "project",
                project.id,
                parent,
                project.name,
                project.archived,
                project.color,
                project.billable,
            )
        for task in reading.tasks:
            above: Key = ("project", task.project_id)
            nodes["task", task.id] = Node("task", task.id, above, task.name, task.archived)
        members[top] = (
            None
            if reading.people is None
            else frozenset(
                person.email.lower() for person in reading.people if person.active and person.email
            )
        )
    return Snapshot(nodes, members)
