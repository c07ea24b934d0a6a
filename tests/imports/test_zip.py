"""Toggl's workspace export becomes part of the mirror, by the ids that the API would tell."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Literal

import pytest

from stint.accounts.queries import Caller
from stint.errors import NotAllowed, NotFound
from stint.imports.services import ImportOut
from stint.integrations import runs as syncs
from stint.integrations import services as mirror
from stint.sandbox import shapes
from stint.sandbox.server import BackgroundSandbox
from stint.tasks.models import Assignment, Task
from tests.domain import hire
from tests.imports.conftest import Desk, counts

pytestmark = pytest.mark.django_db

WID = 6296488
NAME = f"toggl_workspace_{WID}_export_0b6bcd0a.zip"


def export(**changes: Any) -> dict[str, Any]:
    """Return the members of an export, in the shapes of real ones: without `at`, lists that may be null."""
    members = {
        "clients.json": [
            {"id": 10, "wid": 0, "archived": False, "name": "Acme", "creator_id": 9, "total_count": 2},
            {"id": 11, "wid": 0, "archived": True, "name": "Old", "creator_id": 9, "total_count": 2},
        ],
        "projects.json": [
            {"id": 219026657, "workspace_id": WID, "client_id": 10, "name": "Website", "color": "#0b83d9"},
            {"id": 219026658, "workspace_id": WID, "client_id": None, "name": "Internal", "active": False},
            {"id": 219026659, "workspace_id": WID, "client_id": 99, "name": "Of an unseen client", "active": True},
        ],
        "tags.json": None,
        "workspace_users.json": [
            {"id": 1, "uid": 9, "wid": WID, "name": "Mary", "email": "MARY@example.com", "role": "ws_admin"},
            {"id": 2, "uid": 8, "wid": WID, "name": "Left", "email": "left@example.com", "inactive": True},
        ],
        "workspace_settings.json": {"hide_start_end_times": False, "initial_pricing_plan": 0},
        "user_groups.json": [],
        "scheduled_reports.json": None,
        "tasks/219026657.json": [
            {"id": 241190052, "name": "Design", "workspace_id": WID, "project_id": 219026657, "active": True},
            {"id": 241190053, "name": "Done", "workspace_id": WID, "project_id": 219026657, "active": False},
        ],
        "tasks/219026658.json": None,
        "projects_users/219026657.json": [],
        "audit_log/2108099.json": [],
    }  # fmt: skip
    return {name: body for name, body in {**members, **changes}.items() if body != "absent"}


def zipped(members: dict[str, Any], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(folder + name, body if isinstance(body, bytes) else json.dumps(body))
    return out.getvalue()


@pytest.fixture
def office(ada: Caller, mary: Caller) -> Desk:
    return Desk(ada)


def bring(desk: Desk, members: dict[str, Any] | None = None, **options: Any) -> ImportOut:
    name = options.pop("name", NAME)
    return desk.file("toggl_zip", name, zipped(members or export()), **options)


def test_the_structure_becomes_the_mirror(office: Desk, mary: Caller) -> None:
    shown = bring(office, workspace_name="Studio")
    assert (shown.status, counts(shown), shown.problems) == ("done", (9, 0, 0, 0), [])
    site = office.task("project", 219026657)
    assert site.parent == office.task("client", 10)
    assert (site.color, site.read_only) == ("#0b83d9", True)
    assert office.task("workspace", WID).name == "Studio"
    assert office.task("client", 11).archived
    assert office.task("project", 219026658).archived
    assert office.task("project", 219026659).parent == office.task("workspace", WID)
    assert office.task("task", 241190053).archived
    assert list(Assignment.objects.values_list("task_id", "user_id", "origin")) == [
        (office.task("workspace", WID).pk, mary.user_id, "email")
    ]


def test_a_second_import_changes_nothing_and_a_newer_export_moves_and_archives(office: Desk) -> None:
    bring(office)
    assert counts(bring(office)) == (0, 0, 9, 0)
    newer = export()
    newer["projects.json"][0] |= {"name": "Relaunch", "client_id": None}
    del newer["projects.json"][2]
    shown = bring(office, newer, dry_run=True)
    assert (counts(shown), office.task("project", 219026657).name) == ((0, 2, 7, 0), "Website")
    assert counts(office.apply(shown)) == (0, 2, 7, 0)
    moved = office.task("project", 219026657)
    assert (moved.name, moved.parent) == ("Relaunch", office.task("workspace", WID))
    assert office.task("project", 219026659).archived


def test_other_workspaces_are_left_alone(office: Desk) -> None:
    other = {
        name: json.loads(
            json.dumps(body).replace(str(WID), "77").replace("219026", "319026").replace("241190", "341190")
        )
        for name, body in export().items()
    }
    del other["clients.json"]
    bring(office, {**other, "clients.json": []}, name="toggl_workspace_77_export_x.zip")
    before = list(Task.objects.order_by("pk").values())
    bring(office)
    assert list(Task.objects.filter(pk__lte=before[-1]["id"]).order_by("pk").values()) == before


@pytest.mark.parametrize("folder", ["", "toggl_workspace_export/"])
def test_members_may_lie_in_a_folder(office: Desk, folder: str) -> None:
    shown = office.file("toggl_zip", NAME, zipped(export(), folder))
    assert counts(shown) == (9, 0, 0, 0)


def test_an_export_that_does_not_tell_its_workspace_is_taken_and_archives_nothing(office: Desk) -> None:
    text = json.dumps(export()).replace(str(WID), "0")
    shown = bring(office, json.loads(text), name="data.zip")
    assert (shown.status, counts(shown)) == ("done", (9, 0, 0, 0))
    fewer = json.loads(text)
    del fewer["projects.json"][2]
    assert counts(bring(office, fewer, name="data.zip"))[:2] == (0, 0)


def test_rows_that_cannot_be_used_are_told(office: Desk) -> None:
    odd = export()
    odd["projects.json"] += [{"id": None, "name": "No id"}, "not a project"]
    odd["tasks/5.json"] = [{"id": 6, "name": "Lost", "project_id": 5}]
    shown = bring(office, odd)
    assert [problem.message for problem in shown.problems] == [
        "2 rows of projects.json have no usable id, and were left out",
        "1 tasks name a project that is not in the export, and were left out",
    ]


def bomb() -> bytes:
    """Return a small zip of which one member is 300 MB of nothing."""
    out = io.BytesIO()
    archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
    with archive, archive.open("projects.json", "w") as member:
        for _ in range(300):
            member.write(b" " * 2**20)
    return out.getvalue()


def lying() -> bytes:
    """Return a zip whose directory says that a large member is small."""
    content = zipped({"projects.json": b" " * (70 * 2**20)})
    size = (70 * 2**20).to_bytes(4, "little")
    return content.replace(size, (100).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no zip at all", "no zip that can be read"),
        (zipped(export())[:-200], "no zip that can be read"),
        (zipped({"readme.txt": b"hello"}), "has no projects.json"),
        (zipped(export(**{"clients.json": b'[{"id": 1,'})), "clients.json in the zip is not the list"),
        (zipped(export(**{"clients.json": {"id": 1}})), "clients.json in the zip is not the list"),
        (bomb(), "more than any export"),
        (lying(), "no zip that can be read"),
    ],
    ids=["text", "cut", "another zip", "cut member", "no list", "bomb", "lying"],
)
def test_wrong_zips_are_refused_and_nothing_is_written(office: Desk, content: bytes, why: str) -> None:
    shown = office.file("toggl_zip", NAME, content)
    assert shown.status == "failed"
    assert why in (shown.error or "")
    assert not Task.objects.exists()


@pytest.mark.parametrize("released", [None, "archive", "keep"])
def test_enabling_toggl_later_finds_the_same_items(
    office: Desk, settings: Any, released: Literal["archive", "keep"] | None
) -> None:
    hire(office.caller, "Grace")
    with BackgroundSandbox("small") as sandbox:
        place = sandbox.workplace
        wid = next(iter(place.workspaces))
        plain = {
            "clients.json": [shapes.client(c) for c in place.clients.values()],
            "projects.json": [shapes.project(p) for p in place.projects.values()],
            "workspace_users.json": [shapes.member(place, m) for m in place.members.values()],
            **{
                f"tasks/{p}.json": [shapes.task(t) for t in rows.values()]
                for p, rows in place.project_tasks.items()
            },
        }
        office.file(
            "toggl_zip", f"toggl_workspace_{wid}_export_x.zip", zipped(plain), workspace_name="Small Studio"
        )
        columns = ("pk", "source_kind", "source_id", "parent_id", "archived", "read_only")
        before = set(Task.objects.values_list(*columns))
        if released:
            mirror.unlink(office.caller, released)
            assert not Task.objects.filter(read_only=True).exists()
        settings.TOGGL_API_URL, settings.TOGGL_REQUESTS_PER_SECOND = sandbox.url, 1000.0
        mirror.enable(office.caller, sandbox.token)
        run = mirror.save(office.caller, [wid])
        syncs.run_sync.call(run.id)
        assert mirror.run(office.caller, run.id).counts.create == 0
        assert set(Task.objects.values_list(*columns)) == before
        refused = office.file("toggl_zip", f"toggl_workspace_{wid}_export_x.zip", zipped(plain))
        assert "press Sync now instead" in (refused.error or "")


def test_a_tree_without_a_token_is_released_once_and_a_newer_export_finds_it_again(
    office: Desk, mary: Caller
) -> None:
    assert not mirror.toggl(office.caller).imported
    bring(office)
    state = mirror.toggl(office.caller)
    assert (state.status, state.imported) == ("off", True)
    with pytest.raises(NotAllowed):
        mirror.unlink(mary)
    mirror.unlink(office.caller, "archive")
    assert set(Task.objects.values_list("read_only", "in_archive")) == {(False, True)}
    assert not mirror.toggl(office.caller).imported
    with pytest.raises(NotFound):
        mirror.unlink(office.caller)
    bring(office)
    assert (Task.objects.count(), mirror.toggl(office.caller).imported) == (9, True)
    assert not office.task("project", 219026657).in_archive
    mirror.unlink(office.caller, "keep")
    assert not office.task("project", 219026657).in_archive


def test_an_export_that_would_archive_much_asks_first(office: Desk) -> None:
    many = export()
    many["projects.json"] += [
        {"id": 300 + n, "workspace_id": WID, "client_id": None, "name": f"P {n}", "active": True}
        for n in range(40)
    ]
    bring(office, many)
    asking = bring(office)
    assert (asking.status, asking.can_apply) == ("needs_confirmation", True)
    assert not office.task("project", 300).archived
    assert office.apply(asking, confirm=True).status == "done"
    assert office.task("project", 300).archived
