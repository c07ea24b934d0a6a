"""`/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from domain import called

import stint
from stint.accounts.invitations import invite
from stint.accounts.services import create_account
from stint.integrations.models import Integration, SyncRun
from stint.server import health, migrations


@pytest.fixture(autouse=True)
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)


def test_a_probe_by_address_is_answered_where_only_the_public_name_is_served(
    client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["stint.example.com"]
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/login", headers={"host": "10.0.0.7:8000"}).status_code == 400


Fault = Callable[[pytest.MonkeyPatch], None]


def nothing(_patch: pytest.MonkeyPatch) -> None:
    return


def database_gone(patch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise DatabaseError("connection to secret-host refused")

    patch.setattr(connection, "cursor", gone)
    patch.setattr(connection, "ensure_connection", gone)


def migration_waiting(_patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'entries'")


def newer_database(_patch: pytest.MonkeyPatch) -> None:
    MigrationRecorder(connection).record_applied("entries", "9999_better")


def disk_full(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(health, "LEAST_ROOM", 2**70)


def workers_dead(_patch: pytest.MonkeyPatch) -> None:
    DBTaskResult.objects.create(
        task_path="stint.accounts.mail.send_invitation",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
    )


on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk is its own server's")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "ready", "reason", "measured"),
    [
        (nothing, 200, "", "stint_queue_ready 0.0"),
        (database_gone, 503, "the database does not answer", "stint_database_up 0.0"),
        (migration_waiting, 503, "migrations are not applied: run stint migrate", "stint_database_up 1.0"),
        (newer_database, 503, "a newer Stint has migrated the database", "stint_database_up 1.0"),
        pytest.param(disk_full, 503, "the disk is full", "stint_database_up 1.0", marks=on_sqlite),
        # People can track on; that jobs wait is for whoever watches the metrics, and for the doctor.
        (workers_dead, 200, "", "stint_queue_ready 1.0"),
    ],
)
def test_each_fault_is_told_where_it_counts(
    client: Client, monkeypatch: pytest.MonkeyPatch, fault: Fault, ready: int, reason: str, measured: str
) -> None:
    fault(monkeypatch)
    assert client.get("/healthz").json() == {"status": "ok", "version": stint.__version__}
    answer = client.get("/readyz")
    assert answer.status_code == ready
    assert reason in answer.json().get("reason", "")
    assert "secret" not in answer.content.decode()
    metrics = client.get("/metrics")
    assert metrics.status_code == 200
    assert measured in metrics.content.decode()


@pytest.mark.django_db
def test_a_database_of_a_newer_stint_is_not_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    newer_database(monkeypatch)
    with pytest.raises(migrations.DatabaseIsNewer, match=r"entries\.9999_better"):
        migrations.migrate()


@pytest.mark.django_db
def test_metrics_count_by_route_and_name_nobody(client: Client) -> None:
    user = create_account("Acme", email="ada@example.com", name="Ada Lovelace")
    integration = Integration.objects.create(account=user.membership.account, kind="toggl", status="on")
    integration.keep_in_sync = "daily"
    integration.save()
    done = {"status": "done", "trigger": "manual", "queued_at": timezone.now()}
    SyncRun.objects.create(integration=integration, finished_at=timezone.now() - timedelta(hours=2), **done)
    invite(called(user), ["new@example.com"])
    client.get("/readyz")
    client.get("/no/such/ada@example.com")
    text = client.get("/metrics").content.decode()
    assert re.search(r'stint_requests_total\{method="GET",route="/readyz",status="200"\} [1-9]', text)
    assert 'route="none",status="404"' in text
    assert 'stint_request_seconds_bucket{le="0.05",method="GET",route="/readyz"}' in text
    assert f'stint_build_info{{version="{stint.__version__}"}} 1.0' in text
    assert "stint_running_timers 0.0" in text
    assert "stint_open_streams " in text
    assert 'stint_sync_runs{status="done"} 1.0' in text
    assert "stint_mail_waiting 1.0" in text
    assert "stint_queue_ready 1.0" in text
    assert re.search(r"stint_sync_age_seconds 72\d\d\.", text)
    assert float(re.findall(r"^stint_database_bytes (\S+)", text, re.MULTILINE)[0]) > 100_000
    for private in ("ada", "Lovelace", "Acme"):
        assert private not in text
