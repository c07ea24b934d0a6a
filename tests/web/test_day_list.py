"""The day list in a real browser: rows edited in place, taken back, chosen, and true in two windows at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.conftest import SharedSite
from tests.web.test_main_job import PHONE
from tools.screenshots import Api


@dataclass
class Window:
    """A signed-in page and the API with its session; `faults` are what goes wrong in it."""

    page: Page
    api: Api
    faults: list[str]

    def row(self, note: str) -> Locator:
        return self.page.locator("li.entry").filter(has_text=note)

    @property
    def editor(self) -> Locator:
        return self.page.locator("[data-editing]")

    def field(self, name: str) -> Locator:
        return self.editor.locator(f"input[name={name}]")

    def edit(self, note: str, part: str = ".entry-note") -> None:
        self.row(note).locator(part).click()
        expect(self.editor).to_be_visible()

    def add(self, note: str, hour: int, minutes: int = 60, **fields: Any) -> None:
        """Add time of yesterday."""
        day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
        start = day + timedelta(hours=hour)
        end = start + timedelta(minutes=minutes)
        self.api.send(
            "POST", "/entries", {"note": note, "start": start.isoformat(), "end": end.isoformat(), **fields}
        )

    def second(self) -> Window:
        """Open the list in another window of the same browser."""
        return opened(self.page.context.new_page(), self.page.url)


def opened(page: Page, url: str) -> Window:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with page.expect_response(re.compile("/api/v1/events")):  # so that no event is missed
        page.goto(url)
    return Window(page, Api(page.context, url.rstrip("/")), faults)


@pytest.fixture
def window(browser: Browser, shared_site: SharedSite) -> Iterator[Window]:
    context = browser.new_context(timezone_id="UTC")
    page = context.new_page()
    shared_site.move_in(context)
    window = opened(page, f"{shared_site.url}/")
    yield window
    assert window.faults == []
    context.close()


def test_a_row_is_edited_where_it_stands_by_the_keyboard_alone(window: Window) -> None:
    window.add("Draft", 9, 90)
    expect(window.row("Draft")).to_be_visible()
    window.row("Draft").locator(".entry-note").focus()
    window.page.keyboard.press("Enter")
    expect(window.field("note")).to_be_focused()
    window.page.keyboard.type("Final")
    window.page.keyboard.press("Enter")
    expect(window.row("Final").locator(".entry-note")).to_be_focused()
    expect(window.editor).to_have_count(0)
    expect(window.row("Draft")).to_have_count(0)


@pytest.mark.parametrize(
    ("part", "field"),
    [(".entry-times", "start"), (".entry-length", "duration"), (".entry-marks [href*=edit] svg", "billable")],
)
def test_the_field_that_was_clicked_has_the_focus(window: Window, part: str, field: str) -> None:
    window.add("Draft", 9, billable=True)
    window.edit("Draft", part)
    expect(window.field(field)).to_be_focused()


def test_task_and_tags_are_edited_from_where_they_stand(window: Window) -> None:
    window.add("Draft", 9, tags=["alpha"])
    window.edit("Draft", ".entry-task")
    expect(window.editor.locator("stint-task-picker")).to_be_focused()
    window.page.keyboard.press("Escape")
    expect(window.editor).to_have_count(0)
    window.edit("Draft", ".entry-tags")
    window.page.keyboard.type("beta")
    window.page.keyboard.press("Enter")
    window.page.keyboard.press("Enter")
    expect(window.row("Draft").locator(".entry-tags")).to_have_text(re.compile("alpha.*beta"))


def test_times_are_typed_and_the_others_follow(window: Window) -> None:
    window.add("Draft", 9, 60)
    window.edit("Draft", ".entry-times")
    window.page.keyboard.type("830")
    window.page.keyboard.press("Tab")
    expect(window.field("start")).to_have_value("08:30")
    expect(window.field("duration")).to_have_value("1:30")
    window.field("duration").fill("45m")
    window.page.keyboard.press("Tab")
    expect(window.field("end")).to_have_value("09:15")
    window.field("end").fill("11")
    window.field("end").press("Enter")
    expect(window.row("Draft").locator(".entry-times")).to_have_text("08:30 – 11:00")
    expect(window.row("Draft").locator(".entry-length")).to_have_text("2:30:00")


def test_a_night_is_said_while_it_is_typed_and_afterwards(window: Window) -> None:
    window.add("Shift", 22, 60)
    window.edit("Shift", ".entry-times")
    window.field("end").fill("2")
    window.page.keyboard.press("Tab")
    expect(window.editor).to_contain_text("+1 day")
    window.page.keyboard.press("Enter")
    expect(window.row("Shift").locator(".entry-times")).to_contain_text("+1 day")


def test_bad_input_stays_with_its_reason_and_escape_takes_it_back(window: Window) -> None:
    window.add("Draft", 9)
    window.edit("Draft", ".entry-times")
    window.field("note").fill("Long and dear")
    window.field("end").fill("nine")
    window.field("end").press("Enter")
    expect(window.editor).to_contain_text("type it as 9, 930, 9:30")
    expect(window.field("end")).to_be_focused()
    expect(window.field("end")).to_have_value("nine")
    expect(window.field("note")).to_have_value("Long and dear")
    window.page.keyboard.press("Escape")
    expect(window.row("Draft").locator(".entry-note")).to_be_focused()
    expect(window.row("Draft").locator(".entry-times")).to_have_text("09:00 – 10:00")


def test_a_redraw_leaves_alone_what_is_being_typed_and_the_list_catches_up(window: Window) -> None:
    window.add("Draft", 9)
    window.edit("Draft")
    window.page.keyboard.type("Half a th")
    with window.page.expect_response(re.compile("/timesheet/days")):
        window.add("From elsewhere", 14)
    window.page.keyboard.type("ought")
    expect(window.field("note")).to_have_value("Half a thought")
    expect(window.field("note")).to_be_focused()
    expect(window.row("From elsewhere")).to_have_count(0)
    window.page.keyboard.press("Enter")
    expect(window.row("From elsewhere")).to_be_visible()
    expect(window.row("Half a thought").locator(".entry-note")).to_be_focused()


def test_a_redraw_keeps_the_focus_in_its_row(window: Window) -> None:
    window.add("Draft", 9)
    row = window.row("Draft")
    for part in (row.locator(".entry-note"), row.get_by_role("button", name="Continue Draft")):
        part.focus()
        with window.page.expect_response(re.compile("/timesheet/days")):
            window.add("From elsewhere", 14)
        expect(window.row("From elsewhere").last).to_be_visible()
        expect(part).to_be_focused()


def test_of_two_windows_that_edit_one_entry_the_second_loses_nothing(window: Window) -> None:
    window.add("Draft", 9)
    other = window.second()
    for each in (window, other):
        each.edit("Draft")
    window.field("note").fill("Mine")
    window.field("note").press("Enter")
    expect(window.row("Mine")).to_be_visible()
    other.field("note").fill("Theirs")
    other.field("end").fill("1130")
    other.field("end").press("Enter")
    expect(other.editor.get_by_role("alert")).to_contain_text("changed in another window")
    expect(other.editor.get_by_role("alert")).to_contain_text("Mine")
    expect(other.field("note")).to_have_value("Theirs")
    other.editor.get_by_role("button", name="Save mine").click()
    expect(window.row("Theirs").locator(".entry-times")).to_have_text("09:00 – 11:30")
    assert other.faults == []


def test_the_second_window_may_take_what_the_first_one_saved(window: Window) -> None:
    window.add("Draft", 9)
    other = window.second()
    other.edit("Draft")
    window.edit("Draft")
    window.field("note").fill("Mine")
    window.field("note").press("Enter")
    other.field("note").fill("Theirs")
    other.field("note").press("Enter")
    other.editor.get_by_role("link", name="Take theirs").click()
    expect(other.row("Mine")).to_be_visible()


def test_a_deleted_entry_comes_back(window: Window) -> None:
    for note, hour in (("One", 9), ("Two", 11)):
        window.add(note, hour)
    window.row("Two").locator("summary").click()
    window.row("Two").get_by_role("button", name="Delete").click()
    expect(window.row("Two")).to_have_count(0)
    expect(window.row("One").locator("summary")).to_be_focused()
    window.page.get_by_role("button", name="Undo").click()
    expect(window.row("Two")).to_be_visible()


def test_an_open_menu_is_not_closed_by_a_redraw(window: Window) -> None:
    window.add("One", 9)
    window.row("One").locator("summary").click()
    with window.page.expect_response(re.compile("/timesheet/days")):
        window.add("Two", 11)
    expect(window.row("One").get_by_role("button", name="Duplicate")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.row("Two")).to_be_visible()


def test_an_entry_is_split_and_duplicated(window: Window) -> None:
    window.add("Long", 9, 120)
    window.row("Long").locator("summary").click()
    window.row("Long").get_by_role("button", name="Split").click()
    at = window.page.locator("#dialog").get_by_label("At")
    expect(at).to_have_value("10:00")
    at.fill("12")
    at.press("Enter")
    expect(window.page.locator("#dialog")).to_contain_text("between the start and the end")
    at.fill("930")
    at.press("Enter")
    expect(window.row("Long")).to_have_count(2)
    expect(window.row("Long").locator(".entry-length").first).to_have_text("1:30:00")
    window.row("Long").first.locator("summary").click()
    window.row("Long").first.get_by_role("button", name="Duplicate").click()
    expect(window.row("Long")).to_have_count(3)


def test_several_are_chosen_with_shift_changed_and_deleted(window: Window) -> None:
    for note, hour in (("One", 9), ("Two", 11), ("Three", 13), ("Four", 15)):
        window.add(note, hour)
    expect(window.row("One")).to_be_visible()
    box = window.page.locator(".entry-choose input")
    window.row("Four").hover()
    box.nth(0).check()
    box.nth(2).click(modifiers=["Shift"])
    bar = window.page.get_by_role("form", name="Selected entries")
    expect(bar).to_contain_text("3 selected")
    bar.get_by_label("Add tags").fill("june, july")
    bar.get_by_label("Billable").select_option("yes")
    bar.get_by_role("button", name="Apply").click()
    expect(window.page.locator(".entry-tags")).to_have_count(3)
    expect(bar).to_be_hidden()
    expect(window.row("One").locator(".entry-tags")).to_have_count(0)
    box.nth(0).check()
    box.nth(1).check()
    bar.get_by_role("button", name="Delete").click()
    expect(window.page.locator("li.entry")).to_have_count(2)
    window.page.get_by_role("button", name="Undo").click()
    expect(window.page.locator("li.entry")).to_have_count(4)


def test_a_choice_outlives_a_redraw(window: Window) -> None:
    window.add("One", 9)
    window.row("One").hover()
    window.page.locator(".entry-choose input").check()
    window.add("Two", 11)
    expect(window.row("Two")).to_be_visible()
    expect(window.row("One").get_by_role("checkbox")).to_be_checked()
    expect(window.row("Two").get_by_role("checkbox")).not_to_be_checked()


def test_time_is_added_by_hand_from_the_keyboard(window: Window) -> None:
    window.page.keyboard.press("n")
    form = window.page.get_by_role("region", name="Add time")
    expect(form.get_by_label("Note")).to_be_focused()
    window.page.keyboard.type("Forgotten call")
    form.get_by_label("Duration").fill("1h20")
    window.page.keyboard.press("Enter")
    expect(window.row("Forgotten call").locator(".entry-length")).to_have_text("1:20:00")
    expect(form).to_be_hidden()
    expect(window.page.get_by_role("button", name="Add time")).to_be_focused()
    window.page.keyboard.press("n")
    form.get_by_label("Start").fill("25")
    window.page.keyboard.press("Enter")
    expect(form.get_by_label("Start")).to_be_focused()
    expect(form).to_contain_text("is not a time of day", ignore_case=True)
    window.page.keyboard.press("Escape")
    expect(form).to_be_hidden()


def test_earlier_days_are_shown_below_and_stay_live(window: Window) -> None:
    window.add("New", 9)
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(days=400)
    for note, ago in (("Old", 30), ("Oldest", 0)):
        start = long_ago if not ago else datetime.now(UTC).replace(microsecond=0) - timedelta(days=ago)
        end = start + timedelta(minutes=5)
        window.api.send(
            "POST", "/entries", {"note": note, "start": start.isoformat(), "end": end.isoformat()}
        )
    window.page.reload()
    for note in ("Old", "Oldest"):
        window.page.get_by_role("link", name="Show earlier days").click()
        expect(window.row(note).first).to_be_visible()
    expect(window.page.get_by_role("link", name="Show earlier days")).to_have_count(0)
    window.edit("Oldest")
    window.field("note").fill("Ancient")
    window.field("note").press("Enter")
    expect(window.row("Ancient")).to_be_visible()
    expect(window.page.locator("li.entry")).to_have_count(3)


def test_a_phone_selects_and_edits_with_a_thumb(browser: Browser, window: Window) -> None:
    window.add("One", 9)
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        has_touch=True,
        is_mobile=True,
        storage_state=window.page.context.storage_state(),
    )
    phone = opened(context.new_page(), window.page.url)
    wide = phone.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    phone.page.get_by_role("button", name="Select").tap()
    phone.row("One").get_by_role("checkbox").tap()
    expect(phone.page.get_by_role("form", name="Selected entries")).to_contain_text("1 selected")
    phone.page.get_by_role("button", name="Clear the selection").tap()
    phone.row("One").locator(".entry-note").tap()
    phone.field("note").fill("Two")
    phone.editor.get_by_role("button", name="Save").tap()
    expect(phone.row("Two")).to_be_visible()
    assert phone.faults == []
    context.close()
