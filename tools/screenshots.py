"""Make docs/screenshots/*.png: every page of the demo at desktop and phone width, light and dark.

    make screenshots

It runs `stint up --demo` on a free port with a data folder of its own, mirrors the sandbox as a person
would, fills a few days with time, and takes the pictures with the Chromium of the tests.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from stint.cli.demo import PASSWORD
from tools import extension
from tools.chromium import FLAGS, chromium
from tools.installed_extension import POPUP, Installed, installed

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZES = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {
    "timesheet": "/",
    "week": "/timesheet/week",
    "calendar": "/timesheet/calendar",
    "projects": "/projects",
    "dashboard": "/dashboard",
    "reports": "/reports?range=last_week",
    "reports-detailed": "/reports/detailed?range=last_week",
    "reports-weekly": "/reports/weekly?range=last_week",
    "reports-tree": "/reports/tree?range=last_week",
    "people": "/people",
    "integrations": "/integrations",
    "toggl": "/integrations/toggl",
    "imports": "/imports",
    "settings": "/settings",
    "settings-tokens": "/settings/tokens",
    "settings-two-factor": "/settings/two-factor",
    "settings-calendar": "/settings/calendar",
    "settings-account": "/settings/account",
    "settings-audit": "/settings/audit",
    "help": "/help",
    "help-article": "/help/toggl",
}
# What was done: note, words that find its task, working days ago, hour of the start, minutes, tags.
DONE = (
    ("Wireframes for the landing page", "website", 0, 9, 95, ("design",)),
    ("Review with the client", "website", 0, 11, 45, ("meeting",)),
    ("Accessibility audit", "audit", 1, 9, 150, ("design", "review")),
    ("Menu and search", "mobile", 1, 13, 80, ()),
    ("Sprint planning", "planning", 2, 9, 60, ("meeting",)),
    ("Fix the checkout form", "shop", 2, 10, 175, ()),
    ("Answer support mail", "", 2, 14, 40, ()),
    ("Wireframes for the landing page", "website", 3, 9, 120, ("design",)),
    ("Payment by invoice", "shop", 3, 13, 140, ()),
    ("Menu and search", "mobile", 4, 9, 190, ()),
    ("Release notes", "mobile", 4, 13, 50, ("writing",)),
    ("Review with the client", "website", 5, 10, 60, ("meeting",)),
    ("Fix the checkout form", "shop", 5, 13, 205, ()),
)
INVITED = "margaret@example.com"


@contextmanager
def demo() -> Iterator[tuple[str, str]]:
    """Run the demo; yields its address and the sandbox's API token."""
    with tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("stint"), "up", "--demo", "--port", "0"],
            env={**os.environ, "STINT_DATA": data, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            said = ""
            assert process.stdout is not None
            while not (token := re.search(r"Toggl API token\W+(\w{20,})", said)):
                line = process.stdout.readline()
                if not line:
                    sys.exit(f"screenshots: the demo did not start\n{said}")
                said += line
            address = re.search(r"Stint is at (\S+)", said)
            assert address is not None
            yield address[1], token[1]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def sign_in(page: Page, url: str, email: str) -> None:
    """Sign in as one of the demo's people."""
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{url}/")


def mirror(page: Page, url: str, token: str) -> None:
    """Connect Toggl and import everything, taking the pictures of the way there."""
    page.goto(f"{url}/integrations/toggl")
    take(page, "toggl-connect-desktop-light")
    page.get_by_label("Toggl Track API token").fill(token)
    page.get_by_role("button", name="Connect Toggl Track").click()
    page.get_by_label("Select all").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What Save would do")).to_be_visible()
    take(page, "toggl-preview-desktop-light", full_page=True)
    page.get_by_role("button", name="Save and synchronise").click()
    expect(page.get_by_role("heading", name="Synchronised")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Show this time").click()
    shown = page.locator("[data-import]").filter(has_text="What the import would do")
    expect(shown).to_be_visible(timeout=60_000)
    shown.screenshot(path=FOLDER / "toggl-history-desktop-light.png")


def afternoon() -> ZoneInfo:
    """Return a zone where it is between two and three o'clock, so that pictures show a day at work."""
    names = sorted(
        name for name in available_timezones() if name.startswith(("America/", "Asia/", "Europe/"))
    )
    others = (
        "Pacific/Auckland",
        "Pacific/Honolulu",
        "Pacific/Midway",
        "Atlantic/Azores",
        "Atlantic/South_Georgia",
    )
    zones = (ZoneInfo(name) for name in (*names, *others))
    return next((zone for zone in zones if datetime.now(zone).hour == 14), ZoneInfo("UTC"))


def fill(context: BrowserContext, url: str) -> str:
    """Add the time of DONE, favourites and an invitation, and start a timer; returns the invitation's link."""
    call = Api(context, url)
    zone = afternoon()
    call.send("PATCH", "/me", {"timezone": zone.key})
    today = datetime.now(zone).replace(minute=0, second=0, microsecond=0)
    days = [day for ago in range(20) if (day := today - timedelta(days=ago)).weekday() < 5 or ago == 0]
    for note, words, ago, hour, minutes, tags in DONE:
        start = days[ago].replace(hour=hour)
        times = {"start": start.isoformat(), "end": (start + timedelta(minutes=minutes)).isoformat()}
        what = {"note": note, "task_id": call.task(words), "tags": tags, "billable": words == "shop"}
        call.send("POST", "/entries", {**what, **times})
    for words in ("website", "shop"):
        call.send("PUT", f"/tasks/{call.task(words)}/favourite")
    invited = call.send("POST", "/invitations", {"emails": [INVITED]})
    started = datetime.now(UTC) - timedelta(minutes=37, seconds=12)
    running = {"note": "Prototype of the menu", "task_id": call.task("mobile"), "tags": ["design"]}
    call.send("POST", "/timer/start", {**running, "start": started.isoformat()})
    return str(invited["items"][0]["link"])


class Api:
    """Calls the API with the session of a browser."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self._request, self._root, self._origin = context.request, f"{url}/api/v1", url
        cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
        self._headers = {"X-CSRFToken": cookies["stint_csrf"], "Referer": f"{url}/"}

    def send(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Send `fields`, insist on success and return the answer."""
        answer = self._request.fetch(f"{self._root}{path}", method=method, data=fields, headers=self._headers)
        assert answer.ok, answer.text()
        return answer.json() if answer.body() else None

    def task(self, words: str) -> int | None:
        """Return the id of the first task that `words` find; None without words."""
        if not words:
            return None
        found = self._request.get(
            f"{self._root}/tasks", params={"q": words, "trackable": "true", "limit": 1}
        ).json()
        return found["items"][0]["id"] if found["items"] else None


def take(page: Page, name: str, *, full_page: bool = False) -> None:
    """Take one picture."""
    page.wait_for_load_state("load")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=full_page, animations="disabled")


def take_all(browser: Browser, url: str, state: Any, invitation: str) -> None:  # noqa: ANN401  (Playwright's own)
    """Take every page in every size and scheme."""
    for device, size in SIZES.items():
        for scheme in SCHEMES:
            phone = device == "phone"
            looks = {
                "viewport": size,
                "color_scheme": scheme,
                "has_touch": phone,
                "is_mobile": phone,
                "reduced_motion": "reduce",
            }
            context = browser.new_context(storage_state=state, **looks)  # type: ignore[arg-type]
            take_pages(context.new_page(), url, f"{device}-{scheme}")
            if phone:
                take_app(context.new_page(), url, scheme)
            context.close()
            anonymous = browser.new_context(**looks)  # type: ignore[arg-type]
            page = anonymous.new_page()
            for name, address in {"login": f"{url}/login", "accept": invitation}.items():
                page.goto(address)
                take(page, f"{name}-{device}-{scheme}")
            anonymous.close()


def take_pages(page: Page, url: str, kind: str) -> None:
    """Take the pages of somebody who is signed in, and what opens on them."""
    for name, path in PAGES.items():
        page.goto(f"{url}{path}")
        if name == "projects":
            page.locator("#tree [aria-expanded]").first.click()
            page.locator("#tree [aria-level='2'][aria-expanded]").first.click()
            expect(page.locator("#tree [aria-level='3']").first).to_be_visible()
        expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
        take(page, f"{name}-{kind}")
    page.goto(url)
    page.locator("stint-task-picker button").first.click()
    expect(page.get_by_role("treeitem", name="Website").first).to_be_visible()
    take(page, f"picker-{kind}")
    page.locator("stint-task-picker input[type=search]").fill("website")
    expect(page.get_by_role("option").first).to_contain_text("Website")
    take(page, f"picker-search-{kind}")
    page.goto(url)
    page.locator(".entry-note").nth(1).click()
    expect(page.locator("[data-editing]")).to_be_visible()
    take(page, f"editor-{kind}")
    page.goto(url)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.locator("body").press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    take(page, f"shortcuts-{kind}")


def take_app(page: Page, url: str, scheme: str) -> None:
    """Take the phone app: its pages, and the sheets that open on them."""
    for name, part in {"day": "", "tasks": "#tasks", "settings": "#settings"}.items():
        page.goto(f"{url}/m{part}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
        take(page, f"app-{name}-{scheme}")
    page.goto(f"{url}/m")
    for name in ("Start", "Add"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
        take(page, f"app-{name.lower()}-{scheme}")
        page.get_by_role("button", name="Close").click()
    page.get_by_role("list", name="Entries").get_by_role("button").nth(1).click()
    expect(page.get_by_role("dialog", name="Edit entry")).to_be_visible()
    take(page, f"app-entry-{scheme}")


def take_german(browser: Browser, url: str, state: Any) -> None:  # noqa: ANN401  (Playwright's own)
    """Take the timesheet in the second language."""
    context = browser.new_context(
        viewport=SIZES["desktop"],  # type: ignore[arg-type]
        locale="de-DE",
        storage_state=state,
    )
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_role("button", name="Stopp", exact=True)).to_be_visible()
    take(page, "german-desktop-light")
    context.close()


def take_desktop_app(context: BrowserContext, url: str) -> None:
    """Take the windows of the desktop app, in a process of its own: Qt and Playwright each want the main thread."""
    token = Api(context, url).send("POST", "/me/tokens", {"name": "Desktop app"})["token"]
    pictures = FOLDER.parent.parent / "clients" / "desktop" / "pictures.py"
    subprocess.run([sys.executable, pictures, url], input=token, text=True, check=True)


def take_extension(browser: Browser, url: str, state: Any) -> None:  # noqa: ANN401  (Playwright's own)
    """Take the browser extension: connecting it, its popup and its settings."""
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "files"
        extension.build(built)
        size = {"viewport": SIZES["desktop"], "reduced_motion": "reduce", "locale": "en-GB"}
        with installed(browser.browser_type, built, Path(folder), **size) as there:
            there.context.add_cookies(state["cookies"])
            connect_extension(there, url)
            for scheme in SCHEMES:
                there.options.emulate_media(color_scheme=scheme)
                take(there.options, f"extension-settings-{scheme}")
                page = there.context.new_page()
                page.set_viewport_size(POPUP)  # type: ignore[arg-type]
                page.emulate_media(color_scheme=scheme)
                page.goto(there.popup)
                expect(page.locator(".again").nth(3)).to_be_visible()
                expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
                take(page, f"extension-popup-{scheme}")
                page.locator("stint-task-picker button").first.click()
                expect(page.get_by_role("treeitem", name="Website").first).to_be_visible()
                take(page, f"extension-picker-{scheme}")


def connect_extension(there: Installed, url: str) -> None:
    """Connect by a sign-in in the browser, and take the page that asks."""
    there.options.get_by_label("Address", exact=True).fill(url)
    with there.context.expect_page() as opened:
        there.options.get_by_role("button", name="Connect", exact=True).click()
    page = opened.value
    allow = page.get_by_role("button", name="Allow", exact=True)
    expect(allow).to_be_visible()
    take(page, "connect-desktop-light")
    allow.click()
    expect(there.options.get_by_role("button", name="Disconnect")).to_be_visible(timeout=20_000)


def main() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo() as (url, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(viewport=SIZES["desktop"])  # type: ignore[arg-type]
        page = context.new_page()
        sign_in(page, url, "ada@example.com")
        mirror(page, url, token)
        invitation = fill(context, url)
        take_all(browser, url, context.storage_state(), invitation)
        take_german(browser, url, context.storage_state())
        take_desktop_app(context, url)
        take_extension(browser, url, context.storage_state())
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
