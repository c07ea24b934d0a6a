"""Pages in a real Chromium: from a key to the picture that shows its result, how heavy the timesheet is, the tree."""

from __future__ import annotations

import contextlib
import sqlite3
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import msgspec
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from benchmarks.company import DATABASE, company
from benchmarks.figures import Figure, against, figure
from benchmarks.processes import STINT, Server, environment
from tools.chromium import FLAGS, chromium

TURNS, REST_MS, PATIENCE_MS = 20, 250, 30_000
INSTANT_MS, TREE_MS, SEEN_MS = 100, 300, 1000
# What is weighed, and how many KB it may have; the phone app comes with the entries of its first weeks.
WEIGHED = {"": ("the timesheet", 100), "/m": ("the phone app with its first weeks", None)}
EMAIL, PASSWORD = "pages@example.com", "pages-of-the-benchmark"
FLOOR = "a page of Starlette that shows the answer of one bare request (benchmarks/floor_page.py)"
# Remembers when the key went down, and when the first picture after `done` held was painted.
MEASURE = """done => new Promise(resolve => {
    const holds = new Function("return " + done);
    let pressed = 0;
    addEventListener("keydown", event => { pressed = event.timeStamp; }, {capture: true, once: true});
    const look = () => {
        if (pressed && holds()) requestAnimationFrame(now => resolve(now - pressed));
        else requestAnimationFrame(look);
    };
    look();
})"""
BAR = "document.querySelector('stint-timer-bar').shadowRoot"
PICKER = f"{BAR}.querySelector('stint-task-picker').shadowRoot"


def run() -> list[Figure]:
    """Measure."""
    with company() as data:
        token = _join(data)
        with _site(data) as (browser, url, bare_url):
            floor = _floor(browser, bare_url)
            context = _signed_in(browser, url)
            found = [
                _bounded(
                    against("pages", what, took, "ms", floor, FLOOR, note=slowest),
                    INSTANT_MS,
                )
                for what, took, slowest in _acts(context, url)
            ]
            found += _tree(browser, context, url, bare_url)
            found += [_weight(browser, context, url, path, *told) for path, told in WEIGHED.items()]
            return [*found, _seen(context, url, token)]


def _join(data: Path) -> str:
    """Add somebody who can sign in, with a year of time of their own, and return their API token."""
    done = subprocess.run(
        [
            STINT,
            "user",
            "create",
            "--email",
            EMAIL,
            "--name",
            "Pages",
            "--role",
            "manager",
            "--password-stdin",
            "--json",
        ],
        env=environment(data),
        input=PASSWORD + "\n",
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    token: str = msgspec.json.decode(done.stdout)["api_token"]
    with contextlib.closing(sqlite3.connect(data / DATABASE)) as database, database:
        (user,) = database.execute("SELECT id FROM accounts_user WHERE email = ?", [EMAIL]).fetchone()
        database.execute("UPDATE entries_entry SET user_id = ? WHERE user_id = 2", [user])
        database.execute("UPDATE tasks_assignment SET user_id = ? WHERE user_id = 2", [user])
    return token


@contextmanager
def _site(data: Path) -> Iterator[tuple[Browser, str, str]]:
    floor = (sys.executable, "-m", "benchmarks.floor_page")
    with (
        Server(STINT, "up", "--port", "0", data=data) as ours,
        Server(*floor, data=data) as bare,
        sync_playwright() as playwright,
    ):
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser, f"http://127.0.0.1:{ours.port}", f"http://127.0.0.1:{bare.port}"
        browser.close()


def _signed_in(browser: Browser, url: str) -> BrowserContext:
    context = browser.new_context(bypass_csp=True)  # the measuring evaluates texts
    page = context.new_page()
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{url}/")
    page.close()
    return context


def _acts(context: BrowserContext, url: str) -> Iterator[tuple[str, float, str]]:
    """Yield what was done, the median milliseconds from key to picture, and how slow the slowest was."""
    page = context.new_page()
    page.goto(url)
    for what, act in (("start", _start), ("stop", _stop)):
        yield what, *_told([act(page) for _ in range(TURNS)])
    yield "task search", *_told([_search(page) for _ in range(TURNS)])
    page.goto(url)
    page.wait_for_timeout(4 * REST_MS)
    yield "edit of a note in its row", *_told([_edit(page, turn) for turn in range(TURNS)])
    page.close()


def _told(times: list[float]) -> tuple[float, str]:
    return statistics.median(times), f"the slowest of {TURNS} {max(times):.0f} ms"


def _timed(page: Page, press: Callable[[], None], done: str) -> float:
    """Return the milliseconds from the key that `press` presses to the picture in which `done` holds."""
    page.evaluate(f"done => {{ window.taken = ({MEASURE})(done); }}", done)
    press()
    return float(page.evaluate("window.taken"))


def _start(page: Page) -> float:
    page.get_by_placeholder("What are you working on?").fill("Bench")
    took = _timed(page, lambda: page.keyboard.press("Enter"), _button_says("Stop"))
    page.get_by_role("button", name="Stop", exact=True).click()
    _rest(page, "Start")
    return took


def _stop(page: Page) -> float:
    page.get_by_placeholder("What are you working on?").fill("Bench")
    page.keyboard.press("Enter")
    _rest(page, "Stop")
    took = _timed(
        page,
        lambda: page.get_by_role("button", name="Stop", exact=True).press("Enter"),
        _button_says("Start"),
    )
    _rest(page, "Start")
    return took


def _search(page: Page) -> float:
    page.locator("stint-timer-bar stint-task-picker button").first.click()
    page.keyboard.type("mobil")
    hit = f"[...{PICKER}.querySelectorAll('mark')].some(mark => mark.textContent.toLowerCase() === '%s')"
    page.wait_for_function(hit % "mobil")
    took = _timed(page, lambda: page.keyboard.press("e"), hit % "mobile")
    page.keyboard.press("Escape")
    return took


def _edit(page: Page, turn: int) -> float:
    row = page.locator("li.entry").nth(1)
    row.locator(".entry-note").click()
    note = page.locator("[data-editing] input[name=note]")
    expect(note).to_be_focused()
    note.fill(f"Edited {turn}")
    shown = (
        f"[...document.querySelectorAll('.entry-note')].some(note => note.textContent === 'Edited {turn}')"
    )
    took = _timed(
        page, lambda: page.keyboard.press("Enter"), f"{shown} && !document.querySelector('[data-editing]')"
    )
    page.wait_for_timeout(REST_MS)
    return took


def _button_says(word: str) -> str:
    return f"{BAR}.querySelector('.says').textContent === '{word}'"


def _rest(page: Page, name: str) -> None:
    """Let what was started come to its end: the answer of the server, and the redraw of the list."""
    expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-disabled", "false")
    page.wait_for_timeout(REST_MS)


def _floor(browser: Browser, bare_url: str) -> float:
    page = browser.new_page()
    page.goto(bare_url)
    times = []
    for turn in range(TURNS):
        done = f"document.body.dataset.turn === '{turn}'"
        times.append(_timed(page, lambda: page.keyboard.press("Enter"), done))
    page.close()
    return statistics.median(times)


def _tree(browser: Browser, context: BrowserContext, url: str, bare_url: str) -> list[Figure]:
    """Open Projects, and a level of a thousand in it."""
    page = context.new_page()
    opened = [_painted(page, f"{url}/projects") for _ in range(TURNS)]
    expect(page.locator("#tree [role=row]").first).to_be_visible()
    bare = browser.new_page()
    floor = statistics.median([_painted(bare, bare_url) for _ in range(TURNS)])
    page.close()
    bare.close()
    took, slowest = _told(opened)
    note = f"{slowest}; until its first picture, which holds the rows"
    found = against("pages", "opening Projects, 100,000 tasks", took, "ms", floor, FLOOR, note=note)
    return [_bounded(found, TREE_MS)]


def _painted(page: Page, address: str) -> float:
    """Return the milliseconds from going to a page to its first picture."""
    page.goto(address)
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    return float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))


def _weight(
    browser: Browser, context: BrowserContext, url: str, path: str, what: str, most: float | None
) -> Figure:
    """Weigh all that a page loads for somebody who comes for the first time."""
    fresh = browser.new_context(storage_state=context.storage_state())
    page = fresh.new_page()
    network = fresh.new_cdp_session(page)
    network.send("Network.enable")
    weights: dict[str, float] = {}
    names: dict[str, str] = {}
    network.on(
        "Network.responseReceived", lambda told: names.update({told["requestId"]: told["response"]["url"]})
    )
    network.on(
        "Network.loadingFinished",
        lambda told: weights.update({names[told["requestId"]]: told["encodedDataLength"] / 1000}),
    )
    page.goto(url + path)
    page.wait_for_timeout(1000)
    fresh.close()
    heaviest = sorted(weights.items(), key=lambda each: -each[1])[:4]
    parts = ", ".join(f"{name.removeprefix(url)[:48]} {weight:.1f}" for name, weight in heaviest)
    total = sum(weights.values())
    return figure("pages", f"weight of {what}, compressed", total, "KB", most=most, note=parts)


def _seen(context: BrowserContext, url: str, token: str) -> Figure:
    """Start a timer through the API, as other surfaces do, until an open timesheet shows it."""
    page = context.new_page()
    with page.expect_response("**/api/v1/events*"):
        page.goto(url)
    times = []
    for turn in range(TURNS):
        act, word = (("start", "Stop"), ("stop", "Start"))[turn % 2]
        asked = urllib.request.Request(
            f"{url}/api/v1/timer/{act}", b"{}", {"Authorization": f"Bearer {token}"}, method="POST"
        )
        began = perf_counter()
        urllib.request.urlopen(asked, timeout=10).close()
        page.wait_for_function(_button_says(word))
        times.append((perf_counter() - began) * 1000)
        page.wait_for_timeout(REST_MS)
    took, slowest = _told(times)
    return figure(
        "pages", "started elsewhere, seen in an open timesheet", took, "ms", most=SEEN_MS, note=slowest
    )


def _bounded(found: Figure, most: float) -> Figure:
    """Bound the milliseconds of a figure that stands beside a floor."""
    found.budget, found.met = f"<= {most:.0f} {found.unit}", found.value <= most
    return found
