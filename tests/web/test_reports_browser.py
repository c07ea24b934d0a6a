"""Reports in a real browser: filters, each view, edit in place, drill down, saving; and the dashboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import SharedSite
from tools.screenshots import Api

DAYS = "range=custom&from=2026-03-02&to=2026-03-08"


@dataclass
class Window:
    """A signed-in page, the API with its session, and two tasks, one below the other."""

    page: Page
    api: Api
    url: str
    house: int
    kitchen: int

    def open(self, path: str) -> None:
        with self.page.expect_response(re.compile("/api/v1/events")):
            self.page.goto(f"{self.url}{path}")


@pytest.fixture
def window(browser: Browser, shared_site: SharedSite) -> Iterator[Window]:
    context = browser.new_context(timezone_id="UTC", locale="en-GB")
    shared_site.move_in(context)
    api = Api(context, shared_site.url)
    house = api.send("POST", "/tasks", {"name": "House"})["id"]
    kitchen = api.send("POST", "/tasks", {"name": "Kitchen", "parent_id": house})["id"]
    me = api.send("GET", "/me")["id"]
    api.send("PUT", f"/tasks/{house}/people/{me}")
    for task, day, minutes, tag in ((house, 2, 30, "plan"), (kitchen, 3, 90, "build"), (None, 4, 45, "plan")):
        start = datetime(2026, 3, day, 9, tzinfo=UTC)
        times = {"start": start.isoformat(), "end": (start + timedelta(minutes=minutes)).isoformat()}
        api.send("POST", "/entries", {"task_id": task, "note": f"Day {day}", "tags": [tag], **times})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Window(page, api, shared_site.url, house, kitchen)
    assert faults == []
    context.close()


def test_filters_answer_at_once_and_the_link_keeps_them(window: Window) -> None:
    page = window.page
    window.open(f"/reports?{DAYS}")
    expect(page.locator(".tiles")).to_contain_text("2:45")
    page.locator("summary", has_text="Tags").click()
    page.get_by_role("checkbox", name="build").check()
    expect(page.locator(".tiles")).to_contain_text("1:30")
    page.get_by_label("then by").select_option("user")
    expect(page.locator("tr.inner")).to_contain_text("Ada")
    expect(page).to_have_url(re.compile(r"tag=build"))
    expect(page).to_have_url(re.compile(r"group_by=project%2Cuser"))
    page.reload()
    expect(page.locator(".tiles")).to_contain_text("1:30")
    expect(page.locator("tr.inner")).to_contain_text("Ada")
    page.get_by_role("link", name="Tree").click()
    expect(page.locator(".fold-tree").first).to_contain_text("House")
    expect(page.locator("#report")).to_contain_text("1:30")


def test_a_task_is_picked_as_filter_with_all_below_it(window: Window) -> None:
    page = window.page
    window.open(f"/reports?{DAYS}")
    page.locator("#filters stint-task-picker button").first.click()
    page.get_by_role("treeitem", name="House").click()
    expect(page.locator(".tiles")).to_contain_text("2:00")
    expect(page).to_have_url(re.compile(rf"task_id={window.house}"))
    page.locator("#filters stint-task-picker button").first.click()
    page.get_by_role("treeitem", name="All tasks").click()
    expect(page.locator(".tiles")).to_contain_text("2:45")


def test_the_tree_is_drilled_down(window: Window) -> None:
    page = window.page
    window.open(f"/reports/tree?{DAYS}")
    page.locator("summary.fold-name", has_text="House").click()
    expect(page.locator(".fold-below")).to_contain_text("Kitchen")
    expect(page.locator(".fold-own")).to_contain_text("0:30")
    page.locator(".fold-below .fold-time").click()
    expect(page.locator("li.entry")).to_have_count(1)
    expect(page.locator("li.entry")).to_contain_text("Day 3")


def test_an_entry_is_edited_where_the_report_shows_it(window: Window) -> None:
    page = window.page
    window.open(f"/reports/detailed?{DAYS}")
    page.locator("li.entry", has_text="Day 4").locator(".entry-note").click()
    expect(page.locator("[data-editing] input[name=note]")).to_be_focused()
    page.keyboard.type("Corrected")
    page.keyboard.press("Enter")
    expect(page.locator("li.entry", has_text="Corrected")).to_be_visible()
    expect(page.locator("[data-editing]")).to_have_count(0)


def test_a_week_is_left_for_the_one_before(window: Window) -> None:
    page = window.page
    window.open(f"/reports/weekly?{DAYS}")
    expect(page.locator("tfoot")).to_contain_text("2:45")
    page.get_by_role("link", name="The days before").click()
    expect(page.locator("#report")).to_contain_text("23 Feb")
    expect(page.locator("#report")).to_contain_text("No time in these days")


def test_a_report_is_saved_and_opened_again(window: Window) -> None:
    page = window.page
    window.open(f"/reports/weekly?{DAYS}&tag=plan")
    page.get_by_role("button", name="Save report").click()
    page.get_by_label("Name").fill("Planning")
    page.locator("#dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as “Planning”.")).to_be_visible()
    window.open("/reports")
    page.locator("summary", has_text="Saved reports").click()
    page.get_by_role("link", name="Planning").click()
    expect(page).to_have_url(re.compile(r"/reports/weekly\?.*tag=plan"))
    expect(page.locator("tfoot")).to_contain_text("1:15")


def test_the_dashboard_follows_the_timer(window: Window) -> None:
    page = window.page
    window.open("/dashboard")
    expect(page.locator("#running")).to_contain_text("Nobody")
    window.api.send("POST", "/timer/start", {"task_id": window.kitchen, "note": "Shelves"})
    expect(page.locator("#running")).to_contain_text("Kitchen")
    expect(page.locator("#running")).to_contain_text("Shelves")
    window.api.send("POST", "/timer/stop")
    expect(page.locator("#running")).to_contain_text("Nobody")


def test_reports_and_dashboard_are_reached_by_keys(window: Window) -> None:
    page = window.page
    window.open("/")
    page.locator("body").press("g")
    page.locator("body").press("r")
    expect(page).to_have_url(re.compile("/reports$"))
    page.locator("body").press("g")
    page.locator("body").press("d")
    expect(page).to_have_url(re.compile("/dashboard$"))
