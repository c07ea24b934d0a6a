"""A Qt without a screen, a keyring in memory, and a real Stint to talk to."""

from __future__ import annotations

import functools
import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError
from processes import Running, prepared, stint
from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from stint.client.server import Server
from stint_desktop import palette

os.environ["QT_QPA_PLATFORM"] = "offscreen"

Wait = Callable[[Callable[[], object]], None]
SECONDS = 60
PASSWORD = "correct horse 42"


@pytest.fixture(scope="session")
def app() -> QApplication:
    """The one application of this process."""
    made = QApplication.instance() or QApplication(["stint-desktop"])
    made.setQuitOnLastWindowClosed(False)
    made.setStyle("Fusion")
    palette.wear(made, palette.DAY)
    return made


@pytest.fixture
def until(app: QApplication) -> Iterator[Wait]:
    """Let Qt work until something holds."""

    def wait(holds: Callable[[], object]) -> None:
        deadline = QDeadlineTimer(SECONDS * 1000)
        while not holds():
            assert not deadline.hasExpired(), f"{holds} did not come true in {SECONDS} s"
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 200)

    yield wait
    app.processEvents()


class Office:
    """A real Stint in a process of its own, which may be killed and started again at the same address.

    Ada is its Administrator; `client` acts for her from another surface.
    """

    def __init__(self, data: Path) -> None:
        self.data = prepared(data)
        made = stint(
            *("admin", "create", "--email", "ada@example.com", "--name", "Ada", "--account", "Engines"),
            *("--password-stdin", "--json"),
            data=data,
            stdin=PASSWORD,
        )
        assert made.returncode == 0, made.stderr
        self.running = Running("up", "--port", "0", data=data)
        self.url = self.running.url
        self.client = Server(self.url, json.loads(made.stdout)["api_token"], "web")

    def task(self, name: str, above: int | None = None) -> int:
        """Create a task that Ada may track on; returns its id."""
        task = self.client.call("POST", "/tasks", {"name": name, "parent_id": above})
        self.client.call("PUT", f"/tasks/{task['id']}/people/{self.user_id}")
        return int(task["id"])

    @functools.cached_property
    def user_id(self) -> int:
        """Ada's id."""
        return int(self.client.call("GET", "/me")["id"])

    def token(self) -> dict[str, Any]:
        """Make a token for Ada: {id, token}."""
        made: dict[str, Any] = self.client.call("POST", "/me/tokens", {"name": "Desktop"})
        return made

    def entries(self, *notes: str) -> list[dict[str, Any]]:
        """Return the entries with these notes, oldest first."""
        day = datetime.now(UTC).date()
        spoken = self.client.call(
            "GET", "/entries", from_=str(day - timedelta(days=1)), to=str(day + timedelta(days=1))
        )
        return [entry for entry in spoken["items"][::-1] if entry["note"] in notes]

    def timer(self) -> dict[str, Any] | None:
        """Return what runs."""
        entry: dict[str, Any] | None = self.client.call("GET", "/timer")["entry"]
        return entry

    def kill(self) -> None:
        """End it as a power cut does."""
        self.running.stop(signal.SIGKILL)

    def start(self) -> None:
        """Start it again."""
        self.running = Running("up", "--port", self.url.rsplit(":", 1)[1], data=self.data)
        assert self.running.url == self.url


@pytest.fixture(scope="session")
def whole_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    made.kill()


@pytest.fixture
def office(whole_office: Office) -> Office:
    """The office with nothing running."""
    if whole_office.timer():
        whole_office.client.call("POST", "/timer/stop", {})
    return whole_office


class Memory(KeyringBackend):
    """A keyring in memory that can be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


@pytest.fixture
def memory() -> Iterator[Memory]:
    """The keyring of the system, for as long as a test runs."""
    before = keyring.get_keyring()
    made = Memory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)
