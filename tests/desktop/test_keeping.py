"""The token is kept in the keyring of the system, or encrypted where there is none."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from PySide6.QtCore import QByteArray

from stint_desktop import keeping
from stint_desktop.keeping import KeyringSecrets
from tests.desktop.equipment import Memory

SERVER = "https://stint.example.com 7"
TOKEN = "st_0123456789abcdefghij"


class Computer:
    """Another computer than this."""

    @staticmethod
    def machineUniqueId() -> QByteArray:  # noqa: N802  (Qt's name)
        return QByteArray(b"another computer")


@pytest.mark.usefixtures("memory")
def test_the_keyring_keeps_it_and_no_file_does(tmp_path: Path) -> None:
    kept = KeyringSecrets(tmp_path)
    assert kept.read(SERVER) is None
    kept.write(SERVER, TOKEN)
    assert KeyringSecrets(tmp_path).read(SERVER) == TOKEN
    assert kept.read("https://stint.example.com 8") is None
    assert list(tmp_path.iterdir()) == []
    kept.forget(SERVER)
    kept.forget(SERVER)
    assert kept.read(SERVER) is None


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring], ids=["none", "one that keeps nothing"])
def test_without_a_keyring_an_encrypted_file_keeps_it(
    tmp_path: Path, memory: Memory, backend: type[KeyringBackend]
) -> None:
    keyring.set_keyring(backend())
    KeyringSecrets(tmp_path).write(SERVER, TOKEN)
    KeyringSecrets(tmp_path).write("https://stint.example.com 8", "another")
    assert KeyringSecrets(tmp_path).read(SERVER) == TOKEN
    for file in tmp_path.iterdir():
        assert TOKEN.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    KeyringSecrets(tmp_path).forget(SERVER)
    assert KeyringSecrets(tmp_path).read(SERVER) is None
    assert KeyringSecrets(tmp_path).read("https://stint.example.com 8") == "another"


def test_the_file_is_worth_nothing_without_its_key_or_on_another_computer(
    tmp_path: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.locked = True
    KeyringSecrets(tmp_path).write(SERVER, TOKEN)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(keeping, "QSysInfo", Computer)
        assert KeyringSecrets(tmp_path).read(SERVER) is None
    assert KeyringSecrets(tmp_path).read(SERVER) == TOKEN
    (tmp_path / "tokens.key").unlink()
    assert KeyringSecrets(tmp_path).read(SERVER) is None


def test_a_keyring_that_opens_later_takes_it_over(tmp_path: Path, memory: Memory) -> None:
    memory.locked = True
    KeyringSecrets(tmp_path).write(SERVER, TOKEN)
    memory.locked = False
    assert KeyringSecrets(tmp_path).read(SERVER) == TOKEN
    KeyringSecrets(tmp_path).write(SERVER, TOKEN)
    assert not (tmp_path / "tokens").exists()
    assert KeyringSecrets(tmp_path).read(SERVER) == TOKEN


def test_a_damaged_file_only_asks_to_sign_in_again(tmp_path: Path, memory: Memory) -> None:
    memory.locked = True
    KeyringSecrets(tmp_path).write(SERVER, TOKEN)
    (tmp_path / "tokens").write_bytes(b"\x00not what was written")
    assert KeyringSecrets(tmp_path).read(SERVER) is None
    KeyringSecrets(tmp_path).write(SERVER, TOKEN)
    assert KeyringSecrets(tmp_path).read(SERVER) == TOKEN
