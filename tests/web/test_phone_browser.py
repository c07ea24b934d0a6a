"""The phone app on a phone-sized real browser: what a thumb does, with and without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from stint import __version__
from tests.web.conftest import PASSWORD, SharedSite, Site
from tests.web.test_main_job import set_up
from tools.screenshots import Api

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}
# As in a window of the installed app, which no test can open.
STANDALONE = """
    const real = matchMedia;
    window.matchMedia = query => query === "(display-mode: standalone)" ? { matches: true } : real(query);
"""


@pytest.fixture
def handset(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE)
    yield context
    context.close()


@pytest.fixture
def app(handset: BrowserContext, shared_site: SharedSite) -> Page:
    """The app of somebody new, listening."""
    shared_site.move_in(handset)
    return opened(handset.new_page(), shared_site.url)


def opened(page: Page, url: str) -> Page:
    """Open the app and wait until it listens: from then on nothing that happens elsewhere is missed."""
    with page.expect_response("**/api/v1/events*"):
        page.goto(f"{url}/m")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog").first


def running(page: Page) -> Locator:
    return page.get_by_role("region", name="running")


def entries(page: Page) -> Locator:
    return page.get_by_role("list", name="Entries").get_by_role("listitem")


def start(page: Page, note: str) -> None:
    press(page, "Start")
    sheet(page).get_by_label("Note").fill(note)
    sheet(page).get_by_role("button", name="Start", exact=True).click()
    expect(running(page)).to_contain_text(note)


def kept(page: Page) -> None:
    """Wait until the app would open without a network, and this page comes from what is kept."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_it_can_be_installed(app: Page) -> None:
    kept(app)
    tools = app.context.new_cdp_session(app)
    manifest = tools.send("Page.getAppManifest")

    assert manifest["url"].endswith("/manifest.webmanifest")
    assert manifest["errors"] == []
    faults = [
        fault["errorId"] for fault in tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    ]
    # A browser context of the tests is a private window, in which nothing is ever installed.
    assert set(faults) <= {"in-incognito"}


def test_a_day_s_work_by_thumb(app: Page) -> None:
    start(app, "Sketch")
    expect(entries(app)).to_have_count(1)
    press(app, "Stop")
    expect(running(app)).to_be_hidden()

    press(app, "Add")
    form = sheet(app)
    form.get_by_label("Note").fill("Letters")
    form.get_by_label("Start time").fill("09:00")
    form.get_by_label("End time").fill("08:00")
    press(app, "Save")
    expect(form.get_by_role("alert")).to_contain_text("before the start")
    form.get_by_label("End time").fill("10:30")
    expect(form).to_contain_text("Duration 1:30")
    press(app, "Save")
    expect(form).to_be_hidden()
    letters = entries(app).filter(has_text="Letters")
    expect(letters).to_contain_text("09:00–10:30")

    letters.get_by_role("button").first.click()
    sheet(app).get_by_label("Note").fill("Answers")
    press(app, "Save")
    answers = entries(app).filter(has_text="Answers")
    expect(answers).to_contain_text("1:30")

    answers.get_by_role("button").first.click()
    press(app, "Delete")
    expect(answers).to_be_hidden()
    press(app, "Undo")
    expect(answers).to_be_visible()

    app.get_by_role("button", name="Continue: Answers").click()
    expect(running(app)).to_contain_text("Answers")
    app.reload()
    expect(running(app)).to_contain_text("Answers")
    expect(entries(app)).to_have_count(3)


def test_days_and_weeks_are_turned_over(app: Page, shared_site: SharedSite) -> None:
    day = datetime.now(UTC).date() - timedelta(days=14)
    send(
        app,
        shared_site,
        "/entries",
        {"note": "Long ago", "start": f"{day}T09:00:00Z", "end": f"{day}T11:15:00Z"},
    )

    for _ in range(2):
        app.get_by_role("link", name="The week before").click()
    expect(entries(app)).to_contain_text("Long ago")
    expect(app.get_by_role("region", name="Week")).to_contain_text("2:15")
    app.get_by_role("link", name="Timesheet").click()
    expect(app.get_by_role("heading", level=1)).to_have_text("Today")


def test_a_task_is_found_and_started(app: Page, shared_site: SharedSite) -> None:
    website = task(app, shared_site, "Website")
    task(app, shared_site, "Lighthouse")
    app.get_by_role("link", name="Tasks").click()
    expect(app.get_by_role("button", name="Start: Lighthouse")).to_be_visible()

    app.get_by_role("searchbox", name="Search tasks").fill("webs")
    expect(app.get_by_role("button", name="Start: Lighthouse")).to_be_hidden()
    app.get_by_role("button", name="Favourite: Website").click()
    app.get_by_role("button", name="Start: Website").click()

    expect(running(app)).to_contain_text("Website")
    app.get_by_role("searchbox").fill("")
    expect(app.get_by_role("region", name="Favourites")).to_contain_text("Website")
    assert Api(app.context, shared_site.url).send("GET", "/timer")["entry"]["task_id"] == website


def test_both_devices_show_the_same_timer(app: Page, browser: Browser, shared_site: SharedSite) -> None:
    desk = browser.new_context(storage_state=app.context.storage_state())
    page = desk.new_page()
    with page.expect_response("**/api/v1/events*"):
        page.goto(shared_site.url)

    start(app, "From the phone")
    expect(page.get_by_placeholder("What are you working on?")).to_have_value("From the phone")

    page.get_by_role("button", name="Stop", exact=True).click()
    expect(running(app)).to_be_hidden()
    page.get_by_placeholder("What are you working on?").fill("From the desk")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(running(app)).to_contain_text("From the desk")
    desk.close()


def test_shortcuts_start_and_stop(app: Page, shared_site: SharedSite) -> None:
    app.goto(f"{shared_site.url}/m?do=start")
    sheet(app).get_by_label("Note").fill("Sketch")
    sheet(app).get_by_role("button", name="Start", exact=True).click()
    expect(running(app)).to_be_visible()

    # A link on some page must not stop a timer; the installed app's own shortcut does.
    app.goto(f"{shared_site.url}/m?do=stop")
    expect(sheet(app)).to_contain_text("Edit entry")
    expect(running(app)).to_be_visible()
    app.add_init_script(STANDALONE)
    with app.expect_response("**/timer/stop"):
        app.goto(f"{shared_site.url}/m?do=stop")
    expect(running(app)).to_be_hidden()
    assert Api(app.context, shared_site.url).send("GET", "/timer")["entry"] is None


def test_a_new_version_says_so_and_takes_over(app: Page, shared_site: SharedSite) -> None:
    kept(app)
    # Another language is another app to the phone, as a new release is.
    csrf = cookie(app, "stint_csrf")
    app.request.patch(
        f"{shared_site.url}/api/v1/me",
        data={"language": "de"},
        headers={"X-CSRFToken": csrf, "Referer": shared_site.url},
    )
    app.evaluate("navigator.serviceWorker.ready.then(worker => worker.update())")

    expect(app.get_by_text("A new version of the app is ready.")).to_be_visible()
    press(app, "Update now")
    expect(app.get_by_role("link", name="Aufgaben")).to_be_visible()
    assert (
        len(app.evaluate("caches.keys().then(all => all.filter(name => name.startsWith('stint-app')))")) == 1
    )


def test_every_target_is_large_enough_for_a_thumb(app: Page) -> None:
    start(app, "Sketch")
    small = []
    for hash_ in ("#", "#tasks", "#settings"):
        app.goto(re.sub("#.*", "", app.url) + hash_)
        expect(app.get_by_role("heading", level=1)).to_be_visible()
        small += app.evaluate("""() => [...document.querySelectorAll("stint-phone :is(a, button, input)")]
            .map(target => [target, target.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 44 || box.height < 44))
            .map(([target, box]) => `${target.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)""")
    assert small == []
    expect(app.get_by_text(f"Stint {__version__}", exact=True)).to_be_visible()


@pytest.fixture
def road(handset: BrowserContext, site: Site) -> Page:
    """The app of Ada on a site of her own, kept on her phone with something she did today."""
    page = handset.new_page()
    set_up(page, site)
    return packed(page, site.url)


def packed(page: Page, url: str) -> Page:
    """Do something, and wait until the app would open without a network."""
    now = datetime.now(UTC)
    Api(page.context, url).send(
        "POST",
        "/entries",
        {
            "note": "Before the road",
            "start": (now - timedelta(minutes=1)).isoformat(),
            "end": now.isoformat(),
        },
    )
    opened(page, url)
    kept(page)
    expect(entries(page)).to_contain_text("Before the road")
    return page


def lose(page: Page, site: Site) -> None:
    """Take the network away: what the browser says of itself, and the server."""
    site.stop()
    page.context.set_offline(True)


def come_back(page: Page, site: Site) -> None:
    site.start()
    page.context.set_offline(False)


def test_the_road_has_no_network(road: Page, site: Site) -> None:
    page = road
    lose(page, site)
    page.reload()
    expect(entries(page)).to_contain_text("Before the road")
    expect(page.get_by_text("No connection.")).to_be_visible()

    began = datetime.now(UTC)
    start(page, "On the train")
    press(page, "Stop")
    expect(running(page)).to_be_hidden()
    start(page, "On the ferry")
    expect(page.get_by_text("Not sent yet: 2.")).to_be_visible()
    page.reload()
    expect(running(page)).to_contain_text("On the ferry")
    expect(entries(page)).to_have_count(3)
    expect(page.get_by_text("Not sent yet: 2.")).to_be_visible()
    ended = datetime.now(UTC)

    posted = list[str]()
    page.on(
        "request", lambda request: request.method == "POST" and posted.append(request.url.split("/v1")[-1])
    )
    with page.expect_response("**/timer/start"):
        come_back(page, site)
    expect(page.get_by_text("No connection.")).to_be_hidden()
    expect(entries(page)).to_have_count(3)

    api = Api(page.context, site.url)
    found = {entry["note"]: entry for entry in api.send("GET", "/entries")["items"]}
    assert set(found) == {"Before the road", "On the train", "On the ferry"}
    assert posted == ["/entries", "/timer/start"]
    for note in ("On the train", "On the ferry"):
        assert found[note]["made_by"] == "mobile"
        at = datetime.fromisoformat(found[note]["start"])
        assert began - timedelta(seconds=2) <= at <= ended
    assert api.send("GET", "/timer")["entry"]["note"] == "On the ferry"


def test_two_devices_agree_after_one_was_away(app: Page, shared_site: SharedSite) -> None:
    with app.expect_response("**/timer/start"):
        start(app, "On the phone")
    app.route("**/api/v1/**", lambda route: route.abort())
    press(app, "Stop")
    expect(app.get_by_text("Not sent yet: 1.")).to_be_visible()
    # At the desk the same timer was stopped before.
    stopped = send(app, shared_site, "/timer/stop", {})
    app.unroute("**/api/v1/**")
    app.get_by_role("link", name="Settings").click()

    expect(app.get_by_text("Everything is sent.")).to_be_visible(timeout=15_000)
    found = Api(app.context, shared_site.url).send("GET", "/entries")["items"]
    assert [entry["note"] for entry in found] == ["On the phone"]
    assert found[0]["end"] <= stopped["end"]


def test_what_is_refused_for_good_is_shown_until_somebody_decides(app: Page, shared_site: SharedSite) -> None:
    with app.expect_response("**/timer/start"):
        start(app, "Sketch")
    with app.expect_response("**/timer/stop"):
        press(app, "Stop")
    app.route("**/api/v1/**", lambda route: route.abort())
    entries(app).get_by_role("button").first.click()
    sheet(app).get_by_label("Note").fill("Mine")
    press(app, "Save")
    expect(app.get_by_text("Not sent yet: 1.")).to_be_visible()
    api = Api(app.context, shared_site.url)
    (entry,) = api.send("GET", "/entries")["items"]
    api.send("PATCH", f"/entries/{entry['id']}", {"note": "Theirs"})
    app.unroute("**/api/v1/**")

    expect(app.get_by_text("changed elsewhere meanwhile")).to_be_visible(timeout=15_000)
    with app.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
        press(app, "Keep mine")
    expect(app.get_by_text("changed elsewhere meanwhile")).to_be_hidden()
    assert api.send("GET", f"/entries/{entry['id']}")["note"] == "Mine"


def test_signing_out_leaves_nothing_on_the_phone(app: Page, shared_site: SharedSite) -> None:
    page = packed(app, shared_site.url)
    page.get_by_role("link", name="Settings").click()
    press(page, "Sign out")
    page.wait_for_url("**/login?next=/m")

    left = page.evaluate("""async () => {
        const answers = await (await caches.open("stint-answers")).keys();
        const database = await new Promise((resolve, reject) => {
            const opening = indexedDB.open("stint");
            opening.onsuccess = () => resolve(opening.result);
            opening.onerror = () => reject(opening.error);
        });
        const queues = await new Promise(resolve => {
            const asked = database.transaction("queues").objectStore("queues").getAll();
            asked.onsuccess = () => resolve(asked.result);
        });
        return [answers.length, JSON.stringify(queues).includes("road")];
    }""")
    assert left == [0, False]


def test_a_session_that_ended_keeps_what_was_done_until_the_sign_in(
    app: Page, shared_site: SharedSite
) -> None:
    page = packed(app, shared_site.url)
    email = Api(page.context, shared_site.url).send("GET", "/me")["email"]
    page.context.clear_cookies(name="stint_session")
    start(page, "Signed out")
    expect(page.get_by_text("You were signed out.")).to_be_visible()

    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    with page.expect_response("**/timer/start"):
        page.get_by_role("button", name="Sign in", exact=True).click()

    page.wait_for_url("**/m")
    expect(running(page)).to_contain_text("Signed out")
    expect(page.get_by_text("You were signed out.")).to_be_hidden()
    assert Api(page.context, shared_site.url).send("GET", "/timer")["entry"]["note"] == "Signed out"


def cookie(page: Page, name: str) -> str:
    return next(each["value"] for each in page.context.cookies() if each["name"] == name)


def send(page: Page, site: SharedSite, path: str, body: dict[str, Any]) -> Any:
    return Api(page.context, site.url).send("POST", path, body)


def task(page: Page, site: SharedSite, name: str) -> int:
    """Create a task that Ada may track on."""
    made = send(page, site, "/tasks", {"name": name})
    api = Api(page.context, site.url)
    api.send("PUT", f"/tasks/{made['id']}/people/{api.send('GET', '/me')['id']}", {})
    return int(made["id"])
