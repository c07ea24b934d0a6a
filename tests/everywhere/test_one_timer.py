"""One timer on five surfaces: started and stopped on each in turn, and seen on the four others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page, expect
from PySide6.QtWidgets import QApplication
from typer.testing import CliRunner

from stint.cli.app import app as terminal
from stint_desktop.keeping import KeyringSecrets
from stint_desktop.model import Link
from stint_desktop.session import Session
from stint_desktop.work import Work
from tests.desktop.equipment import PASSWORD, Memory, Office, Wait
from tests.extension.conftest import Toolbar, opened
from tests.web import test_phone_browser as handset

NOTE = "What are you working on?"


class Surface(Protocol):
    """A program with a timer in it; `shows` waits until it shows what runs, "" for nothing."""

    def start(self, note: str) -> None: ...

    def stop(self) -> None: ...

    def shows(self, note: str) -> None: ...


class Web:
    def __init__(self, page: Page, url: str) -> None:
        with page.expect_response("**/api/v1/events*"):
            page.goto(url)
        self.bar = page.locator("stint-timer-bar")

    def start(self, note: str) -> None:
        self.bar.locator(".note").fill(note)
        self.bar.locator(".note").press("Enter")

    def stop(self) -> None:
        self.bar.get_by_role("button", name="Stop", exact=True).click()

    def shows(self, note: str) -> None:
        if note:
            expect(self.bar.locator(".note")).to_have_value(note)
        expect(self.bar.locator(".go .says")).to_have_text("Stop" if note else "Start")


class Phone:
    def __init__(self, page: Page, url: str) -> None:
        self.app = handset.opened(page, url)

    def start(self, note: str) -> None:
        handset.start(self.app, note)

    def stop(self) -> None:
        handset.running(self.app).get_by_role("button", name="Stop", exact=True).click()

    def shows(self, note: str) -> None:
        if note:
            expect(handset.running(self.app)).to_contain_text(note)
        else:
            expect(handset.running(self.app)).to_be_hidden()


class Extension:
    def __init__(self, toolbar: Toolbar) -> None:
        toolbar.connect()
        self.toolbar, self.popup = toolbar, toolbar.popup()

    def start(self, note: str) -> None:
        self.popup.get_by_label(NOTE).fill(note)
        self.popup.get_by_label(NOTE).press("Enter")

    def stop(self) -> None:
        self.popup.get_by_role("button", name="Stop", exact=True).click()

    def shows(self, note: str) -> None:
        if note:
            expect(self.popup.get_by_label(NOTE)).to_have_value(note)
        self.toolbar.wait_for_badge("0:00" if note else "", note or "No timer runs")


class DesktopApp:
    def __init__(self, session: Session, office: Office, until: Wait) -> None:
        self.session, self.until = session, until
        failed: list[Exception] = []
        session.sign_in(office.url, office.token()["token"], lambda: None, failed.append)
        until(lambda: failed or (session.state.link is Link.ONLINE and session._stream is not None))
        assert failed == []

    def start(self, note: str) -> None:
        self.session.start(None, note)
        self.shows(note)  # Qt works only while it is waited for

    def stop(self) -> None:
        self.session.stop()
        self.shows("")

    def shows(self, note: str) -> None:
        def shown() -> str:
            return self.session.state.running.note if self.session.state.running else ""

        self.until(lambda: shown() == note and not self.session.state.queued)


class Terminal:
    def __init__(self, folder: Path, office: Office) -> None:
        self.config = folder / "terminal"
        self.run("login", office.url, "--token", office.token()["token"])

    def run(self, *arguments: str) -> str:
        done = CliRunner().invoke(
            terminal, arguments, env={"STINT_CONFIG": str(self.config), "STINT_TOKEN": ""}
        )
        assert done.exit_code == 0, done.output
        return done.stdout

    def start(self, note: str) -> None:
        self.run("start", "--note", note)

    def stop(self) -> None:
        self.run("stop")

    def shows(self, note: str) -> None:
        told: dict[str, Any] = json.loads(self.run("status", "--json"))
        assert (told["entry"] or {"note": ""})["note"] == note


@pytest.fixture
def surfaces(
    app: QApplication,
    browser: Browser,
    built: Path,
    office: Office,
    until: Wait,
    memory: Memory,
    tmp_path: Path,
) -> Iterator[dict[str, Surface]]:
    work = Work("everywhere", 3)
    session = Session(tmp_path, KeyringSecrets(tmp_path / "desktop"), work)
    phone = browser.new_context(**handset.PHONE)
    with opened(browser, built, tmp_path, office.url) as toolbar:
        for page in (toolbar.web, phone.new_page()):
            _sign_in(page, office.url)
        yield {
            "web": Web(toolbar.web, office.url),
            "mobile": Phone(phone.pages[0], office.url),
            "extension": Extension(toolbar),
            "desktop": DesktopApp(session, office, until),
            "cli": Terminal(tmp_path, office),
        }
    phone.close()
    session.end()
    work.end()


def test_what_one_starts_and_stops_all_show(surfaces: dict[str, Surface], office: Office) -> None:
    for name, surface in surfaces.items():
        surface.start(f"Started on {name}")
        for other in surfaces.values():
            other.shows(f"Started on {name}")
        surface.stop()
        for other in surfaces.values():
            other.shows("")

    made = office.entries(*(f"Started on {name}" for name in surfaces))
    assert [entry["made_by"] for entry in made] == list(surfaces)
    assert [entry["end"] for entry in made if entry["end"] is None] == []


def _sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill("ada@example.com")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{url}/")
