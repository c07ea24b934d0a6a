"""The mirrored tree: what Toggl's data ask for, and what stands in Stint's database."""

from __future__ import annotations

import random

from stint.sandbox import edits
from stint.sandbox.workplace import Workplace, alive
from torture.rows import Database

Key = tuple[str, int]
Tree = dict[Key, tuple[str, Key | None, bool]]
"""Name, parent and own archived state of each mirrored task."""


def wanted(place: Workplace) -> Tree:
    """Return the tree that all of a workplace makes; what is deleted there is not in it."""
    tree: Tree = {("root", 0): ("Toggl", None, False)}
    for workspace in alive(place.workspaces.values()):
        tree["workspace", workspace.id] = (workspace.name, ("root", 0), False)
    for client in alive(place.clients.values()):
        tree["client", client.id] = (client.name, ("workspace", client.wid), client.archived)
    for project in alive(place.projects.values()):
        has_client = project.client_id is not None and ("client", project.client_id) in tree
        parent = ("client", project.client_id or 0) if has_client else ("workspace", project.workspace_id)
        tree["project", project.id] = (project.name, parent, not project.active)
    for task in alive(place.tasks.values()):
        tree["task", task.id] = (task.name, ("project", task.project_id), not task.active)
    return tree


def found(database: Database) -> Tree:
    """Return the mirrored tree that stands in the database."""
    rows = database.rows(
        """SELECT t.source_kind, t.source_id, t.name, p.source_kind, p.source_id, t.archived
             FROM tasks_task t LEFT JOIN tasks_task p ON p.id = t.parent_id WHERE t.source = 'toggl'"""
    )
    return {
        (kind, id_): (name, (above, above_id) if above else None, bool(archived))
        for kind, id_, name, above, above_id, archived in rows
    }


def differences(asked: Tree, stands: Tree) -> list[str]:
    """Return how a tree differs from the one asked for; what is only in it must be archived."""
    faults = [
        f"{key}: wanted {asked[key]}, found {stands.get(key)}"
        for key in asked
        if stands.get(key) != asked[key]
    ]
    return faults + [
        f"{key}: should be archived" for key in stands.keys() - asked.keys() if not stands[key][2]
    ]


def stir(place: Workplace, chance: random.Random, version: int) -> None:
    """Change a workplace in many rows at once: every name, some states and places, one row more and one less."""
    with place.lock:
        for client in alive(place.clients.values()):
            edits.update_client(place, client.id, name=_named(client.name, version))
        for project in alive(place.projects.values()):
            clients = [None, *(client.id for client in place.clients_in(project.workspace_id))]
            edits.move_project(
                place, project.id, chance.choice(clients), _named(project.name, version, project.id)
            )
            edits.update_project(place, project.id, active=chance.random() > 0.2)
        for task in alive(place.tasks.values()):
            edits.update_task(
                place, task.id, name=_named(task.name, version, task.id), active=chance.random() > 0.2
            )
        projects = alive(place.projects.values())
        parent = chance.choice(projects)
        edits.create_project(place, parent.workspace_id, f"New #{version}")
        edits.create_task(place, parent.id, f"New #{version}")
        if len(projects) > 5:
            edits.delete_project(place, chance.choice(projects).id)


def _named(name: str, version: int, id_: int = 0) -> str:
    return f"{name.split(' #')[0]} #{version}{f' of {id_}' if id_ else ''}"
