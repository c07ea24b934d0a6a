"""The browser extension in a Chromium of its own, for tests and pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page, Worker

from tools import extension
from tools.chromium import FLAGS, chromium

# Nobody is there to answer the browser's question whether the extension may reach these.
ALLOWED = ["http://127.0.0.1/*", "https://github.com/*"]
POPUP = {"width": 380, "height": 560}


@dataclass
class Installed:
    """The extension at work: its background, and the options that it shows at first."""

    context: BrowserContext
    worker: Worker
    options: Page

    @property
    def popup(self) -> str:
        """The address of the popup, which Chromium opens in a tab as well."""
        return f"{self.worker.url.rsplit('/', 1)[0]}/popup.html"


@contextmanager
def installed(kind: BrowserType, built: Path, folder: Path, **options: Any) -> Iterator[Installed]:  # noqa: ANN401
    """Install what `extension.build` made in a new Chromium whose profile goes below `folder`."""
    unpacked = folder / "unpacked"
    extension.unpack(built, "chrome", unpacked)
    manifest = json.loads((unpacked / "manifest.json").read_text())
    (unpacked / "manifest.json").write_text(json.dumps({**manifest, "host_permissions": ALLOWED}))
    loading = [f"--disable-extensions-except={unpacked}", f"--load-extension={unpacked}"]
    context = kind.launch_persistent_context(
        folder / "profile",
        executable_path=chromium(),
        headless=False,
        args=[*FLAGS, "--headless=new", *loading],
        **options,
    )
    try:
        workers = context.service_workers or [context.wait_for_event("serviceworker")]
        yield Installed(context, workers[0], _shown_at_first(context))
    finally:
        context.close()


def _shown_at_first(context: BrowserContext) -> Page:
    """Wait for the options, which open in whichever tab is free."""
    while True:
        for page in context.pages:
            if page.url.endswith("/options.html"):
                return page
        context.pages[0].wait_for_timeout(50)
