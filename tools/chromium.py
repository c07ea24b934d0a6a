"""Tell which Chromium the browser tests and the screenshots drive: the system's, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

# Chromium has no sandbox for root; the rest keeps it from calling home, which a closed network answers late.
FLAGS = [
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> Path | None:
    """Return the program's path, or None where there is none. `STINT_CHROMIUM` names another."""
    if given := os.environ.get("STINT_CHROMIUM"):
        return Path(given)
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


if __name__ == "__main__":
    path = chromium()
    if path is None:
        sys.exit(1)
    print(path)
