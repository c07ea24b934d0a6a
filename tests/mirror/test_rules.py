"""The sixteen rules of the Toggl mirror, each on a real tree with Toggl over real HTTP."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from stint.accounts.invitations import InvitationOut, accept
from stint.accounts.models import Invitation, Role
from stint.accounts.services import create_account
from stint.entries.models import Entry
from stint.entries.services import NewEntry, StartTimer, add_entry, start_timer, stop_timer
from stint.errors import Conflict, Invalid, NotAllowed, NotFound
from stint.integrations import runs, services
from stint.integrations.coworkers import coworkers, invite_coworkers
from stint.integrations.models import FetchedPage, Integration, SourceWorkspace, SyncRun
from stint.integrations.toggl.errors import TogglForbidden, TogglRefused, TogglUnreachable
from stint.tasks import services as tree
from stint.tasks.models import Assignment, Favourite, Task
from stint.tasks.queries import looks
from tests.mirror.conftest import Mirror, caller
from tests.mirror.toggl import TOKEN
from tests.toggl.stand_in import Reply

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)
WHOLE_TREE = {
    "Toggl",
    "Toggl/Team",
    "Toggl/Team/Acme",
    "Toggl/Team/Acme/Website",
    "Toggl/Team/Acme/Website/Design",
    "Toggl/Team/Acme/Website/Build",
    "Toggl/Team/Globex",
    "Toggl/Team/Globex/Website",
    "Toggl/Team/Internal",
}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MANAGER])
def test_rule_1_only_administrators_reach_the_integration(mirrored: Mirror, role: str) -> None:
    other = caller(mirrored.member("linus@example.com", role))
    acts: list[Any] = [
        lambda: services.catalogue(other),
        lambda: services.toggl(other),
        lambda: services.enable(other, TOKEN),
        lambda: services.reenable(other, TOKEN),
        lambda: services.preview(other, [1]),
        lambda: services.save(other, [1]),
        lambda: services.sync_now(other),
        lambda: services.syncs(other),
        lambda: services.run(other, 1),
        lambda: coworkers(other),
        lambda: services.set_keep_in_sync(other, "daily"),
        lambda: services.unlink(other),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_rule_2_a_wrong_token_is_refused_and_nothing_is_stored(mirror: Mirror) -> None:
    with pytest.raises(TogglRefused):
        mirror.enable("ffffffffffffffffffffffffffffffff")
    assert not Integration.objects.exists()


def test_rule_2_an_unreachable_toggl_stores_nothing(mirror: Mirror, settings: Any) -> None:
    settings.TOGGL_API_URL = "http://127.0.0.1:9"
    with pytest.raises(TogglUnreachable):
        mirror.enable()
    assert not Integration.objects.exists()


def test_rule_2_the_token_is_encrypted_and_only_its_end_is_shown(mirrored: Mirror) -> None:
    stored = Integration.objects.get()
    assert TOKEN not in stored.token_encrypted
    shown = services.toggl(mirrored.caller)
    assert shown.token_hint == TOKEN[-4:]
    assert TOKEN not in repr(shown)


def test_rule_3_one_integration_an_account(mirrored: Mirror) -> None:
    with pytest.raises(Conflict):
        mirrored.enable()


def test_rule_4_preview_tells_what_save_does_and_writes_nothing(mirror: Mirror) -> None:
    mirror.toggl.add_workspace(1, "Team")
    mirror.toggl.add_project(100, "Website")
    mirror.enable()
    plan = services.preview(mirror.caller, [1])
    assert (plan.create, plan.assign, plan.archive) == (3, 1, 0)
    assert [item.path for item in plan.items if item.kind == "project"] == [["Toggl", "Team", "Website"]]
    assert not Task.objects.exists()
    run = mirror.save(1)
    assert (run.counts.create, run.counts.assign) == (3, 1)


def test_rule_4_a_save_right_after_its_preview_asks_toggl_nothing_again(mirror: Mirror) -> None:
    mirror.toggl.add_workspace(1, "Team")
    mirror.enable()
    services.preview(mirror.caller, [1])
    assert mirror.save(1).requests == 0
    assert not FetchedPage.objects.exists()


def test_rule_4_an_unknown_workspace_is_named(mirrored: Mirror) -> None:
    with pytest.raises(Invalid, match="77") as fault:
        services.save(mirrored.caller, [1, 77])
    assert fault.value.errors[0].field == "workspace_ids"


def test_rule_5_the_tree_has_toggls_structure(mirrored: Mirror) -> None:
    assert mirrored.paths() == WHOLE_TREE


def test_rule_5_a_project_of_a_client_nobody_may_see_stands_under_the_workspace(mirrored: Mirror) -> None:
    mirrored.toggl.add_project(103, "Secret", client=999)
    mirrored.sync()
    assert "Toggl/Team/Secret" in mirrored.paths()


def test_rule_5_mirrored_tasks_are_read_only_for_everybody(mirrored: Mirror) -> None:
    who = mirrored.caller
    for task in Task.objects.all():
        for act in (
            lambda pk=task.pk: tree.update_task(who, pk, name="Mine"),
            lambda pk=task.pk: tree.update_task(who, pk, parent_id=None),
            lambda pk=task.pk: tree.update_task(who, pk, color="#d3543f"),
            lambda pk=task.pk: tree.update_task(who, pk, billable=True),
            lambda pk=task.pk: tree.archive_task(who, pk),
            lambda pk=task.pk: tree.restore_task(who, pk),
            lambda pk=task.pk: tree.create_task(who, "Mine", pk),
        ):
            with pytest.raises(NotAllowed, match="Toggl"):
                act()
    assert mirrored.paths() == WHOLE_TREE


def test_rule_5_projects_have_toggls_colour_and_billable_and_tasks_theirs(mirror: Mirror) -> None:
    mirror.toggl.add_workspace(1, "Team")
    mirror.toggl.add_project(100, "Website", color="#0B83D9", billable=True)
    mirror.toggl.add_project(101, "Internal", color="#d92b2b", billable=None)
    mirror.toggl.add_task(1000, "Design", 100)
    mirror.toggl.add_task(1001, "Tidy", 101)
    mirror.enable()
    mirror.save(1)
    ids = {id_: mirror.task("task", id_).pk for id_ in (1000, 1001)}
    shown = {id_: (look.color, look.billable) for id_, look in looks(ids.values()).items()}
    assert shown == {ids[1000]: ("#0b83d9", True), ids[1001]: ("#d92b2b", False)}


@pytest.mark.parametrize("color", [None, "", "red", "#12345", "#12g", 7, ["#123456"], {}, "#0b83d9\n;", "…"])
def test_rule_5_what_is_no_colour_fails_no_sync(mirrored: Mirror, color: Any) -> None:
    mirrored.toggl.add_project(103, "Odd", color=color, billable="perhaps")
    assert mirrored.sync().status == "done"
    task = mirrored.task("project", 103)
    assert (task.color, task.billable) == ("", False)
    assert mirrored.sync().counts.unchanged == len(WHOLE_TREE) + 1


def test_rule_5_a_mirrored_project_can_be_a_favourite(mirrored: Mirror) -> None:
    task = mirrored.task("project", 100)
    tree.mark_favourite(mirrored.caller, task.pk, favourite=True)
    assert Favourite.objects.filter(task=task).exists()


def test_rule_5_people_can_still_be_assigned_by_hand(mirrored: Mirror) -> None:
    linus = mirrored.member("linus@example.com")
    tree.assign(mirrored.caller, mirrored.task("project", 102).pk, linus.pk)
    mirrored.sync()
    assert Assignment.objects.get(user=linus).origin == "manual"


def test_rule_6_owner_and_matching_members_are_assigned(mirrored: Mirror) -> None:
    assert Assignment.objects.get(user=mirrored.admin).task == mirrored.task("root", 0)
    grace = mirrored.member("grace@example.com")
    mirrored.sync()
    given = Assignment.objects.get(user=grace)
    assert (given.origin, given.task) == ("email", mirrored.task("workspace", 1))


def test_rule_6_an_unverified_address_matches_nobody(mirrored: Mirror) -> None:
    grace = mirrored.member("grace@example.com")
    grace.emailaddress_set.update(verified=False)
    mirrored.sync()
    assert not Assignment.objects.filter(user=grace).exists()


@pytest.mark.parametrize("leaving", ["removed", "deactivated"])
def test_rule_6_who_leaves_the_workspace_loses_the_assignment(mirrored: Mirror, leaving: str) -> None:
    grace = mirrored.member("grace@example.com")
    mirrored.sync()
    if leaving == "removed":
        mirrored.toggl.remove("workspace_users", 20)
    else:
        mirrored.toggl.lists[1, "workspace_users"][1]["inactive"] = True
    assert mirrored.sync().counts.unassign == 1
    assert not Assignment.objects.filter(user=grace).exists()


def test_rule_6_an_assignment_removed_by_hand_stays_away(mirrored: Mirror) -> None:
    grace = mirrored.member("grace@example.com")
    mirrored.sync()
    tree.unassign(mirrored.caller, mirrored.task("workspace", 1).pk, grace.pk)
    mirrored.sync()
    assert Assignment.objects.get(user=grace).withdrawn


def test_rule_7_changes_in_toggl_arrive_and_time_stays(mirrored: Mirror) -> None:
    start, _ = add_entry(
        mirrored.caller,
        NewEntry(task_id=mirrored.task("task", 1000).pk, start=NINE, end=TEN),
        "web",
    )
    toggl = mirrored.toggl
    toggl.lists[1, "projects"][0] |= {"name": "Relaunch", "client_id": 11}
    toggl.lists[1, "projects"][2]["active"] = False
    toggl.remove("tasks", 1000)
    toggl.remove("clients", 10)
    counts = mirrored.sync().counts
    assert (counts.rename, counts.move, counts.archive) == (1, 1, 3)
    assert "Toggl/Team/Globex/Relaunch/Build" in mirrored.paths(in_archive=False)
    assert Entry.objects.get(pk=start.id).task == mirrored.task("task", 1000)
    toggl.lists[1, "projects"][2]["active"] = True
    assert mirrored.sync().counts.restore == 1


def test_rule_7_a_new_look_arrives_without_being_counted(mirrored: Mirror) -> None:
    project = mirrored.toggl.lists[1, "projects"][0]
    project |= {"color": "#d92b2b", "billable": True}
    shown = services.preview(mirrored.caller, [1])
    assert (shown.unchanged, shown.items) == (len(WHOLE_TREE), [])
    counts = mirrored.sync().counts
    assert (counts.rename, counts.unchanged) == (0, len(WHOLE_TREE))
    task = mirrored.task("project", 100)
    assert (task.name, task.color, task.billable) == ("Website", "#d92b2b", True)
    project |= {"color": None, "billable": None}
    mirrored.sync()
    task.refresh_from_db()
    assert (task.color, task.billable) == ("", False)


def test_rule_7_an_archived_project_keeps_its_look(mirrored: Mirror) -> None:
    mirrored.toggl.lists[1, "projects"][2] |= {"color": "#d92b2b", "billable": True}
    mirrored.sync()
    mirrored.toggl.remove("projects", 102)
    mirrored.sync()
    task = mirrored.task("project", 102)
    assert (task.archived, task.color, task.billable) == (True, "#d92b2b", True)


def test_rule_7_a_reading_kept_before_colours_were_read_is_read_whole_again(mirrored: Mirror) -> None:
    mirrored.toggl.lists[1, "projects"][0]["color"] = "#d92b2b"
    row = SourceWorkspace.objects.get()
    reading = msgspec.msgpack.decode(zlib.decompress(row.reading or b""))
    del reading["form"]
    SourceWorkspace.objects.update(reading=zlib.compress(msgspec.msgpack.encode(reading)))
    run = runs.queue(Integration.objects.get(), "webhook", only=[])
    runs.run_sync.call(run.pk)
    assert mirrored.task("project", 100).color == "#d92b2b"


def test_rule_7_a_deselected_workspace_is_archived_and_comes_back(mirrored: Mirror) -> None:
    mirrored.toggl.add_workspace(2, "Second")
    mirrored.toggl.add_project(200, "Other", workspace=2)
    services.reenable(mirrored.caller, TOKEN)
    mirrored.save(1, 2)
    mirrored.save(2)
    assert mirrored.paths(in_archive=False) == {"Toggl", "Toggl/Second", "Toggl/Second/Other"}
    assert mirrored.save(1, 2).counts.restore == 8
    assert mirrored.paths(in_archive=False) == {*WHOLE_TREE, "Toggl/Second", "Toggl/Second/Other"}


def test_rule_7_a_second_sync_writes_no_row(mirrored: Mirror, django_assert_num_queries: Any) -> None:
    before = list(Task.objects.order_by("pk").values())
    counts = mirrored.sync().counts
    assert counts.unchanged == len(WHOLE_TREE)
    assert counts.create == counts.rename == counts.move == counts.archive == counts.restore == 0
    assert list(Task.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "broken",
    [
        Reply(b"<html>gateway</html>", 200),
        Reply({"not": "a list"}),
        Reply("boom", 404),
    ],
)
def test_rule_8_a_fault_in_the_middle_leaves_the_tree_as_it_was(
    mirrored: Mirror, broken: Reply, settings: Any
) -> None:
    mirrored.toggl.lists[1, "clients"].clear()
    mirrored.toggl.faults["/workspaces/1/projects"] = broken
    run = mirrored.sync()
    assert run.status == "failed"
    assert run.error
    assert mirrored.paths(in_archive=False) == WHOLE_TREE
    mirrored.toggl.faults.clear()
    assert mirrored.sync().status == "done"


def test_rule_8_a_run_that_finds_another_running_stands_back_and_follows(mirrored: Mirror) -> None:
    first = services.sync_now(mirrored.caller)
    SyncRun.objects.filter(pk=first.id).update(status="running", heartbeat_at=datetime.now(UTC))
    second = services.sync_now(mirrored.caller)
    assert mirrored.finish(second).status == "queued"
    SyncRun.objects.filter(pk=first.id).update(status="done")
    assert mirrored.finish(second).status == "done"


def test_rule_9_a_mass_archive_waits_for_a_word(mirrored: Mirror) -> None:
    for number in range(40):
        mirrored.toggl.add_project(500 + number, f"Project {number}")
    mirrored.sync()
    del mirrored.toggl.lists[1, "projects"][3:]
    run = mirrored.sync()
    assert run.status == "needs_confirmation"
    assert run.counts.archive == 40
    assert "Toggl/Team/Project 7" in mirrored.paths(in_archive=False)
    assert mirrored.save(1, confirm=True).status == "done"
    assert mirrored.paths(in_archive=False) == WHOLE_TREE


@pytest.mark.parametrize("workspaces", [1, 3])
def test_rule_10_a_first_import_takes_four_requests_a_workspace_and_one(
    mirror: Mirror, workspaces: int
) -> None:
    for number in range(1, workspaces + 1):
        mirror.toggl.add_workspace(number, f"Team {number}")
        for project in range(150):
            mirror.toggl.add_project(number * 1000 + project, f"P{project}", workspace=number)
    mirror.enable()
    mirror.toggl.asked.clear()
    run = mirror.save(*range(1, workspaces + 1))
    assert run.requests == len(mirror.toggl.asked) == 1 + 4 * workspaces


def test_rule_10_a_workspace_without_a_plan_for_tasks_is_not_asked_for_them(mirror: Mirror) -> None:
    mirror.toggl.add_workspace(1, "Free", premium=False)
    mirror.enable()
    assert mirror.save(1).requests == 4


def test_rule_10_a_spent_quota_waits_and_goes_on_without_asking_again(mirrored: Mirror) -> None:
    toggl = mirrored.toggl
    toggl.faults["/workspaces/1/tasks"] = Reply(
        "You have hit your hourly limit for API calls. Your quota will reset in 1838 seconds.",
        402,
        {"X-Toggl-Quota-Remaining": "0", "X-Toggl-Quota-Resets-In": "1838"},
    )
    toggl.add_task(1002, "Test", 100)
    run = mirrored.sync()
    assert run.status == "waiting"
    assert run.resumes_at is not None
    assert 1800 < (run.resumes_at - datetime.now(UTC)).total_seconds() < 1900
    assert services.toggl(mirrored.caller).quota.remaining == 0  # type: ignore[union-attr]
    toggl.faults.clear()
    toggl.asked.clear()
    SyncRun.objects.filter(pk=run.id).update(status="queued")
    assert mirrored.finish(run).status == "done"
    assert toggl.paths() == ["/workspaces/1/tasks", "/workspaces/1/workspace_users"]
    assert "Toggl/Team/Acme/Website/Test" in mirrored.paths()


def test_rule_10_a_new_run_replaces_one_that_waits(mirrored: Mirror) -> None:
    waiting = services.sync_now(mirrored.caller)
    SyncRun.objects.filter(pk=waiting.id).update(status="waiting")
    assert mirrored.sync().status == "done"
    assert services.run(mirrored.caller, waiting.id).status == "failed"


def test_rule_11_each_run_is_on_record(mirrored: Mirror) -> None:
    mirrored.toggl.lists[1, "projects"][2]["name"] = "In-house"
    run = mirrored.sync()
    assert (run.trigger, run.started_by, run.status) == ("manual", "Ada", "done")
    assert run.started_at is not None
    assert run.finished_at is not None
    changes = services.run_changes(mirrored.caller, run.id)
    assert [(item["action"], item["name"], item["before"]) for item in changes] == [
        ("rename", "In-house", "Internal")
    ]
    assert [entry.trigger for entry in services.syncs(mirrored.caller)] == ["manual", "save"]


def test_rule_12_people_of_the_selected_workspaces_are_listed_with_their_match(mirrored: Mirror) -> None:
    grace = mirrored.member("grace@example.com")
    listed = {person.email: person for person in coworkers(mirrored.caller)}
    assert listed["GRACE@example.com"].user_id == grace.pk
    assert listed["owner@toggl.example.com"].user_id is None


def asked(mirrored: Mirror, *emails: str) -> list[InvitationOut]:
    return invite_coworkers(mirrored.caller, emails)


def test_rule_12_who_accepts_is_matched_at_once_without_asking_toggl(mirrored: Mirror) -> None:
    (invitation,) = asked(mirrored, "grace@example.com")
    assert {person.invitation for person in coworkers(mirrored.caller)} == {None, "pending"}
    before = len(mirrored.toggl.asked)
    assert invitation.link is not None
    user = accept(invitation.link.rsplit("/", 1)[1], name="Grace", password="correct horse 42")
    given = Assignment.objects.filter(user=user).values_list("task__source_kind", "origin")
    assert set(given) == {("workspace", "email")}
    assert len(mirrored.toggl.asked) == before
    listed = {person.email: person for person in coworkers(mirrored.caller)}
    assert (listed["GRACE@example.com"].user_id, listed["GRACE@example.com"].invitation) == (
        user.pk,
        "accepted",
    )
    again = mirrored.sync()
    assert (again.counts.assign, again.counts.unassign) == (0, 0)


def test_rule_12_only_people_of_the_selected_workspaces_are_invited(mirrored: Mirror) -> None:
    with pytest.raises(Invalid, match=r"in no selected Toggl workspace: hedy@example\.com"):
        asked(mirrored, "grace@example.com", "hedy@example.com")
    assert Invitation.objects.count() == 0
    manager = caller(mirrored.member("boss@example.com", Role.MANAGER))
    with pytest.raises(NotAllowed):
        invite_coworkers(manager, ["grace@example.com"])


def test_rule_12_who_joins_in_another_way_is_matched_as_well(mirrored: Mirror) -> None:
    grace = mirrored.member("grace@example.com")
    assert Assignment.objects.filter(user=grace, origin="email").exists()
    stranger = mirrored.member("hedy@example.com")
    assert not Assignment.objects.filter(user=stranger).exists()


def test_rule_13_another_administrator_takes_over_and_nothing_is_doubled(mirrored: Mirror) -> None:
    linus = mirrored.member("linus@example.com", Role.ADMINISTRATOR)
    mirrored.toggl.token = "f" * 32
    assert mirrored.sync().status == "failed"
    assert services.toggl(mirrored.caller).status == "broken"
    again = services.reenable(caller(linus), "f" * 32)
    assert again.status == "on"
    assert again.last_sync is not None
    assert mirrored.finish(again.last_sync).status == "done"
    assert mirrored.paths() == WHOLE_TREE
    assert Assignment.objects.get(origin="owner").user == linus


def test_rule_14_unlink_archives_and_enabling_again_finds_the_old_items(mirrored: Mirror) -> None:
    entry, _ = start_timer(mirrored.caller, StartTimer(task_id=mirrored.task("task", 1001).pk), "web")
    services.unlink(mirrored.caller)
    stored = Integration.objects.get()
    assert (stored.status, stored.token_encrypted, stored.token_hint) == ("off", "", "")
    assert not SourceWorkspace.objects.exists()
    assert mirrored.paths(in_archive=True, read_only=False) == WHOLE_TREE
    assert stop_timer(mirrored.caller).task_id == entry.task_id
    mirrored.enable()
    assert mirrored.save(1).counts.restore == len(WHOLE_TREE)
    assert mirrored.paths(in_archive=False, read_only=True) == WHOLE_TREE


def test_rule_14_kept_tasks_are_ordinary_until_toggl_rules_them_again(mirrored: Mirror) -> None:
    who = mirrored.caller
    services.unlink(who, "keep")
    project, root = mirrored.task("project", 102), mirrored.task("root", 0)
    tree.update_task(who, project.pk, name="Ours")
    own = tree.create_task(who, "Own", project.pk)
    elsewhere = tree.create_task(who, "Elsewhere")
    tree.update_task(who, root.pk, parent_id=elsewhere)
    mirrored.enable()
    mirrored.save(1)
    assert mirrored.paths() == {*WHOLE_TREE, "Toggl/Team/Internal/Own", "Elsewhere"}
    assert not Task.objects.get(pk=own).read_only
    assert mirrored.sync().counts.unchanged == len(WHOLE_TREE)


def test_rule_14_unlinking_what_is_off_says_so(mirror: Mirror) -> None:
    with pytest.raises(NotFound):
        services.unlink(mirror.caller)


def test_rule_15_toggl_is_only_ever_read(mirrored: Mirror) -> None:
    start_timer(mirrored.caller, StartTimer(task_id=mirrored.task("project", 102).pk), "web")
    mirrored.sync()
    assert set(mirrored.toggl.methods) == {"GET"}


def test_accounts_do_not_see_each_others_mirrors(mirrored: Mirror) -> None:
    other = caller(create_account("Other", email="eve@example.com", name="Eve"))
    assert services.toggl(other).status == "off"
    assert services.syncs(other) == []
    run_id = services.syncs(mirrored.caller)[0].id
    with pytest.raises(NotFound):
        services.run(other, run_id)
    services.enable(other, TOKEN)
    assert coworkers(other) == []


def test_a_token_without_rights_on_a_workspace_names_it(mirrored: Mirror) -> None:
    mirrored.toggl.faults["/workspaces/1/projects"] = Reply("Forbidden", 403)
    with pytest.raises(TogglForbidden, match="workspace 1"):
        services.preview(mirrored.caller, [1])
    run = mirrored.sync()
    assert run.status == "failed"
    assert "workspace 1" in (run.error or "")
    assert mirrored.paths(in_archive=False) == WHOLE_TREE


def test_a_workspace_the_token_lost_is_named_and_can_be_deselected(mirrored: Mirror) -> None:
    mirrored.toggl.add_workspace(2, "Second")
    del mirrored.toggl.workspaces[1]
    mirrored.toggl.on("/workspaces/1", Reply("Forbidden", 403))
    run = mirrored.sync()
    assert run.status == "failed"
    assert "Team" in (run.error or "")
    assert mirrored.save().status == "done"
    assert mirrored.paths(in_archive=False) == {"Toggl"}


def test_a_workspace_deleted_in_toggl_is_archived(mirrored: Mirror) -> None:
    del mirrored.toggl.workspaces[1]
    mirrored.toggl.on("/workspaces/1", Reply("Workspace not found", 404))
    assert mirrored.sync().status == "done"
    assert mirrored.paths(in_archive=False) == {"Toggl"}


def test_odd_names_arrive_whole(mirrored: Mirror) -> None:
    for number, name in enumerate(["", "x" * 5000, "a\x00b\tc", "🚀 emoji", "\u202eright to left"]):
        mirrored.toggl.add_project(600 + number, name)
    mirrored.toggl.add_project(600, "Last of two with one id")
    assert mirrored.sync().status == "done"
    names = set(Task.objects.filter(source_id__gte=600, source_id__lt=700).values_list("name", flat=True))
    assert names == {"Last of two with one id", "x" * 5000, "a b c", "🚀 emoji", "\u202eright to left"}
