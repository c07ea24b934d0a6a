"""Signed-in browsers without a screen, the Toggl sandbox, and all of Stint on a port for real ones."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.crypto import get_random_string
from playwright.sync_api import BrowserContext
from processes import Running, environment, prepared, stint

from stint.accounts.models import Account, User
from stint.accounts.queries import Caller, caller_of
from stint.accounts.services import create_account, create_user
from stint.sandbox.server import BackgroundSandbox

PASSWORD = "correct horse 42"


def signed_in(user: User) -> Client:
    """Return a client with a session of `user`."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def language_left() -> Iterator[None]:
    """Leave no test the language of the one before: a request sets it for its whole thread."""
    yield
    translation.deactivate()


def caller(user: User) -> Caller:
    found = caller_of(user.pk)
    assert found is not None
    return found


@pytest.fixture
def ada(db: None) -> User:
    """Administrator of Analytical Engines, in Lisbon."""
    return create_account(
        "Analytical Engines",
        email="ada@example.com",
        name="Ada",
        password=PASSWORD,
        timezone_name="Europe/Lisbon",
    )


@pytest.fixture
def account(ada: User) -> Account:
    return ada.membership.account


@pytest.fixture
def grace(account: Account) -> User:
    """Manager of the same account."""
    return create_user(account, email="grace@example.com", name="Grace", role="manager", password=PASSWORD)


@pytest.fixture
def linus(account: Account) -> User:
    """Member of the same account."""
    return create_user(account, email="linus@example.com", name="Linus", password=PASSWORD)


@pytest.fixture
def administrator(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def manager(grace: User) -> Client:
    return signed_in(grace)


@pytest.fixture
def member(linus: User) -> Client:
    return signed_in(linus)


@pytest.fixture
def sandbox(settings: Any) -> Iterator[BackgroundSandbox]:
    """Toggl's stand-in with the team seed; Stint's settings point at it."""
    with BackgroundSandbox(seed="team") as running:
        settings.TOGGL_API_URL = running.url
        settings.TOGGL_REQUESTS_PER_SECOND = 500
        settings.TOGGL_RETRY_SECONDS = 0.5
        yield running


@dataclass
class Site:
    """All of Stint in a process of its own, with a Toggl sandbox; `setup_link` makes the first Administrator."""

    url: str
    setup_link: str
    sandbox: BackgroundSandbox
    data: Path
    running: Running
    environment: dict[str, str]

    def stop(self) -> None:
        """Stop the server, as a reload of the machine does."""
        self.running.stop()

    def start(self) -> None:
        """Start it again at the same address."""
        port = self.url.rsplit(":", 1)[1]
        self.running = _up(self.data, self.sandbox, port=port, **self.environment)
        self.running.line("is at")

    def add_user(self, email: str, name: str, role: str = "member") -> None:
        """Create a user as an Administrator does at the command line."""
        done = stint(
            *("user", "create", "--email", email, "--name", name, "--role", role),
            *("--password-stdin", "--json"),
            data=self.data,
            stdin=PASSWORD,
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as opened:
        yield opened


@dataclass
class SharedSite:
    """A site that several tests share, each with an account of its own."""

    url: str
    keeper: subprocess.Popen[str]

    def move_in(self, context: BrowserContext, zone: str = "UTC") -> None:
        """Sign the browser in as Ada, Administrator of a new account."""
        assert self.keeper.stdin is not None
        assert self.keeper.stdout is not None
        self.keeper.stdin.write(f"{zone}\n")
        self.keeper.stdin.flush()
        session = self.keeper.stdout.readline().strip()
        assert session
        context.add_cookies(
            [
                {"name": "stint_session", "value": session, "url": self.url, "httpOnly": True},
                {"name": "stint_csrf", "value": get_random_string(32), "url": self.url},
            ]
        )


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedSite]:
    folder = tmp_path_factory.mktemp("shared")
    with (
        running_site(folder) as site,
        subprocess.Popen(
            [sys.executable, "-m", "tests.web.keeper"],
            env=environment(folder, PYTHONPATH=os.pathsep.join(filter(None, sys.path))),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as keeper,
    ):
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == "ready\n"
        yield SharedSite(site.url, keeper)
        assert keeper.stdin is not None
        keeper.stdin.close()


@contextmanager
def running_site(folder: Path, **environment: str) -> Iterator[Site]:
    """Run all of Stint with its data in `folder`."""
    with BackgroundSandbox(seed="team") as sandbox, _up(prepared(folder), sandbox, **environment) as running:
        link = running.line(r"(http://\S+/setup/\S+)")
        opened = Site(link.split("/setup/")[0], link, sandbox, folder, running, environment)
        try:
            yield opened
        finally:
            opened.stop()


def _up(data: Path, sandbox: BackgroundSandbox, port: str = "0", **more: str) -> Running:
    return Running(
        *("up", "--port", port),
        data=data,
        STINT_TOGGL_API_URL=sandbox.url,
        STINT_TOGGL_REQUESTS_PER_SECOND="500",
        **more,
    )
