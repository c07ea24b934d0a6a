"""The phone app as its files: what its service worker keeps, and what the phone is told about it."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

SCRIPT = "mobile/src/main.ts"
WORKER = "mobile/src/sw.ts"
STYLES = "kit/src/styles.css"
SHELL = "/m/shell"
DIST = Path(settings.STATIC_ROOT) / "dist"
PAPER, INK = "#f4f3ee", "#0f171b"
"""What is behind the app in light and dark; `--color-base-200` of both themes."""


class Built(msgspec.Struct, frozen=True):
    """A file that Vite built, as its manifest has it: what it loads at once, later, and its style sheets."""

    file: str
    imports: list[str] = []
    dynamicImports: list[str] = []  # noqa: N815  (Vite's own name)
    css: list[str] = []


def service_worker(shell: bytes) -> str:
    """Return the script of the service worker, for an app whose page is `shell`.

    It begins with what it keeps and a name for just that: whenever anything of it changes, so does the script, and
    the phone fetches the app anew.
    """
    files = kept_files()
    version = sha256(shell + json.dumps(files).encode()).hexdigest()[:12]
    kept = json.dumps({"version": version, "shell": SHELL, "files": files})
    return f"self.KEPT = {kept};\n{_worker()}"


@cache
def kept_files() -> list[str]:
    """Return the addresses of everything the app is made of, apart from its page."""
    built = _built()
    wanted, seen = [SCRIPT, STYLES], list[str]()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.append(name)
            wanted += built[name].imports + built[name].dynamicImports
    scripts = [file for name in seen for file in (built[name].file, *built[name].css)]
    own = ["theme.js", "icon.svg", "app/icon-192.png"]
    return sorted({static(f"dist/{file}") for file in scripts} | {static(name) for name in own})


def manifest() -> dict[str, Any]:
    """Return the web app manifest: how the app is called, looks and opens on a phone."""
    return {
        "id": "/m",
        "name": "Stint",
        "short_name": "Stint",
        "description": _("Track time on your projects, with or without a network."),
        "lang": get_language(),
        "start_url": "/m",
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["productivity", "business"],
        "icons": [
            _icon("app/icon-192.png", "192x192"),
            _icon("app/icon-512.png", "512x512"),
            _icon("app/maskable-512.png", "512x512", purpose="maskable"),
            {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        ],
        "shortcuts": [
            {"name": _("Start"), "url": "/m?do=start", "icons": [_icon("app/start-96.png", "96x96")]},
            {"name": _("Stop"), "url": "/m?do=stop", "icons": [_icon("app/stop-96.png", "96x96")]},
        ],
    }


def _icon(path: str, sizes: str, purpose: str = "any") -> dict[str, str]:
    return {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}


@cache
def _built() -> dict[str, Built]:
    return msgspec.json.decode((DIST / "manifest.json").read_bytes(), type=dict[str, Built])


@cache
def _worker() -> str:
    return (DIST / _built()[WORKER].file).read_text()
