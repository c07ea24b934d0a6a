"""Stint's main job in a real browser: set up, mirror Toggl, and track time on what was imported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.conftest import PASSWORD, Site

PHONE = {"width": 390, "height": 844}


Visit = Callable[..., tuple[Page, list[str]]]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens pages of people of their own (or of a given context), each with a list of what goes wrong in it.

    Wrong are script errors, and what the page's own policy forbids.
    """
    contexts: list[BrowserContext] = []

    def opened(context: BrowserContext | None = None, **options: Any) -> tuple[Page, list[str]]:
        if context is None:
            context = browser.new_context(**options)
            contexts.append(context)
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        return page, faults

    yield opened
    for context in contexts:
        context.close()


def set_up(page: Page, site: Site) -> None:
    page.goto(site.setup_link)
    page.get_by_label("Organisation").fill("Analytical Engines")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create and sign in").click()
    expect(page).to_have_url(f"{site.url}/integrations")


def mirror(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/integrations/toggl")
    page.get_by_label("Toggl Track API token").fill(site.sandbox.token)
    page.get_by_role("button", name="Connect Toggl Track").click()
    page.get_by_label("Select all").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What Save would do")).to_be_visible()
    page.get_by_role("button", name="Save and synchronise").click()
    expect(page.get_by_role("heading", name="Synchronised")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="Sync history")).to_be_visible()


def sign_in(page: Page, site: Site, email: str) -> None:
    page.goto(f"{site.url}/login")
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{site.url}/")


def start_on_found_task(page: Page, q: str) -> None:
    page.get_by_placeholder("What are you working on?").fill("Wireframes")
    page.locator("stint-task-picker button").first.click()
    page.locator("stint-task-picker input[type=search]").fill(q)
    expect(page.get_by_role("option").filter(has_text=re.compile(q, re.I)).first).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()


def test_an_administrator_mirrors_toggl_and_a_member_tracks_time_there(visit: Visit, site: Site) -> None:
    admin, faults = visit(timezone_id="Europe/Lisbon")
    set_up(admin, site)
    site.add_user("linus@example.com", "Linus")
    mirror(admin, site)
    admin.goto(f"{site.url}/projects")
    admin.get_by_text("Toggl", exact=True).first.click()
    expect(admin.locator("#tree [aria-level='2']").first).to_be_visible()

    member, member_faults = visit(viewport=PHONE, color_scheme="dark")
    sign_in(member, site, "linus@example.com")
    start_on_found_task(member, "website")
    expect(member).to_have_title(re.compile(r"^0:00:0\d"))
    member.get_by_role("button", name="Stop", exact=True).click()
    expect(member.locator("#days")).to_contain_text("Wireframes")
    assert member.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert (faults, member_faults) == ([], [])


def test_a_timer_started_in_one_window_shows_in_the_other(visit: Visit, site: Site) -> None:
    here, _ = visit()
    set_up(here, site)
    here.goto(site.url)
    there, _ = visit(here.context)
    there.goto(site.url)
    expect(there.get_by_role("button", name="Start", exact=True)).to_be_visible()

    here.get_by_placeholder("What are you working on?").fill("Notes")
    here.get_by_role("button", name="Start", exact=True).click()

    expect(there.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(there.get_by_placeholder("What are you working on?")).to_have_value("Notes")


def test_pages_fit_a_phone(visit: Visit, site: Site) -> None:
    page, faults = visit(viewport=PHONE)
    set_up(page, site)

    widths = {}
    for path in ("/", "/projects", "/projects/archived", "/integrations", "/integrations/toggl"):
        page.goto(f"{site.url}{path}")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert max(widths.values()) <= PHONE["width"], widths
    assert faults == []


def test_the_chosen_theme_stays(visit: Visit, site: Site) -> None:
    page, _ = visit(color_scheme="light")
    set_up(page, site)
    page.locator("aside summary").click()
    page.locator("aside").get_by_role("button", name="Dark").click()

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "stint-dark")
