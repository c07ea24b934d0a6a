"""A session that ends in the middle of the work: nothing typed is lost, and the same act works after signing in."""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.test_main_job import set_up, sign_in


def end_sessions(site: Site) -> None:
    with sqlite3.connect(site.data / "stint.sqlite3", timeout=20) as database:
        database.execute("DELETE FROM django_session")
    database.close()


def listen(page: Page, address: str) -> None:
    """Open a page and wait for its event stream, not for that of the page before: one opening later would tell."""
    page.goto("about:blank")
    with page.expect_response("**/api/v1/events*"):
        page.goto(address)


def told(page: Page) -> None:
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()


def sign_in_elsewhere(page: Page, site: Site, email: str = "ada@example.com") -> None:
    """Follow the dialog's link into a window of its own, sign in there, and come back."""
    with page.context.expect_page() as opened:
        page.get_by_role("dialog").get_by_role("link", name="Sign in").click()
    sign_in(opened.value, site, email)
    opened.value.close()
    page.bring_to_front()


@pytest.fixture
def ready(page: Page, site: Site) -> Page:
    set_up(page, site)
    return page


def test_a_dialog_keeps_its_text_and_saves_after_signing_in_again(ready: Page, site: Site) -> None:
    page = ready
    listen(page, f"{site.url}/projects")
    page.get_by_role("button", name="New project").first.click()
    name = page.locator("#dialog").get_by_label("Name")
    name.fill("Lighthouse")
    end_sessions(site)

    name.press("Enter")
    told(page)
    sign_in_elsewhere(page, site)
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("dialog", name="You were signed out")).to_be_hidden()
    expect(name).to_have_value("Lighthouse")
    name.press("Enter")
    expect(page.locator("#tree")).to_contain_text("Lighthouse")


def test_the_timer_keeps_its_note_and_starts_after_signing_in_again(ready: Page, site: Site) -> None:
    page = ready
    listen(page, site.url)
    note = page.get_by_placeholder("What are you working on?")
    with page.expect_response("**/entries/suggestions?*"):
        note.fill("Letters")
    end_sessions(site)

    page.get_by_role("button", name="Start", exact=True).click()
    told(page)
    expect(note).to_have_value("Letters")
    sign_in_elsewhere(page, site)
    page.get_by_role("button", name="Go on").click()

    expect(note).to_have_value("Letters")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.reload()
    expect(note).to_have_value("Letters")


def test_a_window_that_only_listens_is_told_too(ready: Page, site: Site) -> None:
    listen(ready, site.url)
    end_sessions(site)

    ready.evaluate("dispatchEvent(new Event('online'))")

    told(ready)


def test_going_on_without_signing_in_is_answered(ready: Page, site: Site) -> None:
    page = ready
    listen(page, f"{site.url}/projects")
    end_sessions(site)
    page.evaluate("dispatchEvent(new Event('online'))")
    told(page)

    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("alert")).to_have_text("You are not signed in yet.")
    told(page)


def test_somebody_else_gets_a_page_of_their_own(ready: Page, site: Site) -> None:
    page = ready
    site.add_user("linus@example.com", "Linus")
    listen(page, site.url)
    with page.expect_response("**/entries/suggestions?*"):
        page.get_by_placeholder("What are you working on?").fill("Of Ada")
    end_sessions(site)
    page.get_by_role("button", name="Start", exact=True).click()
    told(page)

    sign_in_elsewhere(page, site, "linus@example.com")
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_placeholder("What are you working on?")).to_have_value("")
    expect(page.locator("aside")).to_contain_text("Linus")
