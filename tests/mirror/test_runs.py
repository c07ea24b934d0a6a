"""The life of a sync run: schedules, events, workers that die, and two at once."""

from __future__ import annotations

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from stint.errors import Conflict, NotAllowed
from stint.integrations import applying, runs, services
from stint.integrations.live import CALLBACK_PATH, receive_webhook
from stint.integrations.models import Integration, SourceWorkspace, SyncRun
from stint.integrations.secrets import encrypt
from stint.integrations.toggl.errors import TogglBadAnswer
from stint.rates.budgets import set_budget
from stint.rates.models import Budget, Rate
from stint.rates.services import set_rate
from stint.tasks.models import Task
from tests.mirror.conftest import Mirror
from tests.mirror.toggl import TOKEN, Toggl
from tests.toggl.stand_in import Reply

SECRET = "webhook-secret"


def newest() -> SyncRun:
    found = SyncRun.objects.order_by("-pk").first()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("keep_in_sync", "trigger", "next_in"),
    [("hourly", "hourly", timedelta(hours=1)), ("daily", "daily", timedelta(days=1))],
)
def test_a_scheduled_sync_starts_when_it_is_due(
    mirrored: Mirror, keep_in_sync: str, trigger: str, next_in: timedelta
) -> None:
    services.set_keep_in_sync(mirrored.caller, keep_in_sync)
    runs.tick()
    assert newest().trigger == "save"
    Integration.objects.update(next_sync_at=timezone.now())
    runs.tick()
    runs.tick()
    assert (newest().trigger, newest().status, SyncRun.objects.count()) == (trigger, "queued", 2)
    assert Integration.objects.get().next_sync_at - timezone.now() > next_in - timedelta(minutes=1)  # type: ignore[operator]


def test_keeping_in_sync_can_be_turned_off(mirrored: Mirror) -> None:
    services.set_keep_in_sync(mirrored.caller, "hourly")
    assert services.set_keep_in_sync(mirrored.caller, "off").keep_in_sync == "off"
    assert Integration.objects.get().next_sync_at is None


def test_a_broken_integration_is_not_synchronised_by_schedule(mirrored: Mirror) -> None:
    Integration.objects.update(status="broken", keep_in_sync="hourly", next_sync_at=timezone.now())
    runs.tick()
    assert SyncRun.objects.count() == 1


def test_a_waiting_run_goes_on_when_the_quota_has_reset(mirrored: Mirror) -> None:
    run = services.sync_now(mirrored.caller)
    later = timezone.now() + timedelta(minutes=5)
    SyncRun.objects.filter(pk=run.id).update(status="waiting", resumes_at=later)
    runs.tick()
    assert newest().status == "waiting"
    SyncRun.objects.filter(pk=run.id).update(resumes_at=timezone.now())
    runs.tick()
    assert newest().status == "queued"
    assert mirrored.finish(run).status == "done"


def test_a_run_whose_worker_died_is_taken_up_again(mirrored: Mirror) -> None:
    run = services.sync_now(mirrored.caller)
    silent = timezone.now() - timedelta(minutes=5)
    SyncRun.objects.filter(pk=run.id).update(status="running", attempts=1, heartbeat_at=silent)
    runs.tick()
    assert newest().status == "queued"
    assert mirrored.finish(run).status == "done"
    assert newest().attempts == 2


def test_a_run_that_killed_its_worker_three_times_is_given_up(mirrored: Mirror) -> None:
    run = services.sync_now(mirrored.caller)
    silent = timezone.now() - timedelta(minutes=5)
    SyncRun.objects.filter(pk=run.id).update(status="running", deaths=2, heartbeat_at=silent)
    runs.tick()
    assert (newest().status, mirrored.sync().status) == ("failed", "done")


def test_recovering_does_not_wait_for_the_silence(mirrored: Mirror) -> None:
    run = services.sync_now(mirrored.caller)
    SyncRun.objects.filter(pk=run.id).update(status="running", attempts=1, heartbeat_at=timezone.now())
    runs.recover()
    assert mirrored.finish(run).status == "done"


def test_a_run_of_an_integration_unlinked_meanwhile_writes_nothing(
    mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored.toggl.add_project(103, "Late")
    read = runs.read_selected

    def read_then_unlink(*args: Any, **options: Any) -> Any:
        found = read(*args, **options)
        services.unlink(mirrored.caller)
        return found

    monkeypatch.setattr(runs, "read_selected", read_then_unlink)
    run = mirrored.sync()
    assert (run.status, run.error) == ("failed", "Toggl was unlinked.")
    assert not Task.objects.filter(name="Late").exists()


def test_a_fault_while_applying_rolls_everything_back(
    mirrored: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored.toggl.add_project(103, "New")
    before = list(Task.objects.order_by("pk").values())

    def fail(*args: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(applying, "_write_assignments", fail)
    run = mirrored.sync()
    assert run.status == "failed"
    assert "nothing was changed" in (run.error or "")
    assert list(Task.objects.order_by("pk").values()) == before
    monkeypatch.undo()
    assert mirrored.sync().counts.create == 1


def test_sync_now_without_a_selection_says_what_to_do(mirror: Mirror) -> None:
    mirror.toggl.add_workspace(1)
    mirror.enable()
    with pytest.raises(Conflict, match="choose some"):
        services.sync_now(mirror.caller)


def signed(body: dict[str, Any], secret: str = SECRET) -> tuple[bytes, str]:
    raw = json.dumps(body).encode()
    return raw, "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def subscribed(mirrored: Mirror) -> None:
    SourceWorkspace.objects.update(webhook_id=5, webhook_secret_encrypted=encrypt(SECRET))
    Integration.objects.update(keep_in_sync="live")


def test_a_signed_event_starts_a_sync_of_its_workspace(mirrored: Mirror) -> None:
    subscribed(mirrored)
    mirrored.toggl.lists[1, "projects"][2] |= {"name": "Renamed live", "color": "#d92b2b"}
    receive_webhook(*signed({"payload": {"id": 102}, "metadata": {"workspace_id": "1", "model": "project"}}))
    runs.tick()
    assert SyncRun.objects.count() == 1
    SourceWorkspace.objects.update(change_heard_at=timezone.now() - timedelta(seconds=5))
    runs.tick()
    run = newest()
    assert (run.trigger, run.only) == ("webhook", [1])
    runs.run_sync.call(run.pk)
    assert "Toggl/Team/Renamed live" in mirrored.paths()
    assert mirrored.task("project", 102).color == "#d92b2b"


def test_a_workspace_no_event_named_keeps_its_last_reading(mirrored: Mirror) -> None:
    mirrored.toggl.add_workspace(2, "Second")
    services.reenable(mirrored.caller, TOKEN)
    mirrored.save(1, 2)
    mirrored.toggl.asked.clear()
    run = runs.queue(Integration.objects.get(), "webhook", only=[2])
    runs.run_sync.call(run.pk)
    assert {path.split("/")[2] for path in mirrored.toggl.paths()} == {"workspaces", "2"}
    assert "Toggl/Team/Acme" in mirrored.paths(in_archive=False)


def test_a_validating_ping_gets_its_code_back(mirrored: Mirror) -> None:
    subscribed(mirrored)
    heard = receive_webhook(*signed({"payload": "ping", "validation_code": "abc"}))
    assert heard.validation_code == "abc"
    assert SourceWorkspace.objects.get().change_heard_at is None


def test_a_forged_or_broken_event_is_refused(mirrored: Mirror) -> None:
    subscribed(mirrored)
    body, _ = signed({"payload": {}})
    for signature in (None, "", "sha256=00", signed({"payload": {}}, "other")[1]):
        with pytest.raises(NotAllowed):
            receive_webhook(body, signature)
    raw = b"not json"
    with pytest.raises(TogglBadAnswer):
        receive_webhook(raw, "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest())


def test_live_subscribes_each_selected_workspace_and_off_takes_it_back(
    mirrored: Mirror, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://stint.example.com"
    toggl = mirrored.toggl
    toggl.on("/webhooks/api/v1/subscriptions/1", Reply({"subscription_id": 77}))
    toggl.on("/webhooks/api/v1/subscriptions/1/77", Reply({}))
    services.set_keep_in_sync(mirrored.caller, "live")
    row = SourceWorkspace.objects.get()
    assert (row.webhook_id, toggl.bodies[-1]["url_callback"]) == (
        77,
        "https://stint.example.com" + CALLBACK_PATH,
    )
    services.set_keep_in_sync(mirrored.caller, "off")
    assert SourceWorkspace.objects.get().webhook_id is None
    assert toggl.methods[-1] == "DELETE"


def test_a_workspace_selected_while_live_is_subscribed_too(mirrored: Mirror) -> None:
    toggl = mirrored.toggl
    toggl.add_workspace(2, "Second")
    toggl.on("/webhooks/api/v1/subscriptions/1", Reply({"subscription_id": 77}))
    toggl.on("/webhooks/api/v1/subscriptions/2", Reply("already reached the limit", 400))
    services.set_keep_in_sync(mirrored.caller, "live")
    services.reenable(mirrored.caller, TOKEN)
    run = mirrored.save(1, 2)
    assert run.status == "done"
    assert len(run.warnings) == 1
    assert run.warnings[0].startswith("Not kept live")
    toggl.on("/webhooks/api/v1/subscriptions/2", Reply({"subscription_id": 78}))
    assert mirrored.sync().warnings == []
    assert set(SourceWorkspace.objects.values_list("webhook_id", flat=True)) == {77, 78}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_saving_at_once_leave_one_tree(toggl: Toggl, request: Any) -> None:
    mirror: Mirror = request.getfixturevalue("mirror")
    toggl.add_workspace(1, "Team")
    for number in range(30):
        toggl.add_project(100 + number, f"Project {number}")
    mirror.enable()

    def save_and_work(_: int) -> int:
        run = services.save(mirror.caller, [1])
        runs.run_sync.call(run.id)
        connection.close()
        return run.id

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save_and_work, range(4)))
    for run in SyncRun.objects.filter(status="queued").order_by("pk"):
        runs.run_sync.call(run.pk)
    assert Task.objects.count() == 32
    assert set(SyncRun.objects.values_list("status", flat=True)) == {"done"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer and no second host")
def test_a_run_that_is_being_applied_is_not_taken_for_dead(
    toggl: Toggl, request: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror: Mirror = request.getfixturevalue("mirrored")
    toggl.add_project(103, "New")
    write, statuses = applying._write_assignments, []

    def write_after_a_long_silence(*args: Any) -> int:
        with ThreadPoolExecutor(1) as pool:
            statuses.append(pool.submit(scheduler_of_another_host).result(timeout=20))
        return write(*args)

    def scheduler_of_another_host() -> str:
        monkeypatch.setattr(runs, "SILENT_AFTER", -timedelta(minutes=5))
        runs.tick()
        status = newest().status
        connection.close()
        return status

    monkeypatch.setattr(applying, "_write_assignments", write_after_a_long_silence)
    run = mirror.sync()
    assert (run.status, statuses, newest().deaths) == ("done", ["running"], 0)


@pytest.mark.parametrize("due", ["next_sync_at", "change_heard_at"])
def test_a_scheduler_that_dies_while_it_starts_a_sync_leaves_it_due(
    mirrored: Mirror, monkeypatch: pytest.MonkeyPatch, due: str
) -> None:
    subscribed(mirrored)
    past = timezone.now() - timedelta(minutes=1)
    (Integration if due == "next_sync_at" else SourceWorkspace).objects.update(**{due: past})  # type: ignore[attr-defined]

    def die(*args: Any, **options: Any) -> None:
        raise RuntimeError("the host died")

    monkeypatch.setattr(runs, "queue", die)
    with pytest.raises(RuntimeError):
        runs.tick()
    monkeypatch.undo()
    runs.tick()
    assert newest().status == "queued"


def test_saves_are_carried_out_in_the_order_they_were_asked_for(mirrored: Mirror) -> None:
    mirrored.toggl.add_workspace(2, "Second")
    services.reenable(mirrored.caller, TOKEN)
    first = services.save(mirrored.caller, [1, 2])
    second = services.save(mirrored.caller, [2])
    assert services.save(mirrored.caller, [2]).id == second.id
    runs.run_sync.call(second.id)
    assert services.run(mirrored.caller, second.id).status == "queued"
    assert mirrored.finish(second).status == "done"
    assert services.run(mirrored.caller, first.id).status == "done"
    assert mirrored.paths(in_archive=False) == {"Toggl", "Toggl/Second"}


def test_a_sync_leaves_rates_and_budgets_alone(mirrored: Mirror) -> None:
    project = mirrored.task("project", 101)
    set_rate(mirrored.caller, "95", task_id=project.pk)
    set_budget(mirrored.caller, project.pk, "hours", "40")
    before = [*Rate.objects.values(), *Budget.objects.values()]
    mirrored.toggl.add_project(103, "New")
    assert mirrored.sync().status == "done"
    assert [*Rate.objects.values(), *Budget.objects.values()] == before


def test_a_schedule_set_by_a_clock_that_ran_ahead_is_due_at_once(mirrored: Mirror) -> None:
    Integration.objects.update(keep_in_sync="hourly", next_sync_at=timezone.now() + timedelta(days=400))
    runs.tick()
    assert newest().trigger == "hourly"
    due = Integration.objects.get().next_sync_at
    assert due is not None
    assert due <= timezone.now() + timedelta(hours=1)


def test_a_run_whose_last_sign_of_life_lies_ahead_is_taken_up(mirrored: Mirror) -> None:
    run = services.sync_now(mirrored.caller)
    ahead = timezone.now() + timedelta(days=400)
    SyncRun.objects.filter(pk=run.id).update(status="running", attempts=1, heartbeat_at=ahead)
    runs.tick()
    assert newest().status in ("queued", "done")
