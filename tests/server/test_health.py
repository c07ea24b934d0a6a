"""`/healthz`, `/readyz` and `/metrics`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from domain import called

import stint
from stint.accounts.invitations import invite
from stint.accounts.services import create_account
from stint.integrations.models import Integration, SyncRun
from stint.server import health, migrations


@pytest.fixture(autouse=True)
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)


def test_the_process_lives_even_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "version": stint.__version__}


def test_a_probe_by_address_is_answered_where_only_the_public_name_is_served(
    client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["stint.example.com"]
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/login", headers={"host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.django_db
def test_it_is_ready_when_all_migrations_are_applied(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_it_is_not_ready_with_a_migration_waiting(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'entries'")
    assert migrations.pending()[0] == "entries.0001_initial"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "stint migrate" in answer.json()["reason"]


@pytest.mark.django_db
def test_a_database_of_a_newer_stint_is_neither_served_nor_migrated(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('entries', '9999_better', %s)",
            [timezone.now()],
        )
    with pytest.raises(migrations.DatabaseIsNewer, match=r"entries\.9999_better"):
        migrations.migrate()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "newer Stint" in answer.json()["reason"]


@pytest.mark.django_db
def test_it_is_not_ready_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError("connection to secret-host refused")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the database does not answer")


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk is its own server's")
def test_it_is_not_ready_when_the_disk_is_full(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_ROOM", 2**70)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the disk is full: nothing can be saved")


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
