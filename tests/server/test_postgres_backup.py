"""How PostgreSQL's own programs are called for a backup."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from stint.database import on_sqlite
from stint.server import backups
from stint.server.backups import BackupError

pytestmark = pytest.mark.django_db


def test_pg_dump_connects_as_stint_does_and_gets_no_secret_as_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if on_sqlite():
        pytest.skip("SQLite is copied by itself")
    called: dict[str, Any] = {}

    def run(command: list[str], *, env: dict[str, str], **_more: object) -> subprocess.CompletedProcess[str]:
        called.update(command=command, env=env)
        return subprocess.CompletedProcess(command, 1, "", "no such host")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "planted-secret")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "sslmode", "verify-full")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "sslrootcert", "/etc/stint/ca.pem")

    with pytest.raises(BackupError, match="no such host"):
        backups.back_up(tmp_path / "backup.tar.gz")

    asked = {name: called["env"][name] for name in ("PGPASSWORD", "PGSSLMODE", "PGSSLROOTCERT")}
    assert asked == {
        "PGPASSWORD": "planted-secret",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/stint/ca.pem",
    }
    assert "planted-secret" not in " ".join(called["command"])
