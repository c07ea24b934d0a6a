"""The timer bar in a real Chromium: everything it does, by keyboard where people would, seen in a second window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.web.conftest import running_site
from tests.web.test_main_job import mirror, set_up
from tools.screenshots import Api


@dataclass
class Bar:
    """A window with the timer bar."""

    page: Page
    api: Api

    @property
    def note(self) -> Locator:
        return self.page.get_by_placeholder("What are you working on?")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.locator("stint-timer-bar").get_by_role(
            "button", name=name, exact=isinstance(name, str)
        )

    @property
    def picker(self) -> Locator:
        return self.page.locator("stint-timer-bar stint-task-picker")

    def start(self, note: str) -> None:
        self.note.fill(note)
        self.note.press("Enter")
        expect(self.button("Stop")).to_have_attribute("aria-disabled", "false")

    def stop(self) -> None:
        self.button("Stop").click()
        expect(self.button("Start")).to_have_attribute("aria-disabled", "false")

    def running(self) -> Any:
        return self.api.send("GET", "/timer")["entry"]


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """A site with Toggl's structure, and the cookies of its Administrator."""
    with running_site(tmp_path_factory.mktemp("bar")) as site:
        context = browser.new_context()
        page = context.new_page()
        set_up(page, site)
        mirror(page, site)
        cookies = context.storage_state()
        context.close()
        yield f"{site.url}/", cookies


@pytest.fixture
def context(browser: Browser, house: tuple[str, Any]) -> Iterator[BrowserContext]:
    opened = browser.new_context(storage_state=house[1], timezone_id="UTC")
    yield opened
    opened.close()


@pytest.fixture
def bar(context: BrowserContext, house: tuple[str, Any]) -> Iterator[Bar]:
    shown = open_bar(context, house[0])
    yield shown
    for entry in shown.api.send("GET", "/entries?limit=100")["items"]:
        shown.api.send("DELETE", f"/entries/{entry['id']}")


def open_bar(context: BrowserContext, url: str) -> Bar:
    page = context.new_page()
    page.goto(url)
    bar = Bar(page, Api(context, url.rstrip("/")))
    expect(bar.button(re.compile("^(Start|Stop)$"))).to_be_visible()
    return bar


def test_what_was_done_lately_is_offered_and_taken_by_keyboard(bar: Bar) -> None:
    task = bar.api.task("website")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    times = {"start": yesterday.isoformat(), "end": (yesterday + timedelta(hours=1)).isoformat()}
    fields = {"note": "Draft of the menu", "task_id": task, "tags": ["design"], "billable": True}
    bar.api.send("POST", "/entries", {**fields, **times})
    bar.note.press_sequentially("menu")
    expect(bar.page.get_by_role("option", name="Draft of the menu")).to_be_visible()
    bar.note.press("ArrowDown")
    bar.note.press("Enter")
    expect(bar.note).to_have_value("Draft of the menu")
    bar.note.press("Enter")
    expect(bar.button("Stop")).to_have_attribute("aria-disabled", "false")
    running = bar.running()
    assert {name: running[name] for name in fields} == fields


def test_a_task_is_picked_by_the_keyboard_alone(bar: Bar) -> None:
    bar.picker.get_by_role("button").focus()
    bar.page.keyboard.press("Enter")
    bar.page.keyboard.type("website", delay=20)
    expect(bar.page.get_by_role("option").first.locator("mark").first).to_have_text(
        re.compile("website", re.I)
    )
    bar.page.keyboard.press("Enter")
    expect(bar.picker.get_by_role("button")).to_be_focused()
    expect(bar.picker).to_contain_text("Website")
    bar.start("By keyboard")
    assert bar.running()["task_id"] == bar.api.task("website")


def test_the_tree_unfolds_by_arrows(bar: Bar) -> None:
    bar.picker.get_by_role("button").focus()
    bar.page.keyboard.press("Enter")
    first = bar.page.get_by_role("treeitem", level=1, name="Toggl", exact=True)
    expect(first).to_have_attribute("aria-expanded", "true")
    below = bar.page.get_by_role("treeitem", level=2).first
    while below.get_attribute("data-active") is None:
        bar.page.keyboard.press("ArrowDown")
    bar.page.keyboard.press("ArrowRight")
    expect(bar.page.get_by_role("treeitem", level=3).first).to_be_visible()
    bar.page.keyboard.press("ArrowLeft")
    expect(bar.page.get_by_role("treeitem", level=3)).to_have_count(0)
    bar.page.keyboard.press("Escape")
    expect(bar.picker.get_by_role("button")).to_be_focused()


def test_a_starred_task_comes_first(bar: Bar) -> None:
    bar.picker.get_by_role("button").click()
    bar.page.keyboard.type("audit")
    hit = bar.page.get_by_role("option").first
    expect(hit).to_contain_text("udit")
    name = hit.locator(".name").inner_text()
    hit.hover()
    hit.get_by_title("Add to favourites").click()
    expect(hit.get_by_title("Remove from favourites")).to_be_visible()
    bar.page.keyboard.press("Escape")
    bar.page.reload()
    bar.picker.get_by_role("button").click()
    expect(bar.page.get_by_text("Favourites", exact=True)).to_be_visible()
    expect(bar.page.get_by_role("treeitem").nth(1)).to_contain_text(name)


def test_tags_and_billable_are_set_before_the_start_and_while_it_runs(bar: Bar) -> None:
    bar.button("Tags").click()
    bar.page.keyboard.type("design")
    bar.page.keyboard.press("Enter")
    bar.page.keyboard.press("Escape")
    bar.button("Billable").click()
    bar.start("Poster")
    running = bar.running()
    assert (running["tags"], running["billable"]) == (["design"], True)
    with bar.page.expect_response(re.compile("/api/v1/entries/")):
        bar.button("Billable").click()
    assert bar.running()["billable"] is False


@pytest.mark.parametrize("typed", ["9", "930", "9.30am"])
def test_it_starts_in_the_past(bar: Bar, typed: str) -> None:
    bar.start("Forgotten")
    bar.button(re.compile("Elapsed")).click()
    expect(bar.page.get_by_placeholder("9:30")).to_be_focused()
    bar.page.keyboard.type(typed)
    with bar.page.expect_response(re.compile("/api/v1/entries/")):
        bar.page.keyboard.press("Enter")
    start = datetime.fromisoformat(bar.running()["start"])
    assert (start.hour, start.minute) == (9, 0 if typed == "9" else 30)
    assert timedelta() <= datetime.now(UTC) - start <= timedelta(days=1)


def test_a_start_that_cannot_be_read_says_what_can_be_typed(bar: Bar) -> None:
    bar.start("Forgotten")
    bar.button(re.compile("Elapsed")).click()
    expect(bar.page.get_by_placeholder("9:30")).to_be_focused()
    bar.page.keyboard.type("noonish")
    bar.page.keyboard.press("Enter")
    expect(bar.page.get_by_role("alert")).to_contain_text("type it as 9, 930, 9:30")


def test_a_discarded_timer_comes_back(bar: Bar) -> None:
    bar.start("Mistake")
    bar.button("Discard").click()
    expect(bar.button("Start")).to_be_visible()
    bar.page.get_by_role("button", name="Undo").click()
    expect(bar.button("Stop")).to_be_visible()
    expect(bar.note).to_have_value("Mistake")
    assert bar.running()["note"] == "Mistake"


def test_a_past_entry_goes_on_with_one_click_and_stops_what_runs(bar: Bar) -> None:
    bar.start("First")
    bar.stop()
    bar.start("Second")
    bar.page.get_by_role("button", name="Continue First").click()
    expect(bar.note).to_have_value("First")
    assert bar.running()["note"] == "First"
    expect(bar.page.locator("li.entry").filter(has_text="Second")).to_be_visible()


def test_the_tab_says_what_runs_and_for_how_long(bar: Bar) -> None:
    title = bar.page.title()
    bar.start("Sketch")
    expect(bar.page).to_have_title(re.compile(r"^0:00:0\d · Sketch · Stint$"))
    expect(bar.page).to_have_title(re.compile(r"^0:00:0[2-9] "))
    bar.stop()
    expect(bar.page).to_have_title(title)


def test_another_browser_shows_what_is_typed_and_picked_while_it_runs(
    browser: Browser, bar: Bar, house: tuple[str, Any]
) -> None:
    elsewhere = browser.new_context(storage_state=house[1], timezone_id="UTC")
    other = open_bar(elsewhere, house[0])
    bar.start("Sketch")
    expect(other.note).to_have_value("Sketch")
    bar.note.fill("Sketch of the cover")
    bar.note.press("Tab")
    expect(other.note).to_have_value("Sketch of the cover")
    other.stop()
    expect(bar.button("Start")).to_be_visible()
    elsewhere.close()
