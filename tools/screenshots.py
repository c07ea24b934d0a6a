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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from stint.cli.demo import PASSWORD
from tools.chromium import FLAGS, chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZES = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {
    "timesheet": "/",
    "projects": "/projects",
    "integrations": "/integrations",
    "toggl": "/integrations/toggl",
}
# What was done: note, words that find its task, days ago, hour of the start, minutes.
DONE = (
    ("Wireframes for the landing page", "website", 0, 9, 95),
    ("Review with the client", "website", 0, 11, 45),
    ("Accessibility audit", "audit", 1, 9, 150),
    ("", "mobile", 1, 13, 80),
    ("Sprint planning", "planning", 2, 9, 60),
    ("Fix the checkout form", "shop", 2, 10, 175),
)


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
    page.get_by_role("button", name="Sign in").click()
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


def fill_days(context: BrowserContext, url: str) -> None:
    """Add the time of DONE, and start a timer."""
    call = Api(context, url)
    today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for note, words, ago, hour, minutes in DONE:
        start = (today - timedelta(days=ago)).replace(hour=hour)
        times = {"start": start.isoformat(), "end": (start + timedelta(minutes=minutes)).isoformat()}
        call.post("/entries", {"note": note, "task_id": call.task(words), **times})
    started = datetime.now(UTC) - timedelta(minutes=37, seconds=12)
    call.post(
        "/timer/start",
        {"note": "Prototype of the menu", "task_id": call.task("mobile"), "start": started.isoformat()},
    )


class Api:
    """Calls the API with the session of a browser."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self._request, self._root, self._origin = context.request, f"{url}/api/v1", url
        cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
        self._headers = {"X-CSRFToken": cookies["stint_csrf"], "Referer": f"{url}/"}

    def post(self, path: str, fields: dict[str, Any]) -> None:
        """Send `fields` and insist on success."""
        answer = self._request.post(f"{self._root}{path}", data=fields, headers=self._headers)
        assert answer.ok, answer.text()

    def task(self, words: str) -> int | None:
        """Return the id of the first task that `words` find."""
        found = self._request.get(
            f"{self._root}/tasks", params={"q": words, "trackable": "true", "limit": 1}
        ).json()
        return found["items"][0]["id"] if found["items"] else None


def take(page: Page, name: str, *, full_page: bool = False) -> None:
    """Take one picture."""
    page.wait_for_load_state("load")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=full_page, animations="disabled")


def take_all(browser: Browser, url: str, state: Any) -> None:  # noqa: ANN401  (Playwright's own)
    """Take every page in every size and scheme."""
    for device, size in SIZES.items():
        for scheme in SCHEMES:
            phone = device == "phone"
            context = browser.new_context(
                viewport=size,  # type: ignore[arg-type]
                color_scheme=scheme,
                storage_state=state,
                has_touch=phone,
                is_mobile=phone,
            )
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(f"{url}{path}")
                if name == "timesheet":
                    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
                if name == "projects":
                    page.locator("#tree summary").first.click()
                    page.locator("#tree details details summary").first.click()
                    expect(page.locator("#tree details details details").first).to_be_visible()
                take(page, f"{name}-{device}-{scheme}")
            page.goto(url)
            page.locator("stint-task-picker button").first.click()
            page.locator("stint-task-picker input[type=search]").fill("website")
            expect(page.get_by_role("option").first).to_contain_text("Website")
            take(page, f"picker-{device}-{scheme}")
            context.close()
            anonymous = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            page = anonymous.new_page()
            page.goto(f"{url}/login")
            take(page, f"login-{device}-{scheme}")
            anonymous.close()


def main() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo() as (url, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(viewport=SIZES["desktop"])  # type: ignore[arg-type]
        page = context.new_page()
        sign_in(page, url, "ada@example.com")
        mirror(page, url, token)
        fill_days(context, url)
        take_all(browser, url, context.storage_state())
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
