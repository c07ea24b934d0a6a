"""Snapshots for hypothesis, and what a plan would make of a mirror, without a database."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from stint.integrations.mirror import Key, Mirrored, Node, Plan, Snapshot

ROOT: Key = ("root", 0)
NAMES = st.sampled_from(["Acme", "Website", "Website", "Ünïcode ✨", "x" * 300, "שלום"])
EMAILS = ["ada@example.com", "grace@example.com", "linus@example.com"]
IDS = st.integers(1, 6)
COLORS = st.sampled_from(["", "#0b83d9", "#d92b2b"])


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Draw a source of up to six of each kind, whose items move, vanish and come back between two draws."""
    nodes: dict[Key, Node] = {ROOT: Node("root", 0, None, "Toggl", archived=False)}

    def add(kind: str, parents: list[Key]) -> list[Key]:
        ids = draw(st.sets(IDS, max_size=6)) if parents else set()
        for id_ in sorted(ids):
            parent = draw(st.sampled_from(parents))
            archived = kind != "workspace" and draw(st.booleans())
            look = (draw(COLORS), draw(st.booleans())) if kind == "project" else ("", False)
            nodes[kind, id_] = Node(kind, id_, parent, draw(NAMES), archived, *look)
        return [(kind, id_) for id_ in sorted(ids)]

    workspaces = add("workspace", [ROOT])
    clients = add("client", workspaces)
    projects = add("project", [*workspaces, *clients])
    add("task", projects)
    members = {
        workspace: draw(st.one_of(st.none(), st.frozensets(st.sampled_from(EMAILS))))
        for workspace in workspaces
    }
    return Snapshot(nodes, members)


def carried_out(plan: Plan, mirrored: list[Mirrored]) -> list[Mirrored]:
    """Return the mirror after a plan, each new item with an id of its own."""
    after = {item.key: item for item in mirrored}
    for change in plan.changes:
        node = change.node
        task_id = change.before.task_id if change.before else len(after) + 1
        after[node.key] = Mirrored(**msgspec.structs.asdict(node), task_id=task_id)
    return list(after.values())
