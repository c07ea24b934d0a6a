"""What `stint doctor` finds beyond a sound installation (tests/cli/test_data.py), look by look."""

from __future__ import annotations

import threading
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from domain import found

from stint.accounts.models import Account
from stint.cli import doctor
from stint.server import backups

pytestmark = pytest.mark.django_db


@pytest.fixture
def toggl_behind(settings: Any) -> Iterator[None]:
    """A Toggl whose clock is an hour behind ours."""

    class Behind(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(timezone.now() - timedelta(hours=1), usegmt=True))
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Behind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TOGGL_API_URL = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()
    server.server_close()


def test_a_wrong_clock_is_found(toggl_behind: None) -> None:
    looked = doctor._clock()
    if connection.vendor == "postgresql":  # which runs on this machine
        assert looked == doctor.Finding("0 s apart from the database server")
    else:
        assert looked.what in ("3600 s apart from Toggl", "3601 s apart from Toggl")
        assert "NTP" in looked.remedy


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage(10**12, 10**12, 100_000_000))
    assert doctor._disk().what == "0.1 GB free"
    assert doctor._disk().remedy.startswith("Make room")


def test_a_missing_or_old_backup_is_found_once_there_is_something_to_lose(
    tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    assert doctor._backup().remedy == ""
    found("Acme", "Ada")
    assert doctor._backup().remedy == ""
    Account.objects.update(created_at=timezone.now() - timedelta(days=30))
    assert "stint backup" in doctor._backup().remedy
    (tmp_path / backups.NOTE_NAME).write_text(timezone.now().isoformat())
    assert doctor._backup().remedy == ""
    (tmp_path / backups.NOTE_NAME).write_text((timezone.now() - timedelta(days=8)).isoformat())
    assert "stint backup" in doctor._backup().remedy


def test_jobs_that_nobody_takes_up_or_ends_are_found() -> None:
    assert doctor._jobs().remedy == ""
    job = DBTaskResult.objects.create(
        task_path="stint.accounts.mail.send_invitation",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
    )
    assert doctor._jobs().remedy == ""
    old = timezone.now() - timedelta(hours=2)
    DBTaskResult.objects.update(enqueued_at=old)
    assert doctor._jobs() == doctor.Finding("1 wait for a worker", "Start stint up or stint worker")
    DBTaskResult.objects.filter(pk=job.pk).update(status="RUNNING", started_at=old)
    assert "run for over an hour" in doctor._jobs().what
