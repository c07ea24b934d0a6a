from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Page, expect

from stint.sandbox.server import BackgroundSandbox
from stint.sandbox.workplace import Workplace


@pytest.fixture
def opened(page: Page, sandbox: BackgroundSandbox) -> Iterator[Page]:
    """The page of the small seed; a test fails when the page wrote an error."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(sandbox.url)
    page.get_by_text("Aurora Outdoor").wait_for()
    yield page
    assert errors == []


def test_it_shows_the_token_the_tree_and_the_people(opened: Page, sandbox: BackgroundSandbox) -> None:
    expect(opened.locator("#token")).to_have_text(sandbox.token)
    opened.get_by_role("button", name="Open Aurora Outdoor").click()
    opened.get_by_role("button", name="Open Website relaunch").click()
    expect(opened.get_by_text("Front end")).to_be_visible()
    opened.get_by_role("tab", name="People").click()
    expect(opened.get_by_text("ada@example.com")).to_be_visible()


def test_a_name_is_text_whatever_is_in_it(opened: Page, place: Workplace) -> None:
    opened.get_by_role("button", name="Edit Aurora Outdoor").click()
    odd = "<img src=x onerror=alert(1)> & “more”"
    opened.get_by_label("Name", exact=True).fill(odd)
    opened.get_by_role("button", name="Save").click()
    expect(opened.get_by_text(odd)).to_be_visible()
    assert odd in {c.name for c in place.clients.values()}


def test_things_are_added_archived_moved_and_deleted_by_hand(opened: Page, place: Workplace) -> None:
    opened.get_by_role("button", name="+ Client").click()
    opened.get_by_label("Name", exact=True).fill("Brand new")
    opened.get_by_role("button", name="Save").click()
    expect(opened.get_by_text("Brand new")).to_be_visible()
    opened.get_by_role("button", name="Edit Internal: meetings").click()
    opened.get_by_label("Client").select_option(label="Brand new")
    opened.get_by_role("checkbox", name="Archived").check()
    opened.get_by_role("button", name="Save").click()
    expect(opened.get_by_text("Saved")).to_be_visible()
    moved = next(p for p in place.projects.values() if p.name == "Internal: meetings")
    assert place.clients[moved.client_id or 0].name == "Brand new"
    assert not moved.active
    opened.get_by_role("button", name="Edit Brand new").click()
    opened.get_by_role("button", name="Delete").click()
    expect(opened.get_by_text("Deleted “Brand new”")).to_be_visible()
    assert moved.client_id is None


def test_a_refusal_is_told(opened: Page) -> None:
    opened.get_by_role("button", name="+ Client").click()
    opened.get_by_label("Name", exact=True).fill("Aurora Outdoor")
    opened.get_by_role("button", name="Save").click()
    expect(opened.get_by_role("status")).to_have_text("Name has already been taken")


def test_a_fault_is_switched_on_and_off(opened: Page, admin: httpx2.Client) -> None:
    opened.get_by_label("What goes wrong").select_option("500")
    opened.get_by_role("button", name="Switch on").click()
    expect(opened.locator("#faults")).to_contain_text("500 server error")
    assert admin.get("/api/v9/me").status_code == 500
    opened.get_by_role("button", name="All off").click()
    expect(opened.locator("#faults")).not_to_contain_text("500")
    assert admin.get("/api/v9/me").status_code == 200


def test_it_fits_a_phone(opened: Page) -> None:
    opened.set_viewport_size({"width": 360, "height": 700})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    expect(opened.get_by_role("button", name="Edit Aurora Outdoor")).to_be_in_viewport()
