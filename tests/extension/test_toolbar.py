"""The real extension in a real Chromium: connected, used, cut off, and connected again."""

from __future__ import annotations

import signal
from pathlib import Path

from playwright.sync_api import Page, expect

from stint import __version__
from tests.extension.conftest import Toolbar
from tests.web.conftest import Site
from tests.web.test_accessibility import AXE, violations

ISSUE = """<!doctype html><title>Fix the menu · Issue #12</title>
<h1 class="title"><bdi data-testid="issue-title">Fix the menu</bdi> <span>#12</span></h1><main>It jumps.</main>"""


def start(popup: Page, note: str) -> None:
    popup.get_by_label("What are you working on?").fill(note)
    popup.get_by_role("button", name="Start", exact=True).click()
    expect(popup.get_by_role("button", name="Stop", exact=True)).to_be_visible()


def stop(popup: Page) -> None:
    popup.get_by_role("button", name="Stop", exact=True).click()
    expect(popup.get_by_role("button", name="Start", exact=True)).to_be_visible()


def has_no_violation(page: Page) -> None:
    page.evaluate(Path(AXE).read_text())
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += violations(page, runOnly=["color-contrast"])
    assert found == []


def test_toolbar_and_timesheet_follow_each_other(toolbar: Toolbar) -> None:
    options = toolbar.options
    has_no_violation(options)
    expect(options.get_by_text(f"Stint {__version__}", exact=True)).to_be_visible()
    options.get_by_label("Address", exact=True).fill("http://stint.example.com")
    options.get_by_role("button", name="Connect", exact=True).click()
    expect(options.get_by_role("alert")).to_contain_text("begins with https")
    toolbar.connect()
    toolbar.web.goto(toolbar.url)
    bar = toolbar.web.locator("stint-timer-bar")

    popup = toolbar.popup()
    start(popup, "Wireframes")
    expect(bar.locator(".note")).to_have_value("Wireframes")
    toolbar.wait_for_badge("0:00", "Wireframes")
    has_no_violation(popup)
    popup.get_by_label("What are you working on?").fill("Wireframes of the menu")
    popup.reload()  # as a click beside the popup does, which closes it
    expect(popup.get_by_label("What are you working on?")).to_have_value("Wireframes of the menu")
    popup.get_by_label("What are you working on?").press("Enter")
    expect(bar.locator(".note")).to_have_value("Wireframes of the menu")
    popup.get_by_role("button", name="Billable").click()
    expect(bar.get_by_role("button", name="Billable")).to_have_attribute("aria-pressed", "true")
    stop(popup)
    expect(bar.locator(".go .says")).to_have_text("Start")
    toolbar.wait_for_badge("", "No timer runs")

    bar.locator(".note").fill("Letters")
    bar.get_by_role("button", name="Start", exact=True).click()
    expect(popup.get_by_label("What are you working on?")).to_have_value("Letters")
    toolbar.wait_for_badge("0:00", "Letters")
    popup.locator(".again").filter(has_text="Wireframes of the menu").click()
    expect(bar.locator(".note")).to_have_value("Wireframes of the menu")
    made = {(entry["note"], entry["billable"], entry["made_by"]) for entry in toolbar.entries()}
    assert made == {("Wireframes of the menu", True, "extension"), ("Letters", False, "web")}

    toolbar.tell("contextMenus.onClicked", {"menuItemId": "selection", "selectionText": "Call\n the printer"})
    toolbar.wait_for_badge("0:00", "Call the printer")
    toolbar.tell("contextMenus.onClicked", {"menuItemId": "page"}, {"title": "Minutes of Monday"})
    toolbar.wait_for_badge("0:00", "Minutes of Monday")
    toolbar.tell("commands.onCommand", "toggle")
    expect(bar.locator(".go .says")).to_have_text("Start")
    popup.close()

    options.get_by_role("button", name="Disconnect").click()
    expect(options.get_by_label("Address", exact=True)).to_be_visible()
    toolbar.wait_for_badge("", "click to connect")
    toolbar.web.goto(f"{toolbar.url}/settings/tokens")
    expect(toolbar.web.get_by_text("No tokens yet")).to_be_visible()


def test_what_is_done_while_the_server_is_away_arrives_once(alone: Toolbar, site: Site) -> None:
    alone.connect()
    popup = alone.popup()
    start(popup, "Begun with a network")
    expect(popup.locator(".state")).to_have_text("")
    site.running.stop(signal.SIGKILL)

    stop(popup)
    expect(popup.locator(".state")).to_contain_text("No connection")
    start(popup, "Begun without")
    popup.close()
    alone.wait_for_badge("0:00", "not sent yet")
    popup = alone.popup()
    expect(popup.get_by_label("What are you working on?")).to_have_value("Begun without")
    site.start()

    popup.reload()
    expect(popup.locator(".state")).to_have_text("", timeout=20_000)
    running = {entry["note"]: entry["end"] is None for entry in alone.entries()}
    assert len(alone.entries()) == 2
    assert running == {"Begun with a network": False, "Begun without": True}


def test_a_revoked_token_keeps_the_queue_and_asks_to_sign_in_again(toolbar: Toolbar) -> None:
    toolbar.connect()
    web, options = toolbar.web, toolbar.options
    web.goto(f"{toolbar.url}/settings/tokens")
    web.get_by_role("button", name="Revoke Stint, Chrome, Linux").click()
    web.get_by_role("button", name="Yes, go on").click()
    expect(web.get_by_text("No tokens yet")).to_be_visible()

    popup = toolbar.popup()
    start(popup, "Still here")
    expect(popup.get_by_text("its token was revoked")).to_be_visible()
    toolbar.wait_for_badge("!", "Still here")
    assert toolbar.entries() == []
    expect(options.get_by_text("1 changes were not sent yet")).to_be_visible()
    toolbar.connect("Sign in again")

    toolbar.wait_for_badge("0:00", "Still here")
    expect(popup.get_by_text("its token was revoked")).to_be_hidden()
    assert [entry["note"] for entry in toolbar.entries()] == ["Still here"]


def test_an_issue_gets_a_button_where_it_was_allowed(toolbar: Toolbar) -> None:
    toolbar.connect()
    options, page = toolbar.options, toolbar.web
    toolbar.context.route(
        "https://github.com/**", lambda route: route.fulfill(body=ISSUE, content_type="text/html")
    )
    page.goto("https://github.com/o/r/issues/12")
    expect(page.locator(".stint-start")).to_have_count(0)
    options.get_by_label("GitHub", exact=True).check()
    toolbar.worker.evaluate(
        "async () => { while (!(await chrome.scripting.getRegisteredContentScripts()).length); }"
    )

    page.reload()
    page.get_by_role("button", name="Start timer").click()
    note = "o/r#12 Fix the menu https://github.com/o/r/issues/12"
    expect(page.get_by_role("button", name="Timer runs")).to_be_disabled()
    toolbar.wait_for_badge("0:00", note)
    toolbar.wait_for_notes(note)

    page.evaluate("document.querySelector('h1').replaceWith(document.querySelector('h1').cloneNode(true))")
    expect(page.locator("h1 + .stint-start")).to_have_count(1)
    popup = toolbar.popup()
    stop(popup)
    expect(page.get_by_role("button", name="Start timer")).to_be_enabled()
    options.get_by_label("GitHub", exact=True).uncheck()
    expect(options.get_by_label("GitHub", exact=True)).not_to_be_checked()
    page.reload()
    expect(page.locator(".stint-start")).to_have_count(0)
