"""Build the browser extension: dist/stint-extension-chrome.zip and dist/stint-extension-firefox.zip.

    make extension

Both hold the same files but for the manifest. The same sources make the same bytes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils import translation

from stint import __version__
from stint.web.extension_words import browser_words, extension_words

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "clients" / "extension"
LANGUAGES = ("en", "de")
# Chosen once: the stores know the extension by it.
FIREFOX_ID = "{5a0c6f0e-3f2b-4f0b-9d5e-7c1f1d2f6b41}"
OLDEST = {"chrome": "121", "firefox": "140.0"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def manifest(browser: str) -> dict[str, Any]:
    """Return the manifest for `chrome` or `firefox`."""
    made: dict[str, Any] = json.loads((SOURCE / "manifest.json").read_text())
    made["version"] = _numbers(__version__)
    if browser == "chrome":
        made["background"] = {"service_worker": "background.js", "type": "module"}
        made["minimum_chrome_version"] = OLDEST[browser]
    else:
        made["background"] = {"scripts": ["background.js"], "type": "module"}
        made["browser_specific_settings"] = {
            "gecko": {
                "id": FIREFOX_ID,
                "strict_min_version": OLDEST[browser],
                # To the person's own server, which they name themselves.
                "data_collection_permissions": {"required": ["authenticationInfo", "websiteContent"]},
            }
        }
    return made


def build(files: Path) -> None:
    """Put what the browsers have in common into the folder `files`, which is made."""
    for mode in ("production", "button"):
        vite = [str(ROOT / "tools" / "node"), "vite", "build", "--config", "extension/vite.config.ts"]
        options = ["--outDir", str(files), "--mode", mode, "--logLevel", "warn"]
        subprocess.run([*vite, *options], cwd=ROOT, check=True)
    shutil.copytree(SOURCE / "icons", files / "icons")
    shutil.copy(SOURCE / "pages" / "button.css", files)
    shutil.copy(ROOT / "LICENSE", files)
    if not settings.configured:
        locales = ROOT / "src" / "stint" / "locale"
        settings.configure(
            USE_I18N=True, LANGUAGES=[(name, name) for name in LANGUAGES], LOCALE_PATHS=[locales]
        )
        django.setup()
    for language in LANGUAGES:
        with translation.override(language):
            words, messages = extension_words(), browser_words()
        _write(files / "words" / f"{language}.json", words)
        said = {name: {"message": text} for name, text in messages.items()}
        _write(files / "_locales" / language / "messages.json", said)


def unpack(files: Path, browser: str, folder: Path) -> None:
    """Copy the extension into `folder` as browsers load one that is not packed."""
    shutil.copytree(files, folder)
    _write(folder / "manifest.json", manifest(browser))


def pack(files: Path, browser: str) -> Path:
    """Make the file that goes to the store."""
    target = ROOT / "dist" / f"stint-extension-{browser}.zip"
    target.parent.mkdir(exist_ok=True)
    contents = {
        str(path.relative_to(files)): path.read_bytes() for path in files.rglob("*") if path.is_file()
    }
    contents["manifest.json"] = _json(manifest(browser))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, contents[name])
    return target


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_json(value))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _numbers(version: str) -> str:
    """Return the part of a version that browsers take: up to four numbers."""
    return ".".join(part for part in version.split(".")[:4] if part.isdigit())


def main() -> None:
    """Build, pack for each browser, and tell where."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "files")
        for browser in OLDEST:
            path = pack(Path(folder) / "files", browser)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
