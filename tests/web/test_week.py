"""The week grid: rows of tasks, seven days, hours typed into cells with the keyboard alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from stint.accounts.models import Account, User
from stint.entries import queries
from stint.entries import services as entries
from stint.entries.services import NewEntry, StartTimer
from stint.tasks import services as tasks
from tests.web.conftest import SharedSite, caller
from tools.screenshots import Api

PHONE = {"width": 390, "height": 844}
MONDAY, TUESDAY = "2026-03-02", "2026-03-03"
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def task_of(by: User, name: str, *people: User, below: int | None = None) -> int:
    task_id = tasks.create_task(caller(by), name, below)
    for person in people:
        tasks.assign(caller(by), task_id, person.pk)
    return task_id


def track(user: User, task_id: int | None, minutes: int, start: datetime = NINE, note: str = "") -> str:
    wanted = NewEntry(task_id=task_id, start=start, end=start + timedelta(minutes=minutes), note=note)
    return entries.add_entry(caller(user), wanted, "web")[0].id


def text_of(client: Client, query: str = f"of={MONDAY}") -> str:
    return client.get(f"/timesheet/week?{query}").content.decode()


def labels(page: str) -> list[str]:
    return re.findall(r'aria-label="([^"]*, \w+, \d+ \w+)"', page)


def put(
    client: Client, task: object, typed: str, day: str = MONDAY, was: int | None = None, query: str = ""
) -> HttpResponse:
    fields = {"task": task, "day": day, "typed": typed, "was": "" if was is None else was}
    return client.post(f"/timesheet/week/cell?of={MONDAY}{query}", fields, headers={"HX-Request": "true"})  # type: ignore[return-value]


def held(user: User) -> list[tuple[int | None, str, int]]:
    """Return task, day and seconds of every entry of a user, oldest first."""
    found = queries.entries(caller(user)).items
    return [(entry.task_id, f"{entry.start:%m-%d}", entry.seconds) for entry in reversed(found)]


@pytest.mark.parametrize(("week_start", "first"), [(1, "Monday, 2"), (0, "Sunday, 1"), (6, "Saturday, 28")])
def test_a_week_begins_on_the_day_the_account_chose(
    administrator: Client, account: Account, ada: User, week_start: int, first: str
) -> None:
    Account.objects.filter(pk=account.pk).update(week_start=week_start)
    track(ada, None, 10)

    days = labels(text_of(administrator, "of=2026-03-05"))

    assert len(days) == 7
    assert days[0].startswith(f"No task, {first} ")


@pytest.mark.parametrize("of", ["", "yesterday", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_means_this_week(administrator: Client, ada: User, of: str) -> None:
    today = datetime.now(caller(ada).zone).date()
    monday = today - timedelta(days=today.weekday())

    page = text_of(administrator, f"of={of}")

    assert f'data-query="of={monday}"' in page
    assert f"?of={monday - timedelta(days=7)}" in page
    assert f"?of={monday + timedelta(days=7)}" in page


def test_days_are_those_of_the_reader(administrator: Client, ada: User) -> None:
    """In Lisbon, what begins before midnight UTC in summer begins on the next day."""
    track(ada, None, 30, datetime(2026, 7, 5, 23, 10, tzinfo=UTC))

    assert "No task, Monday, 6 July" in text_of(administrator, "of=2026-07-06")
    assert "No time in this week" in text_of(administrator, "of=2026-07-05")


def test_an_empty_week_says_what_to_do(administrator: Client, ada: User) -> None:
    assert "Add a task below and type its hours." in text_of(administrator)

    track(ada, None, 30, NINE - timedelta(days=3))

    assert "copy the rows of the week before" in text_of(administrator)


def test_nobody_sees_the_time_of_others(manager: Client, ada: User) -> None:
    track(ada, None, 30)

    assert "No time in this week" in text_of(manager)


def test_rows_may_be_asked_for_by_who_may_track_there(member: Client, ada: User, linus: User) -> None:
    website, secret = task_of(ada, "Website", linus), task_of(ada, "Secret")

    page = text_of(member, f"of={MONDAY}&row={website}&row={secret}&row=none&row=x&row=-1&row={10**30}")

    assert {label.split(",")[0] for label in labels(page)} == {"Website", "No task"}
    assert "Secret" not in page


def test_a_cell_of_several_entries_says_so(member: Client, ada: User, linus: User) -> None:
    website = task_of(ada, "Website", linus)
    track(linus, website, 30)
    track(linus, website, 15, NINE + timedelta(hours=2))
    track(linus, website, 15, NINE + timedelta(days=1))

    page = text_of(member)

    assert page.count("2 entries") == 1
    assert "1 entry" not in page


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1h20", 4800),
        ("90m", 5400),
        ("1.5h", 5400),
        ("1:20", 4800),
        ("7", 25_200),
        (" 7 ", 25_200),
        ("+15m", 3600 + 900),
        ("-15m", 3600 - 900),
        ("-3h", 0),
        ("0", 0),
        ("", 0),
    ],
)
def test_hours_are_read_as_people_type_them(member: Client, linus: User, typed: str, seconds: int) -> None:
    track(linus, None, 60)

    answer = put(member, "none", typed, was=3600)

    assert answer.status_code == 200
    assert sum(entry[2] for entry in held(linus)) == seconds


def test_the_answer_is_the_grid_with_its_totals(member: Client, ada: User, linus: User) -> None:
    website = task_of(ada, "Website", linus)
    track(linus, None, 60)

    grid = put(member, website, "2", query=f"&row={website}").content.decode()

    assert "<html" not in grid
    assert ">3:00<" in grid
    assert held(linus) == [(None, "03-02", 3600), (website, "03-02", 7200)]


def test_a_row_whose_last_time_goes_stays_while_the_page_is_open(
    member: Client, ada: User, linus: User
) -> None:
    website = task_of(ada, "Website", linus)
    track(linus, website, 60)

    grid = put(member, website, "", was=3600).content.decode()

    assert f'data-key="{website}"' in grid
    assert f"row={website}" in grid


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("seven", "type it as 1h20, 90m, 1.5h or 1:20"),
        ("25h", "more than the 24 hours of that day"),
        ("9999999h", "type it as"),
        ("<b>", "type it as"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(
    member: Client, linus: User, typed: str, said: str
) -> None:
    track(linus, None, 60)

    answer = put(member, "none", typed, was=3600)

    assert answer.status_code == 422
    assert said in json.loads(answer.content)["message"]
    assert held(linus) == [(None, "03-02", 3600)]


@pytest.mark.parametrize(("day", "most"), [("2026-03-29", 23), ("2026-10-25", 25)], ids=["spring", "autumn"])
def test_days_of_other_lengths_hold_what_they_have(member: Client, linus: User, day: str, most: int) -> None:
    User.objects.filter(pk=linus.pk).update(timezone="Europe/Lisbon")

    assert put(member, "none", f"{most}h", day).status_code == 200
    answer = put(member, "none", f"{most}:01", day)

    assert f"more than the {most} hours" in json.loads(answer.content)["message"]


@pytest.mark.parametrize("task", ["x", "-1", "0", "99999999999999999999", "", "999"])
def test_a_task_that_is_none_is_refused(member: Client, linus: User, task: str) -> None:
    answer = put(member, task, "1")

    assert answer.status_code == 422
    assert json.loads(answer.content)["message"]
    assert held(linus) == []


@pytest.mark.parametrize("day", ["", "soon", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_refused(member: Client, linus: User, day: str) -> None:
    answer = put(member, "none", "1", day)

    assert answer.status_code == 422
    assert held(linus) == []


def test_on_an_archived_task_time_is_only_taken_away(member: Client, ada: User, linus: User) -> None:
    website = task_of(ada, "Website", linus)
    track(linus, website, 60)
    tasks.archive_task(caller(ada), website)

    assert "can only be reduced" in text_of(member)
    answer = put(member, website, "2", was=3600)
    assert answer.status_code == 422
    assert "archived" in json.loads(answer.content)["message"]

    assert put(member, website, "30m", was=3600).status_code == 200
    assert held(linus) == [(website, "03-02", 1800)]


def test_who_typed_over_older_time_is_told_what_it_is_now(member: Client, linus: User) -> None:
    track(linus, None, 120)

    answer = put(member, "none", "5", was=3600)

    assert answer.status_code == 412
    told = json.loads(answer.content)
    assert (told["was"], told["text"]) == (7200, "2:00")
    assert held(linus) == [(None, "03-02", 7200)]


def test_what_a_smaller_number_deleted_is_given_back(member: Client, linus: User) -> None:
    track(linus, None, 60, note="First")
    track(linus, None, 60, NINE + timedelta(hours=2), note="Second")

    answer = put(member, "none", "15m", was=7200)

    told = json.loads(answer.headers["HX-Trigger"])["stint-notice"]
    assert told["message"] == "1 entry deleted."
    assert held(linus) == [(None, "03-02", 900)]
    assert member.post(told["undo"], headers={"HX-Request": "true"}).status_code == 200
    assert held(linus) == [(None, "03-02", 3600)] * 2


@pytest.mark.parametrize("query", ["id=x", "id=", "shortened=x&end=y", "end=2026", "id=" + "0" * 32])
def test_an_undo_of_nothing_is_refused(member: Client, query: str) -> None:
    answer = member.post(f"/timesheet/week/undo?{query}", headers={"HX-Request": "true"})

    assert 400 <= answer.status_code < 500


def test_the_undo_of_another_gives_nothing_back(member: Client, manager: Client, grace: User) -> None:
    track(grace, None, 60)
    answer = put(manager, "none", "", was=3600)
    undo = json.loads(answer.headers["HX-Trigger"])["stint-notice"]["undo"]

    assert member.post(undo, headers={"HX-Request": "true"}).status_code == 404
    assert held(grace) == []


def test_who_is_signed_out_is_told_and_nothing_is_written(linus: User) -> None:
    answer = put(Client(), "none", "1")

    assert answer.status_code == 401
    assert "stint-signed-out" in answer.headers["HX-Trigger"]
    assert held(linus) == []


def test_the_week_is_saved_without_scripts_too(member: Client, ada: User, linus: User) -> None:
    website = task_of(ada, "Website", linus)
    track(linus, None, 60)
    query = f"of={MONDAY}&row={website}"
    fields = {
        f"cell-{website}-{TUESDAY}": "2",
        f"cell-{website}-{MONDAY}": "soon",
        f"cell-none-{MONDAY}": "1:00",
    }

    answer = member.post(f"/timesheet/week/save?{query}", fields, follow=True)

    assert answer.redirect_chain == [(f"/timesheet/week?{query}", 302)]
    assert "Website, Monday, 2 March: That is not a length of time" in answer.content.decode()
    assert held(linus) == [(None, "03-02", 3600), (website, "03-03", 7200)]


def test_a_running_timer_marks_its_cell(member: Client, linus: User) -> None:
    started = entries.start_timer(caller(linus), StartTimer(), "web")[0]

    page = text_of(member, f"of={started.start.date()}")

    assert page.count('class="week-running"') == 1


# In a real browser.


@dataclass
class Week:
    """A signed-in person with the week of MONDAY before them."""

    page: Page
    url: str
    faults: list[str]

    @classmethod
    def opened(cls, context: BrowserContext, url: str) -> Week:
        page, faults = context.new_page(), list[str]()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        return cls(page, url, faults)

    def go(self, *tasks: str, of: str = MONDAY) -> None:
        """Open the week with rows of `tasks`."""
        rows = "".join(f"&row={self.task(name)}" for name in tasks)
        self.page.goto(f"{self.url}/timesheet/week?of={of}{rows}")
        self.page.wait_for_load_state("networkidle")

    def cell(self, task: str, day: str = "Monday") -> Locator:
        return self.page.get_by_role("textbox", name=re.compile(f"^{task}, {day}"))

    def row(self, task: str) -> Locator:
        return self.page.locator("tbody tr").filter(has=self.page.get_by_text(task, exact=True))

    def totals(self) -> list[str]:
        return self.page.locator("tfoot td").all_inner_texts()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    @property
    def api(self) -> Api:
        return Api(self.page.context, self.url)

    def task(self, name: str) -> str:
        return "none" if name == "No task" else str(self.api.task(name))

    def make(self, *names: str) -> None:
        """Create tasks that the person may track on."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}
        headers = {"X-CSRFToken": cookies["stint_csrf"], "Referer": f"{self.url}/"}
        ask, root = self.page.request, f"{self.url}/api/v1"
        me = ask.get(f"{root}/me").json()["id"]
        for name in names:
            task_id = ask.post(f"{root}/tasks", data={"name": name}, headers=headers).json()["id"]
            assert ask.put(f"{root}/tasks/{task_id}/people/{me}", headers=headers).ok

    def add(self, task: str, day: str, time: str, seconds: int, note: str = "") -> None:
        start = datetime.fromisoformat(f"{day}T{time}:00+00:00")
        task_id = None if task == "No task" else int(self.task(task))
        times = {"start": start.isoformat(), "end": (start + timedelta(seconds=seconds)).isoformat()}
        self.api.send("POST", "/entries", {"task_id": task_id, "note": note, **times})

    def stored(self) -> list[tuple[str, int]]:
        """Return day and seconds of every entry, oldest first."""
        items = self.page.request.get(f"{self.url}/api/v1/entries").json()["items"]
        return [(item["start"][5:10], item["seconds"]) for item in reversed(items)]


@pytest.fixture
def week(browser: Browser, shared_site: SharedSite) -> Iterator[Week]:
    """Ada, of Lisbon, with the tasks Design and Website, before a browser whose own clock is Tokyo's."""
    context = browser.new_context(
        timezone_id="Asia/Tokyo",
        viewport={"width": 1280, "height": 900},
    )
    shared_site.move_in(context, "Europe/Lisbon")
    opened = Week.opened(context, shared_site.url)
    opened.make("Design", "Website")
    yield opened
    assert opened.faults == []
    context.close()


def test_a_week_is_filled_with_the_keyboard_alone(week: Week) -> None:
    week.go("Design", "Website")

    week.cell("Design").focus()
    week.type("1h20")
    week.press("ArrowRight")
    expect(week.cell("Design", "Tuesday")).to_be_focused()
    week.type("90m")
    week.press("ArrowDown")
    expect(week.cell("Website", "Tuesday")).to_be_focused()
    week.type("7")
    week.press("ArrowLeft")
    expect(week.cell("Website", "Tuesday")).to_be_focused()  # the caret moves: this one is being typed in
    week.press("Tab")
    expect(week.cell("Website", "Wednesday")).to_be_focused()
    week.type("1.5")
    week.press("Enter")

    expect(week.cell("Website", "Wednesday")).to_have_value("1:30")
    expect(week.page.locator("tfoot td").last).to_have_text("11:20")
    assert week.totals() == ["1:20", "8:30", "1:30", "0:00", "0:00", "0:00", "0:00", "11:20"]
    expect(week.row("Website").locator(".week-sum")).to_have_text("8:30")
    assert week.stored() == [("03-02", 4800), ("03-03", 5400), ("03-03", 25_200), ("03-04", 5400)]


def test_typing_replaces_what_is_there_and_escape_brings_it_back(week: Week) -> None:
    week.add("Design", MONDAY, "09:00", 3600)
    week.go()

    week.cell("Design").click()
    week.type("5")
    week.press("Escape")
    expect(week.cell("Design")).to_have_value("1:00")
    week.press("Tab")

    week.cell("Design").focus()
    week.press("F2")
    week.type("5")
    expect(week.cell("Design")).to_have_value("1:005")
    week.press("Backspace", "Backspace", "Backspace", "3", "0", "Enter")
    expect(week.page.locator("tfoot td").last).to_have_text("1:30")
    assert week.stored() == [("03-02", 5400)]


def test_what_cannot_be_read_is_said_at_its_cell_and_kept(week: Week) -> None:
    week.go("Design", "Website")

    week.cell("Design").focus()
    week.type("soon")
    week.press("ArrowDown")
    week.type("2")
    week.press("ArrowRight")

    expect(week.page.get_by_role("alert").filter(has_text="type it as 1h20")).to_be_visible()
    expect(week.cell("Design")).to_have_value("soon")
    expect(week.cell("Design")).to_have_attribute("aria-invalid", "true")
    expect(week.cell("Website")).to_have_value("2:00")
    expect(week.cell("Website", "Tuesday")).to_be_focused()
    week.cell("Design").fill("25h")
    week.press("Enter")
    expect(week.page.get_by_role("alert").filter(has_text="more than the 24 hours")).to_be_visible()
    week.cell("Design").fill("3h")
    week.press("Enter")
    expect(week.page.get_by_role("alert").filter(has_text="hours")).to_have_count(0)
    expect(week.page.locator("tfoot td").last).to_have_text("5:00")


def test_the_rows_of_last_week_are_copied_without_their_time(week: Week) -> None:
    week.add("Design", "2026-02-24", "09:00", 3600)
    week.add("Website", "2026-02-25", "09:00", 3600)
    week.add("Website", TUESDAY, "09:00", 1800)
    week.go()

    week.page.get_by_role("link", name="Copy last week").click()

    expect(week.cell("Design")).to_be_focused()
    expect(week.cell("Design")).to_have_value("")
    expect(week.page.get_by_role("link", name="Copy last week")).to_have_count(0)
    week.type("2")
    week.press("Enter")
    expect(week.page.locator("tfoot td").last).to_have_text("2:30")
    week.page.reload()
    expect(week.cell("Design")).to_have_value("2:00")
    expect(week.cell("Website", "Tuesday")).to_have_value("0:30")


def test_a_row_is_added_and_removed(week: Week) -> None:
    week.go()
    expect(week.page.get_by_text("No time in this week")).to_be_visible()

    week.page.locator("[data-week] stint-task-picker button").first.click()
    week.page.locator("[data-week] stint-task-picker input[type=search]").fill("web")
    expect(week.page.get_by_role("option").first).to_be_visible()
    week.press("Enter")

    expect(week.cell("Website")).to_be_focused()
    expect(week.page.get_by_text("No time in this week")).to_have_count(0)
    week.page.reload()
    expect(week.cell("Website")).to_be_visible()
    week.page.get_by_role("link", name="Remove the row Website").click()
    expect(week.cell("Website")).to_have_count(0)
    expect(week.page.get_by_text("No time in this week")).to_be_visible()


def test_a_row_that_is_emptied_stays_to_be_typed_in(week: Week) -> None:
    week.add("Design", MONDAY, "09:00", 3600, note="Draft")
    week.go()

    week.cell("Design").focus()
    week.press("Delete", "ArrowRight")

    expect(week.page.locator("#notices")).to_contain_text("1 entry deleted.")
    expect(week.page.locator("tfoot td").last).to_have_text("0:00")
    expect(week.cell("Design", "Tuesday")).to_be_focused()
    week.page.locator("#notices").get_by_role("button", name="Undo").click()
    expect(week.cell("Design")).to_have_value("1:00")


def test_another_window_follows_without_losing_what_is_typed_there(week: Week) -> None:
    week.add("Design", MONDAY, "09:00", 3600)
    week.go()
    other = Week.opened(week.page.context, week.url)
    other.go()
    other.cell("Design", "Tuesday").focus()
    other.type("4")

    week.cell("Design").fill("2")
    week.press("Enter")

    expect(other.cell("Design")).to_have_value("2:00")
    expect(other.cell("Design", "Tuesday")).to_be_focused()
    expect(other.cell("Design", "Tuesday")).to_have_value("4")
    other.press("Enter")
    expect(week.cell("Design", "Tuesday")).to_have_value("4:00")
    expect(week.page.locator("tfoot td").last).to_have_text("6:00")
    assert other.faults == []


def test_of_two_windows_that_edit_one_cell_the_second_is_told_and_loses_nothing(week: Week) -> None:
    week.add("Design", MONDAY, "09:00", 3600)
    week.go()
    other = Week.opened(week.page.context, week.url)
    other.go()
    other.cell("Design").focus()
    other.type("4")

    week.cell("Design").fill("2")
    week.press("Enter")
    expect(other.page.locator("tfoot td").first).to_have_text("2:00")
    other.press("Enter")

    expect(other.page.get_by_role("alert").filter(has_text="Changed elsewhere to 2:00")).to_be_visible()
    expect(other.cell("Design")).to_have_value("4")
    other.press("Enter")
    expect(week.cell("Design")).to_have_value("4:00")


def test_what_the_network_lost_is_kept_marked_and_sent_again(week: Week) -> None:
    week.go("Design")
    week.page.route("**/timesheet/week/cell?*", lambda route: route.abort())

    week.cell("Design").fill("2")
    week.press("Enter")

    expect(week.page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
    expect(week.cell("Design")).to_have_value("2")
    week.page.unroute("**/timesheet/week/cell?*")
    week.page.evaluate("document.body.dispatchEvent(new CustomEvent('stint-entry'))")
    expect(week.cell("Design")).to_have_value("2:00")
    assert week.stored() == [("03-02", 7200)]


def test_what_is_typed_when_the_session_ends_is_kept(week: Week) -> None:
    week.go("Design")
    kept = week.page.context.cookies()
    week.page.context.clear_cookies(name=re.compile("session"))

    week.cell("Design").fill("2")
    week.press("Enter")

    expect(week.page.locator("#signed-out")).to_be_visible()
    week.page.context.add_cookies(kept)  # type: ignore[arg-type]
    week.page.locator("#signed-out").get_by_role("button", name="Go on").click()
    expect(week.page.locator("#signed-out")).to_be_hidden()
    expect(week.cell("Design")).to_have_value("2:00")
    assert week.stored() == [("03-02", 7200)]


def test_what_was_typed_last_is_saved_on_the_way_to_another_page(week: Week) -> None:
    week.go("Design")

    week.cell("Design").fill("2")
    week.page.get_by_role("link", name="Week before").click()
    expect(week.page).to_have_url(re.compile("of=2026-02-23"))

    week.page.get_by_role("link", name="Week after").click()
    expect(week.cell("Design")).to_have_value("2:00")


def test_a_slow_answer_does_not_touch_what_is_typed_meanwhile(week: Week) -> None:
    week.go("Design")
    waiting: list[Route] = []
    week.page.route("**/timesheet/week/cell?*", lambda route: waiting.append(route))

    week.cell("Design").focus()
    week.type("1")
    week.press("Enter")
    week.type("3")
    expect(week.cell("Design")).to_have_value("3")
    while not waiting:
        week.page.wait_for_timeout(10)
    waiting[0].continue_()
    week.page.unroute("**/timesheet/week/cell?*")

    expect(week.page.locator("tfoot td").first).to_have_text("1:00")
    expect(week.cell("Design")).to_have_value("3")
    week.press("Enter")
    expect(week.cell("Design")).to_have_value("3:00")
    assert week.stored() == [("03-02", 3 * 3600)]


def test_a_phone_holds_the_whole_week_without_scrolling_sideways(browser: Browser, week: Week) -> None:
    week.add("Design", MONDAY, "09:00", 3600)
    state = week.page.context.storage_state()
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        storage_state=state,
        has_touch=True,
        is_mobile=True,
    )
    phone = Week.opened(context, week.url)
    phone.go("Website")

    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for day in ("Monday", "Sunday"):
        box = phone.cell("Website", day).bounding_box()
        assert box is not None
        assert box["height"] >= 40
        assert box["x"] + box["width"] <= PHONE["width"]
    phone.cell("Website", "Sunday").tap()
    phone.type("soon")
    phone.press("Enter")
    expect(phone.page.get_by_role("alert").filter(has_text="type it as")).to_be_in_viewport()
    assert phone.faults == []
    context.close()
