"""`stint support`: enough to help, nothing that names anybody or lets anybody in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import everything
import pytest
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from domain import found, hire

from stint.accounts.models import Account
from stint.accounts.services import create_user
from stint.accounts.tokens import create_token
from stint.imports.models import Import
from stint.integrations.models import Integration, SyncRun
from stint.server import support

pytestmark = pytest.mark.django_db
NAMES = ("Lovelace", "Grace", "Mary", "Eve", "Hedy", "Analytical", "Elsewhere", "Studio", "Website")
ENVIRONMENT = {
    "STINT_SECRET_KEY": "planted-secret-key-of-more-than-32-characters",
    "STINT_SECRET_KEY_FALLBACKS": "planted-fallback-key-of-more-than-32-characters",
    "DATABASE_URL": "postgres://planted-user:planted-password@db.example.net:5432/stint?sslmode=require",
    "EMAIL_URL": "smtp+tls://planted-user:planted-password@mail.example.net:587",
    "STINT_MAIL_FROM": "Planted <planted@example.com>",
    "STINT_TOKEN": "planted-token",
    "STINT_PUBLIC_URL": "https://time.example.net",
    "STINT_DATA": "/srv/stint",
    "PLANTED": "planted-other",
}


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """Make a bundle; return its files."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def bundled(log: str | None = None, **findings: dict[str, str]) -> dict[str, str]:
        kept = tmp_path / "log"
        kept.write_text(log or "")
        file = tmp_path / "support.zip"
        support.bundle(file, findings, kept if log else None)
        assert file.stat().st_mode & 0o777 == 0o600
        with zipfile.ZipFile(file) as packed:
            return {name: packed.read(name).decode() for name in packed.namelist()}

    return bundled


def test_no_planted_secret_name_note_or_address_is_in_it(opened: Any) -> None:
    ada, eve = found("Analytical Engines", "Ada"), found("Elsewhere", "Eve")
    everything.fill(ada, hire(ada, "Grace", "manager"), hire(ada, "Mary"), eve)
    account = Account.objects.get(pk=ada.account_id)
    create_user(account, email="augusta@example.org", name="Augusta Lovelace")
    _listed, token = create_token(ada, "Laptop of Lovelace")
    integration, now = Integration.objects.get(), timezone.now()
    told = f"Toggl refused {everything.TOGGL_TOKEN} of ada@toggl.example in Studio for “Website”"
    SyncRun.objects.create(
        integration=integration, status="failed", trigger="save", error=told, queued_at=now
    )
    Import.objects.create(
        account=account,
        kind="toggl_csv",
        status="failed",
        file_name="Website of Lovelace.csv",
        error="“Website” is no task of Mary",
        problems=[{"line": 1, "message": "Website"}],
        unmatched=[{"name": "Lovelace", "email": "x@example.org"}],
        queued_at=now,
    )
    DBTaskResult.objects.create(
        task_path="stint.accounts.mail.send_invitation",
        args_kwargs={"args": ["planted-argument"], "kwargs": {}},
        backend_name="default",
        status="FAILED",
        exception_class_path="smtplib.SMTPException",
        traceback="planted-traceback of augusta@example.org",
        finished_at=now,
    )
    log = [
        f"ERROR stint: Authorization: Bearer {token}",
        f"a token alone: {token} {everything.TOGGL_TOKEN} {integration.token_encrypted}",
        "DETAIL:  Failing row contains (7, =HYPERLINK, still running, ada@example.com).",
        '{"fault": "IntegrityError\\nDETAIL:  Failing row contains (7, still running).", "at": "now"}',
        "Augusta Lovelace <augusta@example.org> asked smtp://post:planted-password@mail.example.net",
    ]
    files = opened("\n".join(log), Mail={"found": "augusta@example.org was refused", "remedy": ""})

    assert sorted(files) == sorted(
        [*(f"{name}.json" for name in (*support.READS, "doctor")), "READ_ME.txt", "log.txt"]
    )
    whole = "\n".join(text for name, text in files.items() if name != "READ_ME.txt")
    for private in (*NAMES, token, everything.TOGGL_TOKEN, integration.token_encrypted):
        assert private not in whole
    for private in ("planted", "@example", "@toggl", "HYPERLINK", "still running", "gone"):
        assert private not in whole, private


def test_it_tells_what_a_helper_wants_to_know(opened: Any) -> None:
    ada = found("Acme", "Ada")
    integration = Integration.objects.create(account_id=ada.account_id, kind="toggl", status="on")
    now = timezone.now()
    SyncRun.objects.create(
        integration=integration, status="failed", trigger="save", error="Toggl is away", queued_at=now
    )
    files = opened(Clock={"found": "3600 s apart from Toggl", "remedy": "Set it"})
    read = {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}

    assert read["about.json"]["packages"]["Django"].startswith("5.2")
    assert read["settings.json"] == {
        "DATABASE_URL": "postgres://db.example.net:5432/stint?sslmode",
        "EMAIL_URL": "smtp+tls://mail.example.net:587",
        "STINT_DATA": "/srv/stint",
        "STINT_MAIL_FROM": "set",
        "STINT_PUBLIC_URL": "https://time.example.net",
        "STINT_SECRET_KEY": "set",
        "STINT_SECRET_KEY_FALLBACKS": "set",
        "STINT_TOKEN": "set",
    }
    assert read["doctor.json"]["Clock"] == {"found": "3600 s apart from Toggl", "remedy": "Set it"}
    assert read["database.json"]["rows"]["accounts_user"] == 1
    [(_, newest)] = MigrationLoader(None).graph.leaf_nodes("rates")
    assert read["database.json"]["migrations"]["rates"] == newest
    assert read["runs.json"]["syncs"][0]["error"] == "Toggl is away"
    assert "log.txt" not in files


def test_without_its_database_it_tells_the_rest(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise DatabaseError("secret-host")

    monkeypatch.setattr(connection, "cursor", gone)
    monkeypatch.setattr(connection, "get_database_version", gone)
    files = opened()
    assert json.loads(files["runs.json"]) == {"unknown": "the database does not answer: DatabaseError"}
    assert json.loads(files["about.json"])["stint"]
