"""Every open window shows the same: what happens elsewhere, and what happened while it could not listen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.conftest import Site
from tests.web.test_main_job import mirror, set_up, sign_in
from tools.chromium import FLAGS, chromium

OFFLINE = "Offline: reconnecting"


@pytest.fixture
def windows(browser: Browser, site: Site) -> Iterator[tuple[Page, Page]]:
    """Two browsers of the same person: what is done in the first must show in the second."""
    first, second = browser.new_context(), browser.new_context()
    here, there = first.new_page(), second.new_page()
    set_up(here, site)
    sign_in(there, site, "ada@example.com")
    yield here, there
    first.close()
    second.close()


def listen(page: Page, address: str) -> None:
    """Open a page and wait until it listens."""
    with page.expect_response("**/api/v1/events*"):
        page.goto(address)


def start(page: Page, note: str) -> None:
    page.get_by_placeholder("What are you working on?").fill(note)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()


def create_project(page: Page, name: str) -> None:
    page.get_by_role("button", name="New project").first.click()
    page.locator("#dialog").get_by_label("Name").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator("#tree")).to_contain_text(name)


def offline(page: Page) -> None:
    expect(page.locator("aside [data-offline]")).to_be_visible()


def online(page: Page) -> None:
    expect(page.locator("aside [data-offline]")).to_be_hidden(timeout=15_000)


def test_timer_and_entry_show_in_the_other_browser(windows: tuple[Page, Page], site: Site) -> None:
    here, there = windows
    listen(here, site.url)
    listen(there, site.url)

    start(here, "Letters")
    expect(there.get_by_placeholder("What are you working on?")).to_have_value("Letters")
    expect(there.get_by_role("button", name="Stop", exact=True)).to_be_visible()

    there.get_by_role("button", name="Stop", exact=True).click()
    expect(here.get_by_role("button", name="Start", exact=True)).to_be_visible()
    expect(here.locator("#days")).to_contain_text("Letters")


def test_tasks_and_syncs_show_in_the_other_browser(windows: tuple[Page, Page], site: Site) -> None:
    here, there = windows
    listen(here, f"{site.url}/projects")
    listen(there, f"{site.url}/projects")
    create_project(here, "Lighthouse")
    expect(there.locator("#tree")).to_contain_text("Lighthouse")

    mirror(here, site)
    expect(there.locator("#tree")).to_contain_text("Toggl")
    listen(there, f"{site.url}/integrations/toggl")
    runs = there.get_by_role("region", name="Sync history").locator("ul > li")
    before = runs.count()
    here.reload()
    here.get_by_role("button", name="Sync now").click()
    expect(runs).to_have_count(before + 1)


def test_a_window_without_network_says_so_and_catches_up(windows: tuple[Page, Page], site: Site) -> None:
    here, there = windows
    listen(here, site.url)
    listen(there, site.url)
    there.context.set_offline(True)
    offline(there)
    start(here, "Missed")
    expect(there.get_by_role("button", name="Start", exact=True)).to_be_visible()

    there.context.set_offline(False)

    online(there)
    expect(there.get_by_placeholder("What are you working on?")).to_have_value("Missed")


def test_a_stopped_server_is_told_and_waited_for(windows: tuple[Page, Page], site: Site) -> None:
    here, there = windows
    listen(there, f"{site.url}/projects")
    search = there.get_by_label("Search projects and tasks")
    search.fill("half typed")
    site.stop()
    offline(there)
    site.start()

    online(there)
    expect(search).to_have_value("half typed")
    search.fill("")
    here.goto(f"{site.url}/projects")
    create_project(here, "After the pause")
    expect(there.locator("#tree")).to_contain_text("After the pause")


@pytest.fixture
def remembering(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that keeps pages for its Back button, as people's do and Playwright's does not."""
    opened = browser.browser_type.launch(
        executable_path=chromium(),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield opened.new_context()
    opened.close()


def test_a_page_brought_back_by_the_back_button_catches_up(
    windows: tuple[Page, Page], remembering: BrowserContext, site: Site
) -> None:
    here, _ = windows
    there = remembering.new_page()
    sign_in(there, site, "ada@example.com")
    listen(there, f"{site.url}/projects")
    there.evaluate("window.kept = true")
    listen(there, f"{site.url}/integrations")
    here.goto(f"{site.url}/projects")
    create_project(here, "Meanwhile")

    there.go_back(wait_until="commit")

    expect(there.locator("#tree")).to_contain_text("Meanwhile")
    assert there.evaluate("window.kept"), "the page was loaded anew, so that this shows nothing"
