"""`stint backup`, `stint restore` and `stint doctor`."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from processes import Running, environment, prepared, stint

ADA = ("--email", "ada@example.com", "--name", "Ada")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = prepared(tmp_path_factory.mktemp("data"))
    assert stint("admin", "create", *ADA, "--account", "Acme", data=folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def backup(data: Path) -> Path:
    file = data.parent / f"{data.name}.backup"
    assert stint("backup", str(file), data=data).returncode == 0
    return file


def test_a_backup_brings_back_data_and_key(data: Path, backup: Path, tmp_path: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    restored = stint("restore", str(backup), data=tmp_path)
    assert restored.returncode == 0, restored.stderr
    assert (tmp_path / "secret_key").read_text() == (data / "secret_key").read_text()
    assert (tmp_path / "stint.sqlite3").stat().st_mode & 0o077 == 0
    taken = stint("user", "create", *ADA, data=tmp_path)
    assert "has a user already" in taken.stderr


def test_a_backup_is_made_while_stint_runs_but_restored_only_when_it_does_not(
    data: Path, tmp_path: Path
) -> None:
    with Running("up", "--port", "0", data=data) as running:
        assert running.url
        made = stint("backup", str(tmp_path / "live.backup"), data=data)
        assert made.returncode == 0, made.stderr
        refused = stint("restore", str(tmp_path / "live.backup"), "--force", data=data)
    assert refused.returncode == 1
    assert "already runs on" in refused.stderr


def test_present_data_are_replaced_only_by_force_and_kept_aside(backup: Path, tmp_path: Path) -> None:
    prepared(tmp_path)
    other = ("--email", "hank@example.com", "--name", "Hank")
    assert stint("admin", "create", *other, "--account", "Globex", data=tmp_path).returncode == 0
    key = (tmp_path / "secret_key").read_text()
    refused = stint("restore", str(backup), data=tmp_path)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert (tmp_path / "secret_key").read_text() == key
    assert stint("restore", str(backup), "--force", data=tmp_path).returncode == 0
    assert "has a user already" in stint("user", "create", *ADA, data=tmp_path).stderr
    assert (tmp_path / "stint.sqlite3.replaced").exists()


def test_a_key_given_by_the_environment_is_not_in_the_backup(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    made = stint("backup", str(file), data=data, STINT_SECRET_KEY="k" * 40)
    assert "STINT_SECRET_KEY is not in it" in made.stdout
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["manifest.json", "stint.sqlite3"]


def test_an_existing_file_is_not_overwritten(data: Path, backup: Path) -> None:
    refused = stint("backup", str(backup), data=data)
    assert refused.returncode == 1
    assert "exists already" in refused.stderr


KILLED_WHILE_PACKING = """
import os, signal, sys
from pathlib import Path
from stint.cli.setup import start_django
start_django()
from stint.server import backups
backups.tarfile.open = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
backups.back_up(Path(sys.argv[1]))
"""


def test_a_backup_cut_short_leaves_nothing_that_passes_for_one(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut.backup"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_PACKING, str(file)],
        env=environment(data),
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not file.exists()
    assert stint("backup", str(file), data=data).returncode == 0


@pytest.mark.parametrize("damage", ["cut", "garbage", "absent", "empty", "newer", "bad_database"])
def test_what_is_no_whole_backup_is_refused_and_nothing_touched(
    backup: Path, tmp_path: Path, damage: str
) -> None:
    file = tmp_path / "file"
    whole = backup.read_bytes()
    if damage != "absent":
        file.write_bytes(_damaged(whole, damage))
    data = tmp_path / "data"
    refused = stint("restore", str(file), data=data)
    assert refused.returncode == 1
    assert refused.stderr.startswith("stint: ")
    assert refused.stderr.count("\n") == 1
    assert not (data / "stint.sqlite3").exists()


def _damaged(whole: bytes, damage: str) -> bytes:
    if damage == "cut":
        return whole[: len(whole) // 2]
    if damage == "garbage":
        return b"not a backup" * 100
    if damage == "empty":
        return b""
    manifest = {"format": 2 if damage == "newer" else 1, "stint": "0", "made_at": "x", "database": "sqlite"}
    parts = {"manifest.json": json.dumps(manifest).encode(), "../escaped": b"x"}
    if damage == "bad_database":
        parts["stint.sqlite3"] = b"SQLite format 3\0" + b"x" * 5000
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def test_the_doctor_finds_a_sound_installation_and_names_what_is_not(data: Path, tmp_path: Path) -> None:
    sound = stint("doctor", data=data, COLUMNS="500")
    assert sound.returncode == 0, sound.stdout
    assert "all applied" in sound.stdout
    fresh = stint("doctor", data=tmp_path, COLUMNS="500")
    assert fresh.returncode == 1
    assert "stint migrate" in fresh.stdout
    (tmp_path / "secret_key").chmod(0o644)
    assert "can be read by others" in stint("doctor", data=tmp_path, COLUMNS="500").stdout
