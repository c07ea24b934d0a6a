"""Make the phone app's icons, src/stint/web/static/app/*.png, from static/icon.svg.

    .venv/bin/python tools/icons.py

They are drawn by the Chromium of the tests, and kept in the repository: nobody needs it to build Stint.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, sync_playwright

from stint.web.icons import ICONS
from tools.chromium import FLAGS, chromium

STATIC = Path(__file__).resolve().parent.parent / "src" / "stint" / "web" / "static"
PINE, WHITE = "#07605f", "#ffffff"


def whole(svg: str) -> str:
    """Return the icon without its round corners, filling the square, as a launcher wants that cuts its own shape."""
    return svg.replace(' rx="8"', "")


def smaller(svg: str) -> str:
    """Return the icon with its drawing inside the middle 80 %, which no launcher's mask cuts off."""
    frame, drawing = re.split(r"(?<=/>)", whole(svg).removesuffix("</svg>"), maxsplit=1)
    return f'{frame}<g transform="translate(2.4 2.4) scale(.85)">{drawing}</g></svg>'


def sign(name: str) -> str:
    """Return one of the pages' icons in white on pine, round, as shortcuts of a launcher look."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="{PINE}"/>'
        f'<g transform="translate(12 12)" fill="none" stroke="{WHITE}" color="{WHITE}" stroke-width="1.75" '
        f'stroke-linejoin="round">{ICONS[name]}</g></svg>'
    )


def draw(browser: Browser, svg: str, size: int, name: str) -> None:
    """Draw `svg` as a square PNG without a background."""
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:100vw;height:100vh}}</style>{svg}")
    page.screenshot(path=STATIC / "app" / f"{name}.png", omit_background=True)
    page.close()


def main() -> None:
    """Make all of them anew."""
    (STATIC / "app").mkdir(exist_ok=True)
    icon = (STATIC / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        draw(browser, icon, 192, "icon-192")
        draw(browser, icon, 512, "icon-512")
        draw(browser, smaller(icon), 512, "maskable-512")
        draw(browser, whole(icon), 180, "apple-touch-icon")
        draw(browser, sign("play"), 96, "start-96")
        draw(browser, sign("stop"), 96, "stop-96")
        browser.close()


if __name__ == "__main__":
    main()
