"""The calendar: a day or a week of the caller's time, created, moved and resized with the pointer or the keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from stint.accounts.models import Account, User
from stint.entries import services as entries
from stint.entries.services import NewEntry
from stint.tasks import services as tasks
from tests.web.conftest import SharedSite, caller
from tools.screenshots import Api


def state(client: Client, query: str) -> dict[str, Any]:
    """Return what the page gives to its component."""
    page = client.get(f"/timesheet/calendar?{query}").content.decode()
    found = re.search(r'<script id="calendar" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    given: dict[str, Any] = json.loads(found[1])
    return given


def dates(client: Client, query: str) -> list[str]:
    return [day["date"] for day in state(client, query)["days"]]


def track(user: User, start: datetime, end: datetime, **fields: Any) -> str:
    return entries.add_entry(caller(user), NewEntry(start=start, end=end, **fields), "web")[0].id


@pytest.mark.parametrize(("week_start", "first"), [(1, "2026-11-23"), (0, "2026-11-22"), (6, "2026-11-21")])
def test_a_week_begins_on_the_day_the_account_chose(
    administrator: Client, account: Account, week_start: int, first: str
) -> None:
    Account.objects.filter(pk=account.pk).update(week_start=week_start)

    shown = dates(administrator, "of=2026-11-25&span=week")

    assert (len(shown), shown[0]) == (7, first)


def test_a_day_stands_alone(administrator: Client) -> None:
    assert dates(administrator, "of=2026-11-25&span=day") == ["2026-11-25"]


@pytest.mark.parametrize("of", ["", "yesterday", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_means_today(administrator: Client, ada: User, of: str) -> None:
    today = datetime.now(caller(ada).zone).date().isoformat()

    assert dates(administrator, f"of={of}&span=day") == [today]


def test_the_days_are_those_of_the_reader_with_their_changes_of_clocks(administrator: Client) -> None:
    days = state(administrator, "of=2026-10-25&span=week")["days"]

    pieces = {day["date"]: day["pieces"] for day in days}
    assert pieces["2026-10-24"] == [{"wall": 0, "at": "2026-10-23T23:00:00Z", "length": 1440}]
    assert pieces["2026-10-25"] == [
        {"wall": 0, "at": "2026-10-24T23:00:00Z", "length": 120},
        {"wall": 60, "at": "2026-10-25T01:00:00Z", "length": 1380},
    ]


def test_an_entry_of_the_day_before_that_reaches_into_the_days_is_there(
    administrator: Client, ada: User
) -> None:
    night = track(ada, datetime(2026, 11, 24, 22, tzinfo=UTC), datetime(2026, 11, 25, 2, tzinfo=UTC))
    track(ada, datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC))

    shown = state(administrator, "of=2026-11-25&span=day")["entries"]

    assert [entry["id"] for entry in shown] == [night]


@pytest.mark.parametrize(("hours", "there"), [(22, False), (23, True)])
def test_a_long_entry_from_the_other_side_of_the_date_line_reaches_into_the_third_day(
    administrator: Client, ada: User, hours: int, there: bool
) -> None:
    User.objects.filter(pk=ada.pk).update(timezone="Etc/GMT+12")
    start = datetime(2026, 11, 2, 11, 59, tzinfo=UTC)  # the last minute of the first of November there
    long = track(ada, start, start + timedelta(hours=hours))
    User.objects.filter(pk=ada.pk).update(timezone="Pacific/Kiritimati")

    shown = state(administrator, "of=2026-11-04&span=day")["entries"]

    assert [entry["id"] for entry in shown] == ([long] if there else [])


def test_tasks_come_with_their_path_and_colour(administrator: Client, ada: User) -> None:
    task_id = tasks.create_task(caller(ada), "Website", None)
    tasks.assign(caller(ada), task_id, ada.pk)
    nine = datetime(2026, 11, 25, 9, tzinfo=UTC)
    track(ada, nine, nine.replace(hour=10), task_id=task_id)

    look = state(administrator, "of=2026-11-25&span=week")["looks"][str(task_id)]

    assert look["path"] == ["Website"]
    assert re.fullmatch("#[0-9a-f]{6}", look["color"])


def test_others_see_none_of_it(administrator: Client, manager: Client, ada: User) -> None:
    nine = datetime(2026, 11, 25, 9, tzinfo=UTC)
    track(ada, nine, nine.replace(hour=10))

    assert state(manager, "of=2026-11-25&span=week")["entries"] == []


def test_without_a_span_the_page_holds_the_links_of_both(administrator: Client) -> None:
    page = administrator.get("/timesheet/calendar?of=2026-11-25").content.decode()

    assert "?of=2026-11-24&amp;span=day" in page
    assert "?of=2026-11-16&amp;span=week" in page
    assert state(administrator, "of=2026-11-25")["narrow"] is True


# In a real browser: a screen so high that the whole day is seen, and a week without changes of clocks.

TALL = {"width": 1280, "height": 1900}
PHONE = {"width": 390, "height": 844}
MONDAY, TUESDAY = "2026-03-02", "2026-03-03"
MINUTES = 24 * 60
QUARTER = timedelta(minutes=15)


@dataclass
class Calendar:
    """A signed-in person with the calendar before them."""

    page: Page
    url: str
    faults: list[str]

    @classmethod
    def opened(cls, context: BrowserContext, url: str) -> Calendar:
        page, faults = context.new_page(), list[str]()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        return cls(page, url, faults)

    def go(self, query: str = f"of={MONDAY}&span=week") -> None:
        self.page.goto(f"{self.url}/timesheet/calendar?{query}")
        expect(self.page.get_by_role("button", name="New entry")).to_be_visible()

    def at(self, day: str, time: str) -> tuple[float, float]:
        """Return where a time of day stands on the screen, in the middle of its day's column."""
        box = self.page.locator(f"[data-day='{day}']").bounding_box()
        assert box is not None
        hours, minutes = map(int, time.split(":"))
        return box["x"] + box["width"] / 2, box["y"] + (hours * 60 + minutes) / MINUTES * box["height"]

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, release: bool = True) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        mouse.move(*end)
        if release:
            mouse.up()

    def saved(self) -> Any:
        """Wait, at the end of the block, for the answer to a change made in it."""
        return self.page.expect_response(lambda answer: answer.request.method == "PATCH")

    def block(self, note: str, day: str | None = None) -> Locator:
        blocks = self.page.locator(f"[data-day='{day}'] .block" if day else ".block")
        return blocks.filter(has_text=note)

    @property
    def api(self) -> Api:
        return Api(self.page.context, self.url)

    def add(self, note: str, start: str, end: str, **fields: Any) -> None:
        self.api.send(
            "POST", "/entries", {"note": note, "start": f"{start}:00Z", "end": f"{end}:00Z", **fields}
        )

    def stored(self) -> list[tuple[str, str, str]]:
        """Return note, start and end of every entry, oldest first."""
        items = self.page.request.get(f"{self.url}/api/v1/entries").json()["items"]
        return [(item["note"], item["start"][5:16], (item["end"] or "")[5:16]) for item in reversed(items)]


@pytest.fixture
def lisbon(browser: Browser, shared_site: SharedSite) -> Iterator[Calendar]:
    """Ada, of Lisbon, before a browser whose own clock is Tokyo's."""
    context = browser.new_context(
        timezone_id="Asia/Tokyo",
        viewport=TALL,  # type: ignore[arg-type]
    )
    shared_site.move_in(context, "Europe/Lisbon")
    calendar = Calendar.opened(context, shared_site.url)
    yield calendar
    assert calendar.faults == []
    context.close()


def test_a_drag_over_free_space_makes_an_entry(lisbon: Calendar) -> None:
    lisbon.go()

    lisbon.drag(lisbon.at(MONDAY, "09:02"), lisbon.at(MONDAY, "10:28"), release=False)
    expect(lisbon.page.locator(".ghost")).to_have_text(re.compile("09:00 – 10:30.*1:30"))
    lisbon.page.mouse.up()
    lisbon.page.locator("stint-calendar-form .note").fill("Draft")
    lisbon.page.keyboard.press("Enter")

    expect(lisbon.block("Draft", MONDAY)).to_contain_text("09:00 – 10:30")
    expect(lisbon.page.get_by_role("link", name="Monday, 2 March, 1:30")).to_be_visible()
    expect(lisbon.block("Draft")).to_be_focused()
    assert lisbon.stored() == [("Draft", "03-02T09:00", "03-02T10:30")]


def test_escape_takes_back_a_form_and_a_drag(lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T10:00")
    lisbon.go()

    lisbon.drag(lisbon.at(TUESDAY, "09:00"), lisbon.at(TUESDAY, "10:00"))
    expect(lisbon.page.locator("stint-calendar-form .note")).to_be_focused()
    lisbon.page.keyboard.press("Escape")
    expect(lisbon.page.locator("stint-calendar-form .note")).to_be_hidden()
    expect(lisbon.page.locator(".ghost")).to_have_count(0)

    lisbon.drag(lisbon.at(MONDAY, "09:30"), lisbon.at(TUESDAY, "15:00"), release=False)
    expect(lisbon.page.locator(".ghost")).to_be_visible()
    lisbon.page.keyboard.press("Escape")
    expect(lisbon.page.locator(".ghost")).to_have_count(0)
    lisbon.page.mouse.up()

    expect(lisbon.page.locator("stint-calendar-form .note")).to_be_hidden()
    assert lisbon.stored() == [("Draft", "03-02T09:00", "03-02T10:00")]


def test_an_entry_is_moved_to_another_day_and_keeps_its_length(lisbon: Calendar) -> None:
    lisbon.api.send(
        "POST", "/entries", {"note": "Draft", "start": "2026-03-02T09:03:17Z", "end": "2026-03-02T10:00:00Z"}
    )
    lisbon.go()

    with lisbon.saved():
        lisbon.drag(lisbon.at(MONDAY, "09:30"), lisbon.at(TUESDAY, "14:27"))

    expect(lisbon.block("Draft", TUESDAY)).to_contain_text("14:00 – 14:56")
    expect(lisbon.block("Draft", MONDAY)).to_have_count(0)
    lisbon.page.reload()
    expect(lisbon.block("Draft", TUESDAY)).to_be_visible()
    assert lisbon.stored() == [("Draft", "03-03T14:00", "03-03T14:56")]


def test_a_move_is_taken_back_by_a_key(lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T10:00")
    lisbon.go()
    with lisbon.saved():
        lisbon.drag(lisbon.at(MONDAY, "09:30"), lisbon.at(TUESDAY, "14:30"))
    expect(lisbon.block("Draft", TUESDAY)).to_be_focused()

    with lisbon.saved():
        lisbon.page.keyboard.press("Control+z")

    expect(lisbon.block("Draft", MONDAY)).to_be_focused()
    assert lisbon.stored() == [("Draft", "03-02T09:00", "03-02T10:00")]


def test_either_edge_is_dragged_to_another_time(lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T10:00")
    lisbon.go()

    x, y = lisbon.at(MONDAY, "10:00")
    with lisbon.saved():
        lisbon.drag((x, y - 2), lisbon.at(MONDAY, "11:15"))
    expect(lisbon.block("Draft")).to_contain_text("09:00 – 11:15")
    x, y = lisbon.at(MONDAY, "09:00")
    with lisbon.saved():
        lisbon.drag((x, y + 2), lisbon.at(MONDAY, "08:30"))
    expect(lisbon.block("Draft")).to_contain_text("08:30 – 11:15")

    lisbon.page.reload()
    expect(lisbon.block("Draft")).to_contain_text("08:30 – 11:15")


def test_overlapping_entries_stand_side_by_side(lisbon: Calendar) -> None:
    lisbon.add("One", "2026-03-02T09:00", "2026-03-02T10:00")
    lisbon.add("Other", "2026-03-02T09:30", "2026-03-02T10:30")
    lisbon.go()

    one, other = lisbon.block("One").bounding_box(), lisbon.block("Other").bounding_box()

    assert one is not None
    assert other is not None
    assert one["x"] + one["width"] <= other["x"]
    assert one["y"] < other["y"] < one["y"] + one["height"]


def test_an_entry_over_midnight_is_on_both_days(lisbon: Calendar) -> None:
    lisbon.add("Night", "2026-03-02T22:30", "2026-03-03T01:00")
    lisbon.go()

    expect(lisbon.block("Night", MONDAY)).to_be_visible()
    expect(lisbon.block("Night", TUESDAY)).to_be_visible()
    expect(lisbon.page.get_by_role("link", name="Monday, 2 March, 1:30")).to_be_visible()
    expect(lisbon.page.get_by_role("link", name="Tuesday, 3 March, 1:00")).to_be_visible()


def test_a_running_entry_grows(lisbon: Calendar) -> None:
    lisbon.page.clock.install()
    lisbon.api.send(
        "POST", "/timer/start", {"note": "Live", "start": (datetime.now(UTC) - QUARTER).isoformat()}
    )
    lisbon.go("span=day")
    before = lisbon.block("Live").last.bounding_box()

    lisbon.page.clock.fast_forward(20 * 60 * 1000)

    expect(lisbon.page.locator(".now")).to_be_visible()
    after = lisbon.block("Live").last.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"] + 10


def test_a_refused_move_returns_and_says_why(lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T10:00")
    lisbon.go()
    refusal = {"errors": [{"field": "start", "message": "lies in a closed month"}], "detail": ""}
    lisbon.page.route(
        "**/api/v1/entries/*",
        lambda route: route.fulfill(status=422, json=refusal),
    )

    lisbon.drag(lisbon.at(MONDAY, "09:30"), lisbon.at(TUESDAY, "14:30"))

    expect(lisbon.page.locator("#notices")).to_contain_text("Lies in a closed month")
    expect(lisbon.block("Draft", MONDAY)).to_contain_text("09:00 – 10:00")


def test_another_window_sees_it_and_keeps_its_open_form(lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T10:00")
    lisbon.go()
    other = Calendar.opened(lisbon.page.context, lisbon.url)
    other.go()
    other.block("Draft").click()
    other.page.locator("stint-calendar-form .note").fill("Typed")

    lisbon.drag(lisbon.at(MONDAY, "09:30"), lisbon.at(TUESDAY, "14:30"))

    expect(other.block("Draft", TUESDAY)).to_be_visible()
    expect(other.page.locator("stint-calendar-form .note")).to_have_value("Typed")
    other.page.keyboard.press("Enter")
    expect(other.page.get_by_role("alert")).to_contain_text("2026-03-03, 14:00 – 15:00")
    expect(other.page.locator("stint-calendar-form .note")).to_have_value("Typed")
    other.page.get_by_role("button", name="Save").click()
    expect(lisbon.block("Typed", TUESDAY)).to_be_visible()
    assert lisbon.stored() == [("Typed", "03-03T14:00", "03-03T15:00")]


def test_everything_is_done_with_the_keyboard_alone(lisbon: Calendar) -> None:
    lisbon.go()
    keys = lisbon.page.keyboard

    lisbon.page.get_by_role("button", name="New entry").focus()
    keys.press("Enter")
    expect(lisbon.page.locator("stint-calendar-form .note")).to_be_focused()
    keys.type("Draft")
    lisbon.page.get_by_label("Start time").focus()
    keys.type("930")
    keys.press("Tab")
    keys.type("11")
    keys.press("Enter")
    expect(lisbon.block("Draft", MONDAY)).to_be_focused()
    expect(lisbon.block("Draft", MONDAY)).to_contain_text("09:30 – 11:00")

    keys.press("Alt+ArrowRight")
    expect(lisbon.block("Draft", TUESDAY)).to_be_focused()
    for key in ("Alt+ArrowDown", "Alt+ArrowDown", "Shift+ArrowUp", "Alt+Shift+ArrowUp"):
        keys.press(key)
    expect(lisbon.block("Draft", TUESDAY)).to_contain_text("09:45 – 11:15")
    keys.press("Delete")
    expect(lisbon.block("Draft")).to_have_count(0)
    lisbon.page.locator("#notices").get_by_role("button", name="Undo").press("Enter")

    expect(lisbon.block("Draft", TUESDAY)).to_be_visible()
    assert lisbon.stored() == [("Draft", "03-03T09:45", "03-03T11:15")]


def test_an_entry_is_split_duplicated_and_continued_from_its_form(lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T11:00", tags=["web"])
    lisbon.go()

    lisbon.block("Draft").click()
    lisbon.page.get_by_role("button", name="Split").click()
    expect(lisbon.page.get_by_label("Split at")).to_have_value("10:00")
    lisbon.page.get_by_label("Split at").fill("9.30am")
    lisbon.page.keyboard.press("Enter")
    expect(lisbon.block("Draft")).to_have_count(2)

    lisbon.block("Draft").last.click()
    lisbon.page.get_by_role("button", name="Duplicate").click()
    expect(lisbon.block("Draft")).to_have_count(3)
    lisbon.block("Draft").last.click()
    lisbon.page.get_by_role("button", name="Continue").click()

    expect(lisbon.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    assert lisbon.stored()[:3] == [
        ("Draft", "03-02T09:00", "03-02T09:30"),
        ("Draft", "03-02T09:30", "03-02T11:00"),
        ("Draft", "03-02T09:30", "03-02T11:00"),
    ]


def test_what_cannot_be_read_is_said_and_nothing_is_lost(lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T11:00")
    lisbon.go()

    lisbon.block("Draft").click()
    lisbon.page.get_by_label("Start time").fill("nine")
    lisbon.page.keyboard.press("Enter")

    expect(lisbon.page.get_by_role("alert")).to_contain_text("type it as 9, 930")
    expect(lisbon.page.get_by_label("Start time")).to_have_value("nine")
    lisbon.page.get_by_label("Start time").fill("8")
    lisbon.page.keyboard.press("Enter")
    expect(lisbon.block("Draft")).to_contain_text("08:00 – 11:00")


def test_the_hour_that_comes_twice_holds_two_hours(lisbon: Calendar) -> None:
    lisbon.add("Night", "2026-10-25T00:00", "2026-10-25T03:00")
    lisbon.go("of=2026-10-25&span=day")

    expect(lisbon.page.locator(".twice")).to_be_visible()
    expect(lisbon.block("Night")).to_have_count(2)
    expect(lisbon.page.get_by_role("link", name="Sunday, 25 October, 3:00")).to_be_visible()

    box = lisbon.page.locator("[data-day='2026-10-25']").bounding_box()
    assert box is not None
    x, y = lisbon.at("2026-10-25", "05:00")
    lisbon.drag((x, y), lisbon.at("2026-10-25", "06:00"))
    lisbon.page.locator("stint-calendar-form .note").fill("Morning")
    lisbon.page.keyboard.press("Enter")
    expect(lisbon.block("Morning")).to_be_focused()
    assert lisbon.stored()[-1] == ("Morning", "10-25T05:00", "10-25T06:00")


def test_the_hour_that_is_skipped_is_hatched_and_takes_no_time(lisbon: Calendar) -> None:
    lisbon.go("of=2026-03-29&span=day")
    expect(lisbon.page.locator(".gap")).to_be_visible()

    lisbon.drag(lisbon.at("2026-03-29", "00:30"), lisbon.at("2026-03-29", "02:30"))
    lisbon.page.locator("stint-calendar-form .note").fill("Night")
    lisbon.page.keyboard.press("Enter")

    expect(lisbon.page.get_by_role("link", name="Sunday, 29 March, 1:00")).to_be_visible()
    expect(lisbon.block("Night").first).to_be_focused()
    assert lisbon.stored() == [("Night", "03-29T00:30", "03-29T01:30")]


def test_a_phone_shows_a_day_and_drags_after_a_long_press(browser: Browser, lisbon: Calendar) -> None:
    lisbon.add("Draft", "2026-03-02T09:00", "2026-03-02T10:00")
    state = lisbon.page.context.storage_state()
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        storage_state=state,
        has_touch=True,
        is_mobile=True,
    )
    phone = Calendar.opened(context, lisbon.url)
    phone.go(f"of={MONDAY}")

    expect(phone.page.locator("[data-day]")).to_have_count(1)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    touch = context.new_cdp_session(phone.page)
    x, y = phone.at(MONDAY, "11:00")

    def send(kind: str, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", y)
    expect(phone.page.locator(".ghost")).to_be_visible()
    bottom = phone.at(MONDAY, "12:00")[1]
    send("touchMove", (y + bottom) / 2)
    send("touchMove", bottom)
    expect(phone.page.locator(".ghost")).to_contain_text("11:00 – 12:00")
    send("touchEnd", bottom)
    phone.page.locator("stint-calendar-form .note").fill("Held")
    phone.page.keyboard.press("Enter")

    expect(phone.block("Held")).to_be_visible()
    assert phone.faults == []
    context.close()
