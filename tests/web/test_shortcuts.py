"""Stint by the keyboard alone: shortcuts, what keeps them still, and the overlay that lists them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.test_main_job import set_up


@pytest.fixture
def ready(page: Page, site: Site) -> Page:
    set_up(page, site)
    return page


def overlay(page: Page) -> None:
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_two_keys_lead_to_a_page_and_one_searches_it(ready: Page, site: Site) -> None:
    page = ready
    page.keyboard.type("gp")
    expect(page).to_have_url(f"{site.url}/projects")
    page.keyboard.press("/")
    expect(page.get_by_label("Search projects and tasks")).to_be_focused()

    page.keyboard.type("gt?")
    expect(page.get_by_label("Search projects and tasks")).to_have_value("gt?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()

    page.locator("h1").click()
    page.keyboard.type("gi")
    expect(page).to_have_url(f"{site.url}/integrations")


def test_the_timer_is_started_and_stopped_without_a_mouse(ready: Page, site: Site) -> None:
    page = ready
    page.goto(f"{site.url}/projects")
    note = page.get_by_placeholder("What are you working on?")
    page.keyboard.press("n")
    expect(note).to_be_focused()
    page.keyboard.type("songs and sums")
    expect(note).to_have_value("songs and sums")

    note.evaluate("field => field.blur()")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Start", exact=True)).to_have_attribute("aria-disabled", "false")


def test_with_modifiers_or_below_a_dialog_they_are_still(ready: Page, site: Site) -> None:
    page = ready
    page.goto(f"{site.url}/projects")
    for keys in ("Control+/", "Alt+n", "Control+s"):
        page.keyboard.press(keys)
    expect(page.get_by_label("Search projects and tasks")).not_to_be_focused()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()

    page.keyboard.press("?")
    overlay(page)
    page.keyboard.type("gt")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    expect(page).to_have_url(f"{site.url}/projects")


def test_the_overlay_lists_what_the_page_offers_and_the_menu_opens_it(ready: Page, site: Site) -> None:
    page = ready
    page.goto(site.url)
    page.locator("aside summary").click()
    page.locator("aside").get_by_role("button", name="Keyboard shortcuts").click()
    overlay(page)

    offered = page.locator("aside [data-shortcut]").evaluate_all(
        "places => places.map(place => [place.textContent.trim(), place.dataset.shortcut.replace(' ', '')])"
    )
    listed = page.locator("#shortcuts [data-places] > div").evaluate_all(
        "rows => rows.map(row => [row.children[0].textContent, row.children[1].textContent])"
    )
    assert ["Projects", "gp"] in listed
    assert listed == offered


def test_they_can_be_switched_off(ready: Page, site: Site) -> None:
    page = ready
    page.goto(site.url)
    page.keyboard.press("?")
    page.get_by_label("Use keyboard shortcuts in this browser").uncheck()
    page.keyboard.press("Escape")
    page.reload()

    page.keyboard.type("gp")
    page.keyboard.press("?")
    overlay(page)
    expect(page).to_have_url(f"{site.url}/")
    page.get_by_label("Use keyboard shortcuts in this browser").check()
    page.keyboard.press("Escape")
    page.keyboard.type("gp")
    expect(page).to_have_url(f"{site.url}/projects")
