"""The extension as it is built, loaded into a Chromium of its own, against all of Stint on a port."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Worker, expect

from tests.web.conftest import SharedSite, Site, shared_site, site
from tests.web.test_main_job import set_up
from tools import extension
from tools.installed_extension import POPUP, Installed, installed

__all__ = ["shared_site", "site"]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the extensions for all browsers have in common."""
    folder = tmp_path_factory.mktemp("extension") / "files"
    extension.build(folder)
    return folder


@dataclass
class Toolbar:
    """The extension in a browser where Ada is signed in, and what went wrong in its pages."""

    installed: Installed
    url: str
    web: Page
    faults: list[str] = field(default_factory=list)

    @property
    def context(self) -> BrowserContext:
        return self.installed.context

    @property
    def worker(self) -> Worker:
        return self.installed.worker

    @property
    def options(self) -> Page:
        return self.installed.options

    def popup(self) -> Page:
        """Open the popup in a tab, in its own size."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.set_viewport_size(POPUP)  # type: ignore[arg-type]
        page.goto(self.installed.popup)
        return page

    def connect(self, button: str = "Connect") -> None:
        """Connect by a sign-in: compare the code on the page that opens, and allow it."""
        if button == "Connect":
            self.options.get_by_label("Address", exact=True).fill(self.url)
        with self.context.expect_page() as opened:
            self.options.get_by_role("button", name=button, exact=True).click()
        page = opened.value
        code = self.options.locator(".code").inner_text()
        expect(page.get_by_text(code, exact=True)).to_be_visible()
        page.get_by_role("button", name="Allow", exact=True).click()
        expect(page.get_by_role("heading", name="Connected")).to_be_visible()
        page.close()
        expect(self.options.get_by_role("button", name="Disconnect")).to_be_visible(timeout=20_000)

    def badge(self) -> tuple[str, str]:
        """Return what the toolbar says: the badge and the tooltip."""
        text, title = self.worker.evaluate(
            "async () => [await chrome.action.getBadgeText({}), await chrome.action.getTitle({})]"
        )
        return text, title

    def tell(self, event: str, *about: object) -> None:
        """Have the browser's own event come about, as a click in its menus does."""
        self.worker.evaluate(f"about => chrome.{event}.dispatch(...about)", list(about))

    def wait_for_badge(self, text: str, title: str) -> None:
        """Wait until the badge is `text` and the tooltip holds `title`."""
        said = """async ([text, title]) => {
            const {action} = chrome;
            while (await action.getBadgeText({}) !== text || !(await action.getTitle({})).includes(title))
                await new Promise(resolve => setTimeout(resolve, 20));
        }"""
        self.worker.evaluate(said, [text, title])

    def wait_for_notes(self, *notes: str) -> None:
        """Wait until the server has entries with just these notes, newest first: the toolbar shows them before."""
        until = time.monotonic() + 20
        while (found := [entry["note"] for entry in self.entries()]) != list(notes):
            assert time.monotonic() < until, found
            time.sleep(0.05)

    def entries(self) -> list[dict[str, Any]]:
        """Return what the server has."""
        answer = self.context.request.get(f"{self.url}/api/v1/entries?from=2020-01-01&to=2100-01-01")
        assert answer.ok, answer.text()
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


@pytest.fixture
def toolbar(browser: Browser, built: Path, shared_site: SharedSite, tmp_path: Path) -> Iterator[Toolbar]:
    """The extension, connected with nothing yet, beside a signed-in page."""
    with opened(browser, built, tmp_path, shared_site.url) as toolbar:
        shared_site.move_in(toolbar.context)
        yield toolbar


@pytest.fixture
def alone(browser: Browser, built: Path, site: Site, tmp_path: Path) -> Iterator[Toolbar]:
    """The same with a server of its own, which may be stopped."""
    with opened(browser, built, tmp_path, site.url) as toolbar:
        set_up(toolbar.web, site)
        yield toolbar


@contextmanager
def opened(browser: Browser, built: Path, folder: Path, url: str) -> Iterator[Toolbar]:
    """The extension in a new browser, with a free page beside it."""
    size = {"width": 1280, "height": 900}
    with installed(browser.browser_type, built, folder, viewport=size, locale="en-GB") as there:
        toolbar = Toolbar(there, url, there.context.new_page())
        there.options.on("pageerror", lambda error: toolbar.faults.append(str(error)))
        yield toolbar
    assert toolbar.faults == []
